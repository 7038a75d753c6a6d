/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run.h - lines, words and scripts become commands (shell_run_line of shell.h too).
 */
#ifndef MUKSHELL_RUN_H
#define MUKSHELL_RUN_H

#include "command.h"
#include "shell.h"

/* Runs a script; "-" is standard input. Stops where a script has to stop. */
int run_script(struct shell *shell, const char *path);

/* "ps [-o COLUMNS] [FILTER]..." into ret_text. */
void run_usage(const struct command *command, char *ret_text, size_t size);

#endif
