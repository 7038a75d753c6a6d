/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * top_feed.c - events for the live screen: calls counted, the last messages kept.
 *
 * It begins with what the flight recorder has (headers only). The messages of
 * processes come as full records after that, where this shell may ask for them;
 * calls are only counted, so that they cost those who make them nothing more.
 */
#include <stdlib.h>
#include <string.h>

#include <filter.h>
#include <summary.h>

#include "top.h"

#define AT_ONCE    1024
#define KEPT       256        /* messages */
#define OVERDUE_NS 1000000000 /* a call that waits so long is shown open */

struct kept {
	uint64_t call; /* 0: none */
	int64_t time_ns;
	int64_t took_ns; /* -1: none */
	int is_open;
	char src[INSPECT_NAME_BYTES], dst[INSPECT_NAME_BYTES];
	char what[INSPECT_TEXT_BYTES], reply[INSPECT_TEXT_BYTES];
};

struct top_feed {
	struct inspect_tracer *tracer;
	struct inspect_filter filter;
	char filtered[TOP_WORD]; /* the words of filter */
	const struct top *top;
	int chosen_ep; /* of MESSAGES: whose they are, as well as the marked */
	int mark_count;
	int is_full;   /* records, not headers */
	int has_begun; /* the past has been read */
	uint64_t sequence;
	uint64_t lost;
	struct summary *summary; /* of CALLS */
	struct kept *kept;       /* of MESSAGES: [count % KEPT] */
	uint64_t count;
};

static int is_wanted(const struct top_feed *feed, const struct inspect_line *line)
{
	const struct top *top = feed->top;

	if (top->mark_count)
		return top_is_marked(top, line->src_ep) || top_is_marked(top, line->dst_ep);
	return line->src_ep == feed->chosen_ep || line->dst_ep == feed->chosen_ep;
}

/* A call that was kept open is the one that has ended now. */
static struct kept *place_for(struct top_feed *feed, const struct inspect_line *line)
{
	uint64_t oldest = feed->count > KEPT ? feed->count - KEPT : 0;

	for (uint64_t i = feed->count; line->call && i > oldest; i--)
		if (feed->kept[(i - 1) % KEPT].call == line->call)
			return &feed->kept[(i - 1) % KEPT];
	return &feed->kept[feed->count++ % KEPT];
}

static void keep(struct top_feed *feed, const struct inspect_line *line)
{
	struct kept *kept = place_for(feed, line);

	kept->call = line->call;
	kept->time_ns = line->time_ns;
	kept->took_ns = line->is_open ? line->age_ns : line->took_ns;
	kept->is_open = line->is_open;
	snprintf(kept->src, sizeof(kept->src), "%s", line->src);
	snprintf(kept->dst, sizeof(kept->dst), "%s", line->dst);
	snprintf(kept->what, sizeof(kept->what), "%s%s%.180s", line->name,
		 line->request[0] ? " " : "", line->request);
	snprintf(kept->reply, sizeof(kept->reply), "%.200s",
		 line->is_open ? "(open)" : line->reply);
}

static void take_line(void *context, const struct inspect_line *line)
{
	struct top_feed *feed = context;

	if (feed->summary)
		summary_add(feed->summary, line);
	else if (is_wanted(feed, line))
		keep(feed, line);
}

/* Parses the filter of the screen when it has changed. */
static void use_filter(struct top_feed *feed, struct top *top)
{
	char words[TOP_WORD], bytes[160], *list[INSPECT_TERMS_MAX], *save = NULL;
	struct text reason;
	int count = 0;

	memcpy(words, top->filter, sizeof(words));
	memcpy(feed->filtered, top->filter, sizeof(feed->filtered));
	inspect_tracer_filter(feed->tracer, NULL);
	for (char *word = strtok_r(words, " ", &save); word && count < INSPECT_TERMS_MAX;
	     word = strtok_r(NULL, " ", &save))
		list[count++] = word;
	if (!count)
		return;
	text_init(&reason, bytes, sizeof(bytes));
	if (inspect_filter_parse(top->in, list, count, &feed->filter, &reason)) {
		snprintf(top->message, sizeof(top->message), "%s", bytes);
		top->filter[0] = feed->filtered[0] = '\0';
		return;
	}
	inspect_tracer_filter(feed->tracer, &feed->filter);
}

static void begin_full(struct top_feed *feed)
{
	struct shell *shell = feed->top->shell;

	feed->is_full = shell->view && dvk_view_trace(shell->view, 1) >= 0;
}

struct top_feed *top_feed_create(struct top *top)
{
	struct top_feed *feed = calloc(1, sizeof(*feed));
	int is_calls = top->view == &top_views[TOP_CALLS];

	if (!feed)
		return NULL;
	feed->top = top;
	feed->chosen_ep = top->chosen_ep;
	feed->mark_count = top->mark_count;
	feed->sequence = 1;
	feed->tracer = inspect_tracer_create(0, take_line, feed);
	if (is_calls)
		feed->summary = summary_create(SUMMARY_BY_CALL);
	else
		feed->kept = calloc(KEPT, sizeof(*feed->kept));
	if (!feed->tracer || (!feed->summary && !feed->kept)) {
		top_feed_destroy(feed, top->shell);
		return NULL;
	}
	inspect_tracer_names(feed->tracer, top->in);
	if (is_calls)
		inspect_tracer_bare(feed->tracer);
	use_filter(feed, top);
	return feed;
}

