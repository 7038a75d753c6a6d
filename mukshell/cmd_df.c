/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_df.c - how full MUK's file system is.
 */
#include <inspect.h>
#include <json.h>

#include "command.h"
#include "files.h"

static void print_text(FILE *out, const char *path, const struct fs_statfs *fs)
{
	uint64_t block = (uint64_t)fs->block_bytes;
	uint64_t used = fs->blocks - fs->blocks_free;
	char bytes[3][24];
	uint64_t sizes[3] = { fs->blocks * block, used * block, fs->blocks_free * block };
	struct text text;

	for (int i = 0; i < 3; i++) {
		text_init(&text, bytes[i], sizeof(bytes[i]));
		text_add_bytes(&text, sizes[i]);
	}
	fprintf(out, "%10s %10s %10s %5s  %s\n", "SIZE", "USED", "FREE", "USE%", "PATH");
	fprintf(out, "%10s %10s %10s %4llu%%  %s%s\n", bytes[0], bytes[1], bytes[2],
		fs->blocks ? (unsigned long long)(used * 100 / fs->blocks) : 0, path,
		fs->read_only ? " (read-only)" : "");
	fprintf(out, "MINIX V%d, magic 0x%x, blocks of %d bytes; %llu of %llu inodes free\n",
		fs->version, fs->magic, fs->block_bytes, (unsigned long long)fs->inodes_free,
		(unsigned long long)fs->inodes);
}

static void print_json(FILE *out, const char *path, const struct fs_statfs *fs)
{
	json_t *object = json_object();

	json_object_set_new(object, "path", inspect_json_string(path));
	json_object_set_new(object, "version", json_integer(fs->version));
	json_object_set_new(object, "magic", json_integer(fs->magic));
	json_object_set_new(object, "block_bytes", json_integer(fs->block_bytes));
	json_object_set_new(object, "blocks", json_integer((json_int_t)fs->blocks));
	json_object_set_new(object, "blocks_free", json_integer((json_int_t)fs->blocks_free));
	json_object_set_new(object, "inodes", json_integer((json_int_t)fs->inodes));
	json_object_set_new(object, "inodes_free", json_integer((json_int_t)fs->inodes_free));
	json_object_set_new(object, "read_only", json_boolean(fs->read_only));
	inspect_json_print(object, out);
}

static int df_run(struct shell *shell, const struct arguments *arguments)
{
	const char *word = arguments->count ? arguments->words[0] : "/";
	char path[SHELL_PATH_BYTES];
	struct fs_statfs fs;
	int result = files_begin(shell);

	if (!result)
		result = files_path(shell, word, path);
	if (result)
		return result;
	result = files_statfs(shell, path, &fs);
	if (result)
		return shell_error(shell, result, "%s", word);
	(shell->json ? print_json : print_text)(shell->out, word, &fs);
	return 0;
}

const struct command command_df = {
	.name = "df",
	.group = GROUP_FILES,
	.arguments = "[PATH]",
	.summary = "say how full MUK's file system is",
	.example = "df",
	.json = "path, version (of the MINIX format), magic, block_bytes, blocks, blocks_free,\n"
		"inodes, inodes_free, read_only",
	.words_min = 0,
	.words_max = 1,
	.flags = COMMAND_ACTS,
	.complete = complete_muk_path,
	.run = df_run,
};
