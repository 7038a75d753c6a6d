/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * load.c - a configuration file becomes rows: its text, its notation, its blocks.
 *
 * Rows are made aside and handed out when the whole file is right. A block is a
 * group "muk: { ... }", one of a list "device: ( { ... }, { ... } )", one of a group
 * of named groups "device: { A: { ... }; B: { ... }; }", or what notation.c makes of
 * "device A { ... };".
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <dvk/errors.h>

#include "value.h"

#define QUOTE_MAX 80 /* of a line that an error quotes */

/* A file that is being read. */
struct loading {
	const char *path;
	const struct cfg_block *block;
	struct cfg_error *error;
	char *rows;
	int count;
};

int cfg_fail(struct cfg_error *error, const char *path, int line, const char *format, ...)
{
	va_list arguments;
	int used = snprintf(error->text, sizeof(error->text), "%s:%d: ", path, line);

	va_start(arguments, format);
	if (used > 0 && used < (int)sizeof(error->text))
		vsnprintf(error->text + used, sizeof(error->text) - used, format, arguments);
	va_end(arguments);
	return EDVSINVAL;
}

int cfg_resolve(const char *base, const char *name, char *ret_path, size_t bytes)
{
	const char *slash = strrchr(base, '/');
	int folder = *name == '/' || !slash ? 0 : (int)(slash - base + 1);
	int used = snprintf(NULL, 0, "%.*s%s", folder, base, name);

	if (used < 0 || (size_t)used >= bytes)
		return EDVSNAMETOOLONG;
	snprintf(ret_path, bytes, "%.*s%s", folder, base, name);
	return 0;
}

static int fail_file(struct cfg_error *error, const char *path, const char *why, int code)
{
	snprintf(error->text, sizeof(error->text), "%s: cannot read the configuration: %s", path,
		 why);
	return code;
}

/* The whole text of a file; the caller's to free. */
static int read_text(const char *path, char **ret_text, struct cfg_error *error)
{
	char *text = malloc(CFG_FILE_MAX + 1);
	ssize_t got = 0;
	size_t used = 0;
	int fd;

	if (!text)
		return fail_file(error, path, "not enough memory", EDVSNOMEM);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	while (fd >= 0 && used <= CFG_FILE_MAX) {
		got = read(fd, text + used, CFG_FILE_MAX + 1 - used);
		if (got <= 0)
			break;
		used += (size_t)got;
	}
	if (fd < 0 || got < 0) {
		int code = errno == ENOENT ? EDVSNOENT : EDVSINVAL;

		fail_file(error, path, strerror(errno), code);
		if (fd >= 0)
			close(fd);
		free(text);
		return code;
	}
	close(fd);
	if (used > CFG_FILE_MAX || memchr(text, '\0', used)) {
		free(text);
		return fail_file(error, path,
				 used > CFG_FILE_MAX ? "it is longer than 64 KiB"
						     : "it is no text, it has a zero byte",
				 EDVSINVAL);
	}
	text[used] = '\0';
	*ret_text = text;
	return 0;
}

/* The line of text, without what surrounds it, for an error that quotes it. */
static int quote_line(const char *text, int line, const char **ret_start)
{
	while (--line > 0 && strchr(text, '\n'))
		text = strchr(text, '\n') + 1;
	text += strspn(text, " \t");
	*ret_start = text;
	return (int)strcspn(text, "\r\n");
}

