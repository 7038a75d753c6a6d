/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * host_impl.h - the host of the engine's tests: one thread, and everything that
 * the engine asks for is written down in struct test_host, where a case looks.
 *
 * A transition can be cut at any word: with cut_at N, the N-th save longjmps out
 * of the engine, as a kill would end it there.
 */
#ifndef TEST_HOST_IMPL_H
#define TEST_HOST_IMPL_H

#include <setjmp.h>
#include <string.h>

#define TEST_HOST_WAKES 4096

struct test_wake {
	int nr;
	int handover;
};

struct test_host {
	struct test_wake wakes[TEST_HOST_WAKES];
	int wake_count;
	int stop_count;
	int stopped_nr;
	unsigned int saves; /* since the last commit */
	unsigned int most_saves;
	unsigned int cut_at; /* 0: never */
	int64_t wall_ns;
	jmp_buf cut;
};

static inline void host_save(struct dc *dc, const void *word)
{
	struct test_host *host = dc->host;
	struct dc_state *state = dc->state;
	struct undo_word *undo = &state->undo[state->undo_count];
	uint64_t offset = (uint64_t)((const char *)word - (const char *)state) & ~(uint64_t)7;

	if (++host->saves == host->cut_at)
		longjmp(host->cut, 1);
	assert(state->undo_count < DVK_UNDO_WORDS);
	undo->offset = offset;
	undo->old = *(const uint64_t *)((const char *)state + offset);
	state->undo_count++;
}

static inline void host_wake(struct dc *dc, int nr, int handover)
{
	struct test_host *host = dc->host;

	assert(host->wake_count < TEST_HOST_WAKES);
	host->wakes[host->wake_count++] = (struct test_wake){ nr, handover };
}

static inline void host_stop_wait(struct dc *dc, int nr)
{
	struct test_host *host = dc->host;

	host->stop_count++;
	host->stopped_nr = nr;
}

static inline int64_t host_wall_ns(struct dc *dc)
{
	return ((struct test_host *)dc->host)->wall_ns;
}

#endif
