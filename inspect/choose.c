/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * choose.c - which columns and which processes a person wants to see.
 */
#include <ctype.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "index.h"

const struct inspect_column *inspect_column_find(const char *key)
{
	for (int i = 0; i < inspect_column_count; i++)
		if (strcasecmp(inspect_columns[i].heading.key, key) == 0)
			return &inspect_columns[i];
	for (int i = 0; i < inspect_column_count; i++)
		if (strcasecmp(inspect_columns[i].heading.heading, key) == 0)
			return &inspect_columns[i];
	return NULL;
}

static void choose_defaults(struct inspect_choice *choice)
{
	for (int i = 0; i < inspect_column_count; i++)
		if (inspect_columns[i].is_default)
			choice->columns[choice->count++] = &inspect_columns[i];
}

static int choose_one(const char *key, struct inspect_choice *choice, struct text *ret_reason)
{
	const struct inspect_column *column = inspect_column_find(key);

	if (!column) {
		text_add(ret_reason, "no column is called %s; there are", key);
		for (int i = 0; i < inspect_column_count; i++)
			text_add(ret_reason, " %s", inspect_columns[i].heading.key);
		return EDVSNOENT;
	}
	if (choice->count == INSPECT_CHOSEN_MAX) {
		text_add(ret_reason, "at most %d columns can be shown", INSPECT_CHOSEN_MAX);
		return EDVSRANGE;
	}
	choice->columns[choice->count++] = column;
	return 0;
}

/* What was added to the default columns stands before the last of them, the widest. */
static void move_to_end(struct inspect_choice *choice, int place)
{
	const struct inspect_column *column = choice->columns[place];

	for (int i = place; i < choice->count - 1; i++)
		choice->columns[i] = choice->columns[i + 1];
	choice->columns[choice->count - 1] = column;
}

int inspect_choose(const char *words, struct inspect_choice *ret_choice, struct text *ret_reason)
{
	struct inspect_choice choice = { .count = 0 };
	int defaults = 0;
	char key[32];

	if (!words || !words[0] || words[0] == '+')
		choose_defaults(&choice);
	if (words && words[0] == '+') {
		defaults = choice.count;
		words++;
	}
	if (words && strcasecmp(words, "all") == 0) {
		for (int i = 0; i < inspect_column_count; i++)
			choice.columns[i] = &inspect_columns[i];
		choice.count = inspect_column_count;
		words = NULL;
	}
	while (words && *words) {
		size_t length = strcspn(words, ",");
		int error;

		snprintf(key, sizeof(key), "%.*s", (int)length, words);
		error = choose_one(key, &choice, ret_reason);
		if (error)
			return error;
		words += length + (words[length] == ',');
	}
	if (defaults)
		move_to_end(&choice, defaults - 1);
	*ret_choice = choice;
	return 0;
}

const char *const inspect_state_words[] = {
	"running", "ready",    "waiting", "sending", "receiving",
	"idle",    "sleeping", "stopped", "held",    NULL,
};

/* 1, 0, or -1 when the word is no state. */
static int matches_state(const struct inspect *in, const struct dvk_procinfo *p, const char *word)
{
	int sleeps = !p->rts && p->sleep_note[0];
	int ready = !p->rts && !sleeps && !p->on_cpu && inspect_row(in, p)->shares_thread;
	int idle = p->rts == DVK_RTS_RECEIVING && p->getfrom_ep == ANY;
	const int states[] = {
		!p->rts && !ready && !sleeps,
		ready,
		p->rts && !idle,
		(p->rts & DVK_RTS_SENDING) != 0,
		(p->rts & DVK_RTS_RECEIVING) != 0,
		idle,
		sleeps,
		(p->rts & DVK_RTS_STOPPED) != 0,
		(p->rts & DVK_RTS_HELD) != 0,
	};

	for (size_t i = 0; inspect_state_words[i]; i++)
		if (strcasecmp(word, inspect_state_words[i]) == 0)
			return states[i];
#define FLAG(name, bit, meaning)          \
	if (strcasecmp(word, #name) == 0) \
		return (p->rts & DVK_RTS_##name) != 0;
	DVK_RTS_FLAGS(FLAG)
#undef FLAG
	return -1;
}

static int matches_word(const char bytes[DVK_NAME_BYTES], const char *pattern)
{
	char word[DVK_NAME_BYTES];

	return fnmatch(pattern, inspect_word(bytes, word), FNM_CASEFOLD) == 0;
}

int inspect_matches(const struct inspect *in, const struct dvk_procinfo *p, const char *filter)
{
	char name[INSPECT_NAME_BYTES];
	struct inspect_value level;
	char *end;
	long number;

	if (fnmatch(filter, inspect_name(in, p->endpoint, name), FNM_CASEFOLD) == 0 ||
	    matches_word(p->name, filter) || (p->muk[0] && matches_word(p->muk, filter)))
		return 1;
	number = strtol(filter, &end, 0);
	if (!*end && end != filter)
		return number == p->nr || number == p->endpoint || number == p->pid ||
		       number == p->tid;
	inspect_column_find("level")->get(in, p, &level);
	if (strcasecmp(filter, level.text) == 0)
		return 1;
	return matches_state(in, p, filter) == 1;
}

int inspect_grid_choose(struct inspect_grid *grid, const struct inspect_choice *choice)
{
	for (int i = 0; i < choice->count; i++) {
		int error = inspect_grid_column(grid, &choice->columns[i]->heading);

		if (error)
			return error;
	}
	return 0;
}

int inspect_grid_process(struct inspect_grid *grid, const struct inspect *in,
			 const struct inspect_choice *choice, const struct dvk_procinfo *p)
{
	struct inspect_value value;
	int error = inspect_grid_row(grid);

	for (int i = 0; i < choice->count && !error; i++) {
		inspect_value_set_number(&value, INSPECT_NOTHING, 0);
		choice->columns[i]->get(in, p, &value);
		error = inspect_grid_value(grid, &value);
	}
	return error;
}