void top_feed_destroy(struct top_feed *feed, struct shell *shell)
{
	if (!feed)
		return;
	if (feed->is_full && shell->view)
		dvk_view_trace(shell->view, 0);
	inspect_tracer_destroy(feed->tracer);
	summary_destroy(feed->summary);
	free(feed->kept);
	free(feed);
}

void top_feed_restart(struct top_feed *feed)
{
	struct summary *fresh = feed && feed->summary ? summary_create(SUMMARY_BY_CALL) : NULL;

	if (!fresh)
		return;
	summary_destroy(feed->summary);
	feed->summary = fresh;
	feed->lost = 0;
}

void top_feed_names(struct top_feed *feed, const struct inspect *in)
{
	inspect_tracer_names(feed->tracer, in);
}

static int take_headers(struct top_feed *feed, struct shell *shell)
{
	struct dvk_event *events = malloc(AT_ONCE * sizeof(*events));
	uint64_t lost = 0;
	int count = events ? AT_ONCE : EDVSNOMEM;

	while (count == AT_ONCE) {
		count = shell_events(shell, &feed->sequence, events, AT_ONCE, &lost);
		feed->lost += lost;
		for (int i = 0; i < count; i++)
			inspect_tracer_feed(feed->tracer, &events[i], NULL);
	}
	free(events);
	return count < 0 ? count : 0;
}

static int take_records(struct top_feed *feed, struct shell *shell)
{
	struct dvk_record *records = malloc(AT_ONCE * sizeof(*records));
	uint64_t lost = 0;
	int count = records ? AT_ONCE : EDVSNOMEM;

	while (count == AT_ONCE) {
		count = shell_records(shell, &feed->sequence, records, AT_ONCE, &lost);
		feed->lost += lost;
		for (int i = 0; i < count; i++)
			inspect_tracer_feed(feed->tracer, &records[i].event, &records[i].m);
	}
	free(records);
	return count < 0 ? count : 0;
}

static int is_about_others(const struct top_feed *feed, const struct top *top)
{
	return feed->kept &&
	       (feed->chosen_ep != top->chosen_ep || feed->mark_count != top->mark_count);
}

int top_feed_follow(struct top_feed *feed, struct top *top)
{
	struct shell *shell = top->shell;
	int error;

	if (is_about_others(feed, top) || strcmp(feed->filtered, top->filter) != 0) {
		struct top_feed *fresh = top_feed_create(top);

		if (!fresh)
			return shell_error(shell, EDVSNOMEM, "events");
		top_feed_destroy(feed, shell);
		top->feed = feed = fresh;
	}
	if (feed->is_full && !shell->lost) {
		error = take_records(feed, shell);
	} else {
		if (feed->kept && !feed->has_begun && !shell->lost)
			begin_full(feed);
		error = take_headers(feed, shell);
		if (!feed->has_begun)
			feed->lost = 0; /* before the recorder's past nothing was missed */
		feed->has_begun = 1;
	}
	if (feed->kept)
		inspect_tracer_overdue(feed->tracer, shell_now_ns() - OVERDUE_NS);
	if (!error || shell->lost) /* what was read while it lived stays */
		return 0;
	return shell_error(shell, error, "events cannot be read");
}

static int add_cells(struct inspect_grid *grid, const struct kept *kept, int64_t now)
{
	struct inspect_value values[6] = { 0 };
	int error = inspect_grid_row(grid);

	inspect_value_set_number(&values[0], INSPECT_DURATION, now - kept->time_ns);
	inspect_value_set_text(&values[1], "%s", kept->src);
	inspect_value_set_text(&values[2], "%s", kept->dst);
	if (kept->took_ns >= 0)
		inspect_value_set_number(&values[3], INSPECT_DURATION, kept->took_ns);
	inspect_value_set_text(&values[4], "%s", kept->what);
	inspect_value_set_text(&values[5], "%s", kept->reply);
	for (int i = 0; i < 6 && !error; i++)
		error = inspect_grid_value(grid, &values[i]);
	return error;
}

static void say_lost(struct top *top)
{
	if (top->feed->lost && !top->message[0])
		snprintf(top->message, sizeof(top->message),
			 "%llu events came faster than they were read",
			 (unsigned long long)top->feed->lost);
}

int top_feed_messages(struct top *top, FILE *out)
{
	static const struct inspect_heading headings[] = {
		{ "ago", "AGO", 1 },   { "from", "FROM", 0 },       { "to", "TO", 0 },
		{ "took", "TOOK", 1 }, { "message", "MESSAGE", 0 }, { "reply", "REPLY", 0 },
	};
	const struct top_feed *feed = top->feed;
	uint64_t oldest = feed->count > KEPT ? feed->count - KEPT : 0;
	struct inspect_grid *grid = inspect_grid_create();
	int error = grid ? 0 : EDVSNOMEM;
	int64_t now = top->snapshot->taken_ns;

	for (int i = 0; i < 6 && !error; i++)
		error = inspect_grid_column(grid, &headings[i]);
	for (uint64_t i = feed->count; i > oldest && !error; i--)
		error = add_cells(grid, &feed->kept[(i - 1) % KEPT], now);
	say_lost(top);
	if (error) {
		inspect_grid_destroy(grid);
		return error;
	}
	return top_print_grid(top, grid, out);
}

int top_feed_calls(struct top *top, FILE *out)
{
	struct inspect_grid *grid = NULL;
	int error = summary_grid(top->feed->summary, top->feed->tracer, &grid);

	say_lost(top);
	return error ? error : top_print_grid(top, grid, out);
}
