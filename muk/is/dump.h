/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dump.h - everything that can be seen of a DC, as text.
 */
#ifndef MUK_IS_DUMP_H
#define MUK_IS_DUMP_H

#include <stdio.h>

#define DUMP_EVENTS 200 /* of the flight recorder's end */

/*
 * Writes one dump of DC dcid to out: the DC, its processes and their privileges,
 * each table that servers registered, the end of the flight recorder. What cannot be
 * read is said in its place. Errors as dvk_view_open and dvk_view_snapshot.
 */
int dump_write(FILE *out, int dcid, const char *dir);

#endif
