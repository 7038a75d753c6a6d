/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * systask.c - SYSTASK's calls that do something: ends, signals, copies, alarms.
 *
 * In an open DC everyone may ask. What one may not do oneself is done only for tasks
 * and servers, and for those with level SYSTEM, as in MINIX: there only they have
 * kernel calls.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <dvk/manage.h>

#include "protocol/clock.h"
#include "systask/systask.h"

/* 1 when the client is a task, a server, or a debugger with SYSTEM. */
static int is_trusted(struct systask *systask, int client_ep)
{
	struct dvk_procinfo info;

	if (dvk_endpoint_nr(client_ep) < NR_SERVERS)
		return 1;
	return systask_look(systask, client_ep, &info) == 0 && info.level >= DVK_LEVEL_SYSTEM;
}

static int systask_exit(void *state, struct server_call *call,
			const struct systask_exit_request *request)
{
	int ep = request->ep == SELF ? call->client_ep : request->ep;

	if (ep != call->client_ep && !is_trusted(state, call->client_ep))
		return EDVSPERM;
	/* Servers end when main stops them; their slot alone would leave a task without one. */
	if (dvk_endpoint_nr(ep) < NR_SERVERS)
		return EDVSPERM;
	return dvk_unbind(ep, request->code);
}

/*
 * SIGKILL ends the Linux process behind a slot. The pidfd comes first and the slot is
 * looked at again after it, so that a number used anew is never hit. A task of a
 * unikernel, ours or another, is no process to be ended: its slot is.
 */
static int terminate(struct systask *systask, int ep)
{
	struct dvk_procinfo info, again;
	int pidfd, result = systask_look(systask, ep, &info);

	if (result < 0)
		return result;
	if (info.pid == getpid() || info.misc & DVK_MISC_UNIKERNEL)
		return dvk_unbind(ep, EDVSSRCDIED);
	pidfd = (int)syscall(SYS_pidfd_open, info.pid, 0);
	if (pidfd < 0)
		return EDVSSRCH;
	result = systask_look(systask, ep, &again);
	if (result == 0 && again.incarnation != info.incarnation)
		result = EDVSSRCH;
	if (result == 0 && syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0) < 0)
		result = EDVSPERM;
	close(pidfd);
	return result;
}

static int systask_kill(void *state, struct server_call *call,
			const struct systask_kill_request *request)
{
	struct dvk_procinfo info;
	int result;

	if (request->signal < 0 || request->signal > NOTIFY_VALUE_MAX)
		return EDVSINVAL;
	if (!is_trusted(state, call->client_ep))
		return EDVSPERM;
	result = systask_look(state, request->ep, &info);
	if (result < 0 || request->signal == 0)
		return result;
	if (request->signal != SIGKILL)
		return dvk_ntfy_value(SYSTASK(0), request->ep, request->signal);
	return info.nr < NR_SERVERS ? EDVSPERM : terminate(state, request->ep);
}

/* Changes the level alone: which calls, targets and sources stays as it is. */
static int systask_privctl(void *state, struct server_call *call,
			   const struct systask_privctl_request *request)
{
	int ep = request->ep == SELF ? call->client_ep : request->ep;
	struct dvk_priv priv;
	int result;

	if (!is_trusted(state, call->client_ep))
		return EDVSPERM;
	result = dvk_getpriv(ep, &priv);
	if (result < 0)
		return result;
	priv.level = (int32_t)request->level;
	return dvk_setpriv(ep, &priv);
}

static int systask_vircopy(void *state, struct server_call *call,
			   const struct systask_vircopy_request *request)
{
	struct systask *systask = state;
	int src = request->src == SELF ? call->client_ep : request->src;
	int dst = request->dst == SELF ? call->client_ep : request->dst;
	int result;

	if (!is_trusted(systask, call->client_ep))
		return EDVSPERM;
	if (request->bytes > DVK_COPY_MAX)
		return EDVSRANGE;
	result = dvk_vcopy(src, request->src_address, dst, request->dst_address,
			   (size_t)request->bytes);
	if (result < 0)
		return result;
	systask->counters.copies++;
	systask->counters.bytes_copied += request->bytes;
	return 0;
}

