/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sentence.c - what a process does, in words, and since when.
 *
 * The sentence is made from the snapshot alone. What stops a process stands
 * before what it waits for: a stopped one does not go on when its reply comes.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <protocol/protocol.h>

#include "index.h"

/* DESIGN decision 5: longer than this at a stretch is worth a word. */
#define LONG_RUN_NS 100000000

struct flag_word {
	uint32_t flag;
	const char *word;
};

static void add_flags(uint32_t flags, const struct flag_word *words, struct text *out)
{
	const char *bar = "";

	for (; words->word; words++) {
		if (!(flags & words->flag))
			continue;
		text_add(out, "%s%s", bar, words->word);
		bar = "|";
	}
	if (!*bar)
		text_add(out, "-");
}

void inspect_rts_words(uint32_t rts, struct text *out)
{
	static const struct flag_word words[] = {
#define WORD(name, bit, meaning) { DVK_RTS_##name, #name },
		DVK_RTS_FLAGS(WORD)
#undef WORD
			{ 0, NULL },
	};

	add_flags(rts, words, out);
}

void inspect_misc_words(uint32_t misc, struct text *out)
{
	static const struct flag_word words[] = {
#define WORD(name, bit, meaning) { DVK_MISC_##name, #name },
		DVK_MISC_FLAGS(WORD)
#undef WORD
			{ 0, NULL },
	};

	add_flags(misc, words, out);
}

int64_t inspect_age(const struct inspect *in, const struct dvk_procinfo *p)
{
	int64_t since = p->rts && p->wait_since_ns ? p->wait_since_ns : p->entered_ns;
	int64_t age;

	if (since <= 0 || __builtin_sub_overflow(in->snapshot->taken_ns, since, &age))
		return 0;
	return age > 0 ? age : 0;
}

const struct dvk_procinfo *inspect_holder(const struct inspect *in, const struct dvk_procinfo *p)
{
	const struct dvk_procinfo *on_cpu = inspect_row(in, p)->on_cpu;

	return on_cpu == p ? NULL : on_cpu;
}

static void add_age(const struct inspect *in, const struct dvk_procinfo *p, const char *before,
		    struct text *out)
{
	int64_t age = inspect_age(in, p);

	if (!age)
		return;
	text_add(out, "%s", before);
	text_add_duration(out, age);
}

static void add_deadline(const struct inspect *in, const struct dvk_procinfo *p, struct text *out)
{
	int64_t left;

	if (p->deadline_ns == INT64_MAX || p->deadline_ns <= 0 ||
	    __builtin_sub_overflow(p->deadline_ns, in->snapshot->taken_ns, &left) || left < 0)
		return;
	text_add(out, ", times out in ");
	text_add_duration(out, left);
}

static const char *ordinal(int number)
{
	int tens = number / 10 % 10;

	if (tens != 1 && number % 10 == 1)
		return "st";
	if (tens != 1 && number % 10 == 2)
		return "nd";
	return tens != 1 && number % 10 == 3 ? "rd" : "th";
}

/* "gather", "call 77"; nothing for what is no request. */
static void add_call(const struct inspect *in, int server_ep, int type, struct text *out)
{
	const struct protocol_call *call = inspect_call(in, server_ep, type);

	if (call)
		text_add(out, "%s", call->name);
	else
		text_add(out, "call %d", type);
}

static void say_sending(const struct inspect *in, const struct dvk_procinfo *p, struct text *out)
{
	char name[INSPECT_NAME_BYTES];

	text_add(out, "sends to %s", inspect_name(in, p->sendto_ep, name));
	if (p->queue_place > 0)
		text_add(out, ", %d%s in its queue", p->queue_place, ordinal(p->queue_place));
	add_age(in, p, ", for ", out);
	add_deadline(in, p, out);
}

static void say_receiving(const struct inspect *in, const struct dvk_procinfo *p, struct text *out)
{
	char name[INSPECT_NAME_BYTES];

	inspect_name(in, p->getfrom_ep, name);
	if (p->call) {
		text_add(out, "waits ");
		add_age(in, p, "", out);
		text_add(out, "%sfor %s to reply", inspect_age(in, p) ? " " : "", name);
		if (p->call_type > 0) {
			text_add(out, " to ");
			add_call(in, p->getfrom_ep, p->call_type, out);
		}
	} else {
		text_add(out, "receives from %s", name);
		if (p->getfrom_ep != ANY)
			add_age(in, p, ", for ", out);
	}
	add_deadline(in, p, out);
}

