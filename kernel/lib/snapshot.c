/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * snapshot.c - one state of a DC, or as much of one as can be had.
 *
 * First with the lock, for at most 50 ms. Where it does not come, or the view may
 * not write: a private copy in which the transition under way is undone, good if
 * nothing moved while it was made. Else row by row, each read twice.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "device.h"
#include "view.h"

#define LOCK_WAIT_NS       50000000
#define LOCK_WAIT_AGAIN_NS 2000000 /* when it is still the same one who does not let go */
#define COPY_TRIES         20
#define ROW_TRIES          4
#define ROWS_SPARE         16 /* that may be bound meanwhile */

/* What moves when a transition begins, goes on or ends. */
struct progress {
	uint32_t lock;
	uint32_t undo_count;
	uint64_t transitions;
};

static struct progress progress_of(const struct mapping *mapping)
{
	const struct dc_state *state = mapping->dc.state;

	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return (struct progress){
		.lock = __atomic_load_n(&mapping->segment->lock, __ATOMIC_ACQUIRE) & ~LOCK_WAITERS,
		.undo_count = __atomic_load_n(&state->undo_count, __ATOMIC_ACQUIRE),
		.transitions = __atomic_load_n(&state->transitions, __ATOMIC_ACQUIRE),
	};
}

static int same_progress(const struct progress *a, const struct progress *b)
{
	return a->lock == b->lock && a->undo_count == b->undo_count &&
	       a->transitions == b->transitions;
}

/* Room for rows more than are bound; touched now, not under the lock. */
static int make_room(struct dvk_snapshot *snapshot, const struct dc *dc)
{
	int rows = dc->state->bound + ROWS_SPARE;
	size_t bytes;

	if (rows < ROWS_SPARE || rows > dc->nr_slots)
		rows = dc->nr_slots;
	bytes = (size_t)rows * sizeof(*snapshot->procs);
	free(snapshot->procs);
	snapshot->procs = malloc(bytes);
	if (!snapshot->procs)
		return EDVSNOMEM;
	memset(snapshot->procs, 0, bytes);
	return rows;
}

static void add_member(const struct mapping *mapping, const struct dc *dc, int nr,
		       struct dvk_procinfo *info)
{
	int index = dc_proc(dc, nr)->member;
	const struct member *member;

	if (!segment_has_member(mapping->segment, index))
		return;
	member = &mapping->segment->members[index];
	info->pid = member->pid;
	info->tid = member->tid;
	info->on_cpu = __atomic_load_n(&member->current, __ATOMIC_RELAXED) == nr;
}

/* Fills the rows of dc, which may be a copy; -1: there are more than rows. */
static int fill_rows(const struct mapping *mapping, const struct dc *dc,
		     struct dvk_snapshot *snapshot, int rows)
{
	int count = 0;

	for (int nr = -NR_TASKS; nr < dc->nr_procs; nr++) {
		if (dc_proc(dc, nr)->rts & DVK_RTS_SLOT_FREE)
			continue;
		if (count == rows)
			return -1;
		view_procinfo(dc, nr, &snapshot->procs[count]);
		add_member(mapping, dc, nr, &snapshot->procs[count]);
		count++;
	}
	view_queues(dc, snapshot->procs, count);
	snapshot->count = count;
	return 0;
}

static void fill_tables(const struct dc *dc, struct dvk_snapshot *snapshot)
{
	snapshot->table_count = 0;
	for (int i = 0; i < DVK_TABLES; i++) {
		struct dvk_table *table = &snapshot->tables[snapshot->table_count];

		*table = dc->state->tables[i];
		table->type[sizeof(table->type) - 1] = '\0';
		if (table->type[0])
			snapshot->table_count++;
	}
}

