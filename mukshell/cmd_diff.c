/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_diff.c - two recordings compared; past a threshold it fails, for builds.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <diff.h>
#include <filter.h>
#include <recording.h>

#include "command.h"
#include "look.h"

#define RECORDS_AT_ONCE 256

static const struct command_option options[] = {
	{ "threshold", 't', "PERCENT", "fail when something changed by more than this", NULL },
	{ NULL, 0, NULL, NULL, NULL },
};

/* A recording while it is read. */
struct reading {
	struct shell *shell;
	struct patient *patient;
	struct dvk_snapshot *snapshot;
	struct inspect *in;
	struct inspect_tracer *tracer;
	struct inspect_filter filter;
	struct summary *summary; /* stays */
};

static void count(void *context, const struct inspect_line *line)
{
	summary_add(((struct reading *)context)->summary, line);
}

static void remember(void *context, int endpoint, const char *name)
{
	inspect_tracer_remember(((struct reading *)context)->tracer, endpoint, name);
}

static int open_file(struct reading *r, const char *path)
{
	struct recording *recording;
	char bytes[512];
	struct text reason;

	text_init(&reason, bytes, sizeof(bytes));
	if (recording_open(path, &recording, &reason))
		return shell_error(r->shell, 0, "%s: %s", path, bytes);
	r->patient = patient_of_recording(recording);
	if (!r->patient)
		return shell_error(r->shell, EDVSNOMEM, "%s", path);
	if (recording_problem(recording)[0])
		shell_note(r->shell, "%s: %s", path, recording_problem(recording));
	if (patient_snapshot(r->patient, &r->snapshot))
		return shell_error(r->shell, 0, "%s has no state to take names from", path);
	r->in = inspect_create(r->snapshot, NULL);
	r->tracer = inspect_tracer_create(0, count, r);
	r->summary = summary_create(SUMMARY_BY_CALL);
	if (!r->in || !r->tracer || !r->summary)
		return shell_error(r->shell, EDVSNOMEM, "%s", path);
	inspect_tracer_bare(r->tracer);
	inspect_tracer_names(r->tracer, r->in);
	recording_names(recording, remember, r);
	return 0;
}

static int parse_filter(struct reading *r, const struct arguments *arguments)
{
	char bytes[2048];
	struct text reason;

	text_init(&reason, bytes, sizeof(bytes));
	if (inspect_filter_parse(r->in, arguments->words + 2, arguments->count - 2, &r->filter,
				 &reason))
		return shell_error(r->shell, 0, "%s", bytes);
	inspect_tracer_filter(r->tracer, &r->filter);
	return 0;
}

static int feed(struct reading *r)
{
	struct dvk_record *records = malloc(RECORDS_AT_ONCE * sizeof(*records));
	uint64_t sequence = 1, lost;
	int got;

	if (!records)
		return shell_error(r->shell, EDVSNOMEM, "records");
	do {
		got = patient_records(r->patient, &sequence, records, RECORDS_AT_ONCE, &lost);
		for (int i = 0; i < got; i++)
			inspect_tracer_feed(r->tracer, &records[i].event, &records[i].m);
	} while (got > 0 && !shell_interrupted(r->shell));
	inspect_tracer_overdue(r->tracer, INT64_MAX);
	free(records);
	return 0;
}

static void end_reading(struct reading *r)
{
	inspect_tracer_destroy(r->tracer);
	inspect_destroy(r->in);
	dvk_snapshot_free(r->snapshot);
	patient_close(r->patient);
	free(r);
}

/* Both as they were: the summary, and the side with its names. */
static int load(struct shell *shell, const struct arguments *arguments, int which,
		struct diff_side *ret_side)
{
	struct reading *r = calloc(1, sizeof(*r));
	int error;

	if (!r)
		return shell_error(shell, EDVSNOMEM, "a recording");
	r->shell = shell;
	error = open_file(r, arguments->words[which]);
	if (!error)
		error = parse_filter(r, arguments);
	if (!error)
		error = feed(r);
	if (!error && diff_side_init(ret_side, r->summary, r->tracer))
		error = shell_error(shell, EDVSNOMEM, "a recording");
	if (error)
		summary_destroy(r->summary);
	end_reading(r);
	return error;
}

static int read_threshold(struct shell *shell, const char *word, double *ret_threshold)
{
	char *end;

	*ret_threshold = INFINITY;
	if (!word)
		return 0;
	*ret_threshold = strtod(word, &end);
	if (end != word && (!*end || strcmp(end, "%") == 0) && *ret_threshold >= 0 &&
	    isfinite(*ret_threshold))
		return 0;
	return shell_error(shell, 0, "--threshold takes a number of per cent, not '%s'", word);
}

static int show(struct shell *shell, const struct diff_side sides[2], double threshold)
{
	struct inspect_grid *grid = NULL;
	struct diff_row *rows = NULL;
	int rows_count = diff_rows(&sides[0], &sides[1], threshold, &rows);
	int error = rows_count < 0 ? rows_count : diff_grid(rows, rows_count, &grid);
	int past = 0;

	error = look_print(shell, grid, error);
	for (int i = 0; i < rows_count; i++)
		past += rows[i].is_past;
	free(rows);
	if (!error && isfinite(threshold) && past)
		return shell_error(shell, 0, "%d %s past the threshold of %g %%", past,
				   past == 1 ? "call is" : "calls are", threshold);
	return error;
}

static int diff_run(struct shell *shell, const struct arguments *arguments)
{
	struct diff_side sides[2] = { { NULL, NULL }, { NULL, NULL } };
	double threshold;
	int error = read_threshold(shell, argument_option(arguments, "threshold"), &threshold);

	for (int i = 0; i < 2 && !error; i++)
		error = load(shell, arguments, i, &sides[i]);
	if (!error)
		error = show(shell, sides, threshold);
	for (int i = 0; i < 2; i++) {
		if (!sides[i].names)
			continue;
		diff_side_deinit(&sides[i]);
		summary_destroy((struct summary *)sides[i].summary);
	}
	return error;
}

const struct command command_diff = {
	.name = "diff",
	.group = GROUP_WATCH,
	.arguments = "FILE FILE [FILTER]...",
	.summary = "compare the calls of two recordings",
	.details =
		"A row for each call of either: CHANGE is new, gone, changed or same; how many "
		"there "
		"were, how many FAILED, their median and 99th percentile, and NOW the same of the "
		"second file. With --threshold PERCENT those past it come first, PAST says by "
		"what, "
		"and the command fails (exit status 1) when there is one: a call that is new or "
		"gone, "
		"more or fewer calls, more failures (or calls without a reply) for each call, a "
		"longer "
		"median (of at least 5 calls) or 99th percentile (of at least 100). The filter is "
		"that "
		"of `help trace`; it leaves calls out on both sides.",
	.example = "-diff before.muktrace after.muktrace --threshold 20 fs.*",
	.json = "an array, one object a call:\n"
		"name      \"fs.open\"\n"
		"change    new, gone, changed or same\n"
		"calls_before, calls_after, failed_before, failed_after   how many, or null\n"
		"median_before, median_after, p99_before, p99_after   seconds, or null\n"
		"past      what is past the threshold: \"calls,p99\", or \"\"",
	.options = options,
	.words_min = 2,
	.words_max = -1,
	.flags = COMMAND_WITHOUT_DC,
	.complete = complete_host_path,
	.run = diff_run,
};
