/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json.h - JSON values of what inspect knows, for who composes objects of them.
 *
 * The values returned are the caller's (json_decref).
 */
#ifndef INSPECT_JSON_H
#define INSPECT_JSON_H

#include <jansson.h>

#include "inspect.h"

/* A string whatever its bytes are: those that are no UTF-8 become '?'. */
json_t *inspect_json_string(const char *text);
/* An array of objects, one a row; one row's object, its keys in the columns' order. */
json_t *inspect_grid_json(const struct inspect_grid *grid);
json_t *inspect_grid_json_row(const struct inspect_grid *grid, int row);
/* {"asked", "chain": [...], "cause", ...}: keys in mukshell's help of why. */
json_t *inspect_why_json(const struct inspect_why *why);
/* Prints the value on one line and lets it go. */
void inspect_json_print(json_t *value, FILE *out);

#endif
