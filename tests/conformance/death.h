/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * death.h - actors that end, and how soon that is known.
 */
#ifndef TESTS_CONFORMANCE_DEATH_H
#define TESTS_CONFORMANCE_DEATH_H

#include "steps.h"

/* The actor is killed, exits or execs, as the verb says; NULL, or what is wrong. */
const char *death_run(const struct step *s);

#endif
