/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_filter.c - the filter language: what fits, what is refused and why, what it
 * is as rules of the DC, and what Tab proposes.
 */
#include "state.h"

#include <filter.h>
#include <protocol/fs.h>
#include <protocol/protocol.h>

#define PM     0
#define FS     1
#define RDISK  3
#define CLIENT USER(1, 64)
#define OTHER  USER(1, 65)

static const struct state_process rows[] = {
	{ .name = "pm", .endpoint = PM },        { .name = "fs", .endpoint = FS },
	{ .name = "rdisk", .endpoint = RDISK },  { .name = "client", .endpoint = CLIENT },
	{ .name = "client", .endpoint = OTHER }, { .name = NULL },
};

static struct dvk_snapshot *snapshot;
static struct inspect *in;

static int set_up(void **state)
{
	(void)state;
	snapshot = state_make(rows);
	in = inspect_create(snapshot, NULL);
	return in ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	inspect_destroy(in);
	state_free(snapshot);
	return 0;
}

/* Lines that filters choose from, each with a letter. */
static const struct {
	char letter;
	int kind, src, dst, m_type;
	int result;
	int64_t took_us; /* -1: open */
	const char *path;
	uint64_t bytes; /* of the reply */
} lines[] = {
	{ 'a', DVK_EVENT_CALL, CLIENT, FS, 5, 0, 20, "/etc/motd", 0 },
	{ 'b', DVK_EVENT_CALL, OTHER, FS, 5, EDVSNOENT, 5, "/etc/x", 0 },
	{ 'c', DVK_EVENT_CALL, CLIENT, FS, 3, 0, 3000, NULL, 8192 },
	{ 'd', DVK_EVENT_CALL, FS, RDISK, 0x403, 0, 2000, NULL, 100 },
	{ 'e', DVK_EVENT_CALL, CLIENT, PM, 20, EDVSPERM, 2, NULL, 0 },
	{ 'f', DVK_EVENT_NOTIFY, PM, FS, NOTIFY_MESSAGE, 0, -1, NULL, 0 },
	{ 'g', DVK_EVENT_EXIT, CLIENT, NONE, 0, 0, -1, NULL, 0 },
	{ 'h', DVK_EVENT_CALL, CLIENT, FS, 5, 0, -1,
	  "/a/path/longer/than/what/a/message/has/room/for", 0 },
};

static void make_line(int i, struct inspect_line *line, message m[2])
{
	int is_call = lines[i].kind == DVK_EVENT_CALL;

	memset(m, 0, 2 * sizeof(*m));
	*line = (struct inspect_line){
		.took_ns = lines[i].took_us < 0 ? -1 : lines[i].took_us * 1000,
		.age_ns = lines[i].took_us < 0 ? 700000000 : lines[i].took_us * 1000,
		.bytes = -1,
		.src_ep = lines[i].src,
		.dst_ep = lines[i].dst,
		.m_type = lines[i].m_type,
		.kind = lines[i].kind,
		.result = lines[i].result,
		.is_open = is_call && lines[i].took_us < 0,
		.protocol = inspect_protocol(in, lines[i].dst),
	};
	if (!is_call)
		line->age_ns = -1;
	if (!is_call)
		return;
	line->declared = protocol_call_by_number(line->protocol, lines[i].m_type);
	line->request_m = &m[0];
	m[0].m_type = lines[i].m_type;
	if (lines[i].path)
		protocol_put_path((struct protocol_path *)m[0].payload, lines[i].path);
	if (line->is_open)
		return;
	line->reply_m = &m[1];
	m[1].m_type = lines[i].result;
	memcpy(m[1].payload, &lines[i].bytes, sizeof(lines[i].bytes));
}

#define WORDS 6
static int count_words(const char *const words[WORDS])
{
	int count = 0;

	while (count < WORDS && words[count])
		count++;
	return count;
}

