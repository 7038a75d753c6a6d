/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view.c - looking at a DC: one state, taken under its lock into memory of ours.
 *
 * What processes say to each other is for the owner's eyes only.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "op.h"

#define ROWS_SPARE 16 /* that may be bound meanwhile */

static void fill_info(struct container *container, struct dvk_dcinfo *info)
{
	const struct dc_state *state = container->dc.state;

	info->dcid = container->dcid;
	info->nr_procs = container->dc.nr_procs;
	info->nr_tasks = NR_TASKS;
	info->node = state->node;
	info->owner_uid = from_kuid_munged(current_user_ns(), container->owner);
	info->owner_gid = from_kgid_munged(current_user_ns(), container->group);
	info->strict = (int32_t)state->strict;
	info->kept = container->is_kept;
	info->bound = state->bound;
	/* As elsewhere: each process that is there, and each of its threads that has talked. */
	info->members = container->member_count + READ_ONCE(container->files);
	info->version = DVK_DEVICE_VERSION;
	info->created_ns = state->created_ns;
	info->transitions = state->transitions;
	info->events = state->event_next - 1;
	info->bytes_mapped = container->state_bytes;
	strscpy(info->name, state->name, sizeof(info->name));
	strscpy(info->path, DVK_DEVICE_PATH, sizeof(info->path));
}

void view_dcinfo(struct container *container, struct dvk_dcinfo *ret_info)
{
	memset(ret_info, 0, sizeof(*ret_info));
	spin_lock(&container->lock);
	fill_info(container, ret_info);
	spin_unlock(&container->lock);
}

/* One slot, without its place in queues. */
static void fill_row(const struct container *container, int nr, struct dvk_procinfo *row)
{
	const struct member *member = member_of(container, dc_proc(&container->dc, nr));

	view_procinfo(&container->dc, nr, row);
	if (!member)
		return;
	row->pid = member_pid(member);
	row->tid = member_tid(member);
	row->on_cpu = member->current_nr == nr;
}

/* 0, or EDVSMSGSIZE: there are more than fit. */
static int fill_rows(struct container *container, uint32_t room, struct container_rows *rows)
{
	const struct dc *dc = &container->dc;
	int nr;

	rows->bound = (uint32_t)dc->state->bound;
	for (nr = -NR_TASKS; nr < dc->nr_procs; nr++) {
		if (dc_proc(dc, nr)->rts & DVK_RTS_SLOT_FREE)
			continue;
		if (rows->rows == room)
			return EDVSMSGSIZE;
		fill_row(container, nr, &rows->procs[rows->rows++]);
	}
	view_queues(dc, rows->procs, (int)rows->rows);
	return 0;
}

static void fill_tables(const struct container *container, struct container_rows *rows)
{
	const struct dc *dc = &container->dc;
	int i;

	for (i = 0; i < DVK_TABLES; i++) {
		struct dvk_table *table = &rows->tables[rows->table_rows];
		const struct member *member;
		int nr;

		*table = dc->state->tables[i];
		if (!table->type[0])
			continue;
		nr = dvk_endpoint_nr(table->owner_ep);
		member = dc_has_nr(dc, nr) ? member_of(container, dc_proc(dc, nr)) : NULL;
		table->pid = member ? member_pid(member) : 0;
		rows->table_rows++;
	}
}

static int take(struct container *container, uint32_t room, struct container_rows *rows)
{
	int rc;

	rcu_read_lock();
	spin_lock(&container->lock);
	rows->taken_ns = ktime_get_ns();
	fill_info(container, &rows->dc);
	rc = fill_rows(container, room, rows);
	if (!rc)
		fill_tables(container, rows);
	spin_unlock(&container->lock);
	rcu_read_unlock();
	return rc;
}

static int allocate(uint32_t room, struct container_rows *rows)
{
	memset(rows, 0, sizeof(*rows));
	rows->procs = kvcalloc(room, sizeof(*rows->procs), GFP_KERNEL_ACCOUNT);
	rows->tables = kvcalloc(DVK_TABLES, sizeof(*rows->tables), GFP_KERNEL_ACCOUNT);
	return rows->procs && rows->tables ? 0 : EDVSNOMEM;
}

int view_take(struct container *container, int with_letters, struct container_rows *ret_rows)
{
	uint32_t room, i;
	int rc;

	do {
		room = (uint32_t)READ_ONCE(container->dc.state->bound) + ROWS_SPARE;
		rc = allocate(room, ret_rows);
		if (!rc)
			rc = take(container, room, ret_rows);
		if (rc)
			view_free(ret_rows);
	} while (rc == EDVSMSGSIZE);
	for (i = 0; !rc && !with_letters && i < ret_rows->rows; i++)
		memset(&ret_rows->procs[i].letter, 0, sizeof(ret_rows->procs[i].letter));
	return rc;
}

