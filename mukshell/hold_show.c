/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hold_show.c - rules and held messages in words and as JSON.
 */
#include <stdlib.h>
#include <string.h>

#include <inspect.h>
#include <json.h>

#include "hold_words.h"
#include "look.h"
#include "session.h"

#define HOLD_LOOK_MS 5 /* between two looks at what is held */

const char *hold_kind_word(int kind)
{
	static const char *const words[] = { "",
#define WORD(name, word) word,
					     DVK_HELD_KINDS(WORD)
#undef WORD
	};

	return kind > 0 && kind < (int)(sizeof(words) / sizeof(words[0])) ? words[kind] : "?";
}

static const char *name_of(const struct inspect *in, int endpoint, char name[INSPECT_NAME_BYTES])
{
	return endpoint == ANY ? "any" : inspect_name(in, endpoint, name);
}

static void message_words(const struct inspect *in, const struct dvk_held *held, struct text *out)
{
	if (held->kind == DVK_HELD_NOTIFY)
		inspect_decode_notification(in, &held->m, out);
	else if (held->kind == DVK_HELD_REPLY)
		text_add(out, "type=%d", held->m.m_type);
	else
		inspect_decode_request(in, held->dst_ep, &held->m, out);
}

static json_t *rule_json(const struct inspect *in, const struct dvk_hold *rule)
{
	char name[INSPECT_NAME_BYTES], bytes[256];
	json_t *object = json_object();
	struct text words;

	text_init(&words, bytes, sizeof(bytes));
	hold_rule_words(in, rule, &words);
	json_object_set_new(object, "rule", json_integer(rule->id));
	json_object_set_new(object, "owner",
			    inspect_json_string(name_of(in, rule->owner_ep, name)));
	json_object_set_new(object, "source", inspect_json_string(name_of(in, rule->src_ep, name)));
	json_object_set_new(object, "destination",
			    inspect_json_string(name_of(in, rule->dst_ep, name)));
	json_object_set_new(object, "words", inspect_json_string(bytes));
	json_object_set_new(object, "hits", json_integer((json_int_t)rule->hits));
	return object;
}

static json_t *held_json(const struct inspect *in, const struct dvk_held *held)
{
	char name[INSPECT_NAME_BYTES], bytes[512];
	json_t *object = json_object();
	struct text words;

	text_init(&words, bytes, sizeof(bytes));
	message_words(in, held, &words);
	json_object_set_new(object, "id", json_integer((json_int_t)held->id));
	json_object_set_new(object, "rule", json_integer(held->hold_id));
	json_object_set_new(object, "kind", json_string(hold_kind_word(held->kind)));
	json_object_set_new(object, "source", inspect_json_string(name_of(in, held->src_ep, name)));
	json_object_set_new(object, "destination",
			    inspect_json_string(name_of(in, held->dst_ep, name)));
	json_object_set_new(object, "type", json_integer(held->m.m_type));
	json_object_set_new(object, "age", json_real((double)(shell_now_ns() - held->since) / 1e9));
	json_object_set_new(object, "words", inspect_json_string(bytes));
	return object;
}

struct listing {
	struct dvk_hold holds[DVK_HOLDS];
	struct dvk_held held[DVK_HELD];
	int hold_count, held_count;
};

static void print_json(struct shell *shell, const struct inspect *in, const struct listing *list)
{
	json_t *object = json_object(), *rules = json_array(), *held = json_array();

	for (int i = 0; i < list->hold_count; i++)
		json_array_append_new(rules, rule_json(in, &list->holds[i]));
	for (int i = 0; i < list->held_count; i++)
		json_array_append_new(held, held_json(in, &list->held[i]));
	json_object_set_new(object, "rules", rules);
	json_object_set_new(object, "held", held);
	inspect_json_print(object, shell->out);
}

static void print_held(const struct inspect *in, const struct dvk_held *held, FILE *out)
{
	char from[INSPECT_NAME_BYTES], to[INSPECT_NAME_BYTES], bytes[512];
	struct text words;

	text_init(&words, bytes, sizeof(bytes));
	message_words(in, held, &words);
	fprintf(out, "%5llu  %-6s  %s -> %s  %s  %.1f s\n", (unsigned long long)held->id,
		hold_kind_word(held->kind), name_of(in, held->src_ep, from),
		name_of(in, held->dst_ep, to), bytes, (double)(shell_now_ns() - held->since) / 1e9);
}

static void print_text(struct shell *shell, const struct inspect *in, const struct listing *list)
{
	char from[INSPECT_NAME_BYTES], to[INSPECT_NAME_BYTES], owner[INSPECT_NAME_BYTES];
	char bytes[512];
	struct text words;

	if (!list->hold_count)
		fprintf(shell->out, "no rules\n");
	for (int i = 0; i < list->hold_count; i++) {
		const struct dvk_hold *rule = &list->holds[i];

		text_init(&words, bytes, sizeof(bytes));
		hold_rule_words(in, rule, &words);
		fprintf(shell->out, "rule %u  %s -> %s  %s  (%s, %llu held so far)\n", rule->id,
			name_of(in, rule->src_ep, from), name_of(in, rule->dst_ep, to), bytes,
			name_of(in, rule->owner_ep, owner), (unsigned long long)rule->hits);
	}
	for (int i = 0; i < list->held_count; i++)
		print_held(in, &list->held[i], shell->out);
}

