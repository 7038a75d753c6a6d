/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stage.h - a live MUK on which others are killed, and how it must be afterwards.
 *
 * The test's process is in the DC as "tester" and looks at it through a view.
 */
#ifndef TESTS_KILL_STAGE_H
#define TESTS_KILL_STAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dvk/dvk.h>
#include <dvk/state.h>

#include "../live/live.h"

#define STAGE_PUTS        16
#define STAGE_PUT_BYTES   200000 /* several pieces of M3FTP's window */
#define STAGE_WITHIN_MS   100    /* the contract, for a death */
#define STAGE_PATIENCE_MS 5000   /* a busy machine; beyond it, somebody hangs */

struct stage {
	struct live live;
	struct dvk_view *view;
	int bound; /* slots, when nobody else is there */
	int count; /* of deaths whose burial was timed */
	long late; /* of them, after STAGE_WITHIN_MS */
	long worst_ms;
};

/* Boots a MUK and joins; the folder /dir is there for the victims. */
void stage_begin(struct stage *stage, const char *runtime);
/* Shuts the MUK down in order; fsck.minix finds nothing wrong. */
void stage_end(struct stage *stage);

/*
 * After kills: no slot is lost, no lease of a trace is left, every server answers, FS
 * and M3FTP have forgotten the dead, no file of M3FTP is half there. Asserts.
 */
void stage_is_calm(struct stage *stage);
/* The same, without waiting for M3FTP to look after its clients. */
void stage_slots_are_back(struct stage *stage);

/* The row of a slot by its name; false: it is not there. */
bool stage_find(struct stage *stage, const char *name, struct dvk_procinfo *ret_info);
/* How many transfers M3FTP has under way. */
int stage_transfers(struct stage *stage);
/* How many views trace. */
int stage_tracers(void);
/* A path that "put N" goes to. */
void stage_put_path(int n, char ret_path[32]);

/* 0 .. below-1 from a seed that is printed at the start. */
uint32_t stage_random(uint32_t below);
void stage_sleep_us(uint32_t us);

#endif