void view_free(struct container_rows *rows)
{
	kvfree(rows->procs);
	kvfree(rows->tables);
	rows->procs = NULL;
	rows->tables = NULL;
}

/* Into the program's memory: 0, -EFAULT. */
static int give(const struct container_rows *rows, struct dvk_device_snapshot *wanted)
{
	uint32_t tables = min(rows->table_rows, wanted->table_rows);

	if (copy_to_user(u64_to_user_ptr(wanted->procs), rows->procs,
			 rows->rows * sizeof(*rows->procs)) ||
	    copy_to_user(u64_to_user_ptr(wanted->tables), rows->tables,
			 tables * sizeof(*rows->tables)))
		return -EFAULT;
	wanted->rows = rows->rows;
	wanted->table_rows = tables;
	return 0;
}

static int snapshot_run(struct call *call)
{
	struct dvk_device_snapshot *wanted = call->data;
	struct container_rows rows;
	int rc = view_take(call->container, call->rights.is_owner, &rows);

	if (rc)
		return rc;
	wanted->bound = rows.bound;
	wanted->taken_ns = rows.taken_ns;
	wanted->dc = rows.dc;
	if (rows.rows > wanted->rows)
		rc = EDVSMSGSIZE;
	else
		call->error = give(&rows, wanted);
	view_free(&rows);
	/* .bound says how many there are, also when they do not fit. */
	if (!call->error &&
	    copy_to_user(u64_to_user_ptr(call->entry->data), wanted, sizeof(*wanted)))
		call->error = -EFAULT;
	return rc;
}

const struct op op_SNAPSHOT = { .needs = OP_DC | OP_IN,
				.bytes = sizeof(struct dvk_device_snapshot),
				.run = snapshot_run };

/* With whom it sends to, in whose queue its place is; both by nr. */
static int procinfo_transition(struct call *call)
{
	struct container *container = call->container;
	const struct dc *dc = &container->dc;
	struct dvk_procinfo *rows = call->data;
	int nr = call->entry->ep, other, count = 1;
	const struct proc *p;

	if (!dc_has_nr(dc, nr))
		return EDVSRANGE;
	p = dc_proc(dc, nr);
	if (p->rts & DVK_RTS_SLOT_FREE)
		return EDVSNOTBIND;
	other = p->rts & DVK_RTS_SENDING ? dvk_endpoint_nr(p->sendto_ep) : nr;
	if (other != nr && dc_has_nr(dc, other)) {
		fill_row(container, min(nr, other), &rows[0]);
		fill_row(container, max(nr, other), &rows[1]);
		count = 2;
	} else {
		fill_row(container, nr, &rows[0]);
	}
	view_queues(dc, rows, count);
	if (rows[0].nr != nr)
		rows[0] = rows[1];
	return 0;
}

static int procinfo_run(struct call *call)
{
	static const struct op procinfo = { .transition = procinfo_transition };
	struct dvk_procinfo *row = call->data;
	int rc = call_transition(call, &procinfo);

	if (rc)
		return rc;
	if (!call->rights.is_owner)
		memset(&row->letter, 0, sizeof(row->letter));
	if (copy_to_user(u64_to_user_ptr(call->entry->data), row, sizeof(*row)))
		call->error = -EFAULT;
	return 0;
}

const struct op op_PROCINFO = { .needs = OP_DC,
				.bytes = 2 * sizeof(struct dvk_procinfo),
				.run = procinfo_run };

static int trace_transition(struct call *call)
{
	int on = call->entry->value != 0;

	if (on && !call->rights.is_owner)
		return EDVSPERM;
	if (on != call->file->is_tracing)
		call->container->dc.state->traced += on ? 1 : -1;
	call->file->is_tracing = on;
	return 0;
}

static int trace_run(struct call *call)
{
	static const struct op trace = { .transition = trace_transition };
	int rc = EDVSDVSINIT;

	mutex_lock(&call->file->opening);
	if (call->file->container == call->container)
		rc = call_transition(call, &trace);
	mutex_unlock(&call->file->opening);
	return rc;
}

const struct op op_TRACE = { .needs = OP_DC, .run = trace_run };

static int has_events(void *data)
{
	const struct call *call = data;
	const struct dc_state *state = call->container->dc.state;

	return READ_ONCE(state->event_next) != call->entry->call || !READ_ONCE(state->running);
}

static int events_wait_run(struct call *call)
{
	int why = 0;

	if (!has_events(call) && call->entry->deadline_ns)
		why = sleep_on(&call->container->events, has_events, call,
			       call->entry->deadline_ns);
	call->entry->call = READ_ONCE(call->container->dc.state->event_next);
	return why == -EINTR ? DVK_ENTRY_WAITS : 0;
}

const struct op op_EVENTS_WAIT = { .needs = OP_DC, .run = events_wait_run };
