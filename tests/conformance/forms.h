/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * forms.h - what actors are.
 */
#ifndef TESTS_CONFORMANCE_FORMS_H
#define TESTS_CONFORMANCE_FORMS_H

#include "actor.h"

/* 0 when this machine lets processes be set apart so, or an errno. */
int forms_can(enum apart apart);
/* All actors begin, as stage says; -1: they do not. */
int forms_start(void);
/* One process is killed; all are. */
void forms_kill(enum actor_name name);
void forms_stop(void);
/* Waits for the end of one that exits: 1. */
int forms_reap(enum actor_name name);

#endif