/* libconfig names the line, not what stands there. */
static int fail_syntax(struct loading *loading, const config_t *config, const char *text)
{
	const char *included = config_error_file(config);
	const char *what = config_error_text(config), *start;
	int line = config_error_line(config);
	int twice = what && strstr(what, "duplicate");
	int length = quote_line(text, line, &start);
	const char *file = included ? included : loading->path;

	if (!included && length == 0)
		return cfg_fail(loading->error, file, line,
				"the file ends here; expected the block's end '};'");
	if (included)
		length = 0;
	if (length > QUOTE_MAX)
		length = QUOTE_MAX;
	if (what && strstr(what, "memory exhausted"))
		return cfg_fail(loading->error, file, line, "blocks are nested too deep at '%.*s'",
				length, start);
	if (twice)
		return cfg_fail(loading->error, file, line,
				"an entry is there twice at '%.*s'; keep one of them", length,
				start);
	return cfg_fail(loading->error, file, line, "%s at '%.*s'; expected 'entry = value;'",
			what && strcmp(what, "syntax error") ? what : "this is not understood",
			length, start);
}

/* A unique entry of the newest row is in no earlier one. */
static int check_unique(const struct cfg_reading *reading, const struct loading *loading)
{
	const struct cfg_block *block = loading->block;
	const char *newest = loading->rows + (size_t)(loading->count - 1) * block->row_bytes;

	for (int i = 0; i < block->count; i++) {
		const struct cfg_entry *entry = &block->entries[i];
		const config_setting_t *setting = cfg_setting_of(reading, entry);

		for (const char *row = loading->rows; entry->unique && row < newest;
		     row += block->row_bytes)
			if (memcmp(row + entry->offset, newest + entry->offset, entry->bytes) == 0)
				return cfg_fail(loading->error, cfg_file_of(reading, setting),
						(int)config_setting_source_line(setting),
						"%s is %lld, which an earlier block has; give each "
						"its own",
						entry->name, config_setting_get_int64(setting));
	}
	return 0;
}

static int add_row(struct loading *loading, config_setting_t *group, const char *name)
{
	const struct cfg_block *block = loading->block;
	struct cfg_reading reading = {
		.path = loading->path,
		.block = block,
		.group = group,
		.error = loading->error,
	};
	config_setting_t *setting;
	int result;

	if (!config_setting_is_group(group))
		return cfg_fail(loading->error, cfg_file_of(&reading, group),
				(int)config_setting_source_line(group),
				"found a value where a block was expected, as in '%s: { ... };'",
				block->kind);
	if (loading->count == block->max_rows)
		return cfg_fail(loading->error, cfg_file_of(&reading, group),
				(int)config_setting_source_line(group),
				"one block %s too many; a file has at most %d", block->kind,
				block->max_rows);
	if (name && !config_setting_get_member(group, "name")) {
		setting = config_setting_add(group, "name", CONFIG_TYPE_STRING);
		if (!setting || !config_setting_set_string(setting, name))
			return EDVSNOMEM;
	}
	result = cfg_read_block(&reading,
				loading->rows + (size_t)loading->count++ * block->row_bytes);
	return result < 0 ? result : check_unique(&reading, loading);
}

/* A group that holds nothing but groups names its blocks. */
static int holds_blocks(const config_setting_t *setting)
{
	int count = config_setting_length(setting);

	for (int i = 0; i < count; i++)
		if (!config_setting_is_group(config_setting_get_elem(setting, i)))
			return 0;
	return count > 0;
}

static int add_blocks(struct loading *loading, config_setting_t *setting)
{
	int result = 0;

	if (!config_setting_is_list(setting) &&
	    !(config_setting_is_group(setting) && holds_blocks(setting)))
		return add_row(loading, setting, NULL);
	for (int i = 0; i < config_setting_length(setting) && result == 0; i++) {
		config_setting_t *group = config_setting_get_elem(setting, i);

		result = add_row(loading, group, config_setting_name(group));
	}
	return result;
}

/* What stands in the file outside of the blocks that it is for. */
static int unknown_block(struct loading *loading, const config_setting_t *setting, int length)
{
	const struct cfg_block *block = loading->block;
	const char *name = config_setting_name(setting);
	const char *included = config_setting_source_file(setting);
	const char *file = included ? included : loading->path;
	int line = (int)config_setting_source_line(setting);

	for (int i = 0; i < block->count; i++)
		if (strcmp(block->entries[i].name, name) == 0)
			return cfg_fail(loading->error, file, line,
					"%s stands outside of a block; write it in '%s: { ... };'",
					name, block->kind);
	return cfg_fail(loading->error, file, line, "unknown block %.*s; expected %s", length, name,
			block->kind);
}

