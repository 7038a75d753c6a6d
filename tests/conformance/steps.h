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

/* What went wrong, in words; until the next time. */
__attribute__((format(printf, 1, 2))) const char *tell(const char *format, ...);
/* A number of a row, as the actors have it. */
int step_number(int value);
/* The field of what is known holds what the step says, or what is wrong. */
const char *known_check(const struct step *s, const union known *known);

const char *call_name(enum conf_call call);
/* 1 when the table of errors says so. */
int call_may_return(enum conf_call call, int error);

#endif
