/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * public.c - what every process of a DC may see without a call: its slots and events.
 *
 * Pages of their own, so that no letter lies beside them. The rows of the slots that a
 * transition has changed are written at its commit, by one writer at a time.
 */
#include "container.h"
#include "events.h"

static_assert(HOST_SLOTS <= 1 << 15, "indices of slots fit");

uint64_t public_table_bytes(int nr_slots)
{
	return sizeof(struct dvk_device_table) + nr_slots * sizeof(struct dvk_device_row);
}

static struct dvk_device_row *row_at(const struct container *container, int index)
{
	return (struct dvk_device_row *)(container->table + 1) + index;
}

static void fill_wait(struct dvk_device_row *row, const struct proc *p)
{
	int waits = p->rts & (DVK_RTS_RECEIVING | DVK_RTS_WAITBIND | DVK_RTS_WAITUNBIND);

	row->sendto_ep = p->rts & DVK_RTS_SENDING ? p->sendto_ep : NONE;
	row->getfrom_ep = waits && !(p->rts & DVK_RTS_SENDING) ? p->getfrom_ep : NONE;
	if (row->getfrom_ep == ANY_REQUEST)
		row->getfrom_ep = ANY;
	waits |= p->rts & DVK_RTS_SENDING;
	row->call_type = waits ? p->call_type : 0;
	row->wait_since_ns = waits ? p->wait_since : 0;
}

/* What seldom changes: with a bind, with rights. */
static void fill_rest(struct dvk_device_row *row, const struct proc_rest *rest)
{
	row->level = rest->level;
	row->incarnation = rest->incarnation;
	memcpy(row->name, rest->name, sizeof(row->name));
	memcpy(row->muk, rest->muk, sizeof(row->muk));
}

static void write_row(struct container *container, int index)
{
	struct dvk_device_row *row = row_at(container, index);
	const struct proc *p = &container->dc.procs[index];
	int is_whole = row->rts & DVK_RTS_SLOT_FREE || container->frame.rest_changed;
	uint32_t sequence = row->sequence;

	WRITE_ONCE(row->sequence, sequence + 1);
	smp_wmb();
	row->rts = p->rts;
	row->misc = p->misc;
	row->endpoint = p->endpoint;
	fill_wait(row, p);
	row->messages_sent = p->messages_sent;
	row->messages_received = p->messages_received;
	if (unlikely(is_whole))
		fill_rest(row, &container->dc.rest[index]);
	smp_wmb();
	WRITE_ONCE(row->sequence, sequence + 2);
}

static void write_head(struct container *container)
{
	const struct dc_state *state = container->dc.state;
	struct dvk_device_table *table = container->table;

	WRITE_ONCE(table->bound, state->bound);
	WRITE_ONCE(table->transitions, state->transitions);
	smp_wmb();
	WRITE_ONCE(table->event_next, state->event_next);
}

void public_init(struct container *container)
{
	const struct dc_state *state = container->dc.state;
	struct dvk_device_table *table = container->table;
	int i;

	table->version = DVK_DEVICE_VERSION;
	table->row_bytes = sizeof(struct dvk_device_row);
	table->dcid = state->dcid;
	table->node = state->node;
	table->nr_slots = container->dc.nr_slots;
	memcpy(table->name, state->name, sizeof(table->name));
	container->frame.rest_changed = 1;
	for (i = 0; i < container->dc.nr_slots; i++)
		write_row(container, i);
	container->frame.rest_changed = 0;
	write_head(container);
}

static void write_rows(struct container *container)
{
	struct host_frame *frame = &container->frame;
	int i;

	if (frame->changed_count > HOST_CHANGED) {
		for_each_set_bit(i, frame->is_changed, container->dc.nr_slots)
			write_row(container, i);
		bitmap_zero(frame->is_changed, HOST_SLOTS);
	} else {
		for (i = 0; i < frame->changed_count; i++) {
			write_row(container, frame->changed[i]);
			__clear_bit(frame->changed[i], frame->is_changed);
		}
	}
	frame->changed_count = 0;
	frame->rest_changed = 0;
}

/* As event_write() does it: readers do not take the lock here either. */
static void copy_event(struct dvk_event *to, const struct dvk_event *from)
{
	WRITE_ONCE(to->sequence, 0);
	smp_wmb();
	to->time_ns = from->time_ns;
	to->call = from->call;
	to->src_ep = from->src_ep;
	to->dst_ep = from->dst_ep;
	to->kind = from->kind;
	to->result = from->result;
	to->m_type = from->m_type;
	smp_store_release(&to->sequence, from->sequence);
}

static void tell_events(struct container *container)
{
	const struct dc_state *state = container->dc.state;
	uint64_t at = container->events_told, next = state->event_next;

	if (next - at > DVK_RECORDER_EVENTS)
		at = next - DVK_RECORDER_EVENTS;
	for (; at != next && state->recorder_on; at++) {
		const struct dvk_event *event = &state->recorder[at % DVK_RECORDER_EVENTS];

		if (container->is_recorder_mapped)
			copy_event(&container->recorder[at % DVK_RECORDER_EVENTS], event);
		trace_events_tell(container->dcid, event);
	}
	container->events_told = next;
}

void public_map_recorder(struct container *container)
{
	const struct dc_state *state = container->dc.state;
	int i;

	spin_lock(&container->lock);
	for (i = 0; i < DVK_RECORDER_EVENTS && !container->is_recorder_mapped; i++)
		copy_event(&container->recorder[i], &state->recorder[i]);
	container->is_recorder_mapped = 1;
	spin_unlock(&container->lock);
}

void public_commit(struct container *container)
{
	int events = container->events_told != container->dc.state->event_next;

	write_rows(container);
	if (events)
		tell_events(container);
	write_head(container);
	if (events && wq_has_sleeper(&container->events))
		wake_up_interruptible_all(&container->events);
}
