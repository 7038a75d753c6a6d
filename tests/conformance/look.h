/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * look.h - the tester looks at the DC: it takes no slot of it.
 */
#ifndef TESTS_CONFORMANCE_LOOK_H
#define TESTS_CONFORMANCE_LOOK_H

#include "steps.h"

int64_t monotonic_ns(void);
void pause_briefly(void);

/* The rts flags of a slot; SLOT_FREE when nobody is there, or nothing can be seen. */
uint32_t look_rts(int nr);
/* NULL, or what is wrong: events from now on; the next one is that of the step. */
const char *look_mark(void);
const char *look_recorded(const struct step *s);
/* The actor's process is stopped while it has the DC's lock, and what is seen then. */
const char *look_freeze(const struct step *s);
/* The DC will be another. */
void look_close(void);

#endif
