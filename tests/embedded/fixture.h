/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fixture.h - a DC of its own for a test, and processes that live and die in it.
 */
#ifndef TESTS_EMBEDDED_FIXTURE_H
#define TESTS_EMBEDDED_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <sys/types.h>

#include <dvk/dvk.h>
#include <dvk/state.h>

#define TEST_DCID   7
#define WITHIN_MS   100  /* what the contract promises for a death */
#define PATIENCE_MS 5000 /* for what is not timed */
#define SERVER_NR   20

extern char test_dir[];

/* cmocka's set-up and tear-down: a folder, and in it DC TEST_DCID, open here, slot 1 bound. */
int fixture_open(void **state);
int fixture_close(void **state);
/* Only the folder. */
int fixture_dir(void **state);
int fixture_remove(void **state);

/* Opens the DC from this process; asserts in the parent, exits in a child. */
void dc_open(unsigned int flags);

/* A child that opens the DC, runs body, and exits with what it returns (no dvk_close). */
pid_t child(int (*body)(void *), void *argument);
/* Its exit status, or 128 + the signal; -1 when it does not end in time. */
int child_wait(pid_t pid);
/* Kills it, and waits until it is gone. */
void child_kill(pid_t pid);

int64_t now_ns(void);
void sleep_ms(long ms);

/* Waits until slot nr has all of rts, at most PATIENCE_MS; returns its row. */
struct dvk_procinfo wait_for_rts(int nr, uint32_t rts);
/* Waits until slot nr is free; returns how many ms that took. */
long wait_for_free(int nr);
/* The row of slot nr: 1 when it is bound. */
int look(int nr, struct dvk_procinfo *ret_info);
/* How many files there are in the folder. */
int count_files(void);

#endif
