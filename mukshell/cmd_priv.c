/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_priv.c - what a process may do.
 */
#include <string.h>

#include <dvk/manage.h>
#include <inspect.h>
#include <json.h>

#include "shell.h"
#include "command.h"

static const char *const calls[] = {
#define WORD(name, word) word,
	DVK_CALLS(WORD)
#undef WORD
};
static const char *const levels[] = {
#define WORD(name) #name,
	DVK_LEVELS(WORD)
#undef WORD
};
#define CALL_COUNT (int)(sizeof(calls) / sizeof(calls[0]))

static int has_slot(const uint64_t *set, int nr)
{
	int bit = nr + NR_TASKS;

	return set[bit / 64] >> (bit % 64) & 1;
}

/* How many of the table's slots are in the set. */
static int count_slots(const struct dvk_dcinfo *dc, const uint64_t *set)
{
	int count = 0;

	for (int nr = -NR_TASKS; nr < dc->nr_procs; nr++)
		count += has_slot(set, nr);
	return count;
}

/* Those processes that are in the set, as names. */
static json_t *names_json(const struct dvk_snapshot *s, const struct inspect *in,
			  const uint64_t *set)
{
	json_t *array = json_array();
	char name[INSPECT_NAME_BYTES];

	for (int i = 0; i < s->count; i++)
		if (has_slot(set, s->procs[i].nr))
			json_array_append_new(array, inspect_json_string(inspect_name(
							     in, s->procs[i].endpoint, name)));
	return array;
}

static void print_json(struct shell *shell, const struct dvk_snapshot *s, const struct inspect *in,
		       const struct dvk_priv *priv)
{
	json_t *object = json_object(), *allowed = json_array();

	for (int i = 0; i < CALL_COUNT; i++)
		if (priv->calls >> i & 1)
			json_array_append_new(allowed, json_string(calls[i]));
	json_object_set_new(object, "level", json_string(levels[priv->level]));
	json_object_set_new(object, "calls", allowed);
	json_object_set_new(object, "targets", names_json(s, in, priv->targets));
	json_object_set_new(object, "sources", names_json(s, in, priv->sources));
	inspect_json_print(object, shell->out);
}

static void print_set(struct shell *shell, const struct dvk_snapshot *s, const struct inspect *in,
		      const uint64_t *set)
{
	int slots = s->dc.nr_tasks + s->dc.nr_procs, count = count_slots(&s->dc, set);
	char name[INSPECT_NAME_BYTES];

	if (count == slots) {
		fprintf(shell->out, "all\n");
		return;
	}
	fprintf(shell->out, "%d of %d slots:", count, slots);
	for (int i = 0; i < s->count; i++)
		if (has_slot(set, s->procs[i].nr))
			fprintf(shell->out, " %s", inspect_name(in, s->procs[i].endpoint, name));
	fprintf(shell->out, "\n");
}

static void print_text(struct shell *shell, const struct dvk_snapshot *s, const struct inspect *in,
		       const struct dvk_priv *priv)
{
	int missing = 0;

	fprintf(shell->out, "level    %s\ncalls   ", levels[priv->level]);
	for (int i = 0; i < CALL_COUNT; i++)
		missing += !(priv->calls >> i & 1);
	for (int i = 0; i < CALL_COUNT && missing; i++)
		if (priv->calls >> i & 1)
			fprintf(shell->out, " %s", calls[i]);
	fprintf(shell->out, "%s\ntargets  ", missing ? "" : " all");
	print_set(shell, s, in, priv->targets);
	fprintf(shell->out, "sources  ");
	print_set(shell, s, in, priv->sources);
}

/* "call=-send" takes one away, "call=+send" gives it; "level=SERVER". */
static int change(struct shell *shell, const char *word, struct dvk_priv *priv)
{
	for (int i = 0; i <= DVK_LEVEL_SYSTEM && strncmp(word, "level=", 6) == 0; i++)
		if (strcasecmp(word + 6, levels[i]) == 0) {
			priv->level = i;
			return 0;
		}
	for (int i = 0; i < CALL_COUNT && strncmp(word, "call=", 5) == 0; i++)
		if (strchr("+-", word[5]) && strcasecmp(word + 6, calls[i]) == 0) {
			priv->calls = (priv->calls & ~(1u << i)) | (word[5] == '+' ? 1u << i : 0);
			return 0;
		}
	return shell_error(shell, 0, "'%s' is no change: level=USER, call=-send, call=+send", word);
}

static int show(struct shell *shell, const struct dvk_priv *priv)
{
	struct dvk_snapshot *snapshot;
	struct inspect *in;
	int result = shell_snapshot(shell, &snapshot);

	if (result)
		return result;
	in = inspect_create(snapshot, NULL);
	if (!in)
		result = shell_error(shell, EDVSNOMEM, "rights");
	else if (shell->json)
		print_json(shell, snapshot, in, priv);
	else
		print_text(shell, snapshot, in, priv);
	inspect_destroy(in);
	dvk_snapshot_free(snapshot);
	return result;
}

static int priv_run(struct shell *shell, const struct arguments *arguments)
{
	struct dvk_priv priv;
	int endpoint, result = shell_endpoint(shell, arguments->words[0], &endpoint);

	if (!result)
		result = shell_slot(shell);
	if (result)
		return result;
	result = dvk_getpriv(endpoint, &priv);
	if (result)
		return shell_error(shell, result, "%s", arguments->words[0]);
	for (int i = 1; i < arguments->count && !result; i++)
		result = change(shell, arguments->words[i], &priv);
	if (result)
		return result;
	if (arguments->count > 1)
		result = dvk_setpriv(endpoint, &priv);
	return result ? shell_error(shell, result, "%s", arguments->words[0]) : show(shell, &priv);
}

const struct command command_priv = {
	.name = "priv",
	.group = GROUP_LOOK,
	.arguments = "ENDPOINT [level=LEVEL] [call=-CALL]...",
	.summary = "show what a process may do, or change it",
	.details = "targets are those that it may send to, sources those that may send to it. "
		   "call=-send takes a call away, call=+send gives it back, level is USER, SERVER, "
		   "TASK or SYSTEM.",
	.example = "priv fs",
	.json = "one object:\n"
		"level    USER to PROXY\n"
		"calls    array of those that it may make\n"
		"targets  array of processes that it may send to\n"
		"sources  array of processes that may send to it",
	.words_min = 1,
	.words_max = -1,
	.flags = COMMAND_ACTS,
	.complete = complete_endpoint,
	.run = priv_run,
};
