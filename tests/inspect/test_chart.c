/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_chart.c - events as a sequence chart and as a flame: goldens.
 */
#include "state.h"

#include <chart.h>
#include <flame.h>

#define PM     0
#define FS     1
#define RDISK  3
#define CLIENT USER(1, 64)

static const struct state_process rows[] = {
	{ .name = "pm", .endpoint = PM },
	{ .name = "fs", .endpoint = FS },
	{ .name = "rdisk", .endpoint = RDISK },
	{ .name = "client", .endpoint = CLIENT },
	{ .name = NULL },
};

/* An event in a few words; times are in microseconds. */
struct step {
	int kind; /* 0: the end */
	int src, dst, m_type, result;
	uint64_t call;
	int us;
};

#define EVENT(kind, src, dst, type, result, call, us)              \
	{                                                          \
		DVK_EVENT_##kind, src, dst, type, result, call, us \
	}
#define READ(call, us)          EVENT(CALL, CLIENT, FS, 3, 0, call, us)
#define OPEN(call, us)          EVENT(CALL, CLIENT, FS, 5, 0, call, us)
#define GATHER(call, us)        EVENT(CALL, FS, RDISK, 0x409, 0, call, us)
#define GATHERED(call, us)      EVENT(REPLY, RDISK, FS, 0, 0, call, us)
#define REPLY(call, result, us) EVENT(REPLY, FS, CLIENT, result, 0, call, us)

static const struct {
	const char *what;
	struct step steps[20];
	const char *chart; /* 90 letters wide */
	const char *flame;
} cases[] = {
	{ "nothing", { { 0 } }, "", "" },
	{ "a call and what it called",
	  { READ(1, 10), GATHER(2, 12), GATHERED(2, 20), REPLY(1, 0, 25) },
	  "                       client                  fs                   rdisk\n"
	  "     0.000 ms             |-------fs.read------>|                     |\n"
	  "     0.002 ms             |                     |o-rdisk.gather 8 us->|\n"
	  "     0.015 ms             |<-----ok 15 us-------|                     |\n",
	  "client;fs.read 7000\nclient;fs.read;rdisk.gather 8000\n" },
	{ "what repeats itself, an error, a notification, an exit",
	  { READ(1, 10), GATHER(2, 12), GATHERED(2, 20), REPLY(1, 0, 25), READ(3, 30),
	    GATHER(4, 32), GATHERED(4, 36), REPLY(3, 0, 45), OPEN(5, 50), REPLY(5, -2, 51),
	    OPEN(6, 60), REPLY(6, -2, 63), EVENT(NOTIFY, PM, FS, 0, 0, 0, 70),
	    EVENT(EXIT, CLIENT, NONE, 0, 0, 0, 80) },
	  "                    client            fs             rdisk            pm\n"
	  "     0.000 ms          |----fs.read--->|               |               |       + x 2\n"
	  "     0.002 ms          |               |o-rdisk.gathe->|               |       |\n"
	  "     0.015 ms          |<--ok 15 us----|               |               |       |\n"
	  "     0.040 ms          |o-fs.open EDV->|               |               |       x 2\n"
	  "     0.060 ms          |               |<-----------notify-------------|\n"
	  "     0.070 ms          * exit          |               |               |\n",
	  "client;fs.open 4000\nclient;fs.read 18000\nclient;fs.read;rdisk.gather 12000\n" },
	{ "waiting in the queue, and a call that is still open",
	  { EVENT(CALL, CLIENT, FS, 3, 1, 1, 10), EVENT(DELIVER, CLIENT, FS, 3, 0, 1, 15),
	    GATHER(2, 16), GATHERED(2, 20) },
	  "                       client                  fs                   rdisk\n"
	  "     0.000 ms             |-------fs.read------>|                     |\n"
	  "     0.006 ms             |                     |o-rdisk.gather 4 us->|\n",
	  "client;fs.read 1000\nclient;fs.read;[queue] 5000\nclient;fs.read;rdisk.gather 4000\n" },
	{ "a caller that was not seen to begin or end",
	  { GATHER(2, 12), GATHERED(2, 20) },
	  "                              fs                              rdisk\n"
	  "     0.000 ms                  |o------rdisk.gather 8 us------->|\n",
	  "fs;rdisk.gather 8000\n" },
};

struct both {
	struct chart chart;
	struct flame *flame;
	struct inspect_tracer *tracer;
	char *text;
};

static void add(void *context, const struct inspect_line *line)
{
	struct both *both = context;

	chart_add(&both->chart, line, both->tracer);
	flame_add(both->flame, line, both->tracer);
}

static void print_stack(void *context, const struct flame_stack *stack)
{
	assert_true(stack->total_ns >= stack->own_ns);
	if (stack->own_ns)
		fprintf(context, "%s %lld\n", stack->text, (long long)stack->own_ns);
}

