/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * manual.h - words that help and the man page share.
 */
#ifndef MUKSHELL_MANUAL_H
#define MUKSHELL_MANUAL_H

#include <stdio.h>

#include "command.h"

/* The headings of the groups, by enum command_group. */
extern const char *const manual_groups[GROUP_COUNT];

/* What a line may look like, some lines. */
extern const char manual_lines[];

/* Text in lines of at most width; its newlines stay. */
void manual_wrap(FILE *out, const char *text, int width);

/* "-s, --sort COLUMN" */
void manual_option(const struct command_option *option, char *ret_text, size_t size);

#endif
