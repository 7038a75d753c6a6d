/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * talk.h - our slot, and calls from it that Ctrl-C ends.
 */
#ifndef MUKSHELL_TALK_H
#define MUKSHELL_TALK_H

#include <inspect.h>

#include "shell.h"

/* The endpoint that serves a protocol here: by its name, else by convention. */
int talk_server(struct shell *shell, const char *name, int *ret_endpoint);

/* Our messages are recorded and traced from now on, or no more. */
void talk_set_quiet(struct shell *shell);

/* A resolver of words for request.h; context is the shell. */
int talk_resolve(void *context, const char *word, int *ret_endpoint, struct text *reason);

#endif
