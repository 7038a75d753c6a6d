/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_trace.c - events become lines: joined, open, lost, torn, in any order.
 */
#include "state.h"

#include <stdio.h>

#include <jansson.h>
#include <protocol/protocol.h>

#include "trace_cases.h"

static void fill(const struct step *step, message *m)
{
	memset(m, 0, sizeof(*m));
	m->m_type = step->m_type;
	if (step->kind == DVK_EVENT_CALL || step->kind == DVK_EVENT_REFUSED) {
		struct protocol_path *path = (struct protocol_path *)m->payload;

		protocol_put_path(path, "/x");
		path->address = 4096;
	} else if (step->kind == DVK_EVENT_NOTIFY) {
		m->m_type = NOTIFY_MESSAGE;
		m->m9_i1 = 4;
	} else {
		m->m1_i1 = 3;
	}
}

/* Lines without their time, each ended by a bar. */
static void collect(void *context, const struct inspect_line *line)
{
	struct text *all = context;
	char bytes[1024];
	struct text t;

	text_init(&t, bytes, sizeof(bytes));
	inspect_line_text(line, &t);
	assert_true(t.used > 16 && bytes[2] == ':' && bytes[8] == '.' && bytes[15] == ' ');
	text_add(all, "%s|", bytes + 16);
}

static void feed(struct inspect_tracer *tracer, const struct step *steps, int headers_only)
{
	for (int i = 0; steps[i].sequence >= 0; i++) {
		const struct step *step = &steps[i];
		struct dvk_event event = {
			.sequence = step->sequence ? (uint64_t)step->sequence : (uint64_t)i + 1,
			.time_ns = step->us * 1000,
			.call = step->call,
			.src_ep = step->src,
			.dst_ep = step->dst,
			.kind = (int16_t)step->kind,
			.result = (int16_t)step->result,
			.m_type = step->kind == DVK_EVENT_NOTIFY ? NOTIFY_MESSAGE : step->m_type,
		};
		message m;

		fill(step, &m);
		inspect_tracer_feed(tracer, &event, headers_only ? NULL : &m);
	}
	inspect_tracer_overdue(tracer, INT64_MAX);
}

static void run_case(size_t i, int headers_only)
{
	const char *want = headers_only && cases[i].headers ? cases[i].headers : cases[i].want;
	struct dvk_snapshot *s = state_make(rows);
	struct inspect *in = inspect_create(s, NULL);
	char bytes[2048];
	struct text all;
	struct inspect_tracer *tracer;

	text_init(&all, bytes, sizeof(bytes));
	tracer = inspect_tracer_create(0, collect, &all);
	inspect_tracer_names(tracer, in);
	feed(tracer, cases[i].steps, headers_only);
	if (strcmp(bytes, want) != 0)
		fail_msg("%s:\n  is   %s\n  want %s", cases[i].what, bytes, want);
	inspect_tracer_destroy(tracer);
	inspect_destroy(in);
	state_free(s);
}

static void events_are_joined_into_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		run_case(i, 0);
}

static void headers_alone_are_joined_too(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		run_case(i, 1);
}

static const struct {
	struct step steps[8];
	const char *want;
} splits[] = {
	{ { OPEN(7, 10), REPLY(7, 0, 22), LAST }, "client > fs fs.open -> ok (12 us)|" },
	{ { OPEN(7, 10),
	    { DVK_EVENT_CALL, FS, PM, 20, 0, 8, 11, 0 },
	    { DVK_EVENT_REPLY, PM, FS, 0, 0, 8, 13, 0 },
	    REPLY(7, 0, 22),
	    LAST },
	  "client > fs fs.open ... #7|fs > pm pm.getpid -> ok (2 us)|"
	  "client > fs fs.open #7 resumed -> ok (12 us: fs 10 us, others 2 us)|" },
	{ { OPEN(7, 10), { DVK_EVENT_NOTIFY, PM, FS, 0, 0, 0, 16, 0 }, LAST },
	  "client > fs fs.open ... #7|pm > fs notify|" },
	{ { OPEN(7, 10), LAST }, "client > fs fs.open -> no reply yet ... #7|" },
	{ { OPEN(7, 10),
	    { DVK_EVENT_CALL, PM, FS, 36, 0, 8, 11, 0 },
	    REPLY(7, -2, 12),
	    { DVK_EVENT_REPLY, FS, PM, 0, 0, 8, 13, 0 },
	    LAST },
	  "client > fs fs.open ... #7|pm > fs fs.sync ... #8|client > fs fs.open #7 resumed -> "
	  "EDVSNOENT (no such file or directory) (2 us)|pm > fs fs.sync #8 resumed -> ok (2 us)|" },
};

