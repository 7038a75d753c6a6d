/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recording.h - what a DC did and was, in a file that outlives it.
 *
 * A recording (of trace) and a dump are the same kind of file: whatever was put
 * into it can be asked of it again, through the patient that it becomes. It is good
 * up to the last chunk that its writer completed; what is damaged is left out, and
 * said. Files are for the machine's kind and the version that wrote them.
 */
#ifndef INSPECT_RECORDING_H
#define INSPECT_RECORDING_H

#include "machine.h"
#include "inspect.h"
#include "patient.h"

/* ---- recording_write.c ----------------------------------------------------- */

struct recorder;

/*
 * Makes the file (an older one is replaced) of this DC. Errors: -errno. The first
 * error of a later call stays, and every further call returns it.
 */
int recorder_create(const char *path, const struct dvk_dcinfo *dc, struct recorder **ret_recorder);
/* Writes what is left and the end. 0 or -errno of anything since create. NULL is fine. */
int recorder_close(struct recorder *recorder);
/* Removes a file that was not finished; what is no regular file stays. */
void recorder_remove(const char *path);
/* Bytes that the file will have so far. */
uint64_t recorder_bytes(const struct recorder *recorder);

/* Adds full records, in order of their sequence. */
int recorder_records(struct recorder *recorder, const struct dvk_record *records, int count);
/* Adds events of which there are only headers. */
int recorder_events(struct recorder *recorder, const struct dvk_event *events, int count);
/* Says that so many events are missing before the next one. */
int recorder_lost(struct recorder *recorder, uint64_t count);
int recorder_snapshot(struct recorder *recorder, const struct dvk_snapshot *snapshot);
/* What pid has at that address; pieces that follow each other are joined when read. */
int recorder_memory(struct recorder *recorder, pid_t pid, uint64_t address, const void *data,
		    size_t bytes);
int recorder_thread(struct recorder *recorder, pid_t pid, pid_t tid,
		    const struct inspect_thread *thread);
/* The stack of a task in lines of text. */
int recorder_stack(struct recorder *recorder, const struct dvk_procinfo *p, const char *text);
/* Who an endpoint was, of those that are gone. */
int recorder_name(struct recorder *recorder, int endpoint, const char *name);
/* Why the file was made: "signal 11 (SIGSEGV) in fs". */
int recorder_note(struct recorder *recorder, const char *text);

/* ---- recording_open.c, recording_read.c -------------------------------------- */

/*
 * Opens a file and checks all of it. Else ret_reason says in a sentence what is
 * wrong with it: EDVSNOENT, EDVSBADVALUE (no recording, another version or machine),
 * EDVSNOMEM. What is damaged or torn is left out: recording_problem().
 */
int recording_open(const char *path, struct recording **ret_recording, struct text *ret_reason);
void recording_close(struct recording *recording);

struct recording_info {
	int dcid;
	int node;
	char name[DVK_NAME_BYTES]; /* of the DC, printable */
	uint64_t events;           /* that it has */
	int has_messages;          /* they are full records, or some are */
	uint64_t lost;
	uint64_t first, last;      /* sequences; 0: it has none */
	int64_t first_ns, last_ns; /* CLOCK_MONOTONIC */
	int64_t made_ns;           /* CLOCK_REALTIME, when it was begun */
	int snapshots;
	int stacks;
	int is_complete; /* its writer ended it */
	char note[256];
};
void recording_info(const struct recording *recording, struct recording_info *ret_info);
/* One or two sentences: what it is of, when, how much, and what is wrong with it. */
void recording_words(const struct recording *recording, struct text *out);
int recording_dcid(const struct recording *recording);
/* "" when nothing is. */
const char *recording_problem(const struct recording *recording);

/* The machine that it is of, for inspect_host_use(); it lives as long as the recording. */
const struct inspect_host *recording_host(const struct recording *recording);
/* Calls show for each stack that it has. */
void recording_stacks(struct recording *recording,
		      void (*show)(void *context, int endpoint, const char *text), void *context);
/* Calls show for each name of those who were gone. */
void recording_names(struct recording *recording,
		     void (*show)(void *context, int endpoint, const char *name), void *context);

#endif
