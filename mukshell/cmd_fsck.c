/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_fsck.c - does the mounted file system contradict itself?
 */
#include <stdlib.h>
#include <string.h>

#include <json.h>

#include "command.h"
#include "look_disk.h"

#define PROBLEMS_MAX 1000 /* that are shown */

struct fsck {
	char *problems[PROBLEMS_MAX];
	int count; /* of those kept */
	int found; /* of all */
	uint64_t inodes, zones;
};

static void forget(struct fsck *fsck)
{
	while (fsck->count)
		free(fsck->problems[--fsck->count]);
}

static void keep(void *context, const char *text)
{
	struct fsck *fsck = context;

	if (fsck->count == PROBLEMS_MAX)
		return;
	fsck->problems[fsck->count] = strdup(text);
	fsck->count += fsck->problems[fsck->count] != NULL;
}

static int collect(struct minix *minix, void *context)
{
	struct fsck *fsck = context;

	forget(fsck);
	fsck->inodes = minix->super.inodes_used;
	fsck->zones = minix->super.zones_used;
	fsck->found = minix_check(minix, keep, fsck);
	return fsck->found < 0 ? fsck->found : 0;
}

static void print_json(struct shell *shell, const struct fsck *fsck)
{
	json_t *object = json_object(), *array = json_array();

	for (int i = 0; i < fsck->count; i++)
		json_array_append_new(array, inspect_json_string(fsck->problems[i]));
	json_object_set_new(object, "clean", json_boolean(!fsck->found));
	json_object_set_new(object, "found", json_integer(fsck->found));
	json_object_set_new(object, "inodes_used", json_integer((json_int_t)fsck->inodes));
	json_object_set_new(object, "zones_used", json_integer((json_int_t)fsck->zones));
	json_object_set_new(object, "problems", array);
	inspect_json_print(object, shell->out);
}

static int fsck_run(struct shell *shell, const struct arguments *arguments)
{
	struct fsck fsck = { .count = 0 };
	int error = look_disk(shell, collect, &fsck);

	(void)arguments;
	if (!error && shell->json) {
		print_json(shell, &fsck);
	} else if (!error) {
		for (int i = 0; i < fsck.count; i++)
			fprintf(shell->out, "%s\n", fsck.problems[i]);
		if (!fsck.found)
			fprintf(shell->out, "clean: %llu inodes and %llu zones in use\n",
				(unsigned long long)fsck.inodes, (unsigned long long)fsck.zones);
	}
	if (!error && fsck.found)
		error = shell_error(shell, 0, "%d contradictions in the file system", fsck.found);
	forget(&fsck);
	return error;
}

const struct command command_fsck = {
	.name = "fsck",
	.group = GROUP_LOOK,
	.summary = "check the mounted file system, without stopping it",
	.details = LOOK_DISK_DETAILS
	"Names, links, bitmaps and zones are compared as fsck.minix does with a disk at rest; "
	"files that are open without a name are no fault. Nothing is repaired. It fails when "
	"something is wrong, so that scripts may ask.",
	.example = "fsck",
	.json = "one object:\n"
		"clean        true when nothing is wrong\n"
		"found        how many contradictions\n"
		"inodes_used, zones_used  as FS counts them\n"
		"problems     array of sentences, the first 1000",
	.run = fsck_run,
};
