/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * columns.c - what can be said of a process; each column is declared here, once.
 *
 * ps, the live screen, IS, proc, JSON and their help are made from this table.
 */
#include <inttypes.h>
#include <string.h>

#include "index.h"

/* A column whose value is made by statements that know in, p and value. */
#define GETTER(name, ...)                                                              \
	static void get_##name(const struct inspect *in, const struct dvk_procinfo *p, \
			       struct inspect_value *value)                            \
	{                                                                              \
		(void)in;                                                              \
		__VA_ARGS__                                                            \
	}
#define GET_NUMBER(name, kind, expression) \
	GETTER(name, inspect_value_set_number(value, kind, (int64_t)(expression));)

static void set_endpoint(const struct inspect *in, int endpoint, struct inspect_value *value)
{
	char name[INSPECT_NAME_BYTES];

	if (endpoint == NONE)
		value->kind = INSPECT_NOTHING;
	else
		inspect_value_set_text(value, "%s", inspect_name(in, endpoint, name));
}

/* A number that is unknown when negative. */
static void set_rate(enum inspect_kind kind, int64_t rate, struct inspect_value *value)
{
	inspect_value_set_number(value, rate < 0 ? INSPECT_NOTHING : kind, rate);
}

static void set_flags(void (*words)(uint32_t, struct text *), uint32_t flags,
		      struct inspect_value *value)
{
	struct text t;

	value->kind = INSPECT_WORDS;
	text_init(&t, value->text, sizeof(value->text));
	words(flags, &t);
}

static void set_word(const char bytes[DVK_NAME_BYTES], struct inspect_value *value)
{
	char word[DVK_NAME_BYTES];

	inspect_value_set_text(value, "%s", inspect_word(bytes, word));
}

static const char *level_word(int level)
{
	static const char *const words[] = {
#define WORD(name) #name,
		DVK_LEVELS(WORD)
#undef WORD
	};

	return (unsigned int)level < sizeof(words) / sizeof(words[0]) ? words[level] : "?";
}

static void get_sentence(const struct inspect *in, const struct dvk_procinfo *p,
			 struct inspect_value *value)
{
	struct text t;

	value->kind = INSPECT_TEXT;
	text_init(&t, value->text, sizeof(value->text));
	inspect_sentence(in, p, &t);
}

static void get_call(const struct inspect *in, const struct dvk_procinfo *p,
		     struct inspect_value *value)
{
	struct text t;
	int server = p->rts & DVK_RTS_SENDING ? p->sendto_ep : p->getfrom_ep;

	value->kind = INSPECT_NOTHING;
	if (!p->call || p->call_type <= 0)
		return;
	value->kind = INSPECT_TEXT;
	text_init(&t, value->text, sizeof(value->text));
	inspect_call_name(in, server, p->call_type, &t);
}

static void get_from(const struct inspect *in, const struct dvk_procinfo *p,
		     struct inspect_value *value)
{
	set_endpoint(in, p->rts & DVK_RTS_RECEIVING ? p->getfrom_ep : NONE, value);
}

static void get_to(const struct inspect *in, const struct dvk_procinfo *p,
		   struct inspect_value *value)
{
	set_endpoint(in, p->rts & DVK_RTS_SENDING ? p->sendto_ep : NONE, value);
}

static void get_pending(const struct inspect *in, const struct dvk_procinfo *p,
			struct inspect_value *value)
{
	char name[INSPECT_NAME_BYTES];
	struct text t;

	value->kind = INSPECT_WORDS;
	text_init(&t, value->text, sizeof(value->text));
	for (int i = 0; i < NR_SOURCES; i++) {
		if (!(p->notify_pending[i / 64] >> (i % 64) & 1))
			continue;
		text_add(&t, "%s%s", t.used ? "|" : "", inspect_name(in, i - NR_TASKS, name));
	}
	if (!t.used)
		text_add(&t, "-");
}

static void get_timeout(const struct inspect *in, const struct dvk_procinfo *p,
			struct inspect_value *value)
{
	int64_t left;

	value->kind = INSPECT_NOTHING;
	if (!p->rts || p->deadline_ns <= 0 || p->deadline_ns == INT64_MAX ||
	    __builtin_sub_overflow(p->deadline_ns, in->snapshot->taken_ns, &left))
		return;
	inspect_value_set_number(value, INSPECT_DURATION, left < 0 ? 0 : left);
}

static void get_holder(const struct inspect *in, const struct dvk_procinfo *p,
		       struct inspect_value *value)
{
	const struct dvk_procinfo *holder = inspect_holder(in, p);

	set_endpoint(in, holder ? holder->endpoint : NONE, value);
}

static void get_note(const struct inspect *in, const struct dvk_procinfo *p,
		     struct inspect_value *value)
{
	char note[2 * sizeof(p->sleep_note)];
	struct text t;

	text_init(&t, note, sizeof(note));
	inspect_add_note(in, p, &t);
	inspect_value_set_text(value, "%s", note);
	if (!value->text[0])
		value->kind = INSPECT_NOTHING;
}

