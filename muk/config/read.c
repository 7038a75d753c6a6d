/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * read.c - a block becomes a row.
 *
 * The checks of one entry are in value.c; here are those that need the whole
 * block: unknown, missing and doubled entries, two servers on one endpoint.
 */
#include <string.h>

#include <dvk/errors.h>

#include "value.h"

#define NAMES_MAX 64 /* entries and blocks that an error can list */

config_setting_t *cfg_setting_of(const struct cfg_reading *reading, const struct cfg_entry *entry)
{
	config_setting_t *setting = config_setting_get_member(reading->group, entry->name);

	if (!setting && entry->other_name)
		setting = config_setting_get_member(reading->group, entry->other_name);
	return setting;
}

static const struct cfg_entry *find_entry(const struct cfg_block *block, const char *name)
{
	for (int i = 0; i < block->count; i++) {
		const struct cfg_entry *entry = &block->entries[i];

		if (strcmp(entry->name, name) == 0 ||
		    (entry->other_name && strcmp(entry->other_name, name) == 0))
			return entry;
	}
	return NULL;
}

static int line_of(const config_setting_t *setting)
{
	return (int)config_setting_source_line(setting);
}

/* "did you mean X?", or all that there is. */
static int unknown_entry(const struct cfg_reading *reading, const config_setting_t *setting)
{
	const struct cfg_block *block = reading->block;
	const char *names[NAMES_MAX], *nearest;
	char list[CFG_ERROR_BYTES / 2] = "";
	int count = 0;

	for (int i = 0; i < block->count && count + 2 <= NAMES_MAX; i++) {
		names[count++] = block->entries[i].name;
		if (block->entries[i].other_name)
			names[count++] = block->entries[i].other_name;
		snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s", i ? ", " : "",
			 block->entries[i].name);
	}
	nearest = cfg_nearest(config_setting_name(setting), names, count);
	if (nearest)
		return cfg_fail(reading->error, cfg_file_of(reading, setting), line_of(setting),
				"unknown entry %s in a block %s; did you mean %s?",
				config_setting_name(setting), block->kind, nearest);
	return cfg_fail(reading->error, cfg_file_of(reading, setting), line_of(setting),
			"unknown entry %s in a block %s; expected one of %s",
			config_setting_name(setting), block->kind, list);
}

static int missing_entry(const struct cfg_reading *reading, const struct cfg_entry *entry,
			 const config_setting_t *because)
{
	char kind[256] = "";
	FILE *out = fmemopen(kind, sizeof(kind), "w");

	if (!out)
		return EDVSNOMEM;
	cfg_describe(out, entry);
	fclose(out);
	if (because == reading->group)
		return cfg_fail(reading->error, cfg_file_of(reading, because), line_of(because),
				"this block %s has no %s; add it: %s, %s", reading->block->kind,
				entry->name, kind, entry->meaning);
	return cfg_fail(reading->error, cfg_file_of(reading, because), line_of(because),
			"this %s needs %s as well; add it: %s, %s", config_setting_name(because),
			entry->name, kind, entry->meaning);
}

/* What an entry that is there, or its word, needs besides. */
static int check_needs(const struct cfg_reading *reading, const struct cfg_entry *entry,
		       const void *row)
{
	const config_setting_t *setting = cfg_setting_of(reading, entry);
	const struct cfg_entry *needed;
	const char *needs = entry->needs;
	int value = 0;

	if (entry->kind == CFG_WORD || entry->kind == CFG_ENDPOINT)
		memcpy(&value, (const char *)row + entry->offset, sizeof(value));
	if (entry->kind == CFG_WORD)
		for (const struct cfg_word *w = entry->words; w->word; w++)
			if (w->value == value && w->needs)
				needs = w->needs;
	if (!needs || !setting || value < 0)
		return 0;
	needed = find_entry(reading->block, needs);
	if (cfg_setting_of(reading, needed))
		return 0;
	return missing_entry(reading, needed, setting);
}

/* Two servers of one block on one endpoint. */
static int check_endpoint(const struct cfg_reading *reading, const struct cfg_entry *entry,
			  const void *row)
{
	const config_setting_t *setting = cfg_setting_of(reading, entry);
	int mine, its;

	memcpy(&mine, (const char *)row + entry->offset, sizeof(mine));
	for (const struct cfg_entry *e = reading->block->entries; setting && e < entry; e++) {
		const config_setting_t *other = cfg_setting_of(reading, e);

		if (e->kind != CFG_ENDPOINT || !other)
			continue;
		memcpy(&its, (const char *)row + e->offset, sizeof(its));
		if (its == mine && mine >= 0)
			return cfg_fail(reading->error, cfg_file_of(reading, setting),
					line_of(setting),
					"%s is %d, which is %s's (line %d); give each server an "
					"endpoint of its own",
					config_setting_name(setting), mine,
					config_setting_name(other), line_of(other));
	}
	return 0;
}

static void put_preset(const struct cfg_entry *entry, const char *path, void *row)
{
	char *field = (char *)row + entry->offset;

	switch (entry->kind) {
	case CFG_INT:
	case CFG_ENDPOINT:
	case CFG_BOOL:
	case CFG_WORD:
		memcpy(field, &entry->preset, sizeof(entry->preset));
		return;
	case CFG_NAME:
	case CFG_TEXT:
	case CFG_FILE:
	case CFG_PATH:
		if (entry->kind != CFG_PATH || !entry->preset_text ||
		    cfg_resolve(path, entry->preset_text, field, entry->bytes) < 0)
			snprintf(field, entry->bytes, "%s",
				 entry->preset_text ? entry->preset_text : "");
		return;
	}
}

static int read_entry(const struct cfg_reading *reading, const struct cfg_entry *entry, void *row)
{
	const config_setting_t *setting = cfg_setting_of(reading, entry), *other;

	if (setting) {
		other = entry->other_name
				? config_setting_get_member(reading->group, entry->other_name)
				: NULL;
		if (other && other != setting)
			return cfg_fail(reading->error, cfg_file_of(reading, other), line_of(other),
					"%s and %s (line %d) are the same; keep one of them",
					entry->other_name, entry->name, line_of(setting));
		return cfg_take_value(reading, entry, setting, row);
	}
	if (entry->required)
		return missing_entry(reading, entry, reading->group);
	put_preset(entry, reading->path, row);
	return 0;
}

int cfg_read_block(const struct cfg_reading *reading, void *row)
{
	const struct cfg_block *block = reading->block;
	const config_setting_t *setting;
	int result = 0;

	for (int i = 0; i < config_setting_length(reading->group); i++) {
		setting = config_setting_get_elem(reading->group, i);
		if (!find_entry(block, config_setting_name(setting)))
			return unknown_entry(reading, setting);
	}
	for (int i = 0; i < block->count && result == 0; i++)
		result = read_entry(reading, &block->entries[i], row);
	for (int i = 0; i < block->count && result == 0; i++) {
		result = check_needs(reading, &block->entries[i], row);
		if (result == 0 && block->entries[i].kind == CFG_ENDPOINT)
			result = check_endpoint(reading, &block->entries[i], row);
	}
	return result;
}
