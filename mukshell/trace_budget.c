/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace_budget.c - a trace that is forgotten does not fill a disk or keep a MUK busy.
 */
#include <stdlib.h>
#include <string.h>

#include "trace_command.h"

/* A number with K, M or G behind it; the rate may end in /s. */
static int parse(struct trace *trace, const char *word, long long *ret_number)
{
	static const long long range[2] = { 1, 1LL << 50 };
	static const char units[] = "KMG";
	char bytes[32];
	size_t length = strlen(word);
	const char *unit = NULL;
	long long factor = 1;
	int error;

	if (length > 2 && strcmp(word + length - 2, "/s") == 0)
		length -= 2;
	if (length > 1)
		unit = strchr(units, word[length - 1] & ~32);
	if (unit && *unit) {
		factor = 1LL << (10 * (unit - units + 1));
		length--;
	}
	snprintf(bytes, sizeof(bytes), "%.*s", (int)length, word);
	error = shell_number(trace->shell, bytes, range, ret_number);
	if (!error && __builtin_mul_overflow(*ret_number, factor, ret_number))
		error = shell_error(trace->shell, EDVSRANGE, "%s is too much", word);
	return error;
}

int trace_read_budget(struct trace *trace, const struct arguments *arguments)
{
	const struct {
		const char *option;
		long long *place;
		long long normally;
	} budget[] = {
		{ "events", &trace->events_max, TRACE_EVENTS },
		{ "rate", &trace->rate_max, TRACE_RATE },
		{ "size", &trace->size_max, TRACE_SIZE },
	};
	int error = 0;

	for (int i = 0; i < 3 && !error; i++) {
		const char *value = argument_option(arguments, budget[i].option);

		*budget[i].place = budget[i].normally;
		if (value)
			error = parse(trace, value, budget[i].place);
	}
	return error;
}

int trace_spend(struct trace *trace, size_t bytes)
{
	int64_t now = trace_now();

	if (trace->ended)
		return 1;
	trace->events++;
	trace->size_max -= (long long)bytes;
	if (now - trace->second_ns >= 1000000000) {
		trace->second_ns = now;
		trace->second_lines = 0;
	}
	trace->second_lines++;
	if (trace->size_max < 0)
		trace->ended = "size";
	else if (trace->second_lines > trace->rate_max)
		trace->ended = "rate";
	else if (trace->events >= trace->events_max)
		trace->ended = "events";
	return trace->ended != NULL;
}

void trace_say_ended(struct trace *trace)
{
	if (!trace->ended)
		return;
	if (trace->shell->json)
		fprintf(trace->out, "{\"ended\":\"%s\",\"lines\":%lld}\n", trace->ended,
			trace->lines);
	else
		fprintf(trace->out, "... ended after %lld lines: its budget is used up (--%s)\n",
			trace->lines, trace->ended);
	shell_note(trace->shell,
		   "the trace ended by itself: its budget is used up (--%s gives more)",
		   trace->ended);
}
