/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * outside.c - what a process tells those who look at it, and what it asks of the dead.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <dvk/state.h>

#include "call.h"

int dvk_register_table(const char *type, unsigned int version, const void *address,
		       unsigned int rows, unsigned int row_bytes)
{
	struct dvk_table table = { .version = version,
				   .address = dvk_address(address),
				   .rows = rows,
				   .row_bytes = row_bytes,
				   .pid = getpid() };
	struct call call;
	int rc = call_begin(&call);

	if (rc && rc != CALL_DEVICE)
		return rc;
	if (strlen(type) >= sizeof(table.type))
		return EDVSNAMESIZE;
	snprintf(table.type, sizeof(table.type), "%s", type);
	if (rc == CALL_DEVICE)
		return device_call(DEVICE_ENTRY(TABLE, .data = dvk_address(&table)), NULL, NULL);
	call_enter(&call);
	rc = engine_register_table(&host.dc, call.nr, &table);
	host_leave(&host.dc, &call.self->seat);
	return rc;
}

/* Without the lock: a runtime says this before each sleep. Readers end the text themselves. */
int dvk_set_sleep_note(const char *text)
{
	struct proc_rest *rest;
	struct call call;
	int rc = call_begin(&call);

	if (rc == CALL_DEVICE)
		return device_sleep_note(text);
	if (rc)
		return rc;
	rest = dc_rest(&host.dc, call.nr);
	strncpy(rest->sleep_note, text, sizeof(rest->sleep_note) - 1);
	return 0;
}

int dvk_set_quiet(int nr, int quiet)
{
	struct host_self *self = &host_self;
	struct segment *segment;
	struct proc *p;
	int rc;

	if (device.open)
		return device_enter(device.fd, DEVICE_ENTRY(QUIET, .slot_nr = NONE, .ep = nr,
							    .value = quiet != 0));
	rc = host_attach(self);
	if (rc)
		return rc;
	if (!dc_has_nr(&host.dc, nr))
		return EDVSRANGE;
	segment = host.mapping.segment;
	host_enter(&host.dc, &self->seat);
	p = dc_proc(&host.dc, nr);
	if (p->rts & DVK_RTS_SLOT_FREE)
		rc = EDVSNOTBIND;
	else if (!segment_has_member(segment, p->member) ||
		 segment->members[p->member].pid != getpid())
		rc = EDVSPRIVILEGES;
	else
		p->quiet = quiet != 0;
	host_leave(&host.dc, &self->seat);
	return rc;
}

/* The name of a dead process, as long as its slot is free; under the lock. */
static void name_of(const struct dc_exit *end, char ret_name[DVK_NAME_BYTES])
{
	int nr = dvk_endpoint_nr(end->endpoint);

	memset(ret_name, 0, DVK_NAME_BYTES);
	if (!dc_has_nr(&host.dc, nr) || dc_rest(&host.dc, nr)->incarnation != end->incarnation)
		return;
	memcpy(ret_name, dc_rest(&host.dc, nr)->name, DVK_NAME_BYTES - 1);
}

int dvk_take_exits(uint64_t *next, struct dvk_exit *ret_exits, int max, uint64_t *ret_lost)
{
	struct host_self *self = &host_self;
	int count = 0, rc;
	uint32_t end, at;

	if (device.open)
		return device_take_exits(next, ret_exits, max, ret_lost);
	rc = host_attach(self);
	if (rc)
		return rc;
	host_enter(&host.dc, &self->seat);
	end = host.dc.state->exit_next;
	at = (uint32_t)*next;
	if (ret_lost)
		*ret_lost = at != 0 && end - at > DC_EXITS ? end - at - DC_EXITS : 0;
	if (end - at > DC_EXITS)
		at = end - DC_EXITS;
	for (; at != end && count < max; at++, count++) {
		const struct dc_exit *exit = &host.dc.state->exits[at % DC_EXITS];

		ret_exits[count] = (struct dvk_exit){ .endpoint = exit->endpoint,
						      .code = exit->code,
						      .incarnation = exit->incarnation };
		name_of(exit, ret_exits[count].name);
	}
	host_leave(&host.dc, &self->seat);
	*next = at;
	return count;
}
