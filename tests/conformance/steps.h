/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * steps.h - one step of a case, and what is wrong with what came of it.
 */
#ifndef TESTS_CONFORMANCE_STEPS_H
#define TESTS_CONFORMANCE_STEPS_H

#include "actor.h"

/* NULL, or what did not go as the step says. */
const char *step_run(const struct step *s);
/* 1: an actor is left in a call. */
int steps_left(void);
/* The actors are others now: nothing is known of them. */
void steps_forget(void);

const char *call_name(enum conf_call call);
/* 1 when the table of errors says so. */
int call_may_return(enum conf_call call, int error);

#endif
