/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * choose.c - what an entry asks: often what means something where the thread is, and
 * never so that it always does.
 */
#include <string.h>
#include <time.h>

#include "garbage.h"

#define SLOTS 60 /* that lives bind, mostly */

int choose_slot(struct chance *chance)
{
	return (int)chance_below(chance, SLOTS);
}

static int some_slot(struct enterer *enterer)
{
	struct chance *chance = &enterer->chance;

	switch (chance_below(chance, 20)) {
	case 0:
		return (int)chance_next(chance);
	case 1:
	case 2:
		return (int)chance_below(chance, 300) - NR_TASKS - 2;
	case 3:
		return NONE;
	default:
		return enterer->slots[chance_below(chance, 8)];
	}
}

static int some_ep(struct enterer *enterer)
{
	static const int special[] = { ANY, NONE, SELF, HARDWARE, CLOCK, PROXY, INT32_MIN, -1 };
	struct chance *chance = &enterer->chance;

	switch (chance_below(chance, 10)) {
	case 0:
		return (int)chance_next(chance);
	case 1:
		return choose_slot(chance);
	case 2:
	case 3:
		return special[chance_below(chance, 8)];
	case 4:
		return enterer->request_ep;
	default:
		return garbage->known_ep[chance_below(chance, GARBAGE_KNOWN)];
	}
}

static int some_value(struct enterer *enterer)
{
	struct chance *chance = &enterer->chance;

	switch (chance_below(chance, 6)) {
	case 0:
		return (int)chance_next(chance);
	case 1:
		return garbage->known_tid[chance_below(chance, GARBAGE_KNOWN)];
	case 2:
		return enterer->tid;
	default:
		return (int)chance_below(chance, 40) - 4;
	}
}

static int64_t some_deadline(struct chance *chance)
{
	struct timespec now;

	switch (chance_below(chance, 20)) {
	case 0:
		return INT64_MAX;
	case 1:
		return (int64_t)chance_next(chance);
	default:
		if (chance_below(chance, 2))
			return 0;
		clock_gettime(CLOCK_MONOTONIC, &now);
		return now.tv_sec * 1000000000LL + now.tv_nsec + chance_below(chance, 1000000);
	}
}

static uint64_t some_size(struct chance *chance)
{
	switch (chance_below(chance, 8)) {
	case 0:
		return chance_next(chance);
	case 1:
		return DVK_COPY_MAX - 2 + chance_below(chance, 4);
	case 2:
	case 3:
		return chance_below(chance, 200000);
	default:
		return chance_below(chance, 300);
	}
}

/* Some operations end what the others need: seldom. */
static unsigned int some_op(struct chance *chance)
{
	static const unsigned char talk[] = {
		DVK_OP_SEND,     DVK_OP_RECEIVE,  DVK_OP_SENDREC,  DVK_OP_SENDREC,
		DVK_OP_REPLY,    DVK_OP_REPLY_TO, DVK_OP_RCVRQST,  DVK_OP_REPLY_RECEIVE,
		DVK_OP_RELAY,    DVK_OP_NOTIFY,   DVK_OP_VCOPY,    DVK_OP_WAIT,
		DVK_OP_END_WAIT, DVK_OP_HOLD,     DVK_OP_HELD_ACT,
	};
	unsigned int op = 1 + chance_below(chance, DVK_OP_COUNT - 1);

	if (chance_below(chance, 2))
		return talk[chance_below(chance, sizeof(talk))];
	if ((op == DVK_OP_DC_END || op == DVK_OP_CLOSE) && chance_below(chance, 20))
		return DVK_OP_SENDREC;
	if (op == DVK_OP_UNBIND && chance_below(chance, 3))
		return DVK_OP_BIND;
	return op;
}

