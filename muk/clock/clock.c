/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * clock.c - CLOCK: alarms, once or again and again; uptime; times.
 *
 * An alarm is a notification from CLOCK. Its loop's receive has the time of the next
 * one as its timeout: there is no thread and nothing is polled. The alarm of a
 * process that has died is dropped when SYSTASK tells of the death, at the latest
 * when its time has come.
 */
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "clock/alarms.h"
#include "protocol/systask.h"
#include "server/server.h"

#define ALARM_MS_MAX  (365ll * 24 * 3600 * 1000) /* a year */
#define EXITS_AT_ONCE 32

struct clock {
	struct server *server;
	int64_t started_ns;
	int64_t boot_seconds; /* wall clock */
	uint64_t next_exit;   /* of the DC's deaths, the first we have not seen */
	struct alarms alarms;
};

static int64_t ms_left(int64_t deadline_ns)
{
	int64_t left = deadline_ns - server_now_ns();

	return left > 0 ? (left + 999999) / 1000000 : 0;
}

static void set_timer(struct clock *clock)
{
	struct clock_alarm_row *first = alarms_first(&clock->alarms);

	server_set_timer(clock->server, first ? first->deadline_ns : INT64_MAX);
}

/* What a client asks for; ms 0: no alarm. */
struct wish {
	int ep;
	int64_t ms;
	int periodic;
};

/* Tells how many ms the alarm had left that this one replaces. */
static int set_alarm(struct clock *clock, const struct wish *wish, int64_t *ret_left)
{
	struct clock_alarm_row *old = alarms_find(&clock->alarms, wish->ep);
	int64_t left = old && old->ep == wish->ep ? ms_left(old->deadline_ns) : 0;
	int64_t ms = wish->ms;
	int result = 0;

	if (ms < 0 || ms > ALARM_MS_MAX)
		return EDVSINVAL;
	if (ms)
		result = alarms_set(&clock->alarms, wish->ep, server_now_ns() + ms * 1000000,
				    wish->periodic ? ms : 0);
	else if (old)
		alarms_remove(&clock->alarms, old);
	if (result < 0)
		return result;
	set_timer(clock);
	*ret_left = left;
	return 0;
}

static int clock_alarm(void *state, struct server_call *call,
		       const struct clock_alarm_request *request, struct clock_alarm_reply *reply)
{
	struct wish wish = { call->client_ep, request->ms, request->periodic != 0 };

	return set_alarm(state, &wish, &reply->left);
}

static int clock_cancel(void *state, struct server_call *call, struct clock_cancel_reply *reply)
{
	struct wish wish = { .ep = call->client_ep };

	return set_alarm(state, &wish, &reply->left);
}

/* Only for tasks and servers: they are asked by the one whom the alarm is for. */
static int clock_alarm_for(void *state, struct server_call *call,
			   const struct clock_alarm_for_request *request,
			   struct clock_alarm_for_reply *reply)
{
	struct wish wish = { request->ep, request->ms, request->periodic != 0 };

	if (dvk_endpoint_nr(call->client_ep) >= NR_SERVERS)
		return EDVSPERM;
	return set_alarm(state, &wish, &reply->left);
}

static int clock_uptime(void *state, struct server_call *call, struct clock_uptime_reply *reply)
{
	const struct clock *clock = state;

	(void)call;
	reply->ms = (server_now_ns() - clock->started_ns) / 1000000;
	reply->boot = clock->boot_seconds;
	return 0;
}

static int64_t timeval_ms(struct timeval t)
{
	return t.tv_sec * 1000ll + t.tv_usec / 1000;
}

static int clock_times(void *state, struct server_call *call, struct clock_times_reply *reply)
{
	const struct clock *clock = state;
	struct rusage usage;

	(void)call;
	if (getrusage(RUSAGE_SELF, &usage) < 0)
		return EDVSGENERIC;
	reply->user_ms = timeval_ms(usage.ru_utime);
	reply->system_ms = timeval_ms(usage.ru_stime);
	reply->uptime_ms = (server_now_ns() - clock->started_ns) / 1000000;
	return 0;
}

static void clock_timer(void *state)
{
	struct clock *clock = state;
	int64_t now_ns = server_now_ns();
	struct clock_alarm_row *first;

	while ((first = alarms_first(&clock->alarms)) && first->deadline_ns <= now_ns) {
		if (dvk_notify(first->ep) < 0)
			alarms_remove(&clock->alarms, first);
		else
			alarms_fired(&clock->alarms, now_ns);
	}
	set_timer(clock);
}

/* SYSTASK tells of deaths; what they were is in the DC, so that nobody need be asked. */
static void clock_notified(void *state, int source_ep, uint32_t map)
{
	struct clock *clock = state;
	struct dvk_exit exits[EXITS_AT_ONCE];
	struct clock_alarm_row *row;
	int count;

	(void)map;
	if (source_ep != SYSTASK(0))
		return;
	do {
		count = dvk_take_exits(&clock->next_exit, exits, EXITS_AT_ONCE, NULL);
		for (int i = 0; i < count; i++) {
			row = alarms_find(&clock->alarms, exits[i].endpoint);
			if (row && row->ep == exits[i].endpoint)
				alarms_remove(&clock->alarms, row);
		}
	} while (count == EXITS_AT_ONCE);
	set_timer(clock);
}

static void clock_stop(void *state)
{
	free(state);
}

static int clock_start(struct server *server, void **ret_state)
{
	struct clock *clock = calloc(1, sizeof(*clock));
	int result;

	if (!clock)
		return EDVSNOMEM;
	clock->server = server;
	clock->started_ns = server_now_ns();
	clock->boot_seconds = time(NULL);
	/* A clock without SYSTASK keeps time too; a dead one's alarm then waits for its time. */
	(void)systask_call_watch(SYSTASK(0), 1);
	result = dvk_register_table("clock.alarm", CLOCK_ALARM_VERSION, clock->alarms.rows,
				    ALARMS_MAX, sizeof(clock->alarms.rows[0]));
	if (result < 0) {
		free(clock);
		return result;
	}
	*ret_state = clock;
	return 0;
}

static const struct clock_handlers handlers = {
	.alarm = clock_alarm,
	.cancel = clock_cancel,
	.uptime = clock_uptime,
	.times = clock_times,
	.alarm_for = clock_alarm_for,
};

const struct server_type server_type_clock = {
	.name = "clock",
	.protocol = &protocol_clock,
	.nr = CLOCK,
	.handlers = &handlers,
	.dispatch = clock_dispatch,
	.start = clock_start,
	.notified = clock_notified,
	.timer = clock_timer,
	.stop = clock_stop,
};
