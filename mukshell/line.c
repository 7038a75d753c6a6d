/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * line.c - editing, history and completion at the prompt: all there is of readline.
 *
 * The history lies in $XDG_STATE_HOME/mukshell/history, or in ~/.local/state. A
 * history that cannot be read or written is no error: the shell works without.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "complete.h"
#include "delays.h"
#include "interrupt.h"
#include "line.h"

#define HISTORY_LINES 2000
#define IDLE_US       500000

static struct shell *reader_shell;
static struct completion_list proposals;
static const char *(*idle_function)(void);

/* ---- history -------------------------------------------------------------- */

static int make_folders(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(path, 0700) && errno != EEXIST)
			return -1;
		*slash = '/';
	}
	return 0;
}

/* Into ret_path, with its folders; 0 when there is no home. */
static int history_path(char *ret_path, size_t size)
{
	const char *state = getenv("XDG_STATE_HOME");
	const char *home = getenv("HOME");
	int used;

	if (state && *state == '/')
		used = snprintf(ret_path, size, "%s/mukshell/history", state);
	else if (home && *home == '/')
		used = snprintf(ret_path, size, "%s/.local/state/mukshell/history", home);
	else
		return 0;
	return used < (int)size && make_folders(ret_path) == 0;
}

static void remember(const char *line)
{
	HIST_ENTRY *last = history_length ? history_get(history_base + history_length - 1) : NULL;

	if (*line && *line != ' ' && (!last || strcmp(last->line, line)))
		add_history(line);
}

/* ---- completion ----------------------------------------------------------- */

/* What parts words gets a backslash, unless it stands in quotes. */
static char *escaped(const char *text)
{
	char *copy = malloc(2 * strlen(text) + 1);
	char *at = copy;

	for (; copy && *text; text++) {
		if (!rl_completion_quote_character && strchr(" \t'\"\\>#", *text))
			*at++ = '\\';
		*at++ = *text;
	}
	if (copy)
		*at = '\0';
	return copy;
}

/*
 * Proposals are whole words; readline replaces only what stands behind the last
 * of its break characters, so that flags=CREAT|W lists WRONLY alone.
 */
static char *next_proposal(const char *text, int state)
{
	static int at;
	size_t known = strlen(text);

	if (!state)
		at = 0;
	if (at >= proposals.count)
		return NULL;
	rl_completion_append_character = proposals.open[at] ? '\0' : ' ';
	if (known > proposals.word_length)
		known = proposals.word_length;
	return escaped(proposals.texts[at++] + proposals.word_length - known);
}

static void show_hint(void)
{
	if (!reader_shell->quiet && proposals.hint[0])
		fprintf(rl_outstream, "\n  %s", proposals.hint);
}

static char **propose(const char *text, int start, int end)
{
	char **matches;

	(void)start;
	rl_attempted_completion_over = 1;
	completion_list_deinit(&proposals);
	complete_line(reader_shell, rl_line_buffer, end, &proposals);
	matches = rl_completion_matches(text, next_proposal);
	if (!matches && proposals.hint[0]) {
		show_hint();
		fputc('\n', rl_outstream);
		rl_on_new_line();
	}
	if (proposals.count > 1)
		rl_completion_append_character = '\0';
	return matches;
}

/* Of a path only what follows its last slash is shown. */
static char *last_part(char *word)
{
	size_t length = strlen(word);

	while (length > 1 && word[length - 1] == '/')
		length--;
	while (length > 0 && word[length - 1] != '/')
		length--;
	return word + length;
}

static void show_proposals(char **matches, int count, int longest)
{
	char **shown = calloc((size_t)count + 2, sizeof(*shown));

	(void)longest;
	if (!shown)
		return;
	longest = 0;
	for (int i = 0; i <= count; i++) {
		shown[i] = i ? last_part(matches[i]) : matches[i];
		if (i && (int)strlen(shown[i]) > longest)
			longest = (int)strlen(shown[i]);
	}
	show_hint();
	rl_display_match_list(shown, count, longest);
	rl_forced_update_display();
	free(shown);
}

/* ---- the line -------------------------------------------------------------- */

/*
 * Ctrl-C leaves the line: a Return ends it, before the keys that came after. It is no
 * rl_done, which is looked at only when the next key was taken.
 */
static int was_left;

static int leave_line(void)
{
	int leaves = interrupt_pending() && !was_left;

	was_left |= leaves;
	return leaves;
}

static int next_key(FILE *stream)
{
	return leave_line() ? '\r' : rl_getc(stream);
}

/* The prompt looks after the MUK now and then, and after a delay in its time. */
static void set_timeout(void)
{
	int64_t now = shell_now_ns(), us = (delays_next(now + IDLE_US * 1000LL) - now) / 1000;

	rl_set_keyboard_input_timeout(us > 0 ? (int)us : 1);
}

static int while_waiting(void)
{
	const char *prompt;

	if (leave_line())
		rl_stuff_char('\r');
	if (was_left)
		return 0;
	prompt = idle_function();
	if (prompt) {
		rl_set_prompt(prompt);
		rl_on_new_line();
		rl_forced_update_display();
	}
	set_timeout();
	return 0;
}

char *reader_line(const char *prompt, const char *(*idle)(void))
{
	char *line;

	interrupt_clear();
	was_left = 0;
	idle_function = idle;
	rl_event_hook = while_waiting;
	set_timeout();
	line = readline(prompt);
	if (interrupt_pending()) {
		interrupt_clear();
		free(line);
		return strdup("");
	}
	if (line)
		remember(line);
	else
		fputc('\n', rl_outstream);
	return line;
}

void reader_start(struct shell *shell)
{
	char path[4096];

	reader_shell = shell;
	rl_readline_name = "mukshell";
	rl_catch_signals = 0;
	rl_getc_function = next_key;
	rl_change_environment = 0; /* LINES and COLUMNS would pin the live screen */
	rl_attempted_completion_function = propose;
	rl_completion_display_matches_hook = show_proposals;
	rl_basic_word_break_characters = " \t\n=|,@";
	rl_completer_word_break_characters = " \t\n=|,@";
	rl_completer_quote_characters = "\"'";
	rl_variable_bind("show-all-if-ambiguous", "on");
	rl_variable_bind("enable-bracketed-paste", "off");
	/* Its pager knows no Ctrl-C. */
	rl_variable_bind("page-completions", "off");
	rl_initialize();
	using_history();
	stifle_history(HISTORY_LINES);
	if (history_path(path, sizeof(path)) && read_history(path))
		history_length = 0;
}

void reader_stop(void)
{
	char path[4096];

	completion_list_deinit(&proposals);
	if (history_path(path, sizeof(path)) && write_history(path) == 0)
		chmod(path, 0600);
}
