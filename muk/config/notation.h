/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * notation.h - inside the configuration's reader: from a file's text to libconfig's.
 */
#ifndef MUK_CONFIG_NOTATION_H
#define MUK_CONFIG_NOTATION_H

#include "config.h"

/*
 * A block "kind NAME {" becomes the setting "kind*N", so that a file may have
 * several of a kind; N counts the blocks of the file.
 */
#define NOTATION_MARK '*'

/* Writes "path:line: sentence" to the error and returns EDVSINVAL. */
int cfg_fail(struct cfg_error *error, const char *path, int line, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* 1 when text is in the published notation, 0 when it is libconfig's. */
int notation_is_published(const char *text);

/*
 * Translates the published notation to libconfig's syntax, line for line. *ret_text
 * is the caller's to free. EDVSINVAL with its sentence, EDVSNOMEM.
 */
int notation_translate(const char *path, const char *text, char **ret_text,
		       struct cfg_error *ret_error);

/*
 * Copies libconfig's syntax with every whole number marked as 64 bits wide: libconfig
 * cuts a number of more than 32 silently. *ret_text is the caller's. EDVSNOMEM.
 */
int notation_widen(const char *text, char **ret_text);

#endif
