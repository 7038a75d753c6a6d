/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * raw.h - a message by its classic accessors: type=5 m1_i1=3 m1_p1="/etc/motd".
 */
#ifndef MUKSHELL_RAW_H
#define MUKSHELL_RAW_H

#include <inspect.h>

#include "command.h"

enum raw_kind { RAW_INT, RAW_SHORT, RAW_LONG, RAW_ADDRESS, RAW_TEXT };

struct raw_field {
	const char *name; /* "m1_i1" */
	enum raw_kind kind;
	int offset; /* in the message */
	int bytes;
};
extern const struct raw_field raw_fields[]; /* ends with a NULL name */

#define RAW_TEXTS 8 /* strings and buffers that one message refers to */

/* A message being made; addresses point into its memory. */
struct raw {
	message m;
	long timeout_ms; /* timeout=, -1 when not given */
	int count;
	char *memory[RAW_TEXTS];
	size_t bytes[RAW_TEXTS];
};

void raw_init(struct raw *raw);
void raw_deinit(struct raw *raw);

/*
 * "type=5", "timeout=1s", "m1_i1=3", "m1_p1="text"" (its address), "m1_p1=@4096"
 * (the address of so many zero bytes, shown after the call), "m1_p1=0x7f00".
 * EDVSINVAL, EDVSRANGE; reason says what was expected.
 */
int raw_word(struct raw *raw, const char *word, struct text *reason);

/* Shows what a server has put into the buffers of @. */
void raw_show_buffers(const struct raw *raw, FILE *out);

void complete_raw(struct shell *shell, struct completion *completion);

#endif
