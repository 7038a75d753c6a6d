/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * patient_private.h - a patient's own words; private to inspect/.
 */
#ifndef INSPECT_PATIENT_PRIVATE_H
#define INSPECT_PATIENT_PRIVATE_H

#include "patient.h"

struct patient {
	const struct patient_functions *functions;
	void *context; /* the view or the recording */
};

/* NULL: EDVSNOMEM; then the context is still the caller's. */
struct patient *patient_create(const struct patient_functions *functions, void *context);

#endif
