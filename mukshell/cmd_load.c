/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_load.c - a recording or a dump takes the place of a DC.
 */
#include <json.h>
#include <recording.h>

#include "command.h"
#include "session.h"

static void print_json(struct shell *shell, const struct recording *recording)
{
	json_t *object = json_object();
	struct recording_info info;

	recording_info(recording, &info);
	json_object_set_new(object, "file", inspect_json_string(shell->file));
	json_object_set_new(object, "dcid", json_integer(info.dcid));
	json_object_set_new(object, "name", inspect_json_string(info.name));
	json_object_set_new(object, "node", json_integer(info.node));
	json_object_set_new(object, "made", json_real((double)info.made_ns / 1e9));
	json_object_set_new(object, "events", json_integer((json_int_t)info.events));
	json_object_set_new(object, "lost", json_integer((json_int_t)info.lost));
	json_object_set_new(object, "seconds",
			    json_real((double)(info.last_ns - info.first_ns) / 1e9));
	json_object_set_new(object, "state", json_boolean(info.snapshots > 0));
	json_object_set_new(object, "stacks", json_integer(info.stacks));
	json_object_set_new(object, "complete", json_boolean(info.is_complete));
	json_object_set_new(object, "note", inspect_json_string(info.note));
	json_object_set_new(object, "problem", inspect_json_string(recording_problem(recording)));
	inspect_json_print(object, shell->out);
}

static int load_run(struct shell *shell, const struct arguments *arguments)
{
	int result = session_load(shell, arguments->words[0]);
	const struct recording *recording;
	char bytes[1024];
	struct text words;

	if (result)
		return result;
	recording = patient_recording(shell->patient);
	if (shell->json) {
		print_json(shell, recording);
		return 0;
	}
	text_init(&words, bytes, sizeof(bytes));
	recording_words(recording, &words);
	fprintf(shell->out, "%s\n", bytes);
	return 0;
}

const struct command command_load = {
	.name = "load",
	.group = GROUP_SHELL,
	.arguments = "FILE",
	.summary = "look at a recording or a dump as if it were alive",
	.details =
		"FILE was made by dump, by trace --to FILE.muktrace, or by a muk that died of a "
		"fatal signal. ps, proc, why, deadlocks, pm, fs, rd, super, inode, trace and all "
		"others that only look show what it has; what is not in the file is said to be "
		"missing. Commands that need the living say so. What is damaged in a file is left "
		"out, and said. attach goes back to a DC.",
	.example = "load demo.mukdump",
	.json = "file, dcid, name, node   what it is of\n"
		"made      when it was begun, seconds since 1970\n"
		"events    how many it has, in how many seconds\n"
		"seconds   from the first to the last\n"
		"lost      how many are known to be missing\n"
		"state     it has a state, for ps and why\n"
		"stacks    how many it has\n"
		"complete  its writer ended it\n"
		"note      why it was made\n"
		"problem   what is wrong with it, or \"\"",
	.words_min = 1,
	.words_max = 1,
	.flags = COMMAND_WITHOUT_DC,
	.complete = complete_host_path,
	.run = load_run,
};
