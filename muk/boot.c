/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * boot.c - the servers of a configuration start in order and stop in reverse.
 *
 * The next one starts when the one before says that it is ready. If one does not
 * start, those that did are stopped again: a MUK is whole or it is not there.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <dvk/state.h>

#include "boot.h"
#include "protocol/pm.h"
#include "runtime/task.h"
#include "server/server.h"

#define STOP_MS     30000 /* a server writes everything within this */
#define SERVERS_MAX 16

/* The servers that run. */
struct running {
	struct server *server;
	const char *name;
	int order; /* in muk_servers */
};

struct fleet {
	struct running servers[SERVERS_MAX]; /* by order */
	int count;
};

static int endpoint_of(const struct boot *boot, const struct muk_server *server)
{
	return *(const int *)((const char *)boot->config + server->ep_offset);
}

static int is_configured(const struct boot *boot, const struct muk_server *server)
{
	return !server->entry || endpoint_of(boot, server) >= 0;
}

int boot_is_linked(const struct boot *boot)
{
	for (int i = 0; i < muk_server_count; i++) {
		const struct muk_server *server = &muk_servers[i];

		if (!is_configured(boot, server) || server_type_find(server->type))
			continue;
		fprintf(stderr,
			"%s: this muk has no %s; it was built with these servers:", boot->path,
			server->type);
		for (int j = 0; j < server_type_count; j++)
			fprintf(stderr, " %s", server_types[j]->name);
		fprintf(stderr, ". %s%s\n",
			server->entry ? "Remove the entry " : "Build it with it",
			server->entry ? server->entry : "");
		return 0;
	}
	return 1;
}

/* Who has the slot that a server was to get. */
static void explain_slot(const struct boot *boot, const struct muk_server *server)
{
	struct dvk_view *view;
	struct dvk_snapshot *snapshot;
	int nr = endpoint_of(boot, server);

	fprintf(stderr, "%s: %s cannot start: endpoint %d of dc%d is in use", boot->config->name,
		server->type, nr, boot->config->dcid);
	if (dvk_view_open(boot->config->dcid, boot->dir, 1, &view) == 0) {
		if (dvk_view_snapshot(view, &snapshot) == 0) {
			for (int i = 0; i < snapshot->count; i++)
				if (snapshot->procs[i].nr == nr)
					fprintf(stderr, " by %s%s%s, process %d",
						snapshot->procs[i].muk,
						*snapshot->procs[i].muk ? "/" : "",
						snapshot->procs[i].name, snapshot->procs[i].pid);
			dvk_snapshot_free(snapshot);
		}
		dvk_view_close(view);
	}
	fprintf(stderr, "; stop that one, or give %s another endpoint or the MUK another DC\n",
		server->entry);
}

static void explain(const struct boot *boot, const struct muk_server *server, int result)
{
	if (result == EDVSSLOTUSED)
		explain_slot(boot, server);
	else
		fprintf(stderr, "%s: %s did not start: %s (%s)\n", boot->config->name, server->type,
			dvk_strerror(result), dvk_errname(result) ? dvk_errname(result) : "?");
}

/* A server has ended without being told to: when all have, the DC is gone, and so are we. */
static void server_lost(void *argument)
{
	struct boot *boot = argument;
	uint64_t one = 1;

	if (__atomic_add_fetch(&boot->lost, 1, __ATOMIC_SEQ_CST) ==
	    __atomic_load_n(&boot->servers, __ATOMIC_SEQ_CST))
		(void)!write(boot->end_fd, &one, sizeof(one));
}

/* Makes its place in the fleet, which is stopped from its end. */
static struct running *make_place(struct fleet *fleet, int order)
{
	int place = fleet->count++;

	for (; place > 0 && fleet->servers[place - 1].order > order; place--)
		fleet->servers[place] = fleet->servers[place - 1];
	return &fleet->servers[place];
}

/* EDVSSLOTUSED, of which nothing is said: SYSTASK or CLOCK, which another MUK has. */
static int start_server(struct boot *boot, const struct muk_server *server, struct fleet *fleet)
{
	const char *config = (const char *)boot->config + server->config_offset;
	struct server_options options = {
		.nr = endpoint_of(boot, server),
		.config = server->config_offset ? config : NULL,
		.lost = server_lost,
		.lost_argument = boot,
		.tell_eps = boot->tell_eps,
		.tell_count = boot->tell_count,
	};
	int64_t began_ns = server_now_ns();
	struct server *started;
	int result = server_start(server_type_find(server->type), &options, &started);

	if (result == EDVSSLOTUSED && !server->entry)
		return result;
	if (result < 0) {
		explain(boot, server, result);
		return result;
	}
	*make_place(fleet, (int)(server - muk_servers)) = (struct running){
		.server = started,
		.name = server->type,
		.order = (int)(server - muk_servers),
	};
	if (boot->verbose)
		printf("%-8s %4d  ready in %.2f ms\n", server->type, options.nr,
		       (double)(server_now_ns() - began_ns) / 1e6);
	return 0;
}

