/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hold_words.h - what the commands that hold messages have in common.
 */
#ifndef MUKSHELL_HOLD_WORDS_H
#define MUKSHELL_HOLD_WORDS_H

#include <dvk/debug.h>

#include "command.h"
#include "shell.h"

/* Words and options of `hold` into a rule. 0 or the printed error. */
int hold_parse(struct shell *shell, const struct arguments *arguments, struct dvk_hold *ret_rule);
/* The held message that a word ("3") names; our slot is bound. 0 or the printed error. */
int hold_find(struct shell *shell, const char *word, struct dvk_held *ret_held);
/*
 * Words from the second on ("type=5", "fd=3", "m1_i1=3") into a message: fields of the
 * held request or reply, with answer 1 of the reply to it. 0 or the printed error.
 */
int hold_message(struct shell *shell, const struct arguments *arguments,
		 const struct dvk_held *held, int answer, message *m);
/* Shows all rules and all that is held. 0 or the printed error. */
int hold_list(struct shell *shell);
/* What an action did: {"id": N, "done": WORD}, or words for people. */
void hold_done(struct shell *shell, const struct dvk_held *held, const char *done);
/* Runs an action without further words on words[0], which may be "all". */
int hold_act(struct shell *shell, const struct arguments *arguments, int (*act)(uint64_t id),
	     const char *done);

/* Numbers of what is held. */
void complete_held(struct shell *shell, struct completion *completion);

#define HOLD_DONE_JSON "id    of the held message\ndone  what was done with it"

#endif
