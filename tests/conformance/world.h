/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * world.h - the tester's side: a DC of its own, actors in it, one case after another.
 */
#ifndef TESTS_CONFORMANCE_WORLD_H
#define TESTS_CONFORMANCE_WORLD_H

#include "actor.h"

/* A way of running cases; 0, or an errno: this machine cannot. */
int world_begin(enum form form, enum apart apart);
void world_end(void);
/* NULL: all went as it says; else what did not. */
const char *world_run(const struct conf_case *c);

#endif
