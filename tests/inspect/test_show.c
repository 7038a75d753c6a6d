/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_show.c - columns, filters, order, grids as text and JSON, tables of servers.
 */
#include "state.h"

#include <stdio.h>

#include <jansson.h>
#include <json.h>
#include <protocol/fs.h>

static const struct state_process rows[] = {
	{ .name = "pm", .muk = "server1", .endpoint = 0, .rts = DVK_RTS_RECEIVING, .peer_ep = ANY },
	{ .name = "fs", .muk = "server1", .endpoint = 1, .rts = DVK_RTS_RECEIVING, .peer_ep = 3,
	  .call_type = 0x403, .age_ns = 5 * MS },
	{ .name = "rdisk", .muk = "server1", .endpoint = 3, .on_cpu = 1, .tid = 70 },
	{ .name = "nweb", .muk = "server1", .endpoint = 22, .tid = 70, .note = "fd 7" },
	{ .name = "web", .endpoint = USER(1, 64), .rts = DVK_RTS_SENDING, .peer_ep = 1,
	  .call_type = 5, .place = 1, .age_ns = 3 * MS, .deadline_ms = 50 },
	{ .name = "b\xff\"d", .endpoint = USER(3, 65), .rts = DVK_RTS_STOPPED },
	{ .name = NULL },
};

/* What a function prints, as a string of the caller's. */
static char *printed(const struct inspect_grid *grid,
		     void (*print)(const struct inspect_grid *, FILE *))
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	print(grid, out);
	fclose(out);
	return text;
}

static void print_wide(const struct inspect_grid *grid, FILE *out)
{
	inspect_grid_print(grid, out, 0);
}

static void print_narrow(const struct inspect_grid *grid, FILE *out)
{
	inspect_grid_print(grid, out, 20);
}

static struct inspect_grid *grid_of(const struct inspect *in, const char *columns,
				    const char *filter)
{
	struct inspect_grid *grid = inspect_grid_create();
	const struct dvk_snapshot *s = inspect_snapshot(in);
	struct inspect_choice choice;
	char bytes[256];
	struct text reason;

	text_init(&reason, bytes, sizeof(bytes));
	assert_int_equal(inspect_choose(columns, &choice, &reason), 0);
	assert_int_equal(inspect_grid_choose(grid, &choice), 0);
	for (int i = 0; i < s->count; i++)
		if (!filter || inspect_matches(in, &s->procs[i], filter))
			assert_int_equal(inspect_grid_process(grid, in, &choice, &s->procs[i]), 0);
	return grid;
}

static void filter_chooses_by_name_number_or_state(void **state)
{
	static const struct {
		const char *filter;
		const char *want; /* names, in the order of their slots */
	} cases[] = {
		{ "fs", "fs" },		    { "server1", "pm fs rdisk nweb" },
		{ "*s*", "pm fs rdisk nweb" }, { "n*", "nweb" },
		{ "3", "rdisk" },	    { "64", "web" },
		{ "35634", "web" },	    { "70", "rdisk nweb" },
		{ "10001", "fs" },	    { "running", "rdisk" },
		{ "sleeping", "nweb" },	    { "idle", "pm" },
		{ "waiting", "fs web b?\"d" }, { "receiving", "pm fs" },
		{ "SENDING", "web" },	    { "stopped", "b?\"d" },
		{ "held", "" },		    { "ready", "" },
		{ "user", "web b?\"d" },    { "nonsense", "" },
	};
	struct dvk_snapshot *s = state_make(rows);
	struct inspect *in = inspect_create(s, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char names[256] = "";

		for (int j = 0; j < s->count; j++) {
			char name[INSPECT_NAME_BYTES];

			if (!inspect_matches(in, &s->procs[j], cases[i].filter))
				continue;
			strcat(names, names[0] ? " " : "");
			strcat(names, inspect_name(in, s->procs[j].endpoint, name));
		}
		if (strcmp(names, cases[i].want) != 0)
			fail_msg("%s: is \"%s\", want \"%s\"", cases[i].filter, names,
				 cases[i].want);
	}
	inspect_destroy(in);
	state_free(s);
}