/* With the lock. 0, EDVSTIMEDOUT (stuck), EDVSAGAIN (cannot be had), EDVSNOMEM. */
static int take_locked(struct dvk_view *view, struct dvk_snapshot *snapshot, int64_t wait_ns)
{
	struct mapping *mapping = &view->mapping;
	struct seat seat;
	int rows, rc;

	if (member_attach(mapping->segment, MEMBER_LOOKING, 0, &seat) != 0)
		return EDVSAGAIN;
	do {
		rows = make_room(snapshot, &mapping->dc);
		rc = rows < 0 ? rows : lock_take_until(&seat, ticks_monotonic_ns() + wait_ns);
		if (rc)
			break;
		mapping->dc.state->now = ticks_read(mapping->segment->ticks_kind);
		rc = fill_rows(mapping, &mapping->dc, snapshot, rows);
		fill_tables(&mapping->dc, snapshot);
		lock_release(&seat);
	} while (rc);
	member_detach(&seat);
	snapshot->one_state = rc == 0;
	return rc;
}

/* The state without its rings, at its own place in memory of that size. */
static void copy_state(const struct mapping *mapping, void *copy)
{
	const struct dc_state *state = mapping->dc.state;
	uint32_t undo_count = state->undo_count;
	uint64_t bytes = dc_bytes(mapping->dc.nr_procs);

	if (undo_count > DVK_UNDO_WORDS)
		undo_count = DVK_UNDO_WORDS;
	memcpy(copy, state, offsetof(struct dc_state, undo));
	memcpy((char *)copy + offsetof(struct dc_state, undo), state->undo,
	       undo_count * sizeof(state->undo[0]));
	memcpy((char *)copy + sizeof(*state), state + 1, bytes - sizeof(*state));
}

/* One try of a copy: 0, EDVSAGAIN when something moved, EDVSNOMEM. */
static int take_copied(const struct mapping *mapping, struct dvk_snapshot *snapshot, void *memory)
{
	struct progress before = progress_of(mapping), after;
	struct dc dc;
	int rows;

	copy_state(mapping, memory);
	after = progress_of(mapping);
	if (!same_progress(&before, &after))
		return EDVSAGAIN;
	if (dc_attach(&dc, memory, dc_bytes(mapping->dc.nr_procs)) != 0)
		return EDVSAGAIN;
	view_undo(&dc);
	rows = make_room(snapshot, &dc);
	if (rows < 0)
		return rows;
	if (fill_rows(mapping, &dc, snapshot, rows) != 0)
		return EDVSAGAIN;
	fill_tables(&dc, snapshot);
	snapshot->one_state = 1;
	return 0;
}

static int take_without_lock(const struct mapping *mapping, struct dvk_snapshot *snapshot)
{
	uint64_t bytes = dc_bytes(mapping->dc.nr_procs);
	void *memory =
		mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int rc = EDVSAGAIN;

	if (memory == MAP_FAILED)
		return EDVSNOMEM;
	for (int i = 0; i < COPY_TRIES && rc == EDVSAGAIN; i++)
		rc = take_copied(mapping, snapshot, memory);
	munmap(memory, bytes);
	return rc;
}

/* A row of what moves: the same twice, or marked. */
static void read_row(const struct mapping *mapping, int nr, struct dvk_procinfo *ret_info)
{
	struct dvk_procinfo again;

	for (int i = 0; i < ROW_TRIES; i++) {
		view_procinfo(&mapping->dc, nr, ret_info);
		view_procinfo(&mapping->dc, nr, &again);
		if (memcmp(ret_info, &again, sizeof(again)) == 0)
			break;
		ret_info->inconsistent = 1;
	}
	add_member(mapping, &mapping->dc, nr, ret_info);
}

