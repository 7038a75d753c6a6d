/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_summary.c - lines counted: percentiles, rows by call, caller and pair, talkers.
 */
#include "state.h"

#include <diff.h>
#include <protocol/fs.h>
#include <protocol/protocol.h>
#include <summary.h>
#include <talkers.h>

#define FS     1
#define CLIENT USER(1, 64)
#define OTHER  USER(1, 65)

static const struct state_process rows[] = {
	{ .name = "fs", .endpoint = FS },
	{ .name = "client", .endpoint = CLIENT },
	{ .name = "other", .endpoint = OTHER },
	{ .name = NULL },
};

/* ---- spread ---- */

static const struct {
	int64_t first, step;
	int count;
	int64_t min, median, p90, p99, max;
} spreads[] = {
	{ 0, 0, 0, -1, -1, -1, -1, -1 },
	{ 5, 0, 1, 5, 5, 5, 5, 5 },
	{ 1, 1, 10, 1, 5, 9, 10, 10 },
	{ 1000, 1000, 1000, 1000, 500000, 900000, 990000, 1000000 },
	{ INT64_MAX, 0, 3, INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX },
	{ -7, 0, 3, -1, -1, -1, -1, -1 },
};

/* Within 3 %, as promised. */
static void assert_near(int64_t is, int64_t want)
{
	int64_t off = want / 32;

	if (is < want - off || is > (want > INT64_MAX - off ? want : want + off))
		fail_msg("%lld is not near %lld", (long long)is, (long long)want);
}

static void percentiles_are_near(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(spreads) / sizeof(spreads[0]); i++) {
		struct spread spread = { 0 };

		for (int j = 0; j < spreads[i].count; j++)
			spread_add(&spread, spreads[i].first + j * spreads[i].step);
		assert_true(spread_min(&spread) == spreads[i].min);
		assert_true(spread_max(&spread) == spreads[i].max);
		assert_near(spread_at(&spread, 500), spreads[i].median);
		assert_near(spread_at(&spread, 900), spreads[i].p90);
		assert_near(spread_at(&spread, 990), spreads[i].p99);
	}
}

/* ---- rows ---- */

static const struct {
	int kind, src, dst, m_type, result;
	int64_t took, queue, others; /* took -1: open */
	int64_t bytes;
} lines[] = {
	{ DVK_EVENT_CALL, CLIENT, FS, 5, 0, 1000, 100, 0, -1 },
	{ DVK_EVENT_CALL, CLIENT, FS, 5, EDVSNOENT, 2000, 0, 500, -1 },
	{ DVK_EVENT_CALL, OTHER, FS, 5, EDVSNOENT, 1000, 0, 0, -1 },
	{ DVK_EVENT_CALL, OTHER, FS, 3, 0, 12000, 0, 0, 4096 },
	{ DVK_EVENT_CALL, OTHER, FS, 3, 0, -1, 0, 0, -1 },
	{ DVK_EVENT_NOTIFY, FS, CLIENT, NOTIFY_MESSAGE, 0, -1, 0, 0, -1 },
	{ DVK_EVENT_EXIT, OTHER, NONE, 0, 0, -1, 0, 0, -1 },
};

static const char *const wants[] = {
	"CALL CALLS OPEN FAILED SHARE MIN MEDIAN P90 P99 MAX QUEUE Q.P99 SERVICE S.P99 OTHERS "
	"ERRORS\n"
	"fs.read 2 1 0 75.0 % 12 us 12 us 12 us 12 us 12 us 0 ns 0 ns 12 us 12 us 0 ns -\n"
	"fs.open 3 0 2 25.0 % 1 us 1 us 2 us 2 us 2 us 0 ns 100 ns 1 us 1.5 us 0 ns EDVSNOENT 2\n",
	"CALLER CALLS OPEN FAILED SHARE MIN MEDIAN P90 P99 MAX QUEUE Q.P99 SERVICE S.P99 OTHERS "
	"ERRORS\n"
	"other 3 1 1 81.3 % 1 us 1 us 12 us 12 us 12 us 0 ns 0 ns 1 us 12 us 0 ns EDVSNOENT 1\n"
	"client 2 0 1 18.8 % 1 us 1 us 2 us 2 us 2 us 0 ns 100 ns 912 ns 1.5 us 0 ns EDVSNOENT 1\n",
	"CALLER > SERVER CALLS OPEN FAILED SHARE MIN MEDIAN P90 P99 MAX QUEUE Q.P99 SERVICE S.P99 "
	"OTHERS ERRORS\n"
	"other > fs 3 1 1 81.3 % 1 us 1 us 12 us 12 us 12 us 0 ns 0 ns 1 us 12 us 0 ns EDVSNOENT "
	"1\n"
	"client > fs 2 0 1 18.8 % 1 us 1 us 2 us 2 us 2 us 0 ns 100 ns 912 ns 1.5 us 0 ns "
	"EDVSNOENT 1\n",
	NULL,
};

