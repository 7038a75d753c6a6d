/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * show.h - a state to show, and what showing it prints.
 */
#ifndef TESTS_INSPECT_SHOW_H
#define TESTS_INSPECT_SHOW_H

#include "state.h"

#include <stdio.h>

static const struct state_process rows[] = {
	{ .name = "pm", .muk = "server1", .endpoint = 0, .rts = DVK_RTS_RECEIVING, .peer_ep = ANY },
	{ .name = "fs",
	  .muk = "server1",
	  .endpoint = 1,
	  .rts = DVK_RTS_RECEIVING,
	  .peer_ep = 3,
	  .call_type = 0x403,
	  .age_ns = 5 * MS },
	{ .name = "rdisk", .muk = "server1", .endpoint = 3, .on_cpu = 1, .tid = 70 },
	{ .name = "nweb", .muk = "server1", .endpoint = 22, .tid = 70, .note = "fd 7" },
	{ .name = "web",
	  .endpoint = USER(1, 64),
	  .rts = DVK_RTS_SENDING,
	  .peer_ep = 1,
	  .call_type = 5,
	  .place = 1,
	  .age_ns = 3 * MS,
	  .deadline_ms = 50 },
	{ .name = "b\xff\"d", .endpoint = USER(3, 65), .rts = DVK_RTS_STOPPED },
	{ .name = NULL },
};

/* What a function prints, as a string of the caller's. */
static inline char *printed(const struct inspect_grid *grid,
			    void (*print)(const struct inspect_grid *, FILE *))
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	print(grid, out);
	fclose(out);
	return text;
}

static inline void print_wide(const struct inspect_grid *grid, FILE *out)
{
	inspect_grid_print(grid, out, 0);
}

static inline void print_narrow(const struct inspect_grid *grid, FILE *out)
{
	inspect_grid_print(grid, out, 20);
}

static inline struct inspect_grid *grid_of(const struct inspect *in, const char *columns,
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

#endif
