/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hold_words.h - what the commands that hold messages have in common.
 */
#ifndef MUKSHELL_HOLD_WORDS_H
#define MUKSHELL_HOLD_WORDS_H

#include <dvk/debug.h>
#include <dvk/limits.h>

#include "command.h"
#include "shell.h"

struct inspect;
struct text;

/* ---- hold_rules.c: filters and rules ---- */

struct hold_words {
	char **words; /* of the filter language */
	int count;
	uint32_t kinds; /* DVK_HOLD_KIND bits; 0: what the words say, else requests */
};

struct hold_rules {
	struct dvk_hold rules[DVK_HOLDS];
	int count;
};

/* A filter into rules, and the effective one said. 0 or the printed error. */
int hold_rules_parse(struct shell *shell, const struct hold_words *words,
		     struct hold_rules *ret_rules);
/* The same of words and options of `hold`. */
int hold_parse(struct shell *shell, const struct arguments *arguments,
	       struct hold_rules *ret_rules);
/* Leaves all of them, or none; each then has its id. 0 or the printed error. */
int hold_rules_leave(struct shell *shell, struct hold_rules *rules);
/* "call fs.open flags&CREAT" */
void hold_rule_words(const struct inspect *in, const struct dvk_hold *rule, struct text *out);

/* ---- hold_words.c, hold_show.c: what is held ---- */

/* The held message that a word ("3", "last") names; our slot is bound. 0 or the printed error. */
int hold_find(struct shell *shell, const char *word, struct dvk_held *ret_held);
/*
 * Words from the second on ("type=5", "fd=3", "m1_i1=3") into a message: fields of the
 * held request or reply, with answer 1 of the reply to it. 0 or the printed error.
 */
int hold_message(struct shell *shell, const struct arguments *arguments,
		 const struct dvk_held *held, int answer, message *m);
const char *hold_kind_word(int kind);
/* Shows one that is held. */
void hold_show(struct shell *shell, const struct dvk_held *held);
/* Waits at most ms (-1: for ever) until something is held, and shows it. 0 or the printed error. */
int hold_wait(struct shell *shell, long ms);
/* Shows what has come to be held since it was called before; at the prompt. Returns how many. */
int hold_tell(struct shell *shell);
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
