/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * top_act.c - commands of the shell upon the marked processes, or the chosen one.
 *
 * They are the shell's own commands, with what they may do and say; what they print,
 * on standard error too, is caught, for the screen is not theirs.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "command.h"
#include "top.h"

#define WORDS_MAX 4

struct top_act {
	int key;
	const char *words[WORDS_MAX]; /* NULL: the process, or the held message */
	int word_count;
	int is_of_held; /* upon the line of HOLDS that is chosen */
	int needs_yes;
};

static const struct top_act acts[] = {
	{ .key = 'w', .words = { "why", NULL }, .word_count = 2 },
	{ .key = 'X', .words = { "stop", NULL }, .word_count = 2, .needs_yes = 1 },
	{ .key = 'C', .words = { "cont", NULL }, .word_count = 2, .needs_yes = 1 },
	{ .key = 'L',
	  .words = { "release", NULL },
	  .word_count = 2,
	  .is_of_held = 1,
	  .needs_yes = 1 },
	{ .key = 'D', .words = { "drop", NULL }, .word_count = 2, .is_of_held = 1, .needs_yes = 1 },
};
#define ACTS ((int)(sizeof(acts) / sizeof(acts[0])))

/* Standard error goes to a file without a name meanwhile. */
struct caught {
	int fd;     /* of that file */
	int before; /* what standard error was */
};

static int catch_errors(struct caught *caught)
{
	fflush(stderr);
	caught->fd = memfd_create("errors", MFD_CLOEXEC);
	if (caught->fd < 0)
		return EDVSNOMEM;
	caught->before = dup(STDERR_FILENO);
	if (caught->before >= 0 && dup2(caught->fd, STDERR_FILENO) >= 0)
		return 0;
	if (caught->before >= 0)
		close(caught->before);
	close(caught->fd);
	return EDVSNOMEM;
}

static void give_errors(struct caught *caught, FILE *out)
{
	char bytes[1024];
	ssize_t n;

	fflush(stderr);
	dup2(caught->before, STDERR_FILENO);
	close(caught->before);
	lseek(caught->fd, 0, SEEK_SET);
	while ((n = read(caught->fd, bytes, sizeof(bytes))) > 0)
		fwrite(bytes, 1, (size_t)n, out);
	close(caught->fd);
}

int top_run_command(struct top *top, char **words, FILE *out)
{
	struct shell *shell = top->shell;
	struct shell before = *shell;
	struct caught caught;
	int count = 0, result;

	while (words[count])
		count++;
	if (catch_errors(&caught))
		return shell_error(shell, EDVSNOMEM, "%s", words[0]);
	shell->out = out;
	shell->terminal = 0;
	result = shell_run_words(shell, words, count);
	fflush(out);
	give_errors(&caught, out);
	shell->out = before.out;
	shell->terminal = before.terminal;
	shell->status = before.status; /* it was told here, not to who started the shell */
	return result;
}

/* The number of the held message in the chosen line; 0: it is of none. */
static unsigned long long chosen_held(const struct top *top)
{
	if (top->view != &top_views[TOP_HOLDS] || top_row(top) >= top->count)
		return 0;
	return strtoull(top->lines[top_row(top)], NULL, 10);
}

static void run_upon(struct top *top, const char *target, FILE *out)
{
	char *words[WORDS_MAX + 1] = { NULL };
	char copies[WORDS_MAX][INSPECT_NAME_BYTES];

	for (int i = 0; i < top->act->word_count; i++) {
		const char *word = top->act->words[i] ? top->act->words[i] : target;

		snprintf(copies[i], sizeof(copies[i]), "%s", word);
		words[i] = copies[i];
	}
	(void)top_run_command(top, words, out); /* what it says is shown */
}

static void run_upon_all(struct top *top, FILE *out)
{
	char target[INSPECT_NAME_BYTES];

	if (top->act->is_of_held) {
		snprintf(target, sizeof(target), "%llu", chosen_held(top));
		run_upon(top, target, out);
		return;
	}
	for (int i = 0; i < (top->mark_count ? top->mark_count : 1); i++) {
		snprintf(target, sizeof(target), "%d",
			 top->mark_count ? top->marks[i] : top->chosen_ep);
		run_upon(top, target, out);
	}
}

void top_act_now(struct top *top)
{
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	top->mode = TOP_TABLE;
	if (!out)
		return;
	run_upon_all(top, out);
	fclose(out);
	if (text && bytes) {
		top_show_text(top, text);
		return;
	}
	snprintf(top->message, sizeof(top->message), "%s: done", top->act->words[0]);
	free(text);
}

void top_ask_sure(const struct top *top, struct text *out)
{
	char name[INSPECT_NAME_BYTES];

	text_add(out, "%s", top->act->words[0]);
	if (top->act->is_of_held)
		text_add(out, " %llu", chosen_held(top));
	else if (!top->mark_count)
		text_add(out, " %s", inspect_name(top->in, top->chosen_ep, name));
	for (int i = 0; i < top->mark_count && !top->act->is_of_held; i++)
		text_add(out, " %s", inspect_name(top->in, top->marks[i], name));
	text_add(out, "? y does it, any other key does not");
}

int top_act(struct top *top, int key)
{
	for (int i = 0; i < ACTS; i++) {
		if (acts[i].key != key || acts[i].is_of_held != (chosen_held(top) != 0))
			continue;
		top->act = &acts[i];
		if (acts[i].needs_yes)
			top->mode = TOP_SURE;
		else
			top_act_now(top);
		return 1;
	}
	return 0;
}
