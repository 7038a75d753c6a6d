/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * filter_words.c - a filter as the words that mean it, and words that could be next.
 *
 * What inspect_filter_text() says, inspect_filter_parse() understands.
 */
#include <inttypes.h>
#include <string.h>

#include <protocol/protocol.h>

#include "filter_private.h"

/* ---- text ---- */

static void add_error_name(int code, struct text *out)
{
	const char *name = dvk_errname(code);

	if (name)
		text_add(out, "%s", name);
	else
		text_add(out, "%d", code);
}

static void add_slower(int64_t ns, struct text *out)
{
	static const struct {
		const char *unit;
		int64_t ns;
	} units[] = { { "s", 1000000000 }, { "ms", 1000000 }, { "us", 1000 }, { "ns", 1 } };
	int i = 0;

	while (i < 3 && (ns % units[i].ns || !ns))
		i++;
	text_add(out, "slower=%" PRId64 "%s", ns / units[i].ns, units[i].unit);
}

static void add_field(const struct inspect_filter_choice *choice, struct text *out)
{
	text_add(out, "%s%s", choice->field,
		 choice->is_range     ? ":"
		 : choice->is_pattern ? "~"
				      : filter_ops[choice->op]);
	if (choice->kind == INSPECT_BY_TEXT)
		text_add(out, strpbrk(choice->text, ", ") ? "\"%s\"" : "%s", choice->text);
	else
		text_add(out, "%s", choice->text);
}

static void add_call(const struct inspect *in, const struct inspect_filter_choice *choice,
		     struct text *out)
{
	const struct protocol_call *call =
		choice->number ? protocol_call_by_number(choice->protocol, choice->number) : NULL;
	char name[INSPECT_NAME_BYTES];

	if (choice->endpoint != NONE)
		text_add(out, "%s", inspect_name(in, choice->endpoint, name));
	else
		text_add(out, "%s", choice->protocol->name);
	text_add(out, ".%s", call ? call->name : "*");
}

static void add_choice(const struct inspect *in, const struct inspect_filter_choice *choice,
		       struct text *out)
{
	char name[INSPECT_NAME_BYTES];

	switch (choice->kind) {
	case INSPECT_BY_PROCESS:
		text_add(out, "%s", inspect_name(in, choice->endpoint, name));
		return;
	case INSPECT_BY_FROM:
		text_add(out, "from=%s", inspect_name(in, choice->endpoint, name));
		return;
	case INSPECT_BY_TO:
		text_add(out, "to=%s", inspect_name(in, choice->endpoint, name));
		return;
	case INSPECT_BY_CALL:
		add_call(in, choice, out);
		return;
	case INSPECT_BY_KIND:
		text_add(out, "kind=%s", inspect_kind_word(choice->number));
		return;
	case INSPECT_BY_FAILED:
		text_add(out, "failed");
		return;
	case INSPECT_BY_ERROR:
		text_add(out, "error=");
		add_error_name(choice->number, out);
		return;
	case INSPECT_BY_SLOWER:
		add_slower(choice->first, out);
		return;
	case INSPECT_BY_TYPE:
		text_add(out, "type=%" PRId64, choice->first);
		return;
	case INSPECT_BY_NUMBER:
	case INSPECT_BY_TEXT:
		add_field(choice, out);
		return;
	}
}

void inspect_filter_text(const struct inspect *in, const struct inspect_filter *filter,
			 struct text *out)
{
	for (int t = 0; t < filter->term_count; t++) {
		const struct inspect_filter_term *term = &filter->terms[t];

		text_add(out, "%s%s", t ? " " : "", term->is_not ? "not " : "");
		for (int i = term->first; i < term->first + term->count; i++) {
			text_add(out, "%s", i > term->first ? "," : "");
			add_choice(in, &filter->choices[i], out);
		}
	}
}

/* ---- completion ---- */

