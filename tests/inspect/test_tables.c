/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_tables.c - tables of servers, and snapshots that are garbage.
 */
#include "show.h"

#include <jansson.h>
#include <protocol/fs.h>

static void table_is_shown_by_its_declaration(void **state)
{
	static const struct fs_file_row files[3] = {
		{ .ino = 7,
		  .flags = 01000 | 2,
		  .references = 1,
		  .owner = 1,
		  .fd = 3,
		  .path = "/etc/motd" },
		{ .ino = 0 }, /* not in use */
		{ .ino = 8, .position = 512, .owner = 3, .fd = 4, .path = "/a\033" },
	};
	struct dvk_table table = { .owner_ep = 1,
				   .version = FS_FILE_VERSION,
				   .rows = 3,
				   .row_bytes = sizeof(files[0]),
				   .type = "fs.file" };
	struct dvk_snapshot *s = state_make(rows);
	struct inspect *in = inspect_create(s, NULL);
	struct inspect_grid *grid;
	char *text;

	(void)state;
	assert_int_equal(inspect_table_rows(in, &table, files, &grid), 0);
	text = printed(grid, print_wide);
	assert_string_equal(text, "INO  POSITION  FLAGS       REFERENCES  OWNER  FD  PATH\n"
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
		cmocka_unit_test(table_is_shown_by_its_declaration),
		cmocka_unit_test(table_that_is_not_known_is_refused),
		cmocka_unit_test(garbage_snapshot_is_shown),
	};

	return cmocka_run_group_tests_name("inspect tables", tests, NULL, NULL);
}
