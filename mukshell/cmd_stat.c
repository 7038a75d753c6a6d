/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_stat.c - all that FS tells of a file.
 */
#include <sys/stat.h>
#include <time.h>

#include <json.h>

#include "command.h"
#include "files_show.h"

static void print_time(FILE *out, const char *name, int64_t seconds)
{
	time_t when = seconds;
	char text[64] = "";
	struct tm tm;

	if (localtime_r(&when, &tm))
		strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm);
	fprintf(out, "%-9s %s\n", name, text);
}

static void print_entry(FILE *out, const struct files_entry *entry)
{
	const struct fs_stat *stat = &entry->stat;
	char mode[11];

	files_mode_text(stat->mode, mode);
	fprintf(out, "%-9s %s%s%s\n", "file", entry->name, entry->target[0] ? " -> " : "",
		entry->target);
	fprintf(out, "%-9s %s\n", "type", files_type_word(stat->mode));
	fprintf(out, "%-9s %llu bytes, %llu blocks\n", "size", (unsigned long long)stat->size,
		(unsigned long long)stat->blocks);
	fprintf(out, "%-9s %04o %s\n", "mode", stat->mode & 07777, mode);
	fprintf(out, "%-9s uid %u, gid %u\n", "owner", stat->uid, stat->gid);
	fprintf(out, "%-9s %llu on device %u,%u, %d links\n", "inode",
		(unsigned long long)stat->ino, stat->dev >> 8, stat->dev & 0xff, stat->nlink);
	if (S_ISCHR(stat->mode) || S_ISBLK(stat->mode))
		fprintf(out, "%-9s %u,%u\n", "device", stat->rdev >> 8, stat->rdev & 0xff);
	print_time(out, "accessed", stat->atime);
	print_time(out, "modified", stat->mtime);
	print_time(out, "changed", stat->ctime);
}

static int stat_path(struct shell *shell, const char *word)
{
	struct files_entry entry = { .name = word };
	char path[SHELL_PATH_BYTES];
	int result = files_path(shell, word, path);

	if (result)
		return result;
	result = files_lstat(shell, path, &entry.stat);
	if (result)
		return shell_error(shell, result, "%s", word);
	if (S_ISLNK(entry.stat.mode) && files_readlink(shell, path, entry.target))
		entry.target[0] = '\0';
	if (shell->json)
		inspect_json_print(files_entry_json(&entry), shell->out);
	else
		print_entry(shell->out, &entry);
	return 0;
}

static int stat_run(struct shell *shell, const struct arguments *arguments)
{
	int result = files_begin(shell);
	int failed;

	if (result)
		return result;
	for (int i = 0; i < arguments->count; i++) {
		failed = stat_path(shell, arguments->words[i]);
		result = result ? result : failed;
	}
	return result;
}

const struct command command_stat = {
	.name = "stat",
	.group = GROUP_FILES,
	.arguments = "PATH...",
	.summary = "tell all about MUK's files",
	.example = "stat /",
	.json = "as of `ls`, one object for each path",
	.words_min = 1,
	.words_max = -1,
	.flags = COMMAND_ACTS,
	.complete = complete_muk_path,
	.run = stat_run,
};