static int take_row_by_row(const struct mapping *mapping, struct dvk_snapshot *snapshot)
{
	const struct dc *dc = &mapping->dc;
	int rows = make_room(snapshot, dc);

	if (rows < 0)
		return rows;
	snapshot->count = 0;
	for (int nr = -NR_TASKS; nr < dc->nr_procs && snapshot->count < rows; nr++) {
		if (dc_proc(dc, nr)->rts & DVK_RTS_SLOT_FREE)
			continue;
		read_row(mapping, nr, &snapshot->procs[snapshot->count++]);
	}
	view_queues(dc, snapshot->procs, snapshot->count);
	fill_tables(dc, snapshot);
	snapshot->one_state = 0;
	return 0;
}

/* From ticks to ns; what a waiting row says is the same time as in the others. */
static void convert_times(const struct segment *segment, struct dvk_snapshot *snapshot)
{
	struct ticks_line line = view_line(segment);

	for (int i = 0; i < snapshot->count; i++) {
		struct dvk_procinfo *info = &snapshot->procs[i];

		info->wait_since_ns = ticks_to_ns(&line, info->wait_since_ns);
		info->entered_ns = ticks_to_ns(&line, info->entered_ns);
	}
	snapshot->taken_ns = line.second.ns;
}

static int take(struct dvk_view *view, struct dvk_snapshot *snapshot)
{
	struct progress now = progress_of(&view->mapping);
	int again =
		now.lock != 0 && now.lock == view->stuck_word && now.transitions == view->stuck_at;
	int rc = EDVSAGAIN;

	if (!view->mapping.read_only)
		rc = take_locked(view, snapshot, again ? LOCK_WAIT_AGAIN_NS : LOCK_WAIT_NS);
	if (rc == EDVSTIMEDOUT) {
		now = progress_of(&view->mapping);
		view->stuck_word = now.lock;
		view->stuck_at = now.transitions;
		snapshot->lock_stuck = 1;
	}
	if (rc == EDVSTIMEDOUT || rc == EDVSAGAIN)
		rc = take_without_lock(&view->mapping, snapshot);
	if (rc == EDVSAGAIN)
		rc = take_row_by_row(&view->mapping, snapshot);
	return rc;
}

int dvk_view_snapshot(struct dvk_view *view, struct dvk_snapshot **ret_snapshot)
{
	struct dvk_snapshot *snapshot = calloc(1, sizeof(*snapshot));
	int rc = EDVSNOMEM;

	if (!snapshot)
		return EDVSNOMEM;
	snapshot->tables = calloc(DVK_TABLES, sizeof(*snapshot->tables));
	if (snapshot->tables)
		rc = view->on_device ? device_view_snapshot(view, snapshot) : take(view, snapshot);
	if (rc) {
		dvk_snapshot_free(snapshot);
		return rc;
	}
	*ret_snapshot = snapshot;
	if (view->on_device)
		return 0;
	view_dcinfo(&view->mapping, &snapshot->dc);
	convert_times(view->mapping.segment, snapshot);
	if (snapshot->dc.lock_pid && snapshot->taken_ns - snapshot->dc.lock_since_ns > LOCK_WAIT_NS)
		snapshot->lock_stuck = 1;
	return 0;
}

void dvk_snapshot_free(struct dvk_snapshot *snapshot)
{
	if (!snapshot)
		return;
	free(snapshot->procs);
	free(snapshot->tables);
	free(snapshot);
}

static void *copy_bytes(const void *data, size_t bytes)
{
	void *copy = malloc(bytes ? bytes : 1);

	return copy ? memcpy(copy, data, bytes) : NULL;
}

struct dvk_snapshot *dvk_snapshot_copy(const struct dvk_snapshot *snapshot)
{
	struct dvk_snapshot *copy = copy_bytes(snapshot, sizeof(*snapshot));

	if (!copy)
		return NULL;
	copy->procs = copy_bytes(snapshot->procs, (size_t)snapshot->count * sizeof(*copy->procs));
	copy->tables =
		copy_bytes(snapshot->tables, (size_t)snapshot->table_count * sizeof(*copy->tables));
	if (copy->procs && copy->tables)
		return copy;
	dvk_snapshot_free(copy);
	return NULL;
}
