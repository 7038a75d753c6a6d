/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * target_filter.c - the filter language: words that nobody meant are refused with a
 * reason, and a filter's own text means what the filter does.
 */
#include <string.h>

#include <dvk/errors.h>
#include <filter.h>
#include <protocol/protocol.h>

#include "input.h"

#define WORDS 24

static struct dvk_snapshot snapshot;
static struct dvk_procinfo procs[4];
static struct inspect *in;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static const struct {
		const char *name;
		int endpoint;
	} rows[] = { { "pm", 0 }, { "fs", 1 }, { "client", 64 }, { "client", 65 } };

	(void)argc;
	(void)argv;
	for (int i = 0; i < 4; i++) {
		procs[i].nr = procs[i].endpoint = rows[i].endpoint;
		strcpy(procs[i].name, rows[i].name);
	}
	snapshot.procs = procs;
	snapshot.count = 4;
	in = inspect_create(&snapshot, NULL);
	MUST(in);
	return 0;
}

/* Each line is a word: it may have blanks. Returns how many. */
static int split(char *text, char *words[WORDS])
{
	int count = 0;

	for (char *word = strtok(text, "\n"); word && count < WORDS; word = strtok(NULL, "\n"))
		words[count++] = word;
	return count;
}

static void take_line(struct input *input, struct inspect_line *line, message m[2])
{
	take_bytes(input, m, 2 * sizeof(*m));
	*line = (struct inspect_line){
		.src_ep = (int)take_number(input),
		.dst_ep = (int)take_below(input, 4),
		.m_type = (int)take_number(input),
		.kind = (int)take_below(input, DVK_EVENT_REFUSED + 2),
		.result = -(int)take_below(input, 400),
		.took_ns = (int64_t)take_number(input),
		.age_ns = (int64_t)take_number(input),
		.bytes = (int64_t)take_number(input),
		.is_open = (int)take(input, 1) % 2,
	};
	line->protocol = inspect_protocol(in, line->dst_ep);
	if (line->protocol)
		line->declared = protocol_call_by_number(line->protocol, line->m_type);
	line->request_m = take(input, 1) % 4 ? &m[0] : NULL;
	line->reply_m = take(input, 1) % 4 ? &m[1] : NULL;
}

static void proposed(void *context, const char *word, int open)
{
	(void)open;
	MUST(strncmp(word, context, strlen(context)) == 0);
}

/* The text of a filter, parsed again, is the same text and fits the same. */
static void read_back(const struct inspect_filter *filter, const struct inspect_line *line)
{
	static struct inspect_filter again;
	char text[8192], second[8192], reason_bytes[1024];
	char *words[WORDS * 2];
	struct text out, reason;
	int count = 0;

	text_init(&out, text, sizeof(text));
	inspect_filter_text(in, filter, &out);
	if (out.used >= sizeof(text) - 1 || strpbrk(text, "\"\\"))
		return;
	memcpy(second, text, sizeof(second));
	for (char *word = strtok(second, " "); word && count < WORDS * 2; word = strtok(NULL, " "))
		words[count++] = word;
	text_init(&reason, reason_bytes, sizeof(reason_bytes));
	if (inspect_filter_parse(in, words, count, &again, &reason))
		return;
	MUST(inspect_filter_fits(filter, line) == inspect_filter_fits(&again, line));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct inspect_filter filter;
	struct input input = { data, size };
	struct dvk_hold rules[8];
	char reason_bytes[1024];
	struct inspect_line line;
	struct text reason;
	char *words[WORDS];
	message m[2];
	char *text;
	int count, result;

	/* The words end at the first NUL; what is left is the line that they choose or not. */
	text = take_text(&input);
	input.left = 0;
	if (strlen(text) < size)
		input = (struct input){ data + strlen(text) + 1, size - strlen(text) - 1 };
	take_line(&input, &line, m);
	inspect_filter_complete(in, text, proposed, text);
	count = split(text, words);
	text_init(&reason, reason_bytes, sizeof(reason_bytes));
	result = inspect_filter_parse(in, words, count, &filter, &reason);
	MUST(result == 0 || (result < 0 && reason.used > 0));
	if (result == 0) {
		inspect_filter_fits(&filter, &line);
		inspect_filter_needs_fields(&filter);
		result = inspect_filter_hold(&filter, 0, rules, 8, &reason);
		MUST(result > 0 ? result <= 8 : reason.used > 0);
		for (int i = 0; i < result; i++)
			MUST(rules[i].test_count <= DVK_HOLD_TESTS && rules[i].kinds);
		read_back(&filter, &line);
	}
	free(text);
	return 0;
}