static int read_tree(struct loading *loading, const config_t *config)
{
	config_setting_t *root = config_root_setting(config);
	int result = 0;

	for (int i = 0; i < config_setting_length(root) && result == 0; i++) {
		config_setting_t *setting = config_setting_get_elem(root, i);
		const char *name = config_setting_name(setting);
		char mark[] = { NOTATION_MARK, '\0' };
		int length = (int)strcspn(name, mark);

		if ((int)strlen(loading->block->kind) == length &&
		    strncmp(name, loading->block->kind, length) == 0)
			result = add_blocks(loading, setting);
		else
			result = unknown_block(loading, setting, length);
	}
	if (result == 0 && loading->count == 0)
		return cfg_fail(loading->error, loading->path, 1,
				"the file has no block %s; expected '%s NAME { ... };'",
				loading->block->kind, loading->block->kind);
	return result;
}

/*
 * libconfig ends the whole program when what a file includes cannot be read as one:
 * a folder, a pipe, a device. What does not exist it reports itself.
 */
static int check_includes(const struct loading *loading, const char *folder, const char *text)
{
	static const char directive[] = "@include";
	char name[CFG_PATH_BYTES], path[2 * CFG_PATH_BYTES];
	struct stat status;
	int line = 1;

	for (const char *at = text; *at; at++) {
		line += *at == '\n';
		if (strncmp(at, directive, sizeof(directive) - 1) != 0)
			continue;
		*name = '\0';
		(void)sscanf(at + sizeof(directive) - 1, " \"%511[^\"]", name);
		snprintf(path, sizeof(path), "%s%s%s", *name == '/' ? "" : folder,
			 *name == '/' ? "" : "/", name);
		if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
			return cfg_fail(loading->error, loading->path, line,
					"\"%s\" cannot be included, it is no file", name);
	}
	return 0;
}

static int parse(struct loading *loading, const char *text)
{
	const char *slash = strrchr(loading->path, '/');
	char folder[CFG_PATH_BYTES];
	config_t config;
	char *readable = NULL;
	int result;

	if (notation_is_published(text))
		result = notation_translate(loading->path, text, &readable, loading->error);
	else
		result = notation_widen(text, &readable);
	if (result < 0)
		return result;
	snprintf(folder, sizeof(folder), "%.*s", slash ? (int)(slash - loading->path) : 1,
		 slash ? loading->path : ".");
	result = check_includes(loading, folder, readable);
	if (result < 0) {
		free(readable);
		return result;
	}
	config_init(&config);
	config_set_include_dir(&config, *folder ? folder : "/");
	if (config_read_string(&config, readable))
		result = read_tree(loading, &config);
	else
		result = fail_syntax(loading, &config, text);
	config_destroy(&config);
	free(readable);
	return result;
}

int cfg_load(const char *path, const struct cfg_block *block, void *ret_rows,
	     struct cfg_error *ret_error)
{
	struct loading loading = { .path = path, .block = block, .error = ret_error };
	char *text = NULL;
	int result = read_text(path, &text, ret_error);

	if (result < 0)
		return result;
	loading.rows = calloc((size_t)block->max_rows, block->row_bytes);
	result = loading.rows ? parse(&loading, text) : EDVSNOMEM;
	if (result == EDVSNOMEM)
		fail_file(ret_error, path, "not enough memory", EDVSNOMEM);
	if (result == 0) {
		memcpy(ret_rows, loading.rows, (size_t)loading.count * block->row_bytes);
		result = loading.count;
	}
	free(loading.rows);
	free(text);
	return result;
}