static void columns_are_chosen_by_their_keys(void **state)
{
	static const struct {
		const char *words;
		int want;
		int count; /* 0: as many as there are by default */
		const char *first;
	} cases[] = {
		{ NULL, 0, 0, "nr" },	    { "", 0, 0, "nr" },	  { "name", 0, 1, "name" },
		{ "AGE,name", 0, 2, "age" }, { "all", 0, -1, "nr" },
		{ "+tid", 0, 9, "nr" },	    { "+letter", EDVSNOENT, 0, NULL }, { "nr,,name", EDVSNOENT, 0, NULL },
	};
	struct inspect_choice choice;
	int defaults;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char bytes[1024];
		struct text reason;

		text_init(&reason, bytes, sizeof(bytes));
		assert_int_equal(inspect_choose(cases[i].words, &choice, &reason), cases[i].want);
		if (cases[i].want)
			continue;
		if (!i)
			defaults = choice.count;
		assert_int_equal(choice.count, cases[i].count < 0 ? inspect_column_count :
					       cases[i].count	  ? cases[i].count :
								    defaults);
		assert_string_equal(choice.columns[0]->heading.key, cases[i].first);
	}
}

static void grid_is_aligned_and_cut(void **state)
{
	struct dvk_snapshot *s = state_make(rows);
	struct inspect *in = inspect_create(s, NULL);
	struct inspect_grid *grid = grid_of(in, "nr,name,age,sentence", "*s*");
	char *wide = printed(grid, print_wide);
	char *narrow = printed(grid, print_narrow);

	(void)state;
	assert_string_equal(wide,
			    "NR  NAME    AGE  DOES\n"
			    " 0  pm     0 ns  receives from any\n"
			    " 1  fs     5 ms  waits 5 ms for rdisk to reply to read\n"
			    " 3  rdisk  0 ns  runs\n"
			    "22  nweb   0 ns  sleeps on fd 7\n");
	assert_string_equal(narrow, "NR  NAME    AGE  DOE\n"
				    " 0  pm     0 ns  rec\n"
				    " 1  fs     5 ms  wai\n"
				    " 3  rdisk  0 ns  run\n"
				    "22  nweb   0 ns  sle\n");
	free(wide);
	free(narrow);
	inspect_grid_destroy(grid);
	inspect_destroy(in);
	state_free(s);
}

static void rows_are_ordered_by_a_column(void **state)
{
	static const struct {
		const char *key;
		int descending;
		const char *want;
	} cases[] = {
		{ "name", 0, "b?\"d fs nweb pm rdisk web " },
		{ "age", 1, "fs web pm rdisk nweb b?\"d " },
		{ "nr", 1, "b?\"d web nweb rdisk fs pm " },
		{ "place", 0, "pm fs rdisk nweb b?\"d web " },
	};
	struct dvk_snapshot *s = state_make(rows);
	struct inspect *in = inspect_create(s, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct inspect_order order = { inspect_column_find(cases[i].key),
					       cases[i].descending };
		const struct dvk_procinfo *sorted[8];
		char names[256] = "";

		for (int j = 0; j < s->count; j++)
			sorted[j] = &s->procs[j];
		assert_int_equal(inspect_sort(in, sorted, s->count, &order), 0);
		for (int j = 0; j < s->count; j++) {
			char name[INSPECT_NAME_BYTES];

			strcat(names, inspect_name(in, sorted[j]->endpoint, name));
			strcat(names, " ");
		}
		assert_string_equal(names, cases[i].want);
	}
	inspect_destroy(in);
	state_free(s);
}

