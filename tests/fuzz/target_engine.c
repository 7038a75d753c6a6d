/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * target_engine.c - the engine over a state in which anything may stand.
 *
 * A step spoils a field, or makes a call; a call may be cut and rolled back. All
 * come back, and none touches what lies outside of the state. The state is a
 * private mapping of a small DC's, so that each input begins with the same one.
 */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "engine.h"
#include "host.h"
#include "input.h"

#define PROCS 80
#define STEPS 64
#define GUARD 4096 /* bytes on both sides that nobody may touch */

static unsigned char *place;
static size_t state_bytes;
static struct dc dc;
static struct test_host host;
static struct engine_copy copy;
static struct dvk_request request;

static void commit(void)
{
	dc.state->undo_count = 0;
	dc.state->transitions++;
	host.saves = 0;
	host.wake_count = 0;
}

static void populate(void)
{
	static const int who[] = { CLOCK, SYSTASK(0), 0, 1, 2, NONE, NONE, NONE };

	dc.state->running = dc.state->recorder_on = 1;
	for (size_t i = 0; i < sizeof(who) / sizeof(who[0]); i++) {
		struct engine_bind bind = { .nr = who[i],
					    .member = (int)i,
					    .name = "one",
					    .muk = "m",
					    .is_owner = 1,
					    .is_system = i == 7 };
		int ep;

		MUST(engine_bind(&dc, &bind, &ep) == 0);
		commit();
	}
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	int fd = memfd_create("state", MFD_CLOEXEC);
	void *shared;

	(void)argc;
	(void)argv;
	state_bytes = dc_bytes(PROCS);
	MUST(fd >= 0 && ftruncate(fd, (off_t)(state_bytes + GUARD)) == 0);
	shared = mmap(NULL, state_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	MUST(shared != MAP_FAILED);
	dc.host = &host;
	MUST(dc_init(&dc, shared, 3, PROCS) == 0);
	populate();
	munmap(shared, state_bytes);
	/* Its end stands before a page that cannot be touched. */
	place = mmap(NULL, state_bytes + 3 * GUARD, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	MUST(place != MAP_FAILED);
	place = mmap(place + GUARD, state_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED,
		     fd, 0);
	MUST(place != MAP_FAILED);
	close(fd);
	return 0;
}

/* ---- spoiling ---------------------------------------------------------------- */

static void spoil_slot(struct input *in)
{
	struct proc *p = &dc.procs[take_below(in, (uint32_t)dc.nr_slots)];
	uint32_t word = take_below(in, sizeof(*p) / sizeof(uint32_t));

	((uint32_t *)(void *)p)[word] = (uint32_t)take_number(in);
}

static void spoil_queue(struct input *in)
{
	struct proc *p = &dc.procs[take_below(in, (uint32_t)dc.nr_slots)];
	int16_t *links[] = { &p->queue_head, &p->queue_tail, &p->queue_next, &p->queue_prev };
	int16_t nr = (int16_t)take_number(in);

	*links[take_below(in, 4)] = nr;
}

static void spoil_rest(struct input *in)
{
	struct proc_rest *rest = &dc.rest[take_below(in, (uint32_t)dc.nr_slots)];
	uint32_t word = take_below(in, sizeof(*rest) / sizeof(uint32_t));

	((uint32_t *)(void *)rest)[word] = (uint32_t)take_number(in);
}

/* All of the head but what says how large it is, which was checked at attaching. */
static void spoil_head(struct input *in)
{
	size_t first = offsetof(struct dc_state, strict), end = offsetof(struct dc_state, exits);
	uint32_t word = take_below(in, (uint32_t)(end - first) / 4);

	memcpy((char *)dc.state + first + 4 * (size_t)word,
	       &(uint32_t){ (uint32_t)take_number(in) }, 4);
	/* What is logged when a transition begins is the host's to look at. */
	dc.state->undo_count = 0;
}

static void spoil_undo(struct input *in)
{
	struct undo_word *word = &dc.state->undo[take_below(in, 8)];

	word->offset = take_number(in);
	word->old = take_number(in);
	dc.state->undo_count = (uint32_t)take_number(in);
	undo_rollback(dc.state, state_bytes);
}

/* ---- calling ----------------------------------------------------------------- */

static int take_nr(struct input *in)
{
	return (int)take_below(in, (uint32_t)dc.nr_slots) - NR_TASKS;
}

static int take_ep(struct input *in)
{
	uint8_t how = (uint8_t)take(in, 1);

	return how < 192 ? dc_proc(&dc, take_nr(in))->endpoint : (int)take_number(in);
}

static int64_t take_deadline(struct input *in)
{
	static const int64_t deadlines[] = { 0, 1, 1000, DC_NEVER };

	return deadlines[take_below(in, 4)];
}

static void send(struct input *in, int nr)
{
	message m;

	take_bytes(in, &m, 16);
	switch (take_below(in, 4)) {
	case 0:
		engine_send(&dc, nr, take_ep(in), &m, take_deadline(in));
		break;
	case 1:
		engine_sendrec(&dc, nr, take_ep(in), &m, take_deadline(in));
		break;
	case 2:
		engine_reply(&dc, nr, take_ep(in), &m);
		break;
	default:
		engine_reply_to(&dc, nr, request, &m);
	}
}

static void receive(struct input *in, int nr)
{
	message m = { .m_type = 3 };
	struct engine_answer answer = { NONE, &m };
	int src = take(in, 1) % 2 ? ANY : take_ep(in);

	if (take(in, 1) % 2) {
		engine_receive(&dc, nr, src, &m, take_deadline(in));
	} else {
		answer.ep = take_ep(in);
		engine_reply_receive(&dc, nr, &answer, src, &m, take_deadline(in));
	}
	request = (struct dvk_request){ dc_proc(&dc, nr)->request_ep, 0,
					dc_proc(&dc, nr)->request_call };
}

static void notify(struct input *in, int nr)
{
	int source = take(in, 1) % 4 ? nr : (int)take_number(in);

	engine_notify(&dc, nr, source, take_ep(in), (int)take_below(in, 34) - 1);
}

static void live_and_die(struct input *in, int nr)
{
	struct engine_bind bind = { .member = (int)take_below(in, 20), .name = "x", .is_owner = 1 };
	int ep;

	bind.nr = take(in, 1) % 2 ? NONE : (int)take_number(in);
	bind.is_system = (int)take(in, 1) % 2;
	switch (take_below(in, 3)) {
	case 0:
		engine_bind(&dc, &bind, &ep);
		break;
	case 1:
		engine_unbind(&dc, nr, take_ep(in), (int)take(in, 1));
		break;
	default:
		engine_exit(&dc, nr, (int)take(in, 1));
	}
}

static void copy_between(struct input *in, int nr)
{
	int src = take_ep(in), dst = take_ep(in);
	uint64_t bytes = take_number(in);

	if (take(in, 1) % 2)
		engine_copy_begin(&dc, nr, src, dst, bytes, &copy);
	else
		engine_copy_end(&dc, nr, &copy, bytes, take(in, 1) % 2 ? 0 : EDVSFAULT);
}

static void end_wait(struct input *in, int nr)
{
	struct dvk_table table = { .rows = 1, .row_bytes = 8, .type = "x.y" };
	message m;

	switch (take_below(in, 3)) {
	case 0:
		engine_timeout(&dc, nr);
		break;
	case 1:
		engine_result(&dc, nr, &m);
		break;
	default:
		table.address = take_number(in);
		engine_register_table(&dc, nr, &table);
	}
}

static void look(struct input *in, int nr)
{
	static struct dvk_procinfo rows[NR_TASKS + PROCS];

	(void)in;
	(void)nr;
	for (int i = 0; i < dc.nr_slots; i++) {
		view_procinfo(&dc, i - NR_TASKS, &rows[i]);
		MUST(rows[i].name[DVK_NAME_BYTES - 1] == 0);
	}
	view_queues(&dc, rows, dc.nr_slots);
}

/* A call; perhaps cut at its n-th word and rolled back. */
static void call(struct input *in)
{
	static void (*const calls[])(struct input *, int) = {
		send, receive, send, receive, notify, live_and_die, copy_between, end_wait, look,
	};
	uint32_t which = take_below(in, sizeof(calls) / sizeof(calls[0]));
	int nr = take_nr(in);

	host.cut_at = take(in, 1) % 8 == 0 ? take_below(in, 12) : 0;
	if (setjmp(host.cut) == 0)
		calls[which](in, nr);
	else
		undo_rollback(dc.state, state_bytes);
	host.cut_at = 0;
	commit();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const spoilers[])(struct input *) = {
		spoil_slot, spoil_queue, spoil_rest, spoil_head, spoil_undo,
	};
	struct input in = { data, size };

	madvise(place, state_bytes, MADV_DONTNEED);
	memset(&host, 0, sizeof(host));
	memset(&copy, 0, sizeof(copy));
	MUST(dc_attach(&dc, place, state_bytes) == 0);
	dc.host = &host;
	for (int i = 0; i < STEPS && in.left; i++) {
		uint32_t what = take_below(&in, 16);

		if (what < sizeof(spoilers) / sizeof(spoilers[0]))
			spoilers[what](&in);
		else
			call(&in);
	}
	return 0;
}
