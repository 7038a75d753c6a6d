/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view.c - a slot as seen from outside.
 *
 * What is read may be a copy that was taken while it changed, or nonsense that
 * somebody wrote: walks are bounded, numbers checked, texts ended. Fields that
 * mean nothing in the slot's state (dc.h) are not shown.
 */
#include "engine.h"
#include "slot.h"

void view_undo(struct dc *copy)
{
	undo_rollback(copy->state, dc_bytes(copy->nr_procs));
}

static void view_wait(const struct proc *p, struct dvk_procinfo *info)
{
	info->deadline_ns = INT64_MAX;
	info->sendto_ep = info->getfrom_ep = NONE;
	if (!(p->rts & SLOT_WAITS))
		return;
	info->wait_since_ns = p->wait_since;
	info->deadline_ns = p->deadline_ns;
	info->call = p->call;
	info->call_taken = p->call_state == CALL_TAKEN;
	info->call_type = p->call_type;
	if (p->rts & DVK_RTS_SENDING)
		info->sendto_ep = p->sendto_ep;
	else
		info->getfrom_ep = p->getfrom_ep == ANY_REQUEST ? ANY : p->getfrom_ep;
}

/* The client of the request in hand, if it still waits for its reply. */
static int request_in_hand(const struct dc *dc, const struct proc *p)
{
	const struct proc *client = slot_alive(dc, p->request_ep);

	if (!client || !slot_in_call_to(client, p->endpoint) || client->call != p->request_call)
		return NONE;
	return p->request_ep;
}

static int count_bits(uint64_t set)
{
	int count = 0;

	for (; set; set &= set - 1)
		count++;
	return count;
}

/* To how many slots of the table it may send; sets have bits behind its end. */
static int target_count(const struct dc *dc, const struct proc_rest *rest)
{
	int i, whole = dc->nr_slots / 64, count = 0;

	for (i = 0; i < whole; i++)
		count += ~rest->targets[i] ? count_bits(rest->targets[i]) : 64;
	if (dc->nr_slots % 64)
		count += count_bits(rest->targets[whole] &
				    (((uint64_t)1 << (dc->nr_slots % 64)) - 1));
	return count;
}

static void view_rest(const struct proc_rest *rest, struct dvk_procinfo *info)
{
	info->incarnation = rest->incarnation;
	info->level = rest->level;
	info->node = rest->node;
	info->bytes_copied = rest->bytes_copied;
	info->calls_allowed = rest->calls_allowed;
	memcpy(info->name, rest->name, sizeof(info->name));
	memcpy(info->muk, rest->muk, sizeof(info->muk));
	memcpy(info->sleep_note, rest->sleep_note, sizeof(info->sleep_note));
	info->name[sizeof(info->name) - 1] = 0;
	info->muk[sizeof(info->muk) - 1] = 0;
	info->sleep_note[sizeof(info->sleep_note) - 1] = 0;
}

void view_procinfo(const struct dc *dc, int nr, struct dvk_procinfo *ret_info)
{
	const struct proc *p = dc_proc(dc, nr);

	memset(ret_info, 0, sizeof(*ret_info));
	ret_info->nr = nr;
	ret_info->endpoint = p->endpoint;
	ret_info->rts = p->rts;
	ret_info->misc = p->misc;
	view_wait(p, ret_info);
	ret_info->request_ep = request_in_hand(dc, p);
	ret_info->entered_ns = p->wait_since;
	memcpy(ret_info->notify_pending, p->notify_pending, sizeof(p->notify_pending));
	ret_info->messages_sent = p->messages_sent;
	ret_info->messages_received = p->messages_received;
	ret_info->letter = p->letter;
	ret_info->targets =
		p->rights & RIGHT_SEND_ALL ? dc->nr_slots : target_count(dc, dc_rest(dc, nr));
	view_rest(dc_rest(dc, nr), ret_info);
}

/* The row of slot nr; NULL: none. */
static struct dvk_procinfo *row_of(struct dvk_procinfo *rows, int count, int nr)
{
	int low = 0, high = count;

	while (low < high) {
		int middle = low + (high - low) / 2;

		if (rows[middle].nr < nr)
			low = middle + 1;
		else
			high = middle;
	}
	return low < count && rows[low].nr == nr ? &rows[low] : NULL;
}

void view_queues(const struct dc *dc, struct dvk_procinfo *rows, int count)
{
	int i;

	for (i = 0; i < count; i++) {
		const struct proc *sender = slot_at(dc, dc_proc(dc, rows[i].nr)->queue_head);
		int length = 0;

		while (sender && length < dc->nr_slots) {
			struct dvk_procinfo *row = row_of(rows, count, dc_nr(dc, sender));

			length++;
			if (row && row->sendto_ep == rows[i].endpoint)
				row->queue_place = length;
			sender = slot_at(dc, sender->queue_next);
		}
		rows[i].queue_length = length;
	}
}