static void choose_dc(struct chance *chance, struct dvk_entry *entry)
{
	if (chance_below(chance, 20))
		entry->ep = GARBAGE_DC + (int)chance_below(chance, GARBAGE_DCS);
	if (entry->op == DVK_OP_DC_END)
		return;
	if (chance_below(chance, 20))
		entry->value = (int)chance_below(chance, 32);
	if (entry->op == DVK_OP_OPEN && chance_once_in(chance, 4))
		entry->value |= DVK_DEVICE_LOOK;
	if (chance_below(chance, 20))
		entry->size =
			chance_below(chance, 2) ? 0 : NR_PROCS_MIN + chance_below(chance, 400);
}

/* To where it means something. */
static void steer(struct enterer *enterer, struct dvk_entry *entry)
{
	struct chance *chance = &enterer->chance;

	switch (entry->op) {
	case DVK_OP_BIND:
		entry->ep = choose_slot(chance);
		entry->value = 0;
		break;
	case DVK_OP_REPLY:
	case DVK_OP_REPLY_TO:
	case DVK_OP_REPLY_RECEIVE:
		entry->ep = enterer->request_ep;
		entry->call = enterer->request_call;
		entry->src_ep = ANY;
		break;
	case DVK_OP_NOTIFY:
		entry->src_ep = SELF;
		entry->value = (int)chance_below(chance, 33) - 1;
		break;
	case DVK_OP_VCOPY:
		entry->src_ep = chance_below(chance, 2) ? SELF : entry->src_ep;
		entry->ep = enterer->request_ep;
		entry->size = chance_below(chance, 60000);
		break;
	case DVK_OP_HELD_ACT:
		entry->value = (int)chance_below(chance, 5);
		entry->call = 1 + chance_below(chance, 40);
		break;
	default:
		break;
	}
}

void choose_entry(struct enterer *enterer, struct dvk_entry *entry)
{
	struct chance *chance = &enterer->chance;

	memset(entry, 0, sizeof(*entry));
	entry->bytes = sizeof(*entry);
	entry->version = DVK_DEVICE_VERSION;
	entry->op = (uint16_t)some_op(chance);
	entry->slot_nr = some_slot(enterer);
	entry->flags = chance_once_in(chance, 3) ? DVK_ENTRY_ASYNC : 0;
	entry->ep = some_ep(enterer);
	entry->src_ep = some_ep(enterer);
	entry->value = some_value(enterer);
	entry->deadline_ns = some_deadline(chance);
	entry->call = chance_below(chance, 3) ? enterer->request_call : chance_next(chance);
	if (chance_once_in(chance, 3))
		entry->call = chance_below(chance, 300);
	entry->ready_max = chance_below(chance, 3) ? chance_below(chance, 20) : 0;
	entry->ready = dvk_address(place_good(chance, 4096));
	entry->size = some_size(chance);
	entry->m.m_type = (int)chance_below(chance, 40) - 4;
	entry->m.words[0] = chance_next(chance);
	fill_data(chance, entry->op, entry);
	entry->data2 = chance_below(chance, 4) ? place_any(chance) : 0;
	if (entry->op == DVK_OP_OPEN || entry->op == DVK_OP_DC_INIT || entry->op == DVK_OP_DC_END)
		choose_dc(chance, entry);
	if (chance_below(chance, 3))
		steer(enterer, entry);
	/* What a held message is dropped with is what another's call gives. */
	if (entry->op == DVK_OP_HELD_ACT)
		entry->src_ep = chance_below(chance, 4) ? EDVSIO : 1;
}

void choose_wrongly(struct chance *chance, struct dvk_entry *entry)
{
	switch (chance_below(chance, 8)) {
	case 0:
		entry->ready = place_any(chance);
		entry->ready_max = chance_below(chance, 2) ? UINT32_MAX : 30;
		break;
	case 1:
		entry->op = (uint16_t)chance_next(chance);
		break;
	case 2:
		entry->bytes = (uint32_t)chance_next(chance);
		break;
	case 3:
		entry->version = (uint16_t)chance_next(chance);
		break;
	case 4:
		entry->flags = (uint32_t)chance_next(chance);
		break;
	case 5:
		entry->spare[chance_below(chance, 3)] = chance_next(chance);
		break;
	default:
		entry->data = place_any(chance);
	}
}