static void json_has_every_column_with_its_type(void **state)
{
	static const struct {
		const char *key;
		int row;
		const char *want;
	} cases[] = {
		{ "nr", 1, "1" },	  { "name", 1, "\"fs\"" },  { "age", 1, "0.005" },
		{ "state", 1, "[\"RECEIVING\"]" },		    { "state", 2, "[]" },
		{ "from", 1, "\"rdisk\"" }, { "from", 0, "\"any\"" }, { "to", 1, "null" },
		{ "call", 1, "\"rdisk.read\"" },		    { "taken", 1, "true" },
		{ "muk", 4, "null" },	  { "timeout", 4, "0.05" }, { "ep", 4, "35634" },
		{ "name", 5, "\"b?\\\"d\"" },			    { "rate", 0, "null" },
		{ "holder", 3, "\"rdisk\"" },			    { "oncpu", 2, "true" },
	};
	struct dvk_snapshot *s = state_make(rows);
	struct inspect *in = inspect_create(s, NULL);
	struct inspect_grid *grid = grid_of(in, "all", NULL);
	char *text = printed(grid, inspect_grid_print_json);
	json_t *array = json_loads(text, JSON_REJECT_DUPLICATES, NULL);

	(void)state;
	assert_int_equal(json_array_size(array), 6);
	for (size_t i = 0; i < 6; i++)
		assert_int_equal(json_object_size(json_array_get(array, i)), inspect_column_count);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		json_t *object = json_array_get(array, (size_t)cases[i].row);
		char *value = json_dumps(json_object_get(object, cases[i].key),
					 JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(9));

		if (!value || strcmp(value, cases[i].want) != 0)
			fail_msg("%s: is %s, want %s", cases[i].key, value, cases[i].want);
		free(value);
	}
	json_decref(array);
	free(text);
	inspect_grid_destroy(grid);
	inspect_destroy(in);
	state_free(s);
}

static void rates_are_of_the_same_process(void **state)
{
	struct dvk_snapshot *now = state_make(rows);
	struct dvk_snapshot *before = state_make(rows);
	struct inspect *in;
	struct inspect_value value;

	(void)state;
	before->taken_ns = STATE_NOW - 500 * MS;
	now->procs[1].messages_sent = 110;
	now->procs[1].messages_received = 100;
	before->procs[1].messages_sent = 10;
	now->procs[4].messages_sent = 100;
	now->procs[4].incarnation++;	/* another process in its slot */
	in = inspect_create(now, before);
	inspect_column_find("rate")->get(in, &now->procs[1], &value);
	assert_int_equal(value.kind, INSPECT_NUMBER);
	assert_int_equal(value.number, 400);
	inspect_column_find("rate")->get(in, &now->procs[4], &value);
	assert_int_equal(value.kind, INSPECT_NOTHING);
	inspect_destroy(in);
	state_free(now);
	state_free(before);
}

static void why_is_valid_json(void **state)
{
	struct dvk_snapshot *s = state_make(rows);
	struct inspect *in = inspect_create(s, NULL);
	struct inspect_why why;
	json_t *object;

	(void)state;
	inspect_why(in, inspect_find(in, USER(1, 64)), &why);
	object = inspect_why_json(&why);
	assert_int_equal(json_array_size(json_object_get(object, "chain")), 3);
	assert_string_equal(json_string_value(json_object_get(object, "cause")), "dead");
	assert_int_equal(json_integer_value(json_object_get(object, "at_fault")), 3);
	json_decref(object);
	inspect_destroy(in);
	state_free(s);
}

