/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * target_shell.c - a line as somebody types it, up to where its command would run.
 *
 * Words, options, the fields of calls and of raw messages, durations, and what
 * completion proposes at each blank, without a DC. What is quoted comes back.
 */
#include <string.h>
#include <unistd.h>

#include <inspect.h>

#include "arguments.h"
#include "complete.h"
#include "input.h"
#include "raw.h"
#include "request.h"
#include "session.h"
#include "words.h"

#define COMPLETIONS 8 /* of one line */

static struct shell shell;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	session_init(&shell);
	/* Names of files in a line are looked up here, where there are few. */
	MUST(chdir(fuzz_folder()) == 0);
	fuzz_write("a_file", "text", 4);
	return 0;
}

static int resolve(void *context, const char *word, int *ret_endpoint, struct text *reason)
{
	(void)context;
	if (strcmp(word, "fs") != 0) {
		text_add(reason, "there is no %s", word);
		return EDVSNOENT;
	}
	*ret_endpoint = FS_PROC_NR;
	return 0;
}

/* Devices and pipes of the machine may have no end: they are not what is tested. */
static int names_the_machine(const char *text)
{
	return strchr(text, '/') && strchr(text, '@');
}

static void quote(const char *word)
{
	char *quoted = word_quote(word), *text = NULL;
	const char *problem;
	struct line line;

	MUST(quoted && asprintf(&text, "x %s", quoted) > 0);
	MUST(line_init(&line, text, &problem) == 0);
	MUST(line.count == 2 && strcmp(line.words[1], word) == 0);
	line_deinit(&line);
	free(text);
	free(quoted);
}

static void call(char **words, int count)
{
	static const struct request_names names = { .endpoint = resolve };
	char bytes[1024];
	struct text reason;
	struct request request;
	int i, error = 0, checked;

	text_init(&reason, bytes, sizeof(bytes));
	if (!count || request_init(&request, words[0], &reason) != 0)
		return;
	request.names = &names;
	for (i = 1; i < count && !error; i++)
		error = request_word(&request, words[i], &reason);
	if (!error)
		error = request_finish(&request, &reason);
	MUST(!error || reason.used);
	checked = error ? 0 : protocol_check_request(request.call, request.m.payload);
	/* An empty path may be sent: the server says what it thinks of it. */
	MUST(checked == 0 || checked == EDVSNOENT);
	request_deinit(&request);
}

static void message_by_hand(char **words, int count)
{
	char bytes[1024];
	struct text reason;
	struct raw raw;
	int error = 0;

	text_init(&reason, bytes, sizeof(bytes));
	raw_init(&raw);
	for (int i = 1; i < count && !error; i++)
		error = raw_word(&raw, words[i], &reason);
	MUST(!error || reason.used);
	raw_deinit(&raw);
}

static void command_of(struct line *line)
{
	struct arguments_problem problem = { "" };
	char *words[COMMAND_WORDS];
	struct arguments arguments = { .words = words };
	int matches, error;

	arguments.command = command_find(line->words[0], 1, &matches);
	if (!arguments.command)
		return;
	error = arguments_parse(&arguments, line->words + 1, line->count - 1, &problem);
	MUST(!error || problem.text[0]);
	if (error)
		return;
	if (strcmp(arguments.command->name, "call") == 0)
		call(arguments.words, arguments.count);
	else
		message_by_hand(arguments.words, arguments.count);
}

static void complete_at(const char *text, int point)
{
	struct completion_list list = { 0 };

	complete_line(&shell, text, point, &list);
	MUST(strnlen(list.hint, sizeof(list.hint)) < sizeof(list.hint));
	for (int i = 0; i < list.count; i++)
		MUST(list.texts[i]);
	completion_list_deinit(&list);
}

static void complete(const char *text)
{
	int length = (int)strlen(text), done = 0;

	complete_at(text, length);
	for (int i = 0; i < length && done < COMPLETIONS; i++)
		if (text[i] == ' ' || text[i] == '=') {
			complete_at(text, i + 1);
			done++;
		}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	char *text = take_text(&in);
	const char *problem = NULL;
	struct line line;
	int64_t ns;

	if (!names_the_machine(text)) {
		if (line_init(&line, text, &problem) == 0) {
			for (int i = 0; i < line.count; i++)
				quote(line.words[i]);
			for (int i = 0; i < line.count; i++)
				if (inspect_parse_duration(line.words[i], &ns) == 0)
					MUST(ns >= 0);
			if (line.count)
				command_of(&line);
		} else {
			MUST(problem && *problem);
		}
		line_deinit(&line);
		complete(text);
	}
	free(text);
	return 0;
}
