/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * talk_raw.h - what the raw message commands have in common.
 */
#ifndef MUKSHELL_TALK_RAW_H
#define MUKSHELL_TALK_RAW_H

#include "raw.h"
#include "shell.h"

/*
 * words[0] is an endpoint, the others fill the message; our slot is bound. 0 or
 * the printed error; raw_deinit() afterwards in both cases.
 */
int talk_raw_words(struct shell *shell, const struct arguments *arguments, struct raw *ret_raw,
		   int *ret_endpoint);

/* Shows a message that came: its source, type, and what it says. */
void talk_raw_show(struct shell *shell, const message *m, int m_type_of_request);

#endif
