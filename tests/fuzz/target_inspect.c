/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * target_inspect.c - words for states, messages and events that nobody meant.
 *
 * A snapshot has rows in the order and with the ends of texts that libdvk gives;
 * all else in it, every message, event and row of a table is the input's.
 */
#include <string.h>

#include <dvk/errors.h>
#include <inspect.h>

#include "input.h"
#include "json.h"
#include "protocol.h"

#define PROCS  12
#define EVENTS 48
#define ROWS   4

static FILE *nowhere;
static char bytes[2048];
static struct text out;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	nowhere = fopen("/dev/null", "w");
	MUST(nowhere);
	return 0;
}

static struct text *fresh(void)
{
	text_init(&out, bytes, sizeof(bytes));
	return &out;
}

static void check_text(void)
{
	MUST(out.used < sizeof(bytes) && strlen(bytes) == out.used);
}

static void take_process(struct input *in, int nr, struct dvk_procinfo *p)
{
	take_bytes(in, p, take_below(in, 8) ? 160 : sizeof(*p));
	p->nr = nr;
	if (take(in, 1) % 4)
		p->endpoint = dvk_endpoint(0, nr);
	if (take(in, 1) % 2)
		p->sendto_ep = p->getfrom_ep = (int)take_below(in, PROCS);
	p->name[DVK_NAME_BYTES - 1] = p->muk[DVK_NAME_BYTES - 1] = '\0';
	p->sleep_note[sizeof(p->sleep_note) - 1] = '\0';
}

static struct dvk_snapshot *take_snapshot(struct input *in)
{
	struct dvk_snapshot *s = calloc(1, sizeof(*s));

	MUST(s);
	s->procs = calloc(PROCS, sizeof(*s->procs));
	s->tables = calloc(2, sizeof(*s->tables));
	MUST(s->procs && s->tables);
	take_bytes(in, &s->dc, 64);
	s->taken_ns = (int64_t)take_number(in);
	s->lock_stuck = (int)take(in, 1) % 2;
	s->count = (int)take_below(in, PROCS + 1);
	for (int i = 0; i < s->count; i++)
		take_process(in, i - 2, &s->procs[i]);
	s->table_count = (int)take_below(in, 3);
	for (int i = 0; i < s->table_count; i++) {
		const struct protocol_record *record;

		record = protocol_records[take_below(in, (uint32_t)protocol_record_count)];
		take_bytes(in, &s->tables[i], 24);
		snprintf(s->tables[i].type, sizeof(s->tables[i].type), "%s", record->name);
		if (take(in, 1) % 8 == 0)
			continue;
		s->tables[i].version = record->version;
		s->tables[i].row_bytes = record->bytes;
		s->tables[i].rows = ROWS;
	}
	return s;
}

static void show_process(const struct inspect *in, const struct dvk_procinfo *p)
{
	char name[INSPECT_NAME_BYTES];
	struct inspect_why why;

	inspect_sentence(in, p, fresh());
	check_text();
	inspect_rts_words(p->rts, fresh());
	inspect_misc_words(p->misc, fresh());
	inspect_age(in, p);
	inspect_holder(in, p);
	inspect_why_hops(in, p, &why);
	MUST(why.count >= 0 && why.count <= INSPECT_HOPS_MAX);
	MUST(strlen(inspect_name(in, p->endpoint, name)) < INSPECT_NAME_BYTES);
	inspect_name(in, p->request_ep, name);
	inspect_matches(in, p, "s*");
	inspect_matches(in, p, "waiting");
}

static void show_grid(const struct inspect *in)
{
	const struct dvk_snapshot *s = inspect_snapshot(in);
	struct inspect_choice choice = { .count = 0 };
	struct inspect_grid *grid = inspect_grid_create();

	MUST(grid);
	for (int i = 0; i < inspect_column_count && i < INSPECT_CHOSEN_MAX; i++)
		choice.columns[choice.count++] = &inspect_columns[i];
	MUST(inspect_grid_choose(grid, &choice) == 0);
	for (int i = 0; i < s->count; i++)
		MUST(inspect_grid_process(grid, in, &choice, &s->procs[i]) == 0);
	MUST(inspect_grid_rows(grid) == s->count);
	inspect_grid_print(grid, nowhere, 80);
	inspect_grid_print_json(grid, nowhere);
	inspect_grid_destroy(grid);
}

