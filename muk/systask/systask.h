/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * systask.h - SYSTASK: what the DVK knows and does, by message.
 *
 * It is the node's: processes, endpoints, rights, copies, alarms, and the ends of
 * processes, of which it tells those that asked (systask.watch).
 */
#ifndef MUK_SYSTASK_SYSTASK_H
#define MUK_SYSTASK_SYSTASK_H

#include <dvk/state.h>

#include "protocol/systask.h"
#include "server/server.h"

#define SYSTASK_EXITS    256 /* ends that are kept; a power of two */
#define SYSTASK_WATCHERS 64

struct systask_config {
	const char *dir; /* where the DC's segment is, as for dvk_open; NULL: found */
};

/* Its config is a struct systask_config. */
extern const struct server_type server_type_systask;

/* ---- what its files share -------------------------------------------------- */

struct systask {
	struct server *server;
	struct dvk_view *view;
	int64_t started_ns;
	uint64_t next_exit; /* number of the next end; its row is number % SYSTASK_EXITS */
	struct systask_exit_row exits[SYSTASK_EXITS];
	uint8_t asked[SYSTASK_EXITS]; /* getexit has told this one */
	struct systask_counters_row counters;
	int32_t watchers[SYSTASK_WATCHERS];
	int watcher_count;
};

/* exits.c: takes the new ends from the DVK and tells those that watch. */
void systask_take_exits(struct systask *systask);
int systask_do_getexit(void *state, struct server_call *call,
		       const struct systask_getexit_request *request,
		       struct systask_getexit_reply *reply);
int systask_do_watch(void *state, struct server_call *call,
		     const struct systask_watch_request *request);
int systask_do_exits(void *state, struct server_call *call,
		     const struct systask_exits_request *request,
		     struct systask_exits_reply *reply);

/* info.c: what the DVK knows of processes. */
int systask_do_getinfo(void *state, struct server_call *call,
		       const struct systask_getinfo_request *request);
int systask_do_processes(void *state, struct server_call *call,
			 const struct systask_processes_request *request,
			 struct systask_processes_reply *reply);
int systask_do_find(void *state, struct server_call *call,
		    const struct systask_find_request *request, struct systask_find_reply *reply);
int systask_do_getep(void *state, struct server_call *call,
		     const struct systask_getep_request *request,
		     struct systask_getep_reply *reply);
int systask_do_rights(void *state, struct server_call *call,
		      const struct systask_rights_request *request);
int systask_do_times(void *state, struct server_call *call,
		     const struct systask_times_request *request,
		     struct systask_times_reply *reply);
/* The process with that endpoint; SELF is the caller's. EDVSSRCH, or why one cannot look. */
int systask_look(struct systask *systask, int ep, struct dvk_procinfo *ret_info);

#endif