static void feed(struct both *both, const struct step *steps)
{
	for (int i = 0; steps[i].kind; i++) {
		struct dvk_event event = {
			.sequence = (uint64_t)i + 1,
			.time_ns = steps[i].us * 1000,
			.call = steps[i].call,
			.src_ep = steps[i].src,
			.dst_ep = steps[i].dst,
			.kind = (int16_t)steps[i].kind,
			.result = (int16_t)steps[i].result,
			.m_type = steps[i].m_type,
		};

		if (steps[i].kind == DVK_EVENT_REPLY) {
			event.m_type = steps[i].m_type;
			event.result = 0;
		}
		inspect_tracer_feed(both->tracer, &event, NULL);
	}
	inspect_tracer_overdue(both->tracer, INT64_MAX);
}

static char *text_of(struct both *both, int is_flame)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (is_flame)
		flame_each(both->flame, print_stack, out);
	else
		chart_print(&both->chart, 90, out);
	fclose(out);
	return text;
}

static void compare(const char *what, char *is, const char *want)
{
	if (strcmp(is, want) != 0)
		fail_msg("%s:\n%s---- wanted\n%s", what, is, want);
	free(is);
}

static void goldens(void **state)
{
	struct dvk_snapshot *s = state_make(rows);
	struct inspect *in = inspect_create(s, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct both both = { .flame = flame_create() };

		both.tracer = inspect_tracer_create(0, add, &both);
		inspect_tracer_bare(both.tracer);
		inspect_tracer_names(both.tracer, in);
		feed(&both, cases[i].steps);
		chart_fold(&both.chart);
		flame_finish(both.flame);
		compare(cases[i].what, text_of(&both, 0), cases[i].chart);
		compare(cases[i].what, text_of(&both, 1), cases[i].flame);
		chart_deinit(&both.chart);
		flame_destroy(both.flame);
		inspect_tracer_destroy(both.tracer);
	}
	inspect_destroy(in);
	state_free(s);
}

/* Well-formed to its end, and no name breaks out of its box. */
static void the_picture_is_escaped(void **state)
{
	static const struct state_process odd[] = {
		{ .name = "<a>&\"", .endpoint = CLIENT },
		{ .name = "fs", .endpoint = FS },
		{ .name = NULL },
	};
	struct dvk_snapshot *s = state_make(odd);
	struct inspect *in = inspect_create(s, NULL);
	struct both both = { .flame = flame_create() };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	both.tracer = inspect_tracer_create(0, add, &both);
	inspect_tracer_names(both.tracer, in);
	feed(&both, cases[1].steps);
	flame_finish(both.flame);
	flame_svg(both.flame, out);
	fclose(out);
	assert_non_null(strstr(text, "<svg xmlns=\"http://www.w3.org/2000/svg\""));
	assert_non_null(strstr(text, "&lt;a&gt;&amp;&quot;: 15 us, 100.0 %"));
	assert_null(strstr(text, "<a>"));
	assert_string_equal(text + size - 7, "</svg>\n");
	free(text);
	chart_deinit(&both.chart);
	flame_destroy(both.flame);
	inspect_tracer_destroy(both.tracer);
	inspect_destroy(in);
	state_free(s);
}

/* Columns and arrows beyond what there is room for. */
static void charts_have_an_end(void **state)
{
	struct both both = { .flame = flame_create() };
	struct dvk_snapshot *s = state_make(rows);
	struct inspect *in = inspect_create(s, NULL);
	struct inspect_line line = { .kind = DVK_EVENT_SEND, .dst_ep = FS, .took_ns = -1 };

	(void)state;
	both.tracer = inspect_tracer_create(0, add, &both);
	inspect_tracer_names(both.tracer, in);
	for (int i = 0; i < CHART_ARROWS + 5; i++) {
		line.src_ep = 1000 + i % 100;
		line.time_ns = i;
		chart_add(&both.chart, &line, both.tracer);
	}
	assert_int_equal(both.chart.count, CHART_ARROWS);
	assert_int_equal(both.chart.dropped, 5);
	assert_int_equal(both.chart.columns, CHART_COLUMNS);
	assert_string_equal(both.chart.names[CHART_COLUMNS - 1], "others");
	chart_fold(&both.chart);
	for (int width = 0; width < 400; width += 57)
		free(text_of(&both, 0));
	chart_deinit(&both.chart);
	flame_destroy(both.flame);
	inspect_tracer_destroy(both.tracer);
	inspect_destroy(in);
	state_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goldens),
		cmocka_unit_test(the_picture_is_escaped),
		cmocka_unit_test(charts_have_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