static struct inspect_line make_line(size_t i)
{
	static int64_t now = 1000;
	struct inspect_line line = {
		.time_ns = now += 1000,
		.kind = lines[i].kind,
		.src_ep = lines[i].src,
		.dst_ep = lines[i].dst,
		.m_type = lines[i].m_type,
		.result = lines[i].result,
		.took_ns = lines[i].took,
		.queue_ns = lines[i].took < 0 ? -1 : lines[i].queue,
		.others_ns = lines[i].took < 0 ? -1 : lines[i].others,
		.service_ns =
			lines[i].took < 0 ? -1 : lines[i].took - lines[i].queue - lines[i].others,
		.is_open = lines[i].took < 0,
		.bytes = lines[i].bytes,
		.protocol = lines[i].dst == FS ? &protocol_fs : NULL,
	};

	return line;
}

static void ignore(void *context, const struct inspect_line *line)
{
	(void)context;
	(void)line;
}

/* The grid as it is printed, each run of blanks as one: widths are the grid's own business. */
static char *print(struct inspect_grid *grid)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	inspect_grid_print(grid, out, 0);
	fclose(out);
	inspect_grid_destroy(grid);
	for (char *to = text, *from = text; (*to = *from); from++)
		to += *from != ' ' || from[1] != ' ';
	return text;
}

static void calls_are_counted(void **state)
{
	struct dvk_snapshot *s = state_make(rows);
	struct inspect *in = inspect_create(s, NULL);
	struct inspect_tracer *tracer = inspect_tracer_create(0, ignore, NULL);

	(void)state;
	inspect_tracer_names(tracer, in);
	for (int by = 0; wants[by]; by++) {
		struct summary *summary = summary_create((enum summary_by)by);
		struct inspect_grid *grid;
		char *text;

		for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
			struct inspect_line line = make_line(i);

			summary_add(summary, &line);
		}
		assert_int_equal(summary_grid(summary, tracer, &grid), 0);
		text = print(grid);
		assert_string_equal(text, wants[by]);
		free(text);
		summary_destroy(summary);
	}
	inspect_tracer_destroy(tracer);
	inspect_destroy(in);
	state_free(s);
}

/* More pairs than there are rows: they are said to be left out. */
static void rows_have_an_end(void **state)
{
	struct summary *summary = summary_create(SUMMARY_BY_PAIR);
	struct inspect_line line = make_line(0);

	(void)state;
	for (int i = 0; i < SUMMARY_ROWS + 10; i++) {
		line.src_ep = i;
		summary_add(summary, &line);
		summary_add(summary, &line);
	}
	assert_int_equal(summary->count, SUMMARY_ROWS);
	assert_int_equal(summary->dropped, 20);
	for (int i = 0; i < summary->count; i++)
		assert_int_equal(summary->rows[i]->took.count, 2);
	summary_destroy(summary);
}

static void talkers_are_counted(void **state)
{
	struct dvk_snapshot *s = state_make(rows);
	struct inspect *in = inspect_create(s, NULL);
	struct inspect_tracer *tracer = inspect_tracer_create(0, ignore, NULL);
	struct talkers *talkers = talkers_create();
	struct inspect_grid *grid;
	char *text;

	(void)state;
	inspect_tracer_names(tracer, in);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct inspect_line line = make_line(i);

		talkers_add(talkers, &line);
	}
	assert_int_equal(talkers_grid(talkers, tracer, &grid), 0);
	text = print(grid);
	assert_string_equal(text, "FROM TO CALLS SENDS NOTIFIES BYTES MSG/S FAILED\n"
				  "other fs 3 0 0 4.0 KiB 600000 1\n"
				  "client fs 2 0 0 0 B 400000 1\n"
				  "fs client 0 0 1 0 B 200000 0\n");
	free(text);
	talkers_destroy(talkers);
	inspect_tracer_destroy(tracer);
	inspect_destroy(in);
	state_free(s);
}

