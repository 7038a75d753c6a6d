/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * notify.c - notifications never block and are never lost.
 *
 * Sources are tasks and servers: a user is refused (EDVSCALLDENIED), another
 * source than oneself is for SYSTEM (EDVSPRIVILEGES) and must be bound
 * (EDVSNOTBIND), but for HARDWARE, in whose name the DVK itself speaks. Targets
 * need no right: sources are servers of the system, and PM must reach a user of
 * a strict DC. One is pending per source, values are ORed. The value and the
 * count mean nothing unless the bit is set. A client in a call is not disturbed:
 * the bit stays pending.
 */
#include "check.h"
#include "event.h"
#include "hold.h"
#include "notify.h"

/* The message of source_nr's pending bit at p. */
static void write_letter(struct dc *dc, struct proc *p, int source_nr)
{
	const struct proc_rest *rest = dc_rest(dc, dc_nr(dc, p));
	int64_t wall_ns = host_wall_ns(dc);
	int bit = source_nr + NR_TASKS;

	memset(&p->letter, 0, sizeof(p->letter));
	p->letter.m_source = source_nr;
	p->letter.m_type = NOTIFY_MESSAGE;
	p->letter.m9_i1 = (int32_t)rest->notify_values[bit];
	p->letter.m9_l1 = rest->notify_merged[bit];
	p->letter.m9_t1.tv_sec = wall_ns / 1000000000;
	p->letter.m9_t1.tv_nsec = wall_ns % 1000000000;
	p->request_call = 0;
	PUT(p->request_ep, NONE);
	p->messages_received++;
}

static void tell(struct dc *dc, const struct event_what *what, const struct proc *dst)
{
	message m = { .m_source = what->src_ep, .m_type = NOTIFY_MESSAGE };
	const struct proc *source = dc_proc(dc, what->src_ep);
	int bit = what->src_ep + NR_TASKS;

	if (!event_wanted(dc, source, dst))
		return;
	m.m9_i1 = (int32_t)dc_rest(dc, dc_nr(dc, dst))->notify_values[bit];
	event_put(dc, what, &m);
}

/* Sets or merges the bit. */
static void raise_bit(struct dc *dc, struct proc *dst, int bit, const struct notify_what *what)
{
	struct proc_rest *rest = dc_rest(dc, dc_nr(dc, dst));
	uint64_t *word = &dst->notify_pending[bit / 64];
	uint64_t mask = (uint64_t)1 << (bit % 64);

	if (*word & mask) {
		SET(dc, rest->notify_values[bit], rest->notify_values[bit] | what->map);
		SET(dc, rest->notify_merged[bit], rest->notify_merged[bit] + what->merged);
		return;
	}
	/* Logged: the bit may have been set before this transition, and cleared in it. */
	SET(dc, rest->notify_values[bit], what->map);
	SET(dc, rest->notify_merged[bit], what->merged);
	SET(dc, *word, *word | mask);
}

int notify_post(struct dc *dc, int source_nr, struct proc *dst, int value)
{
	struct notify_what one = { source_nr, notify_map(value), 1 };

	return notify_give(dc, dst, &one);
}

int notify_give(struct dc *dc, struct proc *dst, const struct notify_what *given)
{
	int bit = given->source_nr + NR_TASKS;
	struct event_what what = { .kind = DVK_EVENT_NOTIFY,
				   .src_ep = given->source_nr,
				   .dst_ep = dst->endpoint,
				   .result = DVK_BLOCKED };

	if (slot_awaits(dst, given->source_nr) && dst->call_state == CALL_NONE) {
		dc_rest(dc, dc_nr(dc, dst))->notify_values[bit] = given->map;
		dc_rest(dc, dc_nr(dc, dst))->notify_merged[bit] = given->merged;
		write_letter(dc, dst, given->source_nr);
		slot_end_wait(dc, dst, 0, 0);
		what.result = DVK_DONE;
	} else {
		raise_bit(dc, dst, bit, given);
	}
	tell(dc, &what, dst);
	return what.result;
}

/* The lowest bit that src_ep allows, or -1. */
static int lowest_bit(const struct proc *p, int src_ep)
{
	int bit;

	if (src_ep == ANY) {
		bit = p->notify_pending[0]   ? __builtin_ctzll(p->notify_pending[0])
		      : p->notify_pending[1] ? 64 + __builtin_ctzll(p->notify_pending[1])
					     : -1;
		return bit < NR_SOURCES ? bit : -1;
	}
	bit = src_ep + NR_TASKS;
	if (!notify_is_source(src_ep) || !(p->notify_pending[bit / 64] >> (bit % 64) & 1))
		return -1;
	return bit;
}

int notify_take(struct dc *dc, struct proc *p, int src_ep, message *ret_m)
{
	struct event_what what = { .kind = DVK_EVENT_DELIVER, .dst_ep = p->endpoint };
	int bit = lowest_bit(p, src_ep);

	if (bit < 0)
		return 0;
	what.src_ep = bit - NR_TASKS;
	notify_forget(dc, p, what.src_ep);
	write_letter(dc, p, what.src_ep);
	*ret_m = p->letter;
	tell(dc, &what, p);
	return 1;
}

void notify_forget(struct dc *dc, struct proc *p, int source_nr)
{
	int bit = source_nr + NR_TASKS;
	uint64_t *word = &p->notify_pending[bit / 64];
	uint64_t mask = (uint64_t)1 << (bit % 64);

	if (*word & mask)
		SET(dc, *word, *word & ~mask);
}

static int check_source(const struct dc *dc, const struct proc *caller, int source_nr)
{
	if (!dc_has_nr(dc, source_nr))
		return EDVSRANGE;
	if (!notify_is_source(source_nr))
		return EDVSCALLDENIED;
	if (dc_proc(dc, source_nr) == caller)
		return 0;
	if (!(caller->rights & RIGHT_SYSTEM))
		return EDVSPRIVILEGES;
	if (source_nr != HARDWARE && dc_proc(dc, source_nr)->rts & DVK_RTS_SLOT_FREE)
		return EDVSNOTBIND;
	return 0;
}

/* dst, then the call's own rights, then what is particular to it. */
static int check(const struct dc *dc, const struct proc *caller, int source_nr,
		 const struct proc *dst)
{
	int rc;

	if (dst->rts & DVK_RTS_SLOT_FREE)
		return EDVSDSTDIED;
	rc = check_rights(dc, caller, NULL, CALL_NOTIFY_NR);
	return rc ? rc : check_source(dc, caller, source_nr);
}

int engine_notify(struct dc *dc, int caller_nr, int source_nr, int dst_ep, int value)
{
	struct event_what what = { .dst_ep = dst_ep };
	struct proc *caller, *dst;
	int rc = check_caller(dc, caller_nr, &caller);

	if (rc)
		return rc;
	rc = check_peer(dc, caller, dst_ep, &dst);
	if (!rc)
		rc = check(dc, caller, source_nr, dst);
	if (!rc && (value < -1 || value > NOTIFY_VALUE_MAX))
		rc = EDVSBADVALUE;
	if (rc) {
		what.result = rc;
		return check_refused(dc, caller, &what, NULL);
	}
	caller->messages_sent++;
	caller->wait_since = dc->state->now;
	if (unlikely(dc->state->holding) && hold_notify(dc, source_nr, dst, value))
		return DVK_DONE;
	notify_post(dc, source_nr, dst, value);
	return DVK_DONE;
}
