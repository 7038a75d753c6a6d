/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * files_show.h - what ls and stat say of a file.
 */
#ifndef MUKSHELL_FILES_SHOW_H
#define MUKSHELL_FILES_SHOW_H

#include <jansson.h>

#include "files.h"

struct files_entry {
	const char *name;
	struct fs_stat stat;
	char target[SHELL_PATH_BYTES]; /* of a symbolic link, "" if it is none */
};

/* "-rw-r--r--" */
void files_mode_text(uint32_t mode, char ret_text[11]);
/* "regular file" */
const char *files_type_word(uint32_t mode);
/* "Nov 23 16:37", or with its year when it is half a year away. */
void files_time_text(int64_t time, char *ret_text, size_t size);

json_t *files_entry_json(const struct files_entry *entry);

#endif