/* Returns 0 when all have stopped; boot->status tells whether they wrote everything. */
static int stop_all(struct boot *boot, struct fleet *fleet)
{
	int left = 0;

	while (fleet->count) {
		struct running *running = &fleet->servers[--fleet->count];
		int result = server_stop(running->server, STOP_MS);

		if (result == EDVSTIMEDOUT || result == EDVSNOTREADY) {
			fprintf(stderr, "%s: %s did not stop: %s; it is left as it is\n",
				boot->config->name, running->name, dvk_strerror(result));
			left++;
		} else if (result < 0) {
			fprintf(stderr, "%s: %s has stopped, but not in order: %s\n",
				boot->config->name, running->name, dvk_strerror(result));
			boot->status = EXIT_FAILURE;
		} else if (boot->verbose) {
			printf("%-8s stopped\n", running->name);
		}
	}
	return left;
}

/* SYSTASK and CLOCK are the node's: the first MUK there has them, and we inherit them. */
static int start_or_wait(struct boot *boot, const struct muk_server *server, struct fleet *fleet)
{
	int result = start_server(boot, server, fleet), nr = endpoint_of(boot, server);

	if (result != EDVSSLOTUSED || server->entry || boot->heir_count == HEIRS_MAX)
		return result;
	if (boot->verbose)
		printf("%-8s %4d  another MUK has it\n", server->type, nr);
	result = heir_create(&boot->heirs[boot->heir_count], nr, (int)(server - muk_servers));
	if (result == 0)
		boot->heir_count++;
	else
		fprintf(stderr, "%s: no task can wait for the end of another's %s: %s\n",
			boot->config->name, server->type, dvk_strerror(result));
	return result;
}

/*
 * The servers of all MUKs of the DC: they are told of the new one, which knows nothing of
 * what they asked of the one before. Returns how many; *ret_eps is the caller's to free.
 */
static int list_servers(const struct boot *boot, int **ret_eps)
{
	struct dvk_snapshot *snapshot;
	struct dvk_view *view;
	int count = 0;

	*ret_eps = NULL;
	if (dvk_view_open(boot->config->dcid, boot->dir, 1, &view) < 0)
		return 0;
	if (dvk_view_snapshot(view, &snapshot) == 0) {
		*ret_eps = calloc((size_t)snapshot->count + 1, sizeof(**ret_eps));
		for (int i = 0; *ret_eps && i < snapshot->count; i++)
			if (snapshot->procs[i].misc & DVK_MISC_UNIKERNEL &&
			    snapshot->procs[i].nr >= 0 && snapshot->procs[i].nr < NR_SERVERS)
				(*ret_eps)[count++] = snapshot->procs[i].endpoint;
		dvk_snapshot_free(snapshot);
	}
	dvk_view_close(view);
	return count;
}

/* The first task was woken: the slots that are free now get our servers. */
static void inherit(struct boot *boot, struct fleet *fleet)
{
	for (int i = 0; i < boot->heir_count; i++) {
		struct heir *heir = &boot->heirs[i];
		int result;

		if (!heir_is_called(heir))
			continue;
		boot->tell_count = list_servers(boot, &boot->tell_eps);
		result = start_server(boot, &muk_servers[heir->order], fleet);
		free(boot->tell_eps);
		boot->tell_eps = NULL;
		boot->tell_count = 0;
		if (result == 0) {
			__atomic_store_n(&boot->servers, fleet->count, __ATOMIC_SEQ_CST);
			printf("%s: %s is ours now\n", boot->config->name,
			       muk_servers[heir->order].type);
			fflush(stdout);
		}
		/* One that cannot start is not tried without end; why was said. */
		heir_answer(heir, result != EDVSSLOTUSED);
	}
}

static int start_all(struct boot *boot, struct fleet *fleet)
{
	int result = 0;

	for (int i = 0; i < muk_server_count && result == 0; i++)
		if (is_configured(boot, &muk_servers[i]))
			result = start_or_wait(boot, &muk_servers[i], fleet);
	if (result == 0 && boot->config->pm_ep >= 0) {
		struct pm_scan_reply reply;

		/* The servers that came after PM get their numbers. */
		result = pm_call_scan(boot->config->pm_ep, &reply);
		if (result < 0)
			fprintf(stderr, "%s: pm does not know the servers: %s\n",
				boot->config->name, dvk_strerror(result));
	}
	return result;
}

void boot_run(void *argument)
{
	struct boot *boot = argument;
	struct fleet fleet = { .count = 0 };
	int result = start_all(boot, &fleet);

	boot->status = EXIT_FAILURE;
	if (result == 0) {
		printf("%s: %d servers up in %.2f ms (dc%d, %s)\n", boot->config->name, fleet.count,
		       (double)(server_now_ns() - boot->began_ns) / 1e6, boot->config->dcid,
		       runtime_name());
		fflush(stdout);
		__atomic_store_n(&boot->servers, fleet.count, __ATOMIC_SEQ_CST);
		while ((result = task_wait_fd(boot->end_fd, POLLIN, -1)) == EDVSWOKENUP)
			inherit(boot, &fleet);
		boot->status = EXIT_SUCCESS;
	}
	if (stop_all(boot, &fleet) != 0) {
		/* Its task does not end, so the runtime would not either. */
		fflush(NULL);
		_Exit(EXIT_FAILURE);
	}
	runtime_stop();
}
