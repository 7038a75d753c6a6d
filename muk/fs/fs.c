/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fs.c - the file server: comes up with the file system of its root device, serves
 * one request after the other, writes changes out after a while and at the end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fs/server.h"

#define MS 1000000ll

/* The device that has the root: the one that says so, or the only one. */
static const struct fs_device_config *root_device(const struct fs_config *config)
{
	const struct fs_device_config *root = config->count == 1 ? &config->devices[0] : NULL;

	for (int i = config->count - 1; i >= 0; i--)
		if (config->devices[i].root_dev)
			root = &config->devices[i];
	if (!root)
		fprintf(stderr,
			"fs: %d devices and none is the root: root_dev = YES is expected "
			"in one of them\n",
			config->count);
	for (int i = 0; root && i < config->count; i++)
		if (&config->devices[i] != root)
			fprintf(stderr,
				"fs: device %d,%d is not the root and is not used: one file "
				"system is served\n",
				config->devices[i].major, config->devices[i].minor);
	return root;
}

static int open_device(const struct fs_config *config, const struct fs_device_config *device,
		       struct device **ret_device, char *ret_reason)
{
	const struct image_options options = {
		.kind = device->type == FS_MEMORY_IMG ? IMAGE_MEMORY : IMAGE_FILE,
		.flags = device->is_volatile ? IMAGE_VOLATILE : 0,
		.filename = device->filename,
	};

	if (device->type == FS_RDISK_IMG)
		return device_rdisk_open(config->rdisk_ep, device->minor,
					 device->filename[0] ? device->filename : "root",
					 ret_device, ret_reason);
	return device_image_open(&options, ret_device, ret_reason);
}

/* buffer_size, within what one commit can take. */
static void set_limit(struct fs *fs, int buffer_bytes)
{
	enum { LEAST = 1 << 20, MOST = FS_OVERLAY_BYTES };

	if (buffer_bytes < LEAST || buffer_bytes > MOST)
		buffer_bytes = FS_BUFFER_BYTES;
	fs->blocks.limit = (uint32_t)buffer_bytes / fs->super.block_bytes;
}

static int mount_root(struct fs_server *server, const struct fs_config *config)
{
	const struct fs_device_config *root = root_device(config);
	char reason[FS_REASON_BYTES];
	int error;

	if (!root)
		return EDVSINVAL;
	error = open_device(config, root, &server->device, reason);
	if (!error)
		error = fs_mount(server->device, &server->fs, reason);
	if (error) {
		fprintf(stderr, "fs: %s\n", reason);
		return error;
	}
	server->dev = (uint32_t)(root->major << 8 | (root->minor & 0xff));
	set_limit(server->fs, root->buffer_size);
	return 0;
}

static void stop(void *state)
{
	struct fs_server *server = state;
	int error;

	if (server->fs) {
		clients_destroy_all(server);
		error = fs_unmount(server->fs);
		if (error) {
			fprintf(stderr, "fs: %s: the last changes could not be written: %s\n",
				server->device->name, dvk_strerror(error));
			server_fail(server->server, error);
		}
	}
	if (server->device) {
		error = server->device->ops->close(server->device);
		if (error)
			fprintf(stderr, "fs: the root device could not be closed: %s\n",
				dvk_strerror(error));
	}
	rows_deinit(server);
	free(server->clients);
	free(server);
}

static int start(struct server *self, void **ret_state)
{
	struct fs_server *server = calloc(1, sizeof(*server));
	int error = EDVSNOMEM;

	if (!server)
		return EDVSNOMEM;
	server->server = self;
	server->pid = getpid();
	server->clients = calloc(FS_SLOTS, sizeof(struct client *));
	if (server->clients)
		error = mount_root(server, server_config(self));
	if (!error)
		error = rows_init(server);
	if (error) {
		stop(server);
		return error;
	}
	clients_watch(server);
	*ret_state = server;
	return 0;
}

/* A change is written at the latest FS_COMMIT_MS after it was made. */
static void await_commit(struct fs_server *server)
{
	if (server->commit_awaited || !fs_is_changed(server->fs))
		return;
	server->commit_awaited = true;
	server_set_timer(server->server, server_now_ns() + FS_COMMIT_MS * MS);
}

static void timer(void *state)
{
	struct fs_server *server = state;
	int error;

	fs_hide(server->fs);
	error = fs_commit(server->fs);
	fs_show(server->fs);
	server->commit_awaited = false;
	if (error && error != server->commit_error)
		fprintf(stderr, "fs: %s: changes cannot be written, trying again: %s\n",
			server->device->name, dvk_strerror(error));
	server->commit_error = error;
	blocks_release(&server->fs->blocks);
	rows_update(server);
	await_commit(server);
}

static void notified(void *state, int source_ep, uint32_t map)
{
	struct fs_server *server = state;

	(void)map;
	if (source_ep == SYSTASK(0)) {
		fs_hide(server->fs);
		clients_drop_dead(server);
		fs_show(server->fs);
	} else if (source_ep == PM_PROC_NR) {
		server->users++;
	}
	await_commit(server);
}

static void update_client(struct client *client)
{
	struct fs_client_row *row = client->row;

	row->calls++;
	row->uid = client->process.uid;
	row->gid = client->process.gid;
	row->umask = client->process.mask;
	row->cwd = client->process.cwd->nr;
}

/* As the generated fs_dispatch, with the client as the handlers' state. */
static int serve(const void *handlers, void *state, int number, struct server_call *call,
		 const void *request, void *reply)
{
	struct fs_server *server = state;
	struct client *client;
	int result = client_find(server, call->client_ep, &client);

	if (result)
		return result;
	/* What it was told of places is over with its next call. */
	fs_unmap(&client->process);
	result = fs_dispatch(handlers, client, number, call, request, reply);
	fs_show(server->fs);
	update_client(client);
	rows_update(server);
	await_commit(server);
	return result;
}

const struct server_type server_type_fs = {
	.name = "fs",
	.protocol = &protocol_fs,
	.nr = FS_PROC_NR,
	.handlers = &fs_handlers,
	.dispatch = serve,
	.start = start,
	.notified = notified,
	.timer = timer,
	.stop = stop,
};
