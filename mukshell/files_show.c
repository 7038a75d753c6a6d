/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * files_show.c - modes, types and times in the words that people know.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <json.h>

#include "files_show.h"

static const struct {
	uint32_t type;
	char letter;
	const char *word;
} types[] = {
	{ S_IFREG, '-', "regular file" },  { S_IFDIR, 'd', "directory" },
	{ S_IFLNK, 'l', "symbolic link" }, { S_IFCHR, 'c', "character device" },
	{ S_IFBLK, 'b', "block device" },  { S_IFIFO, 'p', "fifo" },
	{ S_IFSOCK, 's', "socket" },
};

#define TYPES_COUNT (sizeof(types) / sizeof(types[0]))

const char *files_type_word(uint32_t mode)
{
	for (size_t i = 0; i < TYPES_COUNT; i++)
		if (types[i].type == (mode & S_IFMT))
			return types[i].word;
	return "unknown type";
}

void files_mode_text(uint32_t mode, char ret_text[11])
{
	static const struct {
		uint32_t bit;
		int place;
		char with_x, without_x;
	} special[] = { { S_ISUID, 3, 's', 'S' },
			{ S_ISGID, 6, 's', 'S' },
			{ S_ISVTX, 9, 't', 'T' } };

	strcpy(ret_text, "?---------");
	for (size_t i = 0; i < TYPES_COUNT; i++)
		if (types[i].type == (mode & S_IFMT))
			ret_text[0] = types[i].letter;
	for (int i = 0; i < 9; i++)
		if (mode & (0400u >> i))
			ret_text[1 + i] = "rwx"[i % 3];
	for (int i = 0; i < 3; i++)
		if (mode & special[i].bit)
			ret_text[special[i].place] = ret_text[special[i].place] == 'x'
							     ? special[i].with_x
							     : special[i].without_x;
}

void files_time_text(int64_t seconds, char *ret_text, size_t size)
{
	int64_t away = (int64_t)time(NULL) - seconds;
	int is_near = away > -86400 && away < 182 * 86400;
	time_t when = seconds;
	struct tm tm;

	if (!localtime_r(&when, &tm) ||
	    !strftime(ret_text, size, is_near ? "%b %e %H:%M" : "%b %e  %Y", &tm))
		snprintf(ret_text, size, "%lld", (long long)seconds);
}

json_t *files_entry_json(const struct files_entry *entry)
{
	const struct fs_stat *stat = &entry->stat;
	json_t *object = json_object();
	char mode[8];

	snprintf(mode, sizeof(mode), "%04o", stat->mode & 07777);
	json_object_set_new(object, "name", inspect_json_string(entry->name));
	json_object_set_new(object, "type", json_string(files_type_word(stat->mode)));
	json_object_set_new(object, "mode", json_string(mode));
	json_object_set_new(object, "ino", json_integer((json_int_t)stat->ino));
	json_object_set_new(object, "nlink", json_integer(stat->nlink));
	json_object_set_new(object, "uid", json_integer(stat->uid));
	json_object_set_new(object, "gid", json_integer(stat->gid));
	json_object_set_new(object, "size", json_integer((json_int_t)stat->size));
	json_object_set_new(object, "blocks", json_integer((json_int_t)stat->blocks));
	json_object_set_new(object, "atime", json_integer(stat->atime));
	json_object_set_new(object, "mtime", json_integer(stat->mtime));
	json_object_set_new(object, "ctime", json_integer(stat->ctime));
	if (entry->target[0])
		json_object_set_new(object, "target", inspect_json_string(entry->target));
	return object;
}