static const struct {
	const char *words[WORDS];
	const char *fits;
	const char *text; /* the effective filter; NULL: the words as they are */
} choices[] = {
	{ { NULL }, "abcdefgh", "" },
	{ { "any" }, "abcdefgh", "" },
	{ { "fs" }, "abcdfh", NULL },
	{ { "pm" }, "ef", NULL },
	{ { "client.64" }, "acegh", NULL },
	{ { "fs.open" }, "abh", NULL },
	{ { "fs.op" }, "abh", "fs.open" },
	{ { "fs.*" }, "abch", NULL },
	{ { "fs.open,fs.read" }, "abch", NULL },
	{ { "fs.open", "pm.*" }, "abeh", "fs.open,pm.*" },
	{ { "from=client.65" }, "b", NULL },
	{ { "from=client.65,fs" }, "bd", "from=client.65,from=fs" },
	{ { "to=rdisk" }, "d", NULL },
	{ { "fs", "rdisk" }, "d", NULL },
	{ { "kind=notify,exit" }, "fg", "kind=notify,kind=exit" },
	{ { "failed" }, "be", NULL },
	{ { "failed", "fs" }, "b", NULL },
	{ { "error=EDVSNOENT" }, "b", NULL },
	{ { "error=enoent,EPERM" }, "be", "error=EDVSNOENT,error=EDVSPERM" },
	{ { "error=-1" }, "e", "error=EDVSPERM" },
	{ { "slower=2ms" }, "cdh", NULL },
	{ { "slower=2ms", "to=fs" }, "ch", NULL },
	{ { "not", "fs" }, "eg", "not fs" },
	{ { "not fs", "not failed" }, "g", NULL },
	{ { "not", "failed", "pm" }, "f", "not failed pm" },
	{ { "path=/etc/motd" }, "a", NULL },
	{ { "path!=/etc/motd" }, "bh", NULL },
	{ { "path~\"/etc/*\"" }, "ab", "path~/etc/*" },
	{ { "path~*x" }, "b", NULL },
	{ { "path~/a/path/*" }, "h", NULL },
	{ { "path~/a/*/for" }, "", NULL },
	{ { "fs.read", "bytes:4096.." }, "c", NULL },
	{ { "bytes:..4K" }, "d", NULL },
	{ { "bytes=100" }, "d", NULL },
	{ { "bytes>=100" }, "cd", NULL },
	{ { "flags=RDONLY", "fs.open" }, "abh", NULL },
	{ { "m1_i1=0", "pm.*" }, "e", NULL },
	{ { "type=20" }, "e", NULL },
	{ { "fs.read,failed" }, "bce", NULL },
};

static void lines_are_chosen(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(choices) / sizeof(choices[0]); i++) {
		struct inspect_filter filter;
		char bytes[512], want[512] = "", fits[16] = "";
		const char *const *words = choices[i].words;
		struct text text;

		text_init(&text, bytes, sizeof(bytes));
		if (inspect_filter_parse(in, (char *const *)words, count_words(words), &filter,
					 &text))
			fail_msg("%s: %s", words[0], bytes);
		text_init(&text, bytes, sizeof(bytes));
		inspect_filter_text(in, &filter, &text);
		for (int w = 0; !choices[i].text && w < count_words(words); w++)
			strcat(strcat(want, w ? " " : ""), words[w]);
		assert_string_equal(bytes, choices[i].text ? choices[i].text : want);
		for (size_t l = 0; l < sizeof(lines) / sizeof(lines[0]); l++) {
			char letter[2] = { lines[l].letter, '\0' };
			struct inspect_line line;
			message m[2];

			make_line((int)l, &line, m);
			if (inspect_filter_fits(&filter, &line))
				strcat(fits, letter);
		}
		if (strcmp(fits, choices[i].fits) != 0)
			fail_msg("%s: fits %s, not %s", bytes, fits, choices[i].fits);
	}
}

