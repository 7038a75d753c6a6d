/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view.h - an attachment that only looks.
 */
#ifndef LIB_VIEW_H
#define LIB_VIEW_H

#include <dvk/state.h>

#include "embedded.h"
#include "search.h"

struct dvk_view {
	struct mapping mapping; /* on the module: dcid, and dc for the owner */
	int on_device;
	int device_fd;
	struct seat tracer;   /* holds the lease on full records; member NONE: none */
	uint64_t traced_from; /* the first event of which there are full records */
	uint64_t seen;        /* event_next when events were read last */
	uint32_t stuck_word;  /* of the lock, when it was stuck */
	uint64_t stuck_at;    /* and the number of transitions then */
};

/* The line that turns ticks of this segment (NULL: the module) into CLOCK_MONOTONIC ns. */
struct ticks_line view_line(const struct segment *segment);

/* What a segment says of itself. */
void view_dcinfo(const struct mapping *mapping, struct dvk_dcinfo *ret_info);

#endif