static void show_tables(struct input *input, const struct inspect *in)
{
	const struct dvk_snapshot *s = inspect_snapshot(in);

	for (int i = 0; i < s->table_count; i++) {
		const struct dvk_table *table = &s->tables[i];
		struct inspect_grid *grid;
		void *rows;

		inspect_table_stamp(in, table, fresh());
		check_text();
		if (table->rows > ROWS || table->row_bytes > 4096)
			continue;
		rows = malloc((size_t)table->rows * table->row_bytes + 1);
		MUST(rows);
		take_bytes(input, rows, (size_t)table->rows * table->row_bytes);
		if (inspect_table_rows(in, table, rows, &grid) == 0) {
			inspect_grid_print_list(grid, nowhere);
			inspect_grid_print_json_lines(grid, nowhere);
			inspect_grid_destroy(grid);
		}
		free(rows);
	}
}

/* A message that is often a call that exists. */
static void take_message(struct input *in, int *ret_server, message *m)
{
	const struct protocol *p = protocols[take_below(in, (uint32_t)protocol_count)];
	const struct protocol_call *call = &p->calls[take_below(in, (uint32_t)p->count)];

	take_bytes(in, m, sizeof(*m));
	*ret_server = p->endpoint;
	if (take(in, 1) % 4)
		m->m_type = call->number;
}

static void show_message(const struct inspect *in, int server, const message *m)
{
	inspect_call_name(in, server, m->m_type, fresh());
	inspect_decode_request(in, server, m, fresh());
	check_text();
	inspect_decode_fields(in, server, m, fresh());
	inspect_decode_reply(in, server, m->m_type, m, fresh());
	check_text();
	inspect_decode_values(m, fresh());
	inspect_decode_notification(in, m, fresh());
	inspect_decode_raw(m, fresh());
	check_text();
}

static void show_line(void *context, const struct inspect_line *line)
{
	(void)context;
	inspect_line_text(line, fresh());
	check_text();
	inspect_line_json(line, nowhere);
}

static void show_events(struct input *input, const struct inspect *in)
{
	struct inspect_tracer *tracer =
		inspect_tracer_create((int)take(input, 1) % 2, show_line, NULL);

	MUST(tracer);
	inspect_tracer_names(tracer, in);
	if (take(input, 1) % 4 == 0)
		inspect_tracer_split(tracer);
	for (int i = 0; i < EVENTS && input->left; i++) {
		struct dvk_event event;
		message m;
		int server;

		take_bytes(input, &event, sizeof(event));
		if (take(input, 1) % 2)
			event.call %= 4;
		if (take(input, 1) % 2)
			event.sequence = (uint64_t)i + 1;
		take_message(input, &server, &m);
		inspect_tracer_is_stale(tracer, &event);
		inspect_tracer_feed(tracer, &event, take(input, 1) % 2 ? &m : NULL);
	}
	inspect_tracer_overdue(tracer, INT64_MAX);
	inspect_tracer_destroy(tracer);
}

static void resolve(struct input *input, const struct inspect *in)
{
	char word[24];
	int endpoint;

	take_bytes(input, word, sizeof(word));
	word[sizeof(word) - 1] = '\0';
	MUST(inspect_resolve(in, word, &endpoint, fresh()) == 0 || out.used);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	struct dvk_snapshot *s = take_snapshot(&input);
	struct inspect *in = inspect_create(s, NULL);
	message m;
	int server;

	MUST(in);
	for (int i = 0; i < s->count; i++)
		show_process(in, &s->procs[i]);
	show_grid(in);
	inspect_lock_words(in, fresh());
	check_text();
	take_message(&input, &server, &m);
	show_message(in, server, &m);
	resolve(&input, in);
	show_tables(&input, in);
	show_events(&input, in);
	inspect_destroy(in);
	dvk_snapshot_free(s);
	return 0;
}