static const struct {
	const char *words[WORDS];
	int want;
	const char *reason; /* its beginning */
} refusals[] = {
	{ { "fs.opne" }, EDVSNOENT, "fs has no call opne; did you mean open?" },
	{ { "fs.f" }, EDVSRANGE, "fs has several calls that begin with f" },
	{ { "fx.open" }, EDVSNOENT, "no server is called fx; did you mean fs?" },
	{ { "open" }, EDVSNOENT, "no process is called open, but calls: rdisk.open fs.open" },
	{ { "rdiks" }, EDVSNOENT, "no process is called rdiks; did you mean rdisk?" },
	{ { "client" }, EDVSRANGE, "client could be client.64, client.65" },
	{ { "from=nobody" }, EDVSNOENT, "no process is called nobody" },
	{ { "error=EDVSNOETN" },
	  EDVSNOENT,
	  "'EDVSNOETN' is no error: a name as EDVSNOENT, or its "
	  "number; did you mean EDVSNOENT?" },
	{ { "kind=cal" }, EDVSNOENT, "'cal' is no kind: send call" },
	{ { "slower=fast" }, EDVSINVAL, "'fast' is no time" },
	{ { "type=x" }, EDVSINVAL, "'x' is no message type" },
	{ { "fs.open", "pth=/x" },
	  EDVSNOENT,
	  "no field is called 'pth' there: fs.open has path flags mode fd; did you mean path?" },
	{ { "form=fs" }, EDVSNOENT, "no field is called 'form' there" },
	{ { "fs.open", "flags=WRNOLY" },
	  EDVSINVAL,
	  "flags cannot be 'WRNOLY': a number or RDONLY" },
	{ { "fs.open", "fd~3*" }, EDVSINVAL, "fd is a number: fd=V, fd:A..B" },
	{ { "fs.open", "path:1..2" }, EDVSINVAL, "path is a text: path=TEXT, path~PATTERN" },
	{ { "bytes:9..3" }, EDVSINVAL, "nothing lies in bytes:9..3" },
	{ { "bytes=99999999999999999999" }, EDVSINVAL, "bytes cannot be" },
	{ { "from=fs", "from=pm" }, EDVSINVAL, "nothing has two: from=A,B" },
	{ { "error=EPERM", "error=ENOENT" }, EDVSINVAL, "nothing has two: error=A,B" },
	{ { "fs.open", "to=rdisk" }, EDVSINVAL, "fs never goes to rdisk" },
	{ { "fs.open", "kind=notify" }, EDVSINVAL, "kind=notify is no call" },
	{ { "fs.open," }, EDVSINVAL, "'' is no term" },
	{ { "path=\"/x" }, EDVSINVAL, "'path=\"/x' has a quote without its end" },
	{ { "path=" }, EDVSINVAL, "'path=' says no value" },
};

static void what_is_wrong_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		const char *const *words = refusals[i].words;
		struct inspect_filter filter;
		char bytes[2048];
		struct text reason;
		int result;

		text_init(&reason, bytes, sizeof(bytes));
		result = inspect_filter_parse(in, (char *const *)words, count_words(words), &filter,
					      &reason);
		if (result != refusals[i].want ||
		    strncmp(bytes, refusals[i].reason, strlen(refusals[i].reason)) != 0)
			fail_msg("%s %s: %d, %s", words[0], words[1] ? words[1] : "", result,
				 bytes);
	}
}

/* ---- rules ---- */

static const struct {
	const char *words[WORDS];
	uint32_t kinds;
	int want;          /* how many, or an error */
	const char *rules; /* "SRC>DST type/call_type kinds tests", or the reason's beginning */
} holds[] = {
	{ { "fs.open" }, 0, 1, "any>fs */5 6 0|" },
	{ { "fs.*" }, 0, 1, "any>fs */* 6 0|" },
	{ { "fs.open,fs.creat", "from=client.64" },
	  0,
	  2,
	  "client.64>fs */5 6 0|client.64>fs */8 6 0|" },
	{ { "rdisk" }, 0, 2, "rdisk>any */* 6 0|any>rdisk */* 6 0|" },
	{ { "fs.open" }, DVK_HOLD_KIND(DVK_HELD_REPLY), 1, "fs>any */5 8 0|" },
	{ { "fs.open", "error=EDVSNOENT" }, 0, 1, "fs>any -2/5 8 0|" },
	{ { "kind=notify", "from=pm" }, 0, 1, "pm>any */* 16 0|" },
	{ { "fs.open", "flags=CREAT" }, 0, 1, "any>fs */5 6 1|" },
	{ { "fs.read", "fd:3..5" }, 0, 1, "any>fs */3 6 2|" },
	{ { "fs.open", "path=/etc/motd" }, 0, 1, "any>fs */5 6 3|" },
	{ { "fs.open", "path~/etc/*" }, 0, 1, "any>fs */5 6 2|" },
	{ { "type=7", "m1_i1>=2" }, 0, 1, "any>any 7/* 6 1|" },
	{ { "slower=1ms" }, 0, EDVSBADVALUE, "a hold cannot choose by how long" },
	{ { "failed" }, 0, EDVSBADVALUE, "a hold cannot choose by failed" },
	{ { "error=EPERM" },
	  DVK_HOLD_KIND(DVK_HELD_CALL),
	  EDVSBADVALUE,
	  "a hold cannot choose by an error" },
	{ { "not", "fs" }, 0, EDVSBADVALUE, "a hold cannot choose by what something is not" },
	{ { "fs.open", "path~*.c" }, 0, EDVSBADVALUE, "a hold cannot choose by a pattern" },
	{ { "fs.open", "path=/a/path/of/letters/so/many/xy" },
	  0,
	  EDVSBADVALUE,
	  "a hold cannot choose by so long a text" },
	{ { "fs.open", "path=/usr/share/12345678" }, 0, EDVSRANGE, "a rule has room for 4" },
	{ { "fd=3" }, 0, EDVSBADVALUE, "a hold cannot choose by a field without its call" },
	{ { "kind=exit" }, 0, EDVSBADVALUE, "a hold cannot choose by that kind" },
	{ { "fs,pm,rdisk,client.64,client.65" }, 0, EDVSRANGE, "this takes more than 8 rules" },
};

