/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * value.c - the value of one entry: is it what its table says, and into the row.
 */
#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include <dvk/errors.h>
#include <dvk/limits.h>

#include "value.h"

static const char *const expected[] = {
#define CFG_KIND(name, text) [CFG_##name] = text,
	CFG_KINDS(CFG_KIND)
#undef CFG_KIND
};

static const struct cfg_word booleans[] = {
	{ "YES", 1, NULL }, { "NO", 0, NULL },  { "TRUE", 1, NULL }, { "FALSE", 0, NULL },
	{ "ON", 1, NULL },  { "OFF", 0, NULL }, { NULL, 0, NULL },
};

const char *cfg_file_of(const struct cfg_reading *reading, const config_setting_t *setting)
{
	const char *included = config_setting_source_file(setting);

	return included ? included : reading->path;
}

void cfg_describe(FILE *out, const struct cfg_entry *entry)
{
	fputs(expected[entry->kind], out);
	if (entry->min == entry->max && entry->min)
		fprintf(out, ": %d", entry->min);
	else if (entry->kind == CFG_INT || entry->kind == CFG_ENDPOINT)
		fprintf(out, " from %d to %d", entry->min, entry->max);
	if (entry->kind == CFG_ENDPOINT && entry->min < 0)
		fputs(" (-1: none)", out);
	if (entry->kind == CFG_WORD)
		for (const struct cfg_word *w = entry->words; w->word; w++)
			fprintf(out, "%s %s", w == entry->words ? "" : ",", w->word);
}

/* A setting as its file has it, more or less. */
static void describe_found(FILE *out, const config_setting_t *setting)
{
	switch (config_setting_type(setting)) {
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_INT64:
		fprintf(out, "%lld", config_setting_get_int64(setting));
		break;
	case CONFIG_TYPE_FLOAT:
		fprintf(out, "%g", config_setting_get_float(setting));
		break;
	case CONFIG_TYPE_BOOL:
		fputs(config_setting_get_bool(setting) ? "true" : "false", out);
		break;
	case CONFIG_TYPE_STRING:
		fprintf(out, "\"%.80s\"", config_setting_get_string(setting));
		break;
	default:
		fputs(config_setting_is_group(setting) ? "a block" : "a list", out);
	}
}

/* "FILE:LINE: dcid is 64; expected a whole number from 0 to 63". */
static int wrong_value(const struct cfg_reading *reading, const struct cfg_entry *entry,
		       const config_setting_t *setting)
{
	char text[CFG_ERROR_BYTES] = "";
	FILE *out = fmemopen(text, sizeof(text), "w");

	if (!out)
		return EDVSNOMEM;
	fprintf(out, "%s is ", config_setting_name(setting));
	describe_found(out, setting);
	fputs("; expected ", out);
	cfg_describe(out, entry);
	fprintf(out, " (%s)", entry->meaning);
	fclose(out);
	text[sizeof(text) - 1] = '\0';
	return cfg_fail(reading->error, cfg_file_of(reading, setting),
			(int)config_setting_source_line(setting), "%s", text);
}

static int find_word(const struct cfg_word *words, const char *word, int *ret_value)
{
	for (; words->word; words++) {
		if (strcasecmp(words->word, word) == 0) {
			*ret_value = words->value;
			return 1;
		}
	}
	return 0;
}

/* 1 when the setting is a number, boolean or word that the entry takes. */
static int take_number(const struct cfg_entry *entry, const config_setting_t *setting,
		       int *ret_value)
{
	int type = config_setting_type(setting);
	long long number = config_setting_get_int64(setting);

	if (entry->kind == CFG_BOOL && type == CONFIG_TYPE_BOOL) {
		*ret_value = config_setting_get_bool(setting);
		return 1;
	}
	if (type == CONFIG_TYPE_STRING && entry->kind == CFG_BOOL)
		return find_word(booleans, config_setting_get_string(setting), ret_value);
	if (type == CONFIG_TYPE_STRING && entry->kind == CFG_WORD)
		return find_word(entry->words, config_setting_get_string(setting), ret_value);
	if (type != CONFIG_TYPE_INT && type != CONFIG_TYPE_INT64)
		return 0;
	if (entry->kind == CFG_BOOL ? number < 0 || number > 1
				    : number < entry->min || number > entry->max)
		return 0;
	*ret_value = (int)number;
	return entry->kind != CFG_WORD;
}

static int is_name(const char *text)
{
	size_t length = strlen(text);

	if (length == 0 || length >= DVK_NAME_BYTES)
		return 0;
	for (; *text; text++)
		if (!isalnum((unsigned char)*text) && !strchr("_-.", *text))
			return 0;
	return 1;
}

static int no_file(const struct cfg_reading *reading, const config_setting_t *setting,
		   const char *path, const char *why)
{
	return cfg_fail(reading->error, cfg_file_of(reading, setting),
			(int)config_setting_source_line(setting),
			"%s: cannot read %s: %s; write the file's name from the folder of this "
			"file, or its whole path",
			config_setting_name(setting), path, why);
}

/* A FILE is there and can be read; whether it may be written is its reader's matter. */
static int check_file(const struct cfg_reading *reading, const config_setting_t *setting,
		      const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0 || (!S_ISDIR(st.st_mode) && access(path, R_OK) < 0))
		return no_file(reading, setting, path, strerror(errno));
	if (!S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode))
		return no_file(reading, setting, path,
			       S_ISDIR(st.st_mode) ? "it is a folder" : "it is no file");
	return 0;
}

static int too_long(const struct cfg_reading *reading, const struct cfg_entry *entry,
		    const config_setting_t *setting)
{
	return cfg_fail(reading->error, cfg_file_of(reading, setting),
			(int)config_setting_source_line(setting),
			"%s is too long; expected at most %zu bytes", config_setting_name(setting),
			entry->bytes - 1);
}

static int take_text(const struct cfg_reading *reading, const struct cfg_entry *entry,
		     const config_setting_t *setting, char *ret_text)
{
	const char *text = config_setting_get_string(setting);

	if (!text || (!*text && entry->kind != CFG_TEXT))
		return wrong_value(reading, entry, setting);
	if (entry->kind == CFG_NAME && !is_name(text))
		return wrong_value(reading, entry, setting);
	if (entry->kind == CFG_FILE || entry->kind == CFG_PATH) {
		if (cfg_resolve(cfg_file_of(reading, setting), text, ret_text, entry->bytes) < 0)
			return too_long(reading, entry, setting);
		return entry->kind == CFG_FILE ? check_file(reading, setting, ret_text) : 0;
	}
	if (strlen(text) >= entry->bytes)
		return too_long(reading, entry, setting);
	memcpy(ret_text, text, strlen(text) + 1);
	return 0;
}

int cfg_take_value(const struct cfg_reading *reading, const struct cfg_entry *entry,
		   const config_setting_t *setting, void *row)
{
	char *field = (char *)row + entry->offset;
	int number = 0;

	switch (entry->kind) {
	case CFG_NAME:
	case CFG_TEXT:
	case CFG_FILE:
	case CFG_PATH:
		return take_text(reading, entry, setting, field);
	case CFG_INT:
	case CFG_ENDPOINT:
	case CFG_BOOL:
	case CFG_WORD:
		break;
	}
	if (!take_number(entry, setting, &number))
		return wrong_value(reading, entry, setting);
	memcpy(field, &number, sizeof(number));
	return 0;
}