/* N of "timer @N", a moment of the monotonic clock in ns, as how far away it is. */
static void add_timer(const struct inspect *in, const char *digits, struct text *out)
{
	int64_t at = strtoll(digits, NULL, 10);
	int64_t left;

	if (__builtin_sub_overflow(at, in->snapshot->taken_ns, &left) || left <= 0) {
		text_add(out, "timer due");
		return;
	}
	text_add(out, "timer in ");
	text_add_duration(out, left);
}

void inspect_add_note(const struct inspect *in, const struct dvk_procinfo *p, struct text *out)
{
	static const char timer[] = "timer @";
	char note[sizeof(p->sleep_note) + 1];
	const char *at = note;

	memcpy(note, p->sleep_note, sizeof(p->sleep_note));
	note[sizeof(note) - 1] = '\0';
	while (*at) {
		if (strncmp(at, timer, sizeof(timer) - 1) == 0) {
			at += sizeof(timer) - 1;
			add_timer(in, at, out);
			at += strspn(at, "0123456789");
		} else {
			text_add(out, "%c", *at >= ' ' && *at < 0x7f ? *at : '?');
			at++;
		}
	}
}

static void say_sleeping(const struct inspect *in, const struct dvk_procinfo *p, struct text *out)
{
	if (strncmp(p->sleep_note, "timer", 5) == 0)
		text_add(out, "sleeps, ");
	else if (strncmp(p->sleep_note, "fd ", 3) == 0)
		text_add(out, "sleeps on ");
	else
		text_add(out, "waits for ");
	inspect_add_note(in, p, out);
}

static void say_running(const struct inspect *in, const struct dvk_procinfo *p, struct text *out)
{
	const struct dvk_procinfo *holder = inspect_holder(in, p);
	int shares = inspect_row(in, p)->shares_thread;
	char name[INSPECT_NAME_BYTES];

	if (p->sleep_note[0]) {
		say_sleeping(in, p, out);
	} else if (p->on_cpu && shares && inspect_age(in, p) >= LONG_RUN_NS) {
		text_add(out, "has kept the processor of its thread");
		add_age(in, p, " for ", out);
	} else if (!p->on_cpu && holder) {
		text_add(out, "ready, waits for the processor that %s keeps",
			 inspect_name(in, holder->endpoint, name));
	} else if (!p->on_cpu && shares) {
		text_add(out, "ready");
	} else {
		text_add(out, "runs");
		add_age(in, p, " for ", out);
	}
}

/* States that only a few flags make; 1 when it was one. */
static int say_rare(const struct inspect *in, const struct dvk_procinfo *p, struct text *out)
{
	static const struct {
		uint32_t flag;
		const char *words;
	} rare[] = {
		{ DVK_RTS_SLOT_FREE, "is gone" },
		{ DVK_RTS_MIGRATING, "migrates to another node" },
		{ DVK_RTS_WAITMIGR, "waits until its peer has migrated" },
		{ DVK_RTS_WAITUNBIND, "waits until another process unbinds" },
		{ DVK_RTS_WAITBIND, "waits until another process binds" },
		{ DVK_RTS_NO_PRIV, "has no privileges yet" },
		{ DVK_RTS_SIGNALED, "is being signaled" },
		{ DVK_RTS_SIG_PENDING, "has a signal pending" },
	};

	for (size_t i = 0; i < sizeof(rare) / sizeof(rare[0]); i++) {
		if (!(p->rts & rare[i].flag))
			continue;
		text_add(out, "%s", rare[i].words);
		add_age(in, p, ", for ", out);
		return 1;
	}
	return 0;
}

void inspect_sentence(const struct inspect *in, const struct dvk_procinfo *p, struct text *out)
{
	if (p->rts & DVK_RTS_STOPPED)
		text_add(out, "stopped by a debugger%s", p->rts & ~DVK_RTS_STOPPED ? ", " : "");
	if (p->rts & DVK_RTS_HELD)
		text_add(out, "held by a debugger%s", p->rts & DVK_RTS_SENDING ? ", " : "");
	if (p->rts & DVK_RTS_ONCOPY)
		text_add(out, "in a copy%s",
			 p->rts & (DVK_RTS_SENDING | DVK_RTS_RECEIVING) ? ", " : "");
	if (p->rts & DVK_RTS_REMOTE)
		text_add(out, "lives on node %d%s", p->node,
			 p->rts & (DVK_RTS_SENDING | DVK_RTS_RECEIVING) ? ", " : "");
	if (say_rare(in, p, out))
		return;
	if (p->rts & DVK_RTS_SENDING)
		say_sending(in, p, out);
	else if (p->rts & DVK_RTS_RECEIVING)
		say_receiving(in, p, out);
	else if (!p->rts)
		say_running(in, p, out);
	else if (!out->used)
		text_add(out, "waits for another node");
	if (p->inconsistent)
		text_add(out, " (changed while it was read)");
}
