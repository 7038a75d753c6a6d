/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exits.c - the ends of processes: taken from the DVK, kept, told to who watches.
 *
 * Ends have numbers, counted by the DVK from 0 on; number n is in row n % SYSTASK_EXITS
 * until SYSTASK_EXITS later. A row that was lost on the way is zero.
 */
#include <string.h>

#include "systask/systask.h"

#define EXITS_AT_ONCE 32

static int find_watcher(const struct systask *systask, int ep)
{
	for (int i = 0; i < systask->watcher_count; i++)
		if (systask->watchers[i] == ep)
			return i;
	return -1;
}

static void remove_watcher(struct systask *systask, int i)
{
	if (i >= 0)
		systask->watchers[i] = systask->watchers[--systask->watcher_count];
}

static void keep(struct systask *systask, const struct dvk_exit *end)
{
	uint64_t row = systask->next_exit++ % SYSTASK_EXITS;
	struct systask_exit_row *kept = &systask->exits[row];

	*kept = (struct systask_exit_row){
		.ep = end->endpoint,
		.code = end->code,
		.incarnation = end->incarnation,
		.time_ns = server_now_ns(),
	};
	memcpy(kept->name, end->name, sizeof(kept->name));
	systask->asked[row] = 0;
	systask->counters.exits++;
	remove_watcher(systask, find_watcher(systask, end->endpoint));
}

/* The DVK keeps no more than it has room for: those before number are lost. */
static void skip_to(struct systask *systask, uint64_t number)
{
	if (number > systask->next_exit + SYSTASK_EXITS)
		systask->next_exit = number - SYSTASK_EXITS;
	for (; systask->next_exit < number; systask->next_exit++)
		memset(&systask->exits[systask->next_exit % SYSTASK_EXITS], 0,
		       sizeof(systask->exits[0]));
}

void systask_take_exits(struct systask *systask)
{
	struct dvk_exit ends[EXITS_AT_ONCE];
	uint64_t next = systask->next_exit;
	int count, all = 0;

	do {
		count = dvk_take_exits(&next, ends, EXITS_AT_ONCE, NULL);
		if (count <= 0)
			break;
		skip_to(systask, next - (uint64_t)count);
		for (int i = 0; i < count; i++)
			keep(systask, &ends[i]);
		all += count;
	} while (count == EXITS_AT_ONCE);
	/* From the last on: one who cannot be notified is gone and leaves the list. */
	for (int i = all ? systask->watcher_count - 1 : -1; i >= 0; i--)
		if (dvk_notify(systask->watchers[i]) < 0)
			remove_watcher(systask, i);
}

static uint64_t oldest_of(const struct systask *systask)
{
	return systask->next_exit > SYSTASK_EXITS ? systask->next_exit - SYSTASK_EXITS : 0;
}

int systask_do_getexit(void *state, struct server_call *call,
		       const struct systask_getexit_request *request,
		       struct systask_getexit_reply *reply)
{
	struct systask *systask = state;

	(void)call;
	for (uint64_t n = systask->next_exit; n > oldest_of(systask); n--) {
		uint64_t row = (n - 1) % SYSTASK_EXITS;

		if (systask->exits[row].ep != request->ep || !systask->exits[row].incarnation ||
		    systask->asked[row])
			continue;
		systask->asked[row] = 1;
		reply->code = systask->exits[row].code;
		reply->incarnation = systask->exits[row].incarnation;
		return 0;
	}
	return EDVSSRCH;
}

int systask_do_watch(void *state, struct server_call *call,
		     const struct systask_watch_request *request)
{
	struct systask *systask = state;
	int i = find_watcher(systask, call->client_ep);

	if (!request->on) {
		remove_watcher(systask, i);
		return 0;
	}
	if (i >= 0)
		return 0;
	if (systask->watcher_count == SYSTASK_WATCHERS)
		return EDVSRSCBUSY;
	systask->watchers[systask->watcher_count++] = call->client_ep;
	return 0;
}

int systask_do_exits(void *state, struct server_call *call,
		     const struct systask_exits_request *request, struct systask_exits_reply *reply)
{
	struct systask *systask = state;
	uint32_t room = request->buffer.bytes / sizeof(systask->exits[0]);
	uint64_t oldest = oldest_of(systask), from = request->since;
	uint32_t count = 0;
	int result;

	if (from > systask->next_exit)
		return EDVSINVAL;
	reply->lost = from && from < oldest ? oldest - from : 0;
	from = from < oldest ? oldest : from;
	for (; from < systask->next_exit && count < room; from++) {
		const struct systask_exit_row *row = &systask->exits[from % SYSTASK_EXITS];

		if (!row->incarnation)
			continue;
		result = server_copy_out(call, &request->buffer, count * sizeof(*row), row,
					 sizeof(*row));
		if (result < 0)
			return result;
		count++;
	}
	reply->next = from;
	reply->count = (int32_t)count;
	return 0;
}
