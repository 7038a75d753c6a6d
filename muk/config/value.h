/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * value.h - inside the configuration's reader: one block's settings to a row.
 */
#ifndef MUK_CONFIG_VALUE_H
#define MUK_CONFIG_VALUE_H

#include <libconfig.h>

#include "notation.h"

/* A block that is being read. */
struct cfg_reading {
	const char *path; /* of the file */
	const struct cfg_block *block;
	const config_setting_t *group;
	struct cfg_error *error;
};

/* The file (an included one, or path itself) and the line of a setting. */
const char *cfg_file_of(const struct cfg_reading *reading, const config_setting_t *setting);

/* The block's setting for an entry, by either of its names; NULL when it is not there. */
config_setting_t *cfg_setting_of(const struct cfg_reading *reading, const struct cfg_entry *entry);

/* Puts the value of an entry into row. EDVSINVAL with its sentence. */
int cfg_take_value(const struct cfg_reading *reading, const struct cfg_entry *entry,
		   const config_setting_t *setting, void *row);

/* All entries of the block, into row. EDVSINVAL with its sentence. */
int cfg_read_block(const struct cfg_reading *reading, void *row);

/* Writes what an entry's value must be: "a whole number from 0 to 63". */
void cfg_describe(FILE *out, const struct cfg_entry *entry);

#endif
