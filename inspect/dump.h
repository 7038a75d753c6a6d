/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dump.h - all that can be had of a DC now, in one file.
 */
#ifndef INSPECT_DUMP_H
#define INSPECT_DUMP_H

#include "patient.h"
#include "recording.h"

/* What became of it. */
struct inspect_dump {
	int processes;
	int tables;  /* whose rows were kept */
	int missing; /* tables that could not be read */
	int threads;
	int stacks;
	uint64_t events;
	uint64_t bytes; /* of the file */
};

/* Adds the stacks that it can get; returns how many. NULL: none. */
typedef int inspect_stacks_fn(struct patient *patient, const struct dvk_snapshot *snapshot,
			      struct recorder *recorder);

/*
 * Adds the snapshot, the rows of all registered tables, the threads and the stacks.
 * 0 or -errno of the file.
 */
int inspect_dump_state(struct patient *patient, const struct dvk_snapshot *snapshot,
		       struct recorder *recorder, inspect_stacks_fn *stacks,
		       struct inspect_dump *ret_dump);

/*
 * Writes a snapshot, the rows of all registered tables, what Linux knows of the
 * threads, the flight recorder, and what stacks adds. note: why, or NULL. Works
 * while everything hangs. 0; EDVSIO: the file, errno says why, and it is removed; or
 * the error of the snapshot.
 */
int inspect_dump_write(struct patient *patient, const char *path, const char *note,
		       inspect_stacks_fn *stacks, struct inspect_dump *ret_dump);

#endif
