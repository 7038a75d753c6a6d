/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * talkers.h - who sends how much to whom, of all kinds of messages.
 */
#ifndef INSPECT_TALKERS_H
#define INSPECT_TALKERS_H

#include "inspect.h"

#define TALKERS_MAX 4096 /* pairs */

struct talkers;

/* NULL: EDVSNOMEM. */
struct talkers *talkers_create(void);
void talkers_destroy(struct talkers *talkers);
void talkers_add(struct talkers *talkers, const struct inspect_line *line);
/* A row for each pair, who says most first. EDVSNOMEM. */
int talkers_grid(const struct talkers *talkers, struct inspect_tracer *tracer,
		 struct inspect_grid **ret_grid);
/* Messages of pairs for which there was no room. */
uint64_t talkers_dropped(const struct talkers *talkers);

#endif
