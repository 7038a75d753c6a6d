/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * patient.h - who is looked at: a DC that lives, or a file that one left behind.
 *
 * Rule: a command asks the patient and does not know which of both it has. What
 * only the living can do (talk, hold, be traced) goes through the view, which a
 * file has not got.
 */
#ifndef INSPECT_PATIENT_H
#define INSPECT_PATIENT_H

#include "inspect.h"

struct patient;
struct recording;

/* What a kind of patient can be asked; each as its function below. */
struct patient_functions {
	int (*snapshot)(void *context, struct dvk_snapshot **ret_snapshot);
	int (*read)(void *context, pid_t pid, uint64_t address, void *ret_data, size_t bytes);
	int (*events)(void *context, uint64_t *sequence, struct dvk_event *ret_events, int max,
		      uint64_t *ret_lost);
	int (*records)(void *context, uint64_t *sequence, struct dvk_record *ret_records, int max,
		       uint64_t *ret_lost);
	int (*alive)(void *context);
	void (*close)(void *context);
};

/* The view, or the recording, belongs to the patient from now on. NULL: EDVSNOMEM. */
struct patient *patient_of_view(struct dvk_view *view);
struct patient *patient_of_recording(struct recording *recording);
/* Closes what it stands for. NULL is fine. */
void patient_close(struct patient *patient);

/* Of a living one; NULL: it is a file. */
struct dvk_view *patient_view(const struct patient *patient);
/* Of a file; NULL: it lives, or did a moment ago. */
struct recording *patient_recording(const struct patient *patient);

/* As dvk_view_snapshot(). Of a file: its last one; EDVSNOENT when it has none. */
int patient_snapshot(struct patient *patient, struct dvk_snapshot **ret_snapshot);
/* As dvk_view_read(). Of a file: EDVSFAULT for what was not kept. */
int patient_read(struct patient *patient, pid_t pid, uint64_t address, void *ret_data,
		 size_t bytes);
/* As dvk_view_recorder(). Of a file: the headers of all that it has. */
int patient_events(struct patient *patient, uint64_t *sequence, struct dvk_event *ret_events,
		   int max, uint64_t *ret_lost);
/* As dvk_view_records(). Of a file: all full records that it has. */
int patient_records(struct patient *patient, uint64_t *sequence, struct dvk_record *ret_records,
		    int max, uint64_t *ret_lost);
/* 1 while it lives. A file does not. */
int patient_alive(struct patient *patient);

#endif
