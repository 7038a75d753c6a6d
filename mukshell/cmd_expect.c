/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_expect.c - what the last command said is as a script expects it, or it ends.
 */
#include <stdlib.h>
#include <string.h>

#include "result.h"

struct expectation {
	const char *op, *word;
	int is_bad; /* op is none */
	char *seen; /* the last value that did not fit, as JSON */
};

static int fits(void *context, json_t *value)
{
	struct expectation *expectation = context;
	int result = result_compare(value, expectation->op, expectation->word);

	expectation->is_bad = result < 0;
	if (result)
		return 1;
	free(expectation->seen);
	expectation->seen = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
	return 0;
}

/* The script ends with the status that says: its own, and not a command's failure. */
static int fail(struct shell *shell, int result)
{
	if (!shell->interactive && shell->status < SHELL_USAGE)
		shell->status = SHELL_USAGE;
	return result;
}

static int expect_run(struct shell *shell, const struct arguments *arguments)
{
	char **words = arguments->words;
	struct expectation expectation = { .op = words[1], .word = words[2] };
	json_t *last = json_incref(shell->result);
	char *whole = NULL;
	int result = 0;

	if (!last)
		return fail(shell, shell_error(shell, 0, "no command has run before"));
	if (!result_find(last, words[0], fits, &expectation)) {
		if (!expectation.seen)
			whole = json_dumps(last, JSON_ENCODE_ANY | JSON_COMPACT);
		if (expectation.seen)
			result = shell_error(shell, 0, "%s is %s, and %s %s was expected", words[0],
					     expectation.seen, words[1], words[2]);
		else
			result = shell_error(shell, 0, "there is no %s in %.200s%s", words[0],
					     whole ? whole : "it",
					     json_object_get(last, "ok") ? " (--json shows more)"
									 : "");
	} else if (expectation.is_bad) {
		result = shell_error(shell, 0, "'%s' is none of = != < <= > >= ~", words[1]);
	}
	free(whole);
	free(expectation.seen);
	json_decref(last);
	return result ? fail(shell, result) : 0;
}

const struct command command_expect = {
	.name = "expect",
	.group = GROUP_SHELL,
	.arguments = "FIELD OP VALUE",
	.summary = "end the script unless the last command's JSON is so",
	.details =
		"OP is = != < <= > >= (numbers as numbers, else texts) or ~ (a pattern with * and "
		"?). FIELD is keys and places joined by dots: 0.name, held.count, rules.-1.hits; "
		"the key of an array is that of any of its members, so that after `ps --json` "
		"`expect name = fs` says that there is one.\n"
		"A command that ran with --json is asked about what it printed (a stream about the "
		"array of its lines), one without about {\"ok\":true}. One that failed is asked "
		"about error, code and command: `-cat /x`, then `expect code = EDVSNOENT`.\n"
		"What is not as expected gives the exit status 3, as every error of a script does; "
		"1 is left for a command that failed.",
	.example = "-expect 0.name = fs",
	.words_min = 3,
	.words_max = 3,
	.flags = COMMAND_WITHOUT_DC | COMMAND_KEEPS,
	.run = expect_run,
};
