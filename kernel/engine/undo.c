/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * undo.c - a transition that was cut short is taken back.
 *
 * The log has the old value of each word, oldest first; the newest is restored
 * first, so that of a word that changed twice the first old value stays. Nothing
 * is taken off the log before all is restored: whoever rolls back may be cut
 * short too, and the next one begins again.
 */
#include "engine.h"
#include "undo.h"

/* Any object, written as the words it lies in. */
typedef uint64_t __attribute__((may_alias)) any_word;

/* A log from a segment that others write may hold anything: only words of the state count. */
static int undoes_state(const struct undo_word *word, uint64_t bytes_total)
{
	uint64_t log = offsetof(struct dc_state, undo);

	if (word->offset % sizeof(uint64_t) || word->offset > bytes_total - sizeof(uint64_t))
		return 0;
	return word->offset < log || word->offset >= log + sizeof(((struct dc_state *)0)->undo);
}

void undo_rollback(struct dc_state *state, uint64_t bytes_total)
{
	uint32_t count = state->undo_count;

	if (count > DVK_UNDO_WORDS)
		count = DVK_UNDO_WORDS;
	while (count-- > 0) {
		const struct undo_word *word = &state->undo[count];

		if (undoes_state(word, bytes_total))
			PUT(*(any_word *)((char *)state + word->offset), word->old);
	}
	__atomic_store_n(&state->undo_count, 0, __ATOMIC_RELEASE);
}