int hold_list(struct shell *shell)
{
	struct listing *list = calloc(1, sizeof(*list));
	struct dvk_snapshot *snapshot = NULL;
	struct inspect *in = NULL;
	int result = list ? shell_slot(shell) : shell_error(shell, EDVSNOMEM, "hold");

	if (!result)
		result = shell_snapshot(shell, &snapshot);
	if (result)
		goto out;
	list->hold_count = dvk_holds(list->holds, DVK_HOLDS);
	list->held_count = list->hold_count < 0 ? list->hold_count : dvk_held(list->held, DVK_HELD);
	in = inspect_create(snapshot, NULL);
	if (list->held_count < 0 || !in)
		result = shell_error(shell, in ? list->held_count : EDVSNOMEM,
				     "what is held cannot be read");
	else if (shell->json)
		print_json(shell, in, list);
	else
		print_text(shell, in, list);
	inspect_destroy(in);
	dvk_snapshot_free(snapshot);
out:
	free(list);
	return result;
}

/* ---- as they come ---- */

/* The program's own: what it has shown of what is held. */
static uint64_t shown;

static int show_new(struct shell *shell, const struct dvk_held *held, int count)
{
	struct look look;
	int new = 0;

	for (int i = 0; i < count; i++)
		new += held[i].id > shown &&held[i].kind != DVK_HELD_COPY;
	if (!new || look_begin(shell, &look))
		return 0;
	for (int i = 0; i < count; i++)
		if (held[i].id > shown && held[i].kind != DVK_HELD_COPY) {
			if (shell->at_prompt)
				fputc('\n', shell->out);
			if (shell->json)
				inspect_json_print(held_json(look.in, &held[i]), shell->out);
			else
				print_held(look.in, &held[i], shell->out);
		}
	for (int i = 0; i < count; i++)
		shown = held[i].id > shown ? held[i].id : shown;
	look_end(&look);
	return new;
}

void hold_show(struct shell *shell, const struct dvk_held *held)
{
	struct look look;

	if (look_begin(shell, &look))
		return;
	if (shell->json)
		inspect_json_print(held_json(look.in, held), shell->out);
	else
		print_held(look.in, held, shell->out);
	look_end(&look);
}

int hold_tell(struct shell *shell)
{
	struct dvk_held *held = shell->own_ep == NONE ? NULL : calloc(DVK_HELD, sizeof(*held));
	int count = held ? dvk_held(held, DVK_HELD) : 0;
	int new = show_new(shell, held, count);

	free(held);
	return new;
}

int hold_wait(struct shell *shell, long ms)
{
	int64_t end = ms < 0 ? INT64_MAX : shell_now_ns() + ms * 1000000LL;
	int result = shell_slot(shell);

	if (result)
		return result;
	while (!hold_tell(shell)) {
		if (shell_now_ns() >= end)
			return shell_error(shell, EDVSTIMEDOUT, "nothing was held");
		if (shell_sleep(shell, HOLD_LOOK_MS))
			return EDVSINTR;
	}
	return 0;
}

void hold_done(struct shell *shell, const struct dvk_held *held, const char *done)
{
	if (shell->json)
		fprintf(shell->out, "{\"id\":%llu,\"done\":\"%s\"}\n", (unsigned long long)held->id,
			done);
	else
		shell_note(shell, "%s %llu: %s", hold_kind_word(held->kind),
			   (unsigned long long)held->id, done);
}

static int act_on_all(struct shell *shell, int (*act)(uint64_t id), const char *done)
{
	struct dvk_held *held = calloc(DVK_HELD, sizeof(*held));
	int count = held ? shell_slot(shell) : EDVSNOMEM, failed = 0, acted = 0;

	if (!count)
		count = dvk_held(held, DVK_HELD);
	for (int i = 0; i < count; i++) {
		int rc = held[i].kind == DVK_HELD_COPY ? EDVSNOMSG : act(held[i].id);

		/* It may have ended meanwhile. */
		failed = rc && rc != EDVSNOMSG ? rc : failed;
		acted += !rc;
	}
	free(held);
	if (count < 0 || failed)
		return shell_error(shell, count < 0 ? count : failed, "all");
	if (shell->json)
		fprintf(shell->out, "{\"id\":null,\"done\":\"%s\",\"count\":%d}\n", done, acted);
	else
		shell_note(shell, "%d %s", acted, done);
	return 0;
}

int hold_act(struct shell *shell, const struct arguments *arguments, int (*act)(uint64_t id),
	     const char *done)
{
	struct dvk_held held;
	int result;

	if (strcmp(arguments->words[0], "all") == 0)
		return act_on_all(shell, act, done);
	result = hold_find(shell, arguments->words[0], &held);
	if (result)
		return result;
	result = act(held.id);
	if (result)
		return shell_error(shell, result, "%s", arguments->words[0]);
	hold_done(shell, &held, done);
	return 0;
}
