/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * folders.h - where DCs are looked for, and what there is none.
 */
#ifndef MUKSHELL_FOLDERS_H
#define MUKSHELL_FOLDERS_H

#include <inspect.h>

#include "shell.h"

/* Adds the folders that are searched: "/run/dvk, /tmp/dvk-0 (not there)". */
void folders_add(const struct shell *shell, struct text *out);

/* Says on standard error which DCs are there and cannot be used, and why. */
void folders_say_unusable(struct shell *shell);

#endif
