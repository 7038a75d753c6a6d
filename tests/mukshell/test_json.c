/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_json.c - every command's example works on a live MUK, and with --json it
 * prints JSON alone, of the keys that its help documents.
 *
 * The commands come from the shell's own table: a new one is tested by being there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#include <inspect.h>
#include <jansson.h>

#include "../live/live.h"
#include "command.h"

#define IMAGE_MIB 8

/* What other lines than the example show better, and whose keys are the user's own. */
static const struct special {
	const char *name;
	const char *line; /* instead of the example, or NULL */
	int any_keys;     /* they are another command's, or names of settings */
} specials[] = {
	{ "dump", "dump build/json.mukdump", 0 }, /* which load then shows */
	{ "load", "load build/json.mukdump", 0 },  { "export", "export chrome /dev/null", 0 },
	{ "get", "get /index.html /dev/null", 0 }, /* - prints the file itself */
	{ "put", "put /dev/null /empty", 0 },      { "set", "set", 1 },
	{ "source", "source /dev/null", 1 },       { "watch", NULL, 1 },
};

static const struct special *special_of(const struct command *command)
{
	for (size_t i = 0; i < sizeof(specials) / sizeof(specials[0]); i++)
		if (!strcmp(specials[i].name, command->name))
			return &specials[i];
	return NULL;
}

/* 1 when the text has it as a word. */
static int has_word(const char *text, const char *word)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz_";
	size_t length = strlen(word);

	for (const char *at = text; (at = strstr(at, word)); at++)
		if ((at == text || !strchr(letters, at[-1])) &&
		    (!at[length] || !strchr(letters, at[length])))
			return 1;
	return 0;
}

/* By its own text, the columns of `ps`, or the text of the command that it names in ``. */
static int documents(const struct command *command, const char *key)
{
	char name[32];
	const char *quote;
	int matches;

	if (!command || !command->json)
		return 0;
	if (has_word(command->json, key))
		return 1;
	if (strstr(command->json, "columns") || strstr(command->json, "ps -o all"))
		return inspect_column_find(key) != NULL;
	quote = strchr(command->json, '`');
	if (!quote || sscanf(quote, "`%31[a-z]`", name) != 1 || !strcmp(name, command->name))
		return 0;
	return documents(command_find(name, 0, &matches), key);
}

static void check_keys(const struct command *command, json_t *value)
{
	static const char *const errors[] = { "error code command script line", "ok" };
	const char *key;
	json_t *member;
	size_t i;

	json_array_foreach(value, i, member) check_keys(command, member);
	json_object_foreach(value, key, member)
	{
		if (json_object_get(value, "error") && has_word(errors[0], key))
			continue;
		if (!command->json && !strcmp(key, errors[1]))
			continue;
		if (!documents(command, key))
			fail_msg("`help %s` does not document \"%s\"", command->name, key);
	}
}

/* An example that begins with - may fail; then that is told as JSON. */
static void check_value(const struct command *command, json_t *value)
{
	const struct special *special = special_of(command);
	json_t *error = json_object_get(value, "error");

	if (error && command->example[0] != '-')
		fail_msg("`%s` fails: %s", command->example, json_string_value(error));
	if (!special || !special->any_keys)
		check_keys(command, value);
}

static FILE *start(const struct live *live, const char *line, struct live_shell *ret_shell)
{
	const char *arguments[] = { "--json", "-c", line, NULL };
	FILE *out;

	assert_int_equal(live_shell_start(live, LIVE_PIPES, arguments, ret_shell), 0);
	out = fdopen(ret_shell->out, "r");
	assert_non_null(out);
	return out;
}

static void check_command(const struct live *live, const struct command *command)
{
	const struct special *special = special_of(command);
	const char *line = special && special->line ? special->line : command->example;
	struct live_shell shell;
	json_error_t problem;
	int status, count = 0;
	json_t *value;
	FILE *out;

	print_message("%s\n", line);
	out = start(live, line, &shell);
	while ((value = json_loadf(out, JSON_DISABLE_EOF_CHECK | JSON_DECODE_ANY, &problem))) {
		check_value(command, value);
		json_decref(value);
		count++;
	}
	if (json_error_code(&problem) != json_error_premature_end_of_input)
		fail_msg("`%s` prints what is no JSON: %s", line, problem.text);
	fclose(out);
	shell.out = -1;
	status = live_shell_end(&shell, false);
	assert_true(WIFEXITED(status) && (WEXITSTATUS(status) == 0 || line[0] == '-'));
	if (!(command->flags & COMMAND_STREAM) && (!special || !special->any_keys))
		assert_int_equal(count, 1);
}

static void test_every_command(void **state)
{
	const struct live *live = *state;

	for (int i = 0; i < command_count; i++) {
		assert_non_null(commands[i]->example);
		check_command(live, commands[i]);
	}
}

static int set_up(void **state)
{
	static struct live live;
	struct live_shell shell;
	FILE *out;
	int result = live_make(&live, live_runtimes[0], IMAGE_MIB);

	*state = &live;
	if (result || live_start(&live) < 0)
		return -1;
	out = start(&live, "put samples/site/index.html /index.html", &shell);
	while (fgetc(out) != EOF)
		; /* it says what it has put, and must not find the pipe closed */
	fclose(out);
	shell.out = -1;
	return live_shell_end(&shell, false);
}

static int tear_down(void **state)
{
	int result = live_stop(*state);

	live_remove(*state);
	return result;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_command),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