static void table_is_shown_by_its_declaration(void **state)
{
	static const struct fs_file_row files[3] = {
		{ .ino = 7, .flags = 01000 | 2, .references = 1, .owner = 1, .fd = 3,
		  .path = "/etc/motd" },
		{ .ino = 0 }, /* not in use */
		{ .ino = 8, .position = 512, .owner = 3, .fd = 4, .path = "/a\033" },
	};
	struct dvk_table table = { .owner_ep = 1, .version = FS_FILE_VERSION, .rows = 3,
				   .row_bytes = sizeof(files[0]), .type = "fs.file" };
	struct dvk_snapshot *s = state_make(rows);
	struct inspect *in = inspect_create(s, NULL);
	struct inspect_grid *grid;
	char *text;

	(void)state;
	assert_int_equal(inspect_table_rows(in, &table, files, &grid), 0);
	text = printed(grid, print_wide);
	assert_string_equal(text,
			    "INO  POSITION  FLAGS       REFERENCES  OWNER  FD  PATH\n"
			    "  7         0  RDWR|TRUNC           1  fs      3  /etc/motd\n"
			    "  8       512  RDONLY               0  rdisk   4  /a?\n");
	free(text);
	inspect_grid_destroy(grid);
	inspect_destroy(in);
	state_free(s);
}

static void table_that_is_not_known_is_refused(void **state)
{
	static const struct {
		struct dvk_table table;
		int want;
	} cases[] = {
		{ { .type = "fs.nothing", .rows = 1, .row_bytes = 8 }, EDVSNOENT },
		{ { .type = "fs.file", .version = 99, .rows = 1, .row_bytes = 96 }, EDVSBADVALUE },
		{ { .type = "fs.file", .version = 1, .rows = 1, .row_bytes = 8 }, EDVSBADVALUE },
		{ { .type = "fs.file", .version = 1, .rows = 0, .row_bytes = 96 }, EDVSBADVALUE },
		{ { .type = "fs.file", .version = 1, .rows = 0xffffffff, .row_bytes = 96 },
		  EDVSBADVALUE },
	};
	struct inspect_grid *grid = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(inspect_table_rows(NULL, &cases[i].table, NULL, &grid),
				 cases[i].want);
	assert_null(grid);
}

/* Every byte of a snapshot may be anything: nothing may trip over it. */
static void garbage_snapshot_is_shown(void **state)
{
	uint64_t seed = 88172645463325252;

	(void)state;
	for (int round = 0; round < 300; round++) {
		struct dvk_snapshot *s = state_make(rows);
		unsigned char *bytes = (unsigned char *)s->procs;
		struct inspect_grid *grid;
		struct inspect_why why;
		struct inspect *in;
		char *text;

		for (size_t i = 0; i < (size_t)s->count * sizeof(*s->procs); i++) {
			seed ^= seed << 13;
			seed ^= seed >> 7;
			seed ^= seed << 17;
			bytes[i] = (unsigned char)(round & 1 ? seed : bytes[i] ^ (seed % 61 == 0));
		}
		in = inspect_create(s, s);
		grid = grid_of(in, "all", NULL);
		text = printed(grid, inspect_grid_print_json);
		json_decref(json_loads(text, 0, NULL));
		free(text);
		text = printed(grid, print_wide);
		for (const char *p = text; *p; p++)
			assert_true((unsigned char)*p >= ' ' || *p == '\n');
		free(text);
		inspect_why_hops(in, &s->procs[0], &why);
		assert_in_range(why.count, 1, INSPECT_HOPS_MAX);
		inspect_grid_destroy(grid);
		inspect_destroy(in);
		state_free(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(filter_chooses_by_name_number_or_state),
		cmocka_unit_test(columns_are_chosen_by_their_keys),
		cmocka_unit_test(grid_is_aligned_and_cut),
		cmocka_unit_test(rows_are_ordered_by_a_column),
		cmocka_unit_test(json_has_every_column_with_its_type),
		cmocka_unit_test(rates_are_of_the_same_process),
		cmocka_unit_test(why_is_valid_json),
		cmocka_unit_test(table_is_shown_by_its_declaration),
		cmocka_unit_test(table_that_is_not_known_is_refused),
		cmocka_unit_test(garbage_snapshot_is_shown),
	};

	return cmocka_run_group_tests_name("inspect show", tests, NULL, NULL);
}
