/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * clients.c - the processes that FS serves.
 *
 * A client is made at its first call and known by its slot; another endpoint in
 * the slot means that the one before is gone. Servers keep their endpoint when
 * they come back, so SYSTASK tells of every end, and what the dead one had open is
 * closed before the next request is looked at.
 */
#include <stdio.h>
#include <stdlib.h>

#include "fs/server.h"
#include "protocol/systask.h"
#include "server/user.h"

#define EXITS_AT_ONCE 32

static struct fs_client_row *free_row(struct fs_server *server)
{
	for (int i = 0; i < FS_CLIENTS_MAX; i++)
		if (!server->client_rows[i].calls)
			return &server->client_rows[i];
	return NULL;
}

void client_use_rights(struct client *client)
{
	bool is_own = client->as_uid == FS_UNCHANGED;

	client->process.uid = is_own ? client->own_uid : client->as_uid;
	client->process.gid = is_own ? client->own_gid : client->as_gid;
}

/* Who is the superuser no more acts for nobody else. */
static int ask_pm(struct client *client)
{
	int error = server_user(client->process.endpoint, &client->own_uid, &client->own_gid);

	if (error || client->own_uid)
		client->as_uid = client->as_gid = FS_UNCHANGED;
	client_use_rights(client);
	return error;
}

static int make(struct fs_server *server, int endpoint, struct client **ret_client)
{
	struct fs_client_row *row = free_row(server);
	struct client *client = row ? calloc(1, sizeof(*client)) : NULL;
	int error;

	if (!client)
		return row ? EDVSNOMEM : EDVSNFILE;
	error = process_init(&client->process, server->fs);
	if (error) {
		free(client);
		return error;
	}
	client->server = server;
	client->row = row;
	client->process.endpoint = endpoint;
	client->users = server->users;
	client->as_uid = client->as_gid = FS_UNCHANGED;
	error = ask_pm(client);
	if (error) {
		process_deinit(&client->process);
		free(client);
		return error;
	}
	*row = (struct fs_client_row){ .ep = endpoint };
	server->clients[dvk_endpoint_nr(endpoint) + NR_TASKS] = client;
	*ret_client = client;
	return 0;
}

int client_find(struct fs_server *server, int endpoint, struct client **ret_client)
{
	int place = dvk_endpoint_nr(endpoint) + NR_TASKS;
	struct client *client;

	if (place < 0 || place >= FS_SLOTS)
		return EDVSENDPOINT;
	client = server->clients[place];
	if (client && client->process.endpoint != endpoint) {
		client_destroy(client);
		client = NULL;
	}
	if (!client)
		return make(server, endpoint, ret_client);
	if (client->users != server->users) {
		uint64_t users = server->users;
		int error = ask_pm(client);

		if (error)
			return error;
		client->users = users;
	}
	*ret_client = client;
	return 0;
}

void client_destroy(struct client *client)
{
	struct fs_server *server;

	if (!client)
		return;
	server = client->server;
	server->clients[dvk_endpoint_nr(client->process.endpoint) + NR_TASKS] = NULL;
	for (int fd = 0; fd < FS_OPEN_MAX; fd++) {
		struct file *file = client->process.files[fd];

		if (!file)
			continue;
		fs_close(&client->process, fd);
		if (!file->refs)
			rows_clear_file(server, file);
	}
	process_deinit(&client->process);
	*client->row = (struct fs_client_row){ 0 };
	free(client);
}

void clients_destroy_all(struct fs_server *server)
{
	for (int i = 0; i < FS_SLOTS; i++)
		client_destroy(server->clients[i]);
}

/* One helping of SYSTASK's list; returns how many it had. */
static int drop_some(struct fs_server *server)
{
	struct systask_exit_row rows[EXITS_AT_ONCE];
	struct systask_exits_reply reply;
	int error = systask_call_exits(SYSTASK(0), server->exits_seen, rows, sizeof(rows), &reply);

	if (error)
		return 0;
	for (int i = 0; i < reply.count; i++) {
		int place = dvk_endpoint_nr(rows[i].ep) + NR_TASKS;
		struct client *client =
			place >= 0 && place < FS_SLOTS ? server->clients[place] : NULL;

		if (client && client->process.endpoint == rows[i].ep)
			client_destroy(client);
	}
	server->exits_seen = reply.next;
	return reply.count;
}

void clients_watch(struct fs_server *server)
{
	int error = systask_call_watch(SYSTASK(0), 1);

	if (error)
		fprintf(stderr,
			"fs: SYSTASK does not tell of ends (%s): files of a server that dies "
			"stay open\n",
			dvk_strerror(error));
	else
		clients_drop_dead(server); /* the ends of before are none of ours */
}

void clients_drop_dead(struct fs_server *server)
{
	while (drop_some(server) == EXITS_AT_ONCE)
		;
	rows_update(server);
}
