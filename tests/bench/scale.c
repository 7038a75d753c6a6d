/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scale.c - a round trip between two coroutines while many others are bound:
 * scale.roundtrip.8, .256 and .4000. Its peer is itself with two bound.
 *
 * The two that talk are pinned on core 0; the others wait in a receive. The pair
 * is made last, so that its slots are the farthest from the table's beginning.
 */
#include <stdlib.h>
#include <unistd.h>

#include <dvk/dvk.h>

#include "bench.h"
#include "runtime/task.h"

#define BENCH_DCID 59
#define BATCHES    60
#define TRIPS      5000

static char dir[] = "/dev/shm/dvk-bench-XXXXXX";

struct run {
	int others;
	double ns;
};

static void must(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "scale bench: %s %s\n", what, dvk_open_error());
	exit(1);
}

/* Answers until a request of type 2 has come. */
static void serve(void *argument)
{
	int client = NONE;
	message m;

	(void)argument;
	do {
		must(dvk_reply_receive(client, &m, ANY, &m) == 0, "dvk_reply_receive");
		client = m.m_source;
		m.m_type = m.m_type == 2 ? -1 : 0;
	} while (m.m_type == 0);
	must(dvk_reply(client, &m) == 0, "dvk_reply");
}

static void ask(int ep, int type)
{
	message m = { .m_type = type };

	must(dvk_sendrec(ep, &m) == 0, "dvk_sendrec");
}

static void trips(struct run *run, int server_ep)
{
	for (int batch = 0; batch < BATCHES; batch++) {
		int64_t began = bench_now_ns();
		double ns;

		for (int i = 0; i < TRIPS; i++)
			ask(server_ep, 1);
		ns = (double)(bench_now_ns() - began) / TRIPS;
		if (batch == 0 || ns < run->ns)
			run->ns = ns;
	}
}

static void client(void *argument)
{
	struct task_options options = { .name = "server", .nr = NONE, .stack_bytes = 16384 };
	struct run *run = argument;
	int *others = calloc((size_t)run->others + 1, sizeof(*others));

	for (int i = 0; i <= run->others; i++) {
		others[i] = task_create(&options, serve, NULL);
		must(dvk_is_endpoint(others[i]), "task_create");
	}
	task_yield();
	trips(run, others[run->others]);
	for (int i = 0; i <= run->others; i++)
		ask(others[i], 2);
	free(others);
}

static double trip_ns(int others)
{
	struct dvk_options options = { .dir = dir, .nr_procs = 4061, .flags = DVK_CREATE };
	struct task_options task = { .name = "client", .nr = NONE };
	struct run run = { .others = others };

	must(dvk_open(BENCH_DCID, &options) == 0, "dvk_open");
	must(runtime_run(RUNTIME_COROUTINES, &task, client, &run) == 0, "runtime_run");
	dvk_close();
	return run.ns;
}

int main(void)
{
	static const struct {
		const char *name;
		int bound;
	} cases[] = {
		{ "scale.roundtrip.8", 8 },
		{ "scale.roundtrip.256", 256 },
		{ "scale.roundtrip.4000", 3990 },
	};
	double two;

	must(mkdtemp(dir) != NULL, "making its folder");
	bench_pin(0);
	two = trip_ns(0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bench_result r = { cases[i].name, trip_ns(cases[i].bound - 2),
					  "ns",          "less",
					  "two bound",   two };

		bench_print(&r);
	}
	return rmdir(dir);
}
