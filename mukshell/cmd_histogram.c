/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_histogram.c - how the times of calls are spread, a line for each doubling.
 */
#include <stdlib.h>
#include <string.h>

#include <json.h>
#include <spread.h>

#include "trace_command.h"

#define BAR 50 /* letters of the longest */

static const char *const parts[] = { "took", "queue", "service", "others", NULL };

struct histogram {
	int part; /* of the time, a place in parts */
	struct spread spread;
};

static void complete_part(struct shell *shell, struct completion *completion)
{
	(void)shell;
	for (int i = 0; parts[i]; i++)
		completion_add(completion, parts[i]);
}

static const struct command_option options[] = {
	{ "of", 0, "PART", "took (the default), queue, service or others", complete_part },
	TRACE_SOURCE_OPTIONS,
	{ NULL, 0, NULL, NULL, NULL },
};

static void count(void *context, const struct inspect_line *line)
{
	struct histogram *histogram = context;
	const int64_t times[] = { line->took_ns, line->queue_ns, line->service_ns,
				  line->others_ns };

	if (line->kind == DVK_EVENT_CALL && !line->is_open)
		spread_add(&histogram->spread, times[histogram->part]);
}

/* The buckets of one doubling, first and the one after the last. */
static uint64_t count_octave(const struct spread *spread, int first, int end)
{
	uint64_t total = 0;

	for (int i = first; i < end; i++)
		total += spread->buckets[i];
	return total;
}

static void print_bar(FILE *out, const int64_t range[2], uint64_t count, uint64_t most)
{
	char bytes[2][32];
	struct text text;

	for (int i = 0; i < 2; i++) {
		text_init(&text, bytes[i], sizeof(bytes[i]));
		text_add_duration(&text, range[i]);
	}
	fprintf(out, "%8s .. %-8s %8llu ", bytes[0], bytes[1], (unsigned long long)count);
	for (uint64_t i = 0; i < (count * BAR + most - 1) / most; i++)
		fputc('#', out);
	fputc('\n', out);
}

static void add_row(json_t *array, const int64_t range[2], uint64_t count)
{
	json_t *object = json_object();

	json_object_set_new(object, "from", json_real((double)range[0] / 1e9));
	json_object_set_new(object, "to", json_real((double)range[1] / 1e9));
	json_object_set_new(object, "calls", json_integer((json_int_t)count));
	json_array_append_new(array, object);
}

/* From the first doubling that has any to the last. */
static void print_all(struct shell *shell, const struct spread *spread)
{
	json_t *array = shell->json ? json_array() : NULL;
	uint64_t most = 1, left = spread->count;

	for (int i = 0; i < SPREAD_BUCKETS; i += SPREAD_PARTS) {
		uint64_t count = count_octave(spread, i, i + SPREAD_PARTS);

		most = count > most ? count : most;
	}
	for (int i = 0; i < SPREAD_BUCKETS && left; i += SPREAD_PARTS) {
		int64_t range[2] = { spread_bucket_ns(i),
				     i + SPREAD_PARTS < SPREAD_BUCKETS
					     ? spread_bucket_ns(i + SPREAD_PARTS)
					     : INT64_MAX };
		uint64_t count = count_octave(spread, i, i + SPREAD_PARTS);

		if (!count && left == spread->count)
			continue;
		if (array)
			add_row(array, range, count);
		else
			print_bar(shell->out, range, count, most);
		left -= count;
	}
	if (array)
		inspect_json_print(array, shell->out);
}

static void print_percentiles(struct shell *shell, const struct spread *spread)
{
	static const struct {
		const char *name;
		int per_mille;
	} points[] = { { "median", 500 }, { "p90", 900 }, { "p99", 990 } };
	char bytes[256];
	struct text text;

	text_init(&text, bytes, sizeof(bytes));
	text_add(&text, "%llu calls, min ", (unsigned long long)spread->count);
	text_add_duration(&text, spread->min_ns);
	for (int i = 0; i < 3; i++) {
		text_add(&text, ", %s ", points[i].name);
		text_add_duration(&text, spread_at(spread, points[i].per_mille));
	}
	text_add(&text, ", max ");
	text_add_duration(&text, spread->max_ns);
	fprintf(shell->out, "%s\n", bytes);
}

static int read_part(struct shell *shell, const char *word, int *ret_part)
{
	for (int i = 0; parts[i]; i++) {
		if (!word || strcmp(word, parts[i]) == 0) {
			*ret_part = i;
			return 0;
		}
	}
	return shell_error(shell, 0, "--of takes took, queue, service or others, not '%s'", word);
}

static int histogram_run(struct shell *shell, const struct arguments *arguments)
{
	struct trace *trace = calloc(1, sizeof(*trace));
	struct histogram *histogram = calloc(1, sizeof(*histogram));
	struct trace_collector collector = { count, histogram };
	int error = trace && histogram ? 0 : shell_error(shell, EDVSNOMEM, "a histogram");

	if (!error)
		error = read_part(shell, argument_option(arguments, "of"), &histogram->part);
	if (!error)
		error = trace_collect(trace, shell, arguments, &collector);
	if (!error)
		print_all(shell, &histogram->spread);
	if (!error && !histogram->spread.count)
		shell_note(shell, "no call that is over fits");
	else if (!error && !shell->json)
		print_percentiles(shell, &histogram->spread);
	if (trace)
		trace_end(trace);
	free(trace);
	free(histogram);
	return error;
}

const struct command command_histogram = {
	.name = "histogram",
	.group = GROUP_WATCH,
	.arguments = "[FILTER]...",
	.summary = "show how the times of calls are spread",
	.details = "One line for each doubling of the time: FROM .. TO, how many calls, a bar; the "
		   "percentiles of all below (within 3 %).\n" TRACE_SOURCE_DETAILS
		   "\n" TRACE_FILTER_DETAILS,
	.example = "histogram fs.open",
	.json = "an array, one object a line of it:\n"
		"from, to  seconds\n"
		"calls     how many took so long",
	.options = options,
	.words_max = -1,
	.complete = complete_filter,
	.run = histogram_run,
};
