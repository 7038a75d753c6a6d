/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_show.c - columns, filters, order, grids as text and JSON.
 */
#include "show.h"

#include <stdio.h>

#include <jansson.h>
#include <json.h>

static const struct {
	const char *filter;
	const char *want; /* names, in the order of their slots */
} filters[] = {
	{ "fs", "fs" },
	{ "server1", "pm fs rdisk nweb" },
	{ "*s*", "pm fs rdisk nweb" },
	{ "n*", "nweb" },
	{ "3", "rdisk" },
	{ "64", "web" },
	{ "35634", "web" },
	{ "70", "rdisk nweb" },
	{ "10001", "fs" },
	{ "running", "rdisk" },
	{ "sleeping", "nweb" },
	{ "idle", "pm" },
	{ "waiting", "fs web b?\"d" },
	{ "receiving", "pm fs" },
	{ "SENDING", "web" },
	{ "stopped", "b?\"d" },
	{ "held", "" },
	{ "ready", "" },
	{ "user", "web b?\"d" },
	{ "nonsense", "" },
};

static void filter_chooses_by_name_number_or_state(void **state)
{
	struct dvk_snapshot *s = state_make(rows);
	struct inspect *in = inspect_create(s, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++) {
		char names[256] = "";

		for (int j = 0; j < s->count; j++) {
			char name[INSPECT_NAME_BYTES];

			if (!inspect_matches(in, &s->procs[j], filters[i].filter))
				continue;
			strcat(names, names[0] ? " " : "");
			strcat(names, inspect_name(in, s->procs[j].endpoint, name));
		}
		if (strcmp(names, filters[i].want) != 0)
			fail_msg("%s: is \"%s\", want \"%s\"", filters[i].filter, names,
				 filters[i].want);
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
		{ NULL, 0, 0, "nr" },
		{ "", 0, 0, "nr" },
		{ "name", 0, 1, "name" },
		{ "AGE,name", 0, 2, "age" },
		{ "recvd,DOES", 0, 2, "received" },
		{ "all", 0, -1, "nr" },
		{ "+tid", 0, 9, "nr" },
		{ "+letter", EDVSNOENT, 0, NULL },
		{ "nr,,name", EDVSNOENT, 0, NULL },
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
		assert_int_equal(choice.count, cases[i].count < 0 ? inspect_column_count
					       : cases[i].count   ? cases[i].count
								  : defaults);
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
	assert_string_equal(wide, "NR  NAME    AGE  DOES\n"
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

static const struct {
	const char *key;
	int row;
	const char *want;
} values[] = {
	{ "nr", 1, "1" },
	{ "name", 1, "\"fs\"" },
	{ "age", 1, "0.005" },
	{ "state", 1, "[\"RECEIVING\"]" },
	{ "state", 2, "[]" },
	{ "from", 1, "\"rdisk\"" },
	{ "from", 0, "\"any\"" },
	{ "to", 1, "null" },
	{ "call", 1, "\"rdisk.read\"" },
	{ "taken", 1, "true" },
	{ "muk", 4, "null" },
	{ "timeout", 4, "0.05" },
	{ "ep", 4, "35634" },
	{ "name", 5, "\"b?\\\"d\"" },
	{ "rate", 0, "null" },
	{ "holder", 3, "\"rdisk\"" },
	{ "oncpu", 2, "true" },
};

static void json_has_every_column_with_its_type(void **state)
{
	struct dvk_snapshot *s = state_make(rows);
	struct inspect *in = inspect_create(s, NULL);
	struct inspect_grid *grid = grid_of(in, "all", NULL);
	char *text = printed(grid, inspect_grid_print_json);
	json_t *array = json_loads(text, JSON_REJECT_DUPLICATES, NULL);

	(void)state;
	assert_int_equal(json_array_size(array), 6);
	for (size_t i = 0; i < 6; i++)
		assert_int_equal(json_object_size(json_array_get(array, i)), inspect_column_count);
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		json_t *object = json_array_get(array, (size_t)values[i].row);
		char *value = json_dumps(json_object_get(object, values[i].key),
					 JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(9));

		if (!value || strcmp(value, values[i].want) != 0)
			fail_msg("%s: is %s, want %s", values[i].key, value, values[i].want);
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
	now->procs[4].incarnation++; /* another process in its slot */
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
	};

	return cmocka_run_group_tests_name("inspect show", tests, NULL, NULL);
}