/* ---- diff ---- */

/* So many calls of a kind on each side, and how long each took. */
static const struct {
	int m_type;
	int calls[2], failed[2];
	int64_t took_us[2];
	double threshold;
	enum diff_kind kind;
	const char *why;
} changes[] = {
	{ 5, { 10, 10 }, { 0, 0 }, { 100, 100 }, 0, DIFF_SAME, "" },
	{ 5, { 0, 10 }, { 0, 0 }, { 0, 100 }, 1000, DIFF_NEW, "new" },
	{ 5, { 10, 0 }, { 0, 0 }, { 100, 0 }, 1000, DIFF_GONE, "gone" },
	{ 5, { 10, 12 }, { 0, 0 }, { 100, 100 }, 10, DIFF_CHANGED, "calls" },
	{ 5, { 10, 12 }, { 0, 0 }, { 100, 100 }, 30, DIFF_CHANGED, "" },
	{ 5, { 10, 5 }, { 0, 0 }, { 100, 100 }, 30, DIFF_CHANGED, "calls" },
	{ 5, { 10, 10 }, { 0, 1 }, { 100, 100 }, 50, DIFF_CHANGED, "failed" },
	{ 5, { 10, 10 }, { 2, 1 }, { 100, 100 }, 0, DIFF_SAME, "" },
	{ 5, { 10, 10 }, { 0, 0 }, { 100, 150 }, 20, DIFF_CHANGED, "median" },
	{ 5, { 10, 10 }, { 0, 0 }, { 150, 100 }, 0, DIFF_SAME, "" },
	{ 5, { 4, 4 }, { 0, 0 }, { 100, 900 }, 20, DIFF_SAME, "" }, /* too few to say */
	{ 5, { 100, 100 }, { 0, 0 }, { 100, 900 }, 20, DIFF_CHANGED, "median,p99" },
};

static void add_calls(struct summary *summary, size_t i, int side)
{
	for (int j = 0; j < changes[i].calls[side]; j++) {
		struct inspect_line line = { .kind = DVK_EVENT_CALL,
					     .m_type = changes[i].m_type,
					     .protocol = &protocol_fs,
					     .dst_ep = FS,
					     .src_ep = CLIENT,
					     .took_ns = changes[i].took_us[side] * 1000 };

		line.result = j < changes[i].failed[side] ? EDVSNOENT : 0;
		summary_add(summary, &line);
	}
}

static void recordings_are_compared(void **state)
{
	struct dvk_snapshot *s = state_make(rows);
	struct inspect *in = inspect_create(s, NULL);
	struct inspect_tracer *tracer = inspect_tracer_create(0, ignore, NULL);

	(void)state;
	inspect_tracer_names(tracer, in);
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		struct summary *summaries[2];
		struct diff_side sides[2];
		struct diff_row *found;

		for (int side = 0; side < 2; side++) {
			summaries[side] = summary_create(SUMMARY_BY_CALL);
			add_calls(summaries[side], i, side);
			assert_int_equal(diff_side_init(&sides[side], summaries[side], tracer), 0);
		}
		assert_int_equal(diff_rows(&sides[0], &sides[1], changes[i].threshold, &found), 1);
		assert_string_equal(found->name, "fs.open");
		assert_int_equal(found->kind, changes[i].kind);
		assert_string_equal(found->why, changes[i].why);
		assert_int_equal(found->is_past, changes[i].why[0] != '\0');
		free(found);
		for (int side = 0; side < 2; side++) {
			diff_side_deinit(&sides[side]);
			summary_destroy(summaries[side]);
		}
	}
	inspect_tracer_destroy(tracer);
	inspect_destroy(in);
	state_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(percentiles_are_near),    cmocka_unit_test(calls_are_counted),
		cmocka_unit_test(rows_have_an_end),        cmocka_unit_test(talkers_are_counted),
		cmocka_unit_test(recordings_are_compared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
