/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * doctor.h - what the checks of `doctor` share: two samples, and what they find.
 */
#ifndef MUKSHELL_DOCTOR_H
#define MUKSHELL_DOCTOR_H

#include "look.h"

#define DOCTOR_FINDINGS_MAX 128

struct finding {
	const char *check; /* "wait", "queue": for scripts */
	char subject[INSPECT_NAME_BYTES];
	char text[320];
	char advice[192]; /* or "" */
};

struct doctor {
	struct shell *shell;
	struct look before, now; /* the same, when there is but one */
	int64_t between_ns;
	struct finding *findings;
	int count;
};

/* One more thing that is odd; beyond the room for them they are not kept. */
void doctor_find(struct doctor *doctor, const char *check, const char *subject, const char *format,
		 ...) __attribute__((format(printf, 4, 5)));
/* What ends the one found last. */
void doctor_advise(struct doctor *doctor, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The process as it was in the first sample; NULL when it is another by now. */
const struct dvk_procinfo *doctor_earlier(const struct doctor *doctor,
					  const struct dvk_procinfo *p);

/* doctor_process.c: waits, circles, queues, tasks that spin, slots of the dead, the DC. */
void doctor_processes(struct doctor *doctor);
/* doctor_server.c: stacks, open files, devices, the disk's counts. */
void doctor_servers(struct doctor *doctor);

#endif
