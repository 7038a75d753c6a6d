/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * outside.c - what a process tells those who look at it, and what it asks of the dead.
 */
#include <linux/uaccess.h>

#include "op.h"

static int table_transition(struct call *call)
{
	struct dvk_table *table = call->data;

	/* Whose it is, its owner's slot says; to each asker in their own numbers. */
	table->pid = 0;
	return engine_register_table(&call->container->dc, call->nr, table);
}

const struct op op_TABLE = { .needs = OP_HAS_SLOT | OP_IN,
			     .bytes = sizeof(struct dvk_table),
			     .transition = table_transition };

/* The text is in the data, ended and filled up with zeros. */
static int note_transition(struct call *call)
{
	struct proc_rest *rest;
	int rc = call_own_slot(call);

	if (rc)
		return rc;
	rest = dc_rest(&call->container->dc, call->nr);
	memcpy(rest->sleep_note, call->data, sizeof(rest->sleep_note) - 1);
	return 0;
}

#define NOTE_BYTES sizeof(((struct proc_rest *)0)->sleep_note)

static int note_run(struct call *call)
{
	static const struct op note = { .transition = note_transition };
	char text[NOTE_BYTES] = "";
	size_t bytes = call_room(call, sizeof(text) - 1);

	if (copy_from_user(text, u64_to_user_ptr(call->entry->data), bytes)) {
		call->error = -EFAULT;
		return 0;
	}
	/* Nothing behind its end. */
	strscpy(call->data, text, NOTE_BYTES);
	return call_transition(call, &note);
}

const struct op op_SLEEP_NOTE = { .needs = OP_DC | OP_MEMBER,
				  .bytes = NOTE_BYTES,
				  .run = note_run };

static int quiet_transition(struct call *call)
{
	const struct dc *dc = &call->container->dc;
	int nr = call->entry->ep;
	struct proc *p;

	if (!dc_has_nr(dc, nr))
		return EDVSRANGE;
	p = dc_proc(dc, nr);
	if (p->rts & DVK_RTS_SLOT_FREE)
		return EDVSNOTBIND;
	if (!member_is_of(member_of(call->container, p), call->file->tgid))
		return EDVSPRIVILEGES;
	p->quiet = call->entry->value != 0;
	return 0;
}

const struct op op_QUIET = { .needs = OP_DC | OP_MEMBER, .transition = quiet_transition };

/* The name of a dead process, as long as its slot is free. */
static void name_of(const struct dc *dc, const struct dc_exit *end, char name[DVK_NAME_BYTES])
{
	int nr = dvk_endpoint_nr(end->endpoint);

	if (dc_has_nr(dc, nr) && dc_rest(dc, nr)->incarnation == end->incarnation)
		memcpy(name, dc_rest(dc, nr)->name, DVK_NAME_BYTES - 1);
}

static int exits_transition(struct call *call)
{
	const struct dc *dc = &call->container->dc;
	int max = call_room(call, DC_EXITS), count;
	uint32_t end = dc->state->exit_next, at = (uint32_t)call->entry->call;
	struct dvk_exit *exits = call->data;

	call->entry->size = at && end - at > DC_EXITS ? end - at - DC_EXITS : 0;
	if (end - at > DC_EXITS)
		at = end - DC_EXITS;
	for (count = 0; at != end && count < max; at++, count++) {
		const struct dc_exit *ended = &dc->state->exits[at % DC_EXITS];

		exits[count].endpoint = ended->endpoint;
		exits[count].code = ended->code;
		exits[count].incarnation = ended->incarnation;
		name_of(dc, ended, exits[count].name);
	}
	call->entry->call = at;
	return count;
}

static int exits_run(struct call *call)
{
	static const struct op exits = { .transition = exits_transition };
	int count = call_transition(call, &exits);
	uint64_t lost = call->entry->size;

	if (call->entry->data2 &&
	    put_user(lost, (uint64_t __user *)u64_to_user_ptr(call->entry->data2)))
		call->error = -EFAULT;
	return count;
}

const struct op op_EXITS = { .needs = OP_DC | OP_MEMBER | OP_OUT | OP_ARRAY,
			     .bytes = sizeof(struct dvk_exit),
			     .max = DC_EXITS,
			     .run = exits_run };
