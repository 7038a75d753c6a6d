/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * configurations.c - the worlds that are simulated. Weights are of one another; a
 * call that is not named is not made.
 */
#include "simulation.h"

/* clang-format off */
const struct configuration configurations[] = {
	{ .name = "a few of everybody", .nr_procs = NR_PROCS_MIN + 7,
	  .tasks = 3, .servers = 3, .users = 6, .steps = 2000, .shape = MESH, .for_ever = 60,
	  .weights = { [DO_bind] = 3, [DO_unbind] = 1, [DO_exit] = 1, [DO_send] = 8,
		[DO_receive] = 16, [DO_sendrec] = 14, [DO_reply] = 10, [DO_reply_to] = 5,
		[DO_reply_receive] = 10, [DO_notify] = 6, [DO_copy] = 4, [DO_copy_end] = 4,
		[DO_timeout] = 4 } },
	{ .name = "long queues", .nr_procs = NR_PROCS_MIN + 40, .tasks = 2, .servers = 2,
	  .users = 40, .steps = 2000, .shape = STAR, .for_ever = 70,
	  .weights = { [DO_bind] = 2, [DO_exit] = 1, [DO_send] = 20, [DO_receive] = 4,
		[DO_sendrec] = 30, [DO_reply] = 4, [DO_reply_receive] = 12, [DO_notify] = 2,
		[DO_timeout] = 2 } },
	{ .name = "rings", .nr_procs = NR_PROCS_MIN + 8, .tasks = 2, .servers = 4, .users = 8,
	  .steps = 2000, .shape = RING, .for_ever = 90,
	  .weights = { [DO_bind] = 3, [DO_exit] = 1, [DO_send] = 12, [DO_receive] = 12,
		[DO_sendrec] = 20, [DO_reply] = 6, [DO_reply_receive] = 6, [DO_notify] = 1,
		[DO_timeout] = 3 } },
	{ .name = "late answers", .nr_procs = NR_PROCS_MIN + 20, .tasks = 2, .servers = 2,
	  .users = 20, .steps = 2000, .shape = STAR, .for_ever = 40,
	  .weights = { [DO_bind] = 2, [DO_exit] = 1, [DO_send] = 2, [DO_receive] = 30,
		[DO_sendrec] = 30, [DO_reply_to] = 24, [DO_reply] = 2, [DO_notify] = 2,
		[DO_copy] = 6, [DO_copy_end] = 6, [DO_timeout] = 6 } },
	{ .name = "strict", .nr_procs = NR_PROCS_MIN + 7, .tasks = 2, .servers = 4, .users = 8,
	  .steps = 2000, .strict = 1, .shape = MESH, .for_ever = 60,
	  .weights = { [DO_bind] = 3, [DO_unbind] = 1, [DO_exit] = 1, [DO_send] = 10,
		[DO_receive] = 12, [DO_sendrec] = 12, [DO_reply] = 8, [DO_reply_to] = 2,
		[DO_reply_receive] = 6, [DO_notify] = 8, [DO_copy] = 2, [DO_copy_end] = 2,
		[DO_timeout] = 3 } },
	{ .name = "the last generations", .nr_procs = NR_PROCS_MIN + 3, .tasks = 2, .servers = 2,
	  .users = 4, .steps = 1000, .generation = GENERATION_MAX - 3, .shape = MESH,
	  .for_ever = 60,
	  .weights = { [DO_bind] = 20, [DO_unbind] = 8, [DO_exit] = 6, [DO_send] = 6,
		[DO_receive] = 8, [DO_sendrec] = 8, [DO_reply] = 4, [DO_notify] = 4,
		[DO_copy] = 2, [DO_copy_end] = 2, [DO_timeout] = 2 } },
	{ .name = "copies", .nr_procs = NR_PROCS_MIN + 5, .tasks = 2, .servers = 3, .users = 6,
	  .steps = 2000, .shape = STAR, .for_ever = 40,
	  .weights = { [DO_bind] = 4, [DO_unbind] = 2, [DO_exit] = 2, [DO_receive] = 20,
		[DO_sendrec] = 24, [DO_reply] = 4, [DO_reply_receive] = 2, [DO_notify] = 2,
		[DO_copy] = 30, [DO_copy_end] = 14, [DO_timeout] = 6 } },
	{ .name = "cut", .nr_procs = NR_PROCS_MIN + 7, .tasks = 3, .servers = 3, .users = 6,
	  .steps = 2000, .cut_every = 12, .shape = MESH, .for_ever = 60,
	  .weights = { [DO_bind] = 8, [DO_unbind] = 1, [DO_exit] = 1, [DO_send] = 8,
		[DO_receive] = 12, [DO_sendrec] = 12, [DO_reply] = 8, [DO_reply_to] = 4,
		[DO_reply_receive] = 8, [DO_notify] = 6, [DO_copy] = 4, [DO_copy_end] = 4,
		[DO_timeout] = 3 } },
	{ .name = "cut in long queues", .nr_procs = NR_PROCS_MIN + 30, .tasks = 2, .servers = 2,
	  .users = 30, .steps = 2000, .cut_every = 20, .shape = STAR, .for_ever = 70,
	  .weights = { [DO_bind] = 6, [DO_exit] = 1, [DO_send] = 20, [DO_receive] = 4,
		[DO_sendrec] = 30, [DO_reply] = 4, [DO_reply_receive] = 12, [DO_notify] = 2,
		[DO_timeout] = 2 } },
	{ .name = "thousands", .nr_procs = NR_PROCS_MAX, .tasks = 2, .servers = 6,
	  .users = NR_PROCS_MAX - NR_SERVERS, .steps = 8000, .shape = STAR, .for_ever = 80,
	  .weights = { [DO_bind] = 60, [DO_exit] = 1, [DO_send] = 10, [DO_receive] = 10,
		[DO_sendrec] = 20, [DO_reply] = 4, [DO_reply_to] = 2, [DO_reply_receive] = 6,
		[DO_notify] = 3, [DO_copy] = 1, [DO_copy_end] = 1, [DO_timeout] = 1 } },
};
/* clang-format on */

const int configuration_count = sizeof(configurations) / sizeof(configurations[0]);
