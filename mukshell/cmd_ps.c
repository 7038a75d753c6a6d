/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_ps.c - the processes of the DC and what each does.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <dvk/state.h>

#include "command.h"
#include "look.h"

static void complete_columns(struct shell *shell, struct completion *completion)
{
	const char *comma = strrchr(completion->word, ',');
	char word[256];

	(void)shell;
	for (int i = 0; i < inspect_column_count; i++) {
		snprintf(word, sizeof(word), "%.*s%s",
			 comma ? (int)(comma - completion->word) + 1 : 0, completion->word,
			 inspect_columns[i].heading.key);
		completion_add_open(completion, word);
	}
}

static void complete_filter(struct shell *shell, struct completion *completion)
{
	complete_endpoint(shell, completion);
	for (int i = 0; inspect_state_words[i]; i++)
		completion_add(completion, inspect_state_words[i]);
}

static const struct command_option options[] = {
	{ "columns", 'o', "COLUMNS", "which columns: a list with commas, +LIST adds, all",
	  complete_columns },
	{ "sort", 's', "COLUMN", "order by a column; -COLUMN: largest first", complete_columns },
	{ NULL, 0, NULL, NULL, NULL },
};

/* The rows that fit one of the filters, or all. */
static int choose_rows(const struct look *look, const struct arguments *arguments,
		       const struct dvk_procinfo **ret_rows)
{
	int count = 0;

	for (int i = 0; i < look->snapshot->count; i++) {
		const struct dvk_procinfo *p = &look->snapshot->procs[i];
		int fits = !arguments->count;

		for (int j = 0; j < arguments->count && !fits; j++)
			fits = inspect_matches(look->in, p, arguments->words[j]);
		if (fits)
			ret_rows[count++] = p;
	}
	return count;
}

/* A state or a level is a good filter also when nobody is in it. */
static int is_class(const char *word)
{
	for (int i = 0; inspect_state_words[i]; i++)
		if (strcasecmp(word, inspect_state_words[i]) == 0)
			return 1;
#define FLAG(name, bit, meaning)          \
	if (strcasecmp(word, #name) == 0) \
		return 1;
	DVK_RTS_FLAGS(FLAG)
#undef FLAG
#define LEVEL(name)                       \
	if (strcasecmp(word, #name) == 0) \
		return 1;
	DVK_LEVELS(LEVEL)
#undef LEVEL
	return 0;
}

/* A name that nothing has is a slip: says what comes nearest. 0, or the printed error. */
static int check_filter(struct shell *shell, const struct look *look, const char *word)
{
	char bytes[512];
	struct text reason;
	int endpoint;

	if (is_class(word))
		return 0;
	for (int i = 0; i < look->snapshot->count; i++)
		if (inspect_matches(look->in, &look->snapshot->procs[i], word))
			return 0;
	text_init(&reason, bytes, sizeof(bytes));
	if (strpbrk(word, "*?") || !inspect_resolve(look->in, word, &endpoint, &reason))
		return shell_error(shell, 0, "no process fits %s", word);
	return shell_error(shell, 0, "%s", bytes);
}

/* Nothing is shown when no filter fits anything; the error of the last that does not. */
static int check_filters(struct shell *shell, const struct look *look,
			 const struct arguments *arguments, int *ret_failed)
{
	int error = 0;

	*ret_failed = 0;
	for (int i = 0; i < arguments->count; i++) {
		int result = check_filter(shell, look, arguments->words[i]);

		*ret_failed += result != 0;
		error = result ? result : error;
	}
	return error;
}

static int parse_order(struct shell *shell, const char *word, struct inspect_order *ret_order)
{
	ret_order->descending = word[0] == '-';
	ret_order->column = inspect_column_find(word + ret_order->descending);
	if (!ret_order->column)
		return shell_error(shell, 0, "no column is called %s; `help ps` lists them", word);
	return 0;
}

static int make_grid(struct inspect_grid *grid, const struct look *look,
		     const struct inspect_choice *choice, const struct dvk_procinfo **rows)
{
	int error = grid ? inspect_grid_choose(grid, choice) : EDVSNOMEM;

	for (int i = 0; rows[i] && !error; i++)
		error = inspect_grid_process(grid, look->in, choice, rows[i]);
	return error;
}

static int show(struct shell *shell, const struct arguments *arguments, const struct look *look,
		const struct inspect_choice *choice)
{
	const struct dvk_procinfo **rows = calloc((size_t)look->snapshot->count + 1, sizeof(*rows));
	const char *sort = argument_option(arguments, "sort");
	struct inspect_order order;
	struct inspect_grid *grid;
	int error = 0;
	int count;

	if (!rows)
		return shell_error(shell, EDVSNOMEM, "the list of processes");
	count = choose_rows(look, arguments, rows);
	if (sort) {
		error = parse_order(shell, sort, &order);
		if (error)
			goto end;
		error = inspect_sort(look->in, rows, count, &order);
	}
	grid = inspect_grid_create();
	if (!error)
		error = make_grid(grid, look, choice, rows);
	error = look_print(shell, grid, error);
end:
	free(rows);
	return error;
}

static int ps_run(struct shell *shell, const struct arguments *arguments)
{
	struct inspect_choice choice;
	struct look look;
	char bytes[1024];
	struct text reason;
	int error, shown = 0, failed;

	text_init(&reason, bytes, sizeof(bytes));
	if (inspect_choose(argument_option(arguments, "columns"), &choice, &reason))
		return shell_error(shell, 0, "%s", bytes);
	error = look_begin(shell, &look);
	if (error)
		return error;
	look_blame(shell, &look);
	error = check_filters(shell, &look, arguments, &failed);
	if (!failed || failed < arguments->count)
		shown = show(shell, arguments, &look, &choice);
	look_end(&look);
	return error ? error : shown;
}

const struct command command_ps = {
	.name = "ps",
	.group = GROUP_LOOK,
	.arguments = "[FILTER]...",
	.summary = "list the processes and what each does",
	.details =
		"A process is listed when it fits one of the filters: a name (with * and ? as "
		"in a shell), slot, endpoint, pid, MUK or level, or a state: running, ready, "
		"waiting, sending, receiving, idle, sleeping, stopped, held, or a flag's name.\n"
		"Columns: nr ep name pid tid level state age queue sent received copied rate "
		"byterate to from call taken place client timeout pending oncpu holder note misc "
		"muk bare node generation incarnation torn sentence; `-o all` shows all.\n"
		"AGE is how long the process has waited or, when it waits for nobody, since it "
		"last did something in the DC.",
	.example = "ps --sort -sent waiting",
	.json = "an array, one object a process, with the columns as keys; age and timeout in "
		"seconds, state, misc and pending as arrays of words, unknown is "
		"null.\n" LOOK_BLAME_JSON,
	.options = options,
	.words_max = -1,
	.complete = complete_filter,
	.run = ps_run,
};
