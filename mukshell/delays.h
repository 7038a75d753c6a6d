/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * delays.h - held messages that go on when their time has come.
 */
#ifndef MUKSHELL_DELAYS_H
#define MUKSHELL_DELAYS_H

#include <stdio.h>

#include "shell.h"

#define DELAYS_MAX 256 /* at once; as many as can be held */

/* Held message id goes on in ms, or at this new time. EDVSRSCBUSY: there are too many. */
int delays_add(struct shell *shell, uint64_t id, long ms);

/*
 * Lets go those whose time has come; returns how many. waiting 1: our own slot is in
 * the middle of a call.
 */
int delays_run(int waiting);

/* When the next one is due (CLOCK_MONOTONIC ns), but at most deadline_ns. */
int64_t delays_next(int64_t deadline_ns);

/* Lets them go in time until in has something to read (an end counts). */
void delays_await_input(FILE *in);

/* Lets all go, each in its time, or until Ctrl-C. */
void delays_finish(struct shell *shell);

/* Forgets all; with our slot the rules end that held them. */
void delays_forget(void);

#endif