/* What is proposed goes behind the part of the word that is done: "fs.open,". */
struct proposal {
	const struct inspect *in;
	const char *word;
	const char *last; /* the choice at the cursor, in word */
	inspect_filter_word_fn *add;
	void *context;
};

static void propose(const struct proposal *p, const char *choice, int open)
{
	char word[INSPECT_FILTER_BYTES];

	if (strncmp(choice, p->last, strlen(p->last)) != 0)
		return;
	snprintf(word, sizeof(word), "%.*s%s", (int)(p->last - p->word), p->word, choice);
	p->add(p->context, word, open);
}

static void propose_processes(const struct proposal *p, const char *key)
{
	const struct dvk_snapshot *s = inspect_snapshot(p->in);
	char name[INSPECT_NAME_BYTES], choice[INSPECT_NAME_BYTES + 16];

	for (int i = 0; i < s->count; i++) {
		inspect_name(p->in, s->procs[i].endpoint, name);
		snprintf(choice, sizeof(choice), "%s%s", key, name);
		propose(p, choice, 0);
	}
}

static void propose_calls(const struct proposal *p)
{
	char choice[128];

	for (int i = 0; i < protocol_count; i++) {
		if (protocols[i]->endpoint == NONE)
			continue;
		if (!strchr(p->last, '.')) {
			snprintf(choice, sizeof(choice), "%s.", protocols[i]->name);
			propose(p, choice, 1);
			continue;
		}
		snprintf(choice, sizeof(choice), "%s.*", protocols[i]->name);
		propose(p, choice, 0);
		for (int j = 0; j < protocols[i]->count; j++) {
			snprintf(choice, sizeof(choice), "%s.%s", protocols[i]->name,
				 protocols[i]->calls[j].name);
			propose(p, choice, 0);
		}
	}
}

static void propose_kinds(const struct proposal *p)
{
	char choice[64];

	for (int kind = DVK_EVENT_NONE + 1; kind <= DVK_EVENT_REFUSED; kind++) {
		snprintf(choice, sizeof(choice), "kind=%s", inspect_kind_word(kind));
		propose(p, choice, 0);
	}
}

static void propose_errors(const struct proposal *p)
{
#define ERROR(name, number, meaning) propose(p, "error=" #name, 0);
	DVK_ERRORS(ERROR)
#undef ERROR
}

/* A field of some call, as often as it is found; who adds knows equal words. */
static int propose_fields(void *context, const struct protocol *protocol,
			  const struct protocol_call *call)
{
	const struct proposal *p = context;
	char choice[64];

	(void)protocol;
	for (int i = 0; i < call->request_count + call->reply_count; i++) {
		const struct protocol_field *field =
			i < call->request_count ? &call->request[i]
						: &call->reply[i - call->request_count];

		snprintf(choice, sizeof(choice), "%s=", field->name);
		propose(p, choice, 1);
	}
	return 0;
}

void inspect_filter_complete(const struct inspect *in, const char *word,
			     inspect_filter_word_fn *add, void *context)
{
	static const struct inspect_filter everything;
	const char *comma = strrchr(word, ',');
	struct proposal p = { in, word, comma ? comma + 1 : word, add, context };

	if (strncmp(p.last, "from=", 5) == 0)
		propose_processes(&p, "from=");
	else if (strncmp(p.last, "to=", 3) == 0)
		propose_processes(&p, "to=");
	else if (strncmp(p.last, "kind=", 5) == 0)
		propose_kinds(&p);
	else if (strncmp(p.last, "error=", 6) == 0)
		propose_errors(&p);
	if (strpbrk(p.last, "=~:<>&"))
		return;
	propose_processes(&p, "");
	propose_calls(&p);
	for (const struct filter_key *key = filter_keys; key->key; key++)
		propose(&p, key->key, 1);
	propose(&p, "failed", 0);
	if (!comma)
		propose(&p, "not", 0);
	if (*p.last)
		filter_each_call(&everything, propose_fields, &p);
}
