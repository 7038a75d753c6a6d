/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model_rules.h - how the model's two files, messages and lives, write their rules.
 */
#ifndef SIMULATE_MODEL_RULES_H
#define SIMULATE_MODEL_RULES_H

#include <string.h>

#include "model.h"

#define GENERATIONS     (NR_TASKS + 0x8ace + 1) /* section 3: GENERATION_SIZE */
#define GENERATION_LAST (INT32_MAX / GENERATIONS - 1)
#define NOBODY          ((struct handle){ NONE, 0 })

/* For each slot, lowest first. */
#define foreach(dc, p) \
	for (p = (dc)->processes; p < &(dc)->processes[NR_TASKS + (dc)->nr_procs]; p++)
#define EMIT(dc, ...) \
	((dc)->out->events[(dc)->out->event_count++] = (struct event){ .kind = __VA_ARGS__ })
/* clang-format off */
#define REQUIRE(condition, error) do { if (!(condition)) return error; } while (0)
#define TRY(check) do { int rc_ = check; if (rc_) return rc_; } while (0)
/* clang-format on */

/* p's wait is over. Who is in a copy runs again after that. */
void model_end_wait(struct model *dc, struct model_process *p, int result, int handover);
/* source notifies dst. */
void model_post(struct model *dc, int source, struct model_process *dst, int value);

/* model_life.c: calls, as those of model.c. */
int model_bind(struct model *dc);
/* Also exit, of whatever state. */
int model_unbind(struct model *dc);
int model_timeout(struct model *dc);
int model_copy(struct model *dc);
int model_copy_end(struct model *dc);

#endif