GET_NUMBER(nr, INSPECT_NUMBER, p->nr)
GET_NUMBER(ep, INSPECT_NUMBER, p->endpoint)
GET_NUMBER(generation, INSPECT_NUMBER, dvk_endpoint_generation(p->endpoint))
GET_NUMBER(incarnation, INSPECT_NUMBER, p->incarnation)
GET_NUMBER(pid, INSPECT_NUMBER, p->pid)
GET_NUMBER(tid, INSPECT_NUMBER, p->tid)
GET_NUMBER(node, INSPECT_NUMBER, p->node)
GET_NUMBER(queue, INSPECT_NUMBER, p->queue_length)
GET_NUMBER(sent, INSPECT_NUMBER, p->messages_sent)
GET_NUMBER(received, INSPECT_NUMBER, p->messages_received)
GET_NUMBER(copied, INSPECT_BYTES, p->bytes_copied)
GET_NUMBER(taken, INSPECT_BOOLEAN, p->call_taken)
GET_NUMBER(oncpu, INSPECT_BOOLEAN, inspect_runs(p))
GET_NUMBER(torn, INSPECT_BOOLEAN, p->inconsistent)
GET_NUMBER(age, INSPECT_DURATION, inspect_age(in, p))
GETTER(rate, set_rate(INSPECT_NUMBER, inspect_row(in, p)->messages_per_s, value);)
GETTER(byterate, set_rate(INSPECT_BYTES, inspect_row(in, p)->bytes_per_s, value);)
GETTER(place, set_rate(INSPECT_NUMBER, p->queue_place ? p->queue_place : -1, value);)
GETTER(name, set_endpoint(in, p->endpoint, value);)
GETTER(bare, set_word(p->name, value);)
GETTER(muk, set_word(p->muk, value); if (!p->muk[0]) value->kind = INSPECT_NOTHING;)
GETTER(level, inspect_value_set_text(value, "%s", level_word(p->level));)
GETTER(state, set_flags(inspect_rts_words, p->rts, value);)
GETTER(misc, set_flags(inspect_misc_words, p->misc, value);)
GETTER(client, set_endpoint(in, p->request_ep, value);)

#define COLUMN(key, heading, right, shown, summary)                 \
	{                                                           \
		{ #key, heading, right }, summary, shown, get_##key \
	}

const struct inspect_column inspect_columns[] = {
	COLUMN(nr, "NR", 1, 1, "slot number"),
	COLUMN(ep, "EP", 1, 0, "endpoint"),
	COLUMN(name, "NAME", 0, 1, "shortest name that is unique in the DC"),
	COLUMN(pid, "PID", 1, 1, "Linux process"),
	COLUMN(tid, "TID", 1, 0, "Linux thread whose slot it is"),
	COLUMN(level, "LEVEL", 0, 0, "level of its privileges"),
	COLUMN(state, "STATE", 0, 0, "rts flags; none: it runs or can run"),
	COLUMN(age, "AGE", 1, 1,
	       "time since its wait began or, running, since its last transition"),
	COLUMN(queue, "Q", 1, 1, "processes that queue to send to it"),
	COLUMN(sent, "SENT", 1, 1, "messages sent"),
	COLUMN(received, "RECVD", 1, 1, "messages received"),
	COLUMN(copied, "COPIED", 1, 0, "bytes copied by vcopy, as a party"),
	COLUMN(rate, "MSG/S", 1, 0, "messages per second since the last look"),
	COLUMN(byterate, "BYTES/S", 1, 0, "bytes copied per second since the last look"),
	COLUMN(to, "TO", 0, 0, "whom it sends to"),
	COLUMN(from, "FROM", 0, 0, "whom it receives from"),
	COLUMN(call, "CALL", 0, 0, "request whose reply it waits for"),
	COLUMN(taken, "TAKEN", 0, 0, "whether the server has taken that request"),
	COLUMN(place, "PLACE", 1, 0, "place in the queue of whom it sends to, 1 is next"),
	COLUMN(client, "CLIENT", 0, 0, "client of the request that it works on"),
	COLUMN(timeout, "TIMEOUT", 1, 0, "time left until its wait ends"),
	COLUMN(pending, "PENDING", 0, 0, "sources of notifications not yet delivered"),
	COLUMN(oncpu, "CPU", 0, 0, "whether it is the task that its thread runs now"),
	COLUMN(holder, "HOLDER", 0, 0, "other task that its thread runs now"),
	COLUMN(note, "NOTE", 0, 0, "what it waits for outside of the DC"),
	COLUMN(misc, "MISC", 0, 0, "misc flags"),
	COLUMN(muk, "MUK", 0, 0, "MUK that it belongs to"),
	COLUMN(bare, "BARE", 0, 0, "name as it was bound"),
	COLUMN(node, "NODE", 1, 0, "node"),
	COLUMN(generation, "GEN", 1, 0, "generation of its endpoint"),
	COLUMN(incarnation, "INCARN", 1, 0, "number of this bind, never used twice"),
	COLUMN(torn, "TORN", 0, 0, "whether the row changed while it was read"),
	COLUMN(sentence, "DOES", 0, 1, "what it does, in words"),
};
const int inspect_column_count = sizeof(inspect_columns) / sizeof(inspect_columns[0]);