static void add_number(int32_t number, struct text *out)
{
	if (number == DVK_ANY_TYPE)
		text_add(out, "*");
	else
		text_add(out, "%d", number);
}

static void filters_become_rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(holds) / sizeof(holds[0]); i++) {
		const char *const *words = holds[i].words;
		struct inspect_filter filter;
		struct dvk_hold rules[8];
		char bytes[2048], name[INSPECT_NAME_BYTES];
		struct text out;
		int result;

		text_init(&out, bytes, sizeof(bytes));
		if (inspect_filter_parse(in, (char *const *)words, count_words(words), &filter,
					 &out))
			fail_msg("%s: %s", words[0], bytes);
		result = inspect_filter_hold(&filter, holds[i].kinds, rules, 8, &out);
		for (int r = 0; r < result; r++) {
			text_add(&out, "%s>", inspect_name(in, rules[r].src_ep, name));
			text_add(&out, "%s ", inspect_name(in, rules[r].dst_ep, name));
			add_number(rules[r].m_type, &out);
			text_add(&out, "/");
			add_number(rules[r].call_type, &out);
			text_add(&out, " %u %u|", rules[r].kinds, rules[r].test_count);
		}
		if (result != holds[i].want ||
		    strncmp(bytes, holds[i].rules, strlen(holds[i].rules)) != 0)
			fail_msg("%s %s: %d, %s", words[0], words[1] ? words[1] : "", result,
				 bytes);
	}
}

/* ---- completion ---- */

static const struct {
	const char *word;
	const char *want; /* among the proposals */
} proposals[] = {
	{ "fs.op", "fs.open" },
	{ "fs.", "fs.*" },
	{ "fr", "from=" },
	{ "from=rd", "from=rdisk" },
	{ "kind=no", "kind=notify" },
	{ "error=EDVSNOE", "error=EDVSNOENT" },
	{ "fs.open,fs.cr", "fs.open,fs.creat" },
	{ "pa", "path=" },
	{ "fai", "failed" },
	{ "n", "not" },
	{ "rd", "rdisk" },
};

struct wanted {
	const char *want;
	const char *word;
	int seen;
};

static void see(void *context, const char *word, int open)
{
	struct wanted *wanted = context;

	(void)open;
	assert_int_equal(strncmp(word, wanted->word, strlen(wanted->word)), 0);
	wanted->seen |= strcmp(word, wanted->want) == 0;
}

static void tab_proposes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(proposals) / sizeof(proposals[0]); i++) {
		struct wanted wanted = { proposals[i].want, proposals[i].word, 0 };

		inspect_filter_complete(in, proposals[i].word, see, &wanted);
		if (!wanted.seen)
			fail_msg("%s: no %s", proposals[i].word, proposals[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_chosen),
		cmocka_unit_test(what_is_wrong_is_refused),
		cmocka_unit_test(filters_become_rules),
		cmocka_unit_test(tab_proposes),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