static void calls_are_split_where_others_come_between(void **state)
{
	struct dvk_snapshot *s = state_make(rows);
	struct inspect *in = inspect_create(s, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(splits) / sizeof(splits[0]); i++) {
		char bytes[2048];
		struct text all;
		struct inspect_tracer *tracer = inspect_tracer_create(0, collect, &all);

		text_init(&all, bytes, sizeof(bytes));
		inspect_tracer_split(tracer);
		inspect_tracer_names(tracer, in);
		feed(tracer, splits[i].steps, 1);
		assert_string_equal(bytes, splits[i].want);
		inspect_tracer_destroy(tracer);
	}
	inspect_destroy(in);
	state_free(s);
}

static void print_json(void *context, const struct inspect_line *line)
{
	inspect_line_json(line, context);
}

static void lines_are_valid_json(void **state)
{
	struct dvk_snapshot *s = state_make(rows);
	struct inspect *in = inspect_create(s, NULL);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	struct inspect_tracer *tracer = inspect_tracer_create(0, print_json, out);
	json_t *object;

	(void)state;
	inspect_tracer_names(tracer, in);
	feed(tracer, cases[1].steps, 0);
	fclose(out);
	object = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(object);
	assert_string_equal(json_string_value(json_object_get(object, "name")), "fs.open");
	assert_string_equal(json_string_value(json_object_get(object, "src")), "client");
	assert_int_equal(json_integer_value(json_object_get(object, "result")), -2);
	assert_true(json_is_real(json_object_get(object, "took")));
	json_decref(object);
	free(text);
	inspect_tracer_destroy(tracer);
	inspect_destroy(in);
	state_free(s);
}

/* Who dies keeps its name in the lines that come after. */
static void dead_keep_their_names(void **state)
{
	static const struct step before[] = { OPEN(1, 10), REPLY(1, 0, 11), LAST };
	static const struct step after[] = { { DVK_EVENT_EXIT, CLIENT, NONE, 0, 0, 0, 12, 50 },
					     LAST };
	struct state_process left[3] = { rows[0], rows[1], { .name = NULL } };
	struct dvk_snapshot *s = state_make(rows), *later = state_make(left);
	struct inspect *in = inspect_create(s, NULL), *in_later = inspect_create(later, NULL);
	char bytes[2048];
	struct text all;
	struct inspect_tracer *tracer;
	struct dvk_event event = { .kind = DVK_EVENT_EXIT, .src_ep = CLIENT, .dst_ep = NONE };

	(void)state;
	text_init(&all, bytes, sizeof(bytes));
	tracer = inspect_tracer_create(0, collect, &all);
	inspect_tracer_names(tracer, in);
	assert_int_equal(inspect_tracer_is_stale(tracer, &event), 0);
	feed(tracer, before, 1);
	inspect_tracer_names(tracer, in_later);
	assert_int_equal(inspect_tracer_is_stale(tracer, &event), 1);
	feed(tracer, after, 1);
	assert_string_equal(bytes, "client > fs fs.open -> ok (1 us)|client exit|");
	inspect_tracer_destroy(tracer);
	inspect_destroy(in);
	inspect_destroy(in_later);
	state_free(s);
	state_free(later);
}

static void count_line(void *context, const struct inspect_line *line)
{
	assert_true(strlen(line->name) < 64);
	++*(int *)context;
}

static void garbage_events_do_no_harm(void **state)
{
	struct dvk_snapshot *s = state_make(rows);
	struct inspect *in = inspect_create(s, NULL);
	uint64_t seed = 0x2545f4914f6cdd1d;
	int lines = 0;
	struct inspect_tracer *tracer = inspect_tracer_create(0, count_line, &lines);

	(void)state;
	inspect_tracer_names(tracer, in);
	for (uint64_t i = 1; i < 40000; i++) {
		struct dvk_record record;
		unsigned char *bytes = (unsigned char *)&record;

		for (size_t j = 0; j < sizeof(record); j++) {
			seed ^= seed << 13;
			seed ^= seed >> 7;
			seed ^= seed << 17;
			bytes[j] = (unsigned char)seed;
		}
		record.event.sequence = i;
		record.event.kind = (int16_t)(record.event.kind & 31);
		if (seed & 1)
			record.event.dst_ep = FS;
		inspect_tracer_feed(tracer, &record.event, seed & 2 ? &record.m : NULL);
	}
	inspect_tracer_overdue(tracer, INT64_MAX);
	assert_true(lines > 1000);
	inspect_tracer_destroy(tracer);
	inspect_destroy(in);
	state_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(events_are_joined_into_lines),
		cmocka_unit_test(headers_alone_are_joined_too),
		cmocka_unit_test(calls_are_split_where_others_come_between),
		cmocka_unit_test(lines_are_valid_json),
		cmocka_unit_test(dead_keep_their_names),
		cmocka_unit_test(garbage_events_do_no_harm),
	};

	return cmocka_run_group_tests_name("inspect trace", tests, NULL, NULL);
}