static int systask_setalarm(void *state, struct server_call *call,
			    const struct systask_setalarm_request *request,
			    struct systask_setalarm_reply *reply)
{
	struct systask *systask = state;
	struct clock_alarm_for_reply answer;
	int result = clock_call_alarm_for(CLOCK, call->client_ep, request->periodic, request->ms,
					  &answer);

	if (result < 0)
		return result;
	systask->counters.alarms++;
	reply->left = answer.left;
	return 0;
}

static void systask_notified(void *state, int source_ep, uint32_t map)
{
	(void)map;
	if (source_ep == HARDWARE)
		systask_take_exits(state);
}

static void systask_stop(void *state)
{
	struct systask *systask = state;

	if (systask->view)
		dvk_view_close(systask->view);
	free(systask);
}

static int register_tables(struct systask *systask)
{
	int result = dvk_register_table("systask.exit", SYSTASK_EXIT_VERSION, systask->exits,
					SYSTASK_EXITS, sizeof(systask->exits[0]));

	if (result < 0)
		return result;
	return dvk_register_table("systask.counters", SYSTASK_COUNTERS_VERSION, &systask->counters,
				  1, sizeof(systask->counters));
}

/*
 * The servers of MUKs that are there before us watched the SYSTASK before us: they are
 * told on, and at once of what has ended meanwhile. One that does not care takes no notice.
 */
static int adopt_watchers(struct systask *systask)
{
	struct dvk_snapshot *snapshot;
	int result = dvk_view_snapshot(systask->view, &snapshot);

	if (result < 0)
		return result;
	for (int i = 0; i < snapshot->count; i++) {
		const struct dvk_procinfo *p = &snapshot->procs[i];

		if (p->misc & DVK_MISC_UNIKERNEL && p->nr < NR_SERVERS &&
		    (p->nr >= 0 || p->nr == CLOCK) && systask->watcher_count < SYSTASK_WATCHERS)
			systask->watchers[systask->watcher_count++] = p->endpoint;
	}
	dvk_snapshot_free(snapshot);
	return 0;
}

static int systask_start(struct server *server, void **ret_state)
{
	const struct systask_config *config = server_config(server);
	struct systask *systask = calloc(1, sizeof(*systask));
	int result;

	if (!systask)
		return EDVSNOMEM;
	systask->server = server;
	systask->started_ns = server_now_ns();
	result = dvk_view_open(dvk_dcid(), config ? config->dir : NULL, 0, &systask->view);
	if (result == 0)
		result = register_tables(systask);
	if (result == 0)
		result = adopt_watchers(systask);
	if (result < 0) {
		systask_stop(systask);
		return result;
	}
	/* Those who died before there was a SYSTASK: nobody has told it. */
	systask_take_exits(systask);
	*ret_state = systask;
	return 0;
}

static const struct systask_handlers handlers = {
	.exit = systask_exit,
	.privctl = systask_privctl,
	.kill = systask_kill,
	.vircopy = systask_vircopy,
	.setalarm = systask_setalarm,
	.times = systask_do_times,
	.getinfo = systask_do_getinfo,
	.getep = systask_do_getep,
	.find = systask_do_find,
	.rights = systask_do_rights,
	.getexit = systask_do_getexit,
	.processes = systask_do_processes,
	.watch = systask_do_watch,
	.exits = systask_do_exits,
};

const struct server_type server_type_systask = {
	.name = "systask",
	.protocol = &protocol_systask,
	.nr = SYSTASK(0),
	.handlers = &handlers,
	.dispatch = systask_dispatch,
	.start = systask_start,
	.notified = systask_notified,
	.stop = systask_stop,
};
