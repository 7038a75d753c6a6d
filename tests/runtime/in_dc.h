/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * in_dc.h - a scenario in a runtime, in a DC of its own, and what it wrote down.
 *
 * Tasks cannot assert (cmocka jumps off their stacks), so they write words into a
 * journal, which the test compares when all have ended.
 */
#ifndef TESTS_IN_DC_H
#define TESTS_IN_DC_H

#include "runtime/task.h"

/* Adds words to the journal; from any task. */
void note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Runs scenario as the first task of a runtime of that kind in a new DC, and
 * returns what it wrote, words joined by a blank. The DC is gone then; its folder
 * is TEST_DIR of the environment meanwhile.
 */
const char *in_dc(enum runtime_kind kind, task_function *scenario, void *argument);

/* The same in a child whose standard error goes to ret_errors; returns its wait status. */
int in_child(enum runtime_kind kind, task_function *scenario, char *ret_errors, int bytes);

/* 1 when both have the same words, in any order: threads interleave as they like. */
int same_words(const char *got, const char *want);

#endif
