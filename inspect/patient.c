/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * patient.c - a patient that lives: all is asked of its view.
 */
#include <stdlib.h>

#include "patient.h"
#include "patient_private.h"

static int live_snapshot(void *context, struct dvk_snapshot **ret_snapshot)
{
	return dvk_view_snapshot(context, ret_snapshot);
}

static int live_read(void *context, pid_t pid, uint64_t address, void *ret_data, size_t bytes)
{
	return dvk_view_read(context, pid, address, ret_data, bytes);
}

static int live_events(void *context, uint64_t *sequence, struct dvk_event *ret_events, int max,
		       uint64_t *ret_lost)
{
	return dvk_view_recorder(context, sequence, ret_events, max, ret_lost);
}

static int live_records(void *context, uint64_t *sequence, struct dvk_record *ret_records, int max,
			uint64_t *ret_lost)
{
	return dvk_view_records(context, sequence, ret_records, max, ret_lost);
}

static int live_alive(void *context)
{
	return dvk_view_alive(context);
}

static void live_close(void *context)
{
	dvk_view_close(context);
}

static const struct patient_functions live = {
	.snapshot = live_snapshot,
	.read = live_read,
	.events = live_events,
	.records = live_records,
	.alive = live_alive,
	.close = live_close,
};

struct patient *patient_create(const struct patient_functions *functions, void *context)
{
	struct patient *patient = malloc(sizeof(*patient));

	if (patient)
		*patient = (struct patient){ .functions = functions, .context = context };
	return patient;
}

struct patient *patient_of_view(struct dvk_view *view)
{
	return patient_create(&live, view);
}

void patient_close(struct patient *patient)
{
	if (!patient)
		return;
	patient->functions->close(patient->context);
	free(patient);
}

struct dvk_view *patient_view(const struct patient *patient)
{
	return patient->functions == &live ? patient->context : NULL;
}

struct recording *patient_recording(const struct patient *patient)
{
	return patient->functions == &live ? NULL : patient->context;
}

int patient_snapshot(struct patient *patient, struct dvk_snapshot **ret_snapshot)
{
	return patient->functions->snapshot(patient->context, ret_snapshot);
}

int patient_read(struct patient *patient, pid_t pid, uint64_t address, void *ret_data, size_t bytes)
{
	return patient->functions->read(patient->context, pid, address, ret_data, bytes);
}

int patient_events(struct patient *patient, uint64_t *sequence, struct dvk_event *ret_events,
		   int max, uint64_t *ret_lost)
{
	return patient->functions->events(patient->context, sequence, ret_events, max, ret_lost);
}

int patient_records(struct patient *patient, uint64_t *sequence, struct dvk_record *ret_records,
		    int max, uint64_t *ret_lost)
{
	return patient->functions->records(patient->context, sequence, ret_records, max, ret_lost);
}

int patient_alive(struct patient *patient)
{
	return patient->functions->alive(patient->context);
}
