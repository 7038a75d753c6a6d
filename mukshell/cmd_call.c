/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_call.c - a call of a server by name, its fields by name, its reply in words.
 */
#include <string.h>

#include <inspect.h>

#include "complete.h"
#include "reply.h"
#include "request.h"
#include "shell.h"
#include "talk.h"

/* "server1/fs.open": the endpoint is server1/fs, the call fs.open. */
static const char *call_part(const char *word)
{
	const char *slash = strrchr(word, '/');

	return slash ? slash + 1 : word;
}

static int find_server(struct shell *shell, const char *word, int *ret_endpoint)
{
	const char *dot = strrchr(word, '.');
	char server[INSPECT_NAME_BYTES];

	snprintf(server, sizeof(server), "%.*s", (int)(dot - word), word);
	return talk_server(shell, server, ret_endpoint);
}

/* Takes timeout= and to= out; the rest goes to the request. */
struct call_aims {
	long timeout_ms;
	const char *to;
	int endpoint; /* that of to, or of the server in the name */
};

static int fill(struct shell *shell, const struct arguments *arguments, struct request *request,
		struct call_aims *ret_aims)
{
	char bytes[2048];
	struct text reason;

	text_init(&reason, bytes, sizeof(bytes));
	for (int i = 1; i < arguments->count; i++) {
		const char *word = arguments->words[i];

		if (!strncmp(word, "timeout=", 8)) {
			if (shell_duration(shell, word + 8, &ret_aims->timeout_ms))
				return EDVSINVAL;
		} else if (!strncmp(word, "to=", 3)) {
			ret_aims->to = word + 3;
		} else if (request_word(request, word, &reason)) {
			return shell_error(shell, 0, "%s", bytes);
		}
	}
	return request_finish(request, &reason) ? shell_error(shell, 0, "%s", bytes) : 0;
}

/* The call as it was typed, for its error. */
static void typed(const struct arguments *arguments, struct text *out)
{
	for (int i = 0; i < arguments->count; i++)
		text_add(out, "%s%s", i ? " " : "", arguments->words[i]);
}

/* *ret_waited_ns: how long no reply came, when that was its end; else 0. */
static int carry_out(struct shell *shell, struct request *request, const struct call_aims *aims,
		     int64_t *ret_waited_ns)
{
	int64_t took, began = shell_now_ns();
	int result = shell_sendrec(shell, aims->endpoint, &request->m, aims->timeout_ms);

	took = shell_now_ns() - began;
	*ret_waited_ns = result == EDVSTIMEDOUT ? took : 0;
	if (!result && request->m.m_type >= 0)
		return reply_show(shell, request, aims->endpoint, took);
	return result ? result : request->m.m_type;
}

static int refuse(struct shell *shell, const struct arguments *arguments, int result,
		  int64_t waited_ns)
{
	char bytes[2048];
	struct text text;

	text_init(&text, bytes, sizeof(bytes));
	typed(arguments, &text);
	if (waited_ns) {
		text_add(&text, ": no reply within ");
		text_add_duration(&text, waited_ns);
	}
	return shell_error(shell, result, "%s", bytes);
}

static int call_run(struct shell *shell, const struct arguments *arguments)
{
	const struct request_names names = { talk_resolve, shell };
	struct call_aims aims = { .timeout_ms = -1 };
	struct request request;
	char bytes[2048];
	struct text reason;
	int64_t waited_ns;
	int result;

	text_init(&reason, bytes, sizeof(bytes));
	if (request_init(&request, call_part(arguments->words[0]), &reason))
		return shell_error(shell, 0, "%s", bytes);
	request.names = &names;
	result = fill(shell, arguments, &request, &aims);
	if (!result)
		result = aims.to ? shell_endpoint(shell, aims.to, &aims.endpoint)
				 : find_server(shell, arguments->words[0], &aims.endpoint);
	if (!result)
		result = shell_slot(shell);
	if (!result) {
		result = carry_out(shell, &request, &aims, &waited_ns);
		if (result)
			refuse(shell, arguments, result, waited_ns);
	}
	request_deinit(&request);
	return result;
}

const struct command command_call = {
	.name = "call",
	.group = GROUP_TALK,
	.arguments = "SERVER.CALL [FIELD=VALUE]... [to=ENDPOINT] [timeout=TIME]",
	.summary = "call a server by name and show its reply in words",
	.details =
		"Fields are typed by the server's protocol: numbers are decimal, 0x or 0; flags\n"
		"and enums go by name, flags joined by |; permission bits are octal; endpoints\n"
		"go by name. What the server reads is a text or @HOSTFILE; what it fills takes\n"
		"its size in bytes and is shown as text, as records or as a dump. A field that\n"
		"has a default may be left out. Tab after SERVER.CALL shows the whole call.\n"
		"Relative paths are the server's matter: it counts from where `cd` went.",
	.example = "call fs.open path=/index.html flags=RDONLY",
	.json = "call      SERVER.CALL\n"
		"endpoint  who answered\n"
		"result    0 or more, as the server returned it\n"
		"took      seconds\n"
		"reply     object: the reply's fields by name\n"
		"FIELD     of each buffer that the server filled: a string, an array of records,\n"
		"          or {\"hex\": \"...\"} when it is no text",
	.words_min = 1,
	.words_max = -1,
	.flags = COMMAND_ACTS,
	.complete = complete_call_words,
	.run = call_run,
};
