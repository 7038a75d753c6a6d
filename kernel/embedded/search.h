/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * search.h - finding a DC's segment, or making it.
 */
#ifndef EMBEDDED_SEARCH_H
#define EMBEDDED_SEARCH_H

#include <dvk/dvk.h>

#include "segment.h"

/* A flag of options, of ours alone: with CREATE, a DC that runs is EDVSDCRUN. */
#define SEARCH_NEW 0x80000000u

/*
 * Maps the DC that options ask for, made if they say so and it is not there; held.
 * Errors as dvk_open().
 */
int search_or_create(int dcid, const struct dvk_options *options, struct mapping *ret_mapping);

/* Maps a DC in dir (NULL: the folders of DESIGN). Not held, and maybe not alive. */
int search(int dcid, const char *dir, int read_only, struct mapping *ret_mapping);

/* 1 when the segment is one that runs or is kept, and not left over. */
int search_is_current(const struct mapping *mapping);

#endif
