/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event_trips.c - a DC of its own for each measurement, as the recorder is
 * switched when a DC is made.
 */
#include <stdlib.h>
#include <unistd.h>

#include <dvk/dvk.h>
#include <dvk/state.h>

#include "bench.h"
#include "event_trips.h"
#include "runtime/task.h"

#define SERVER_NR  20
#define BENCH_DCID 61
#define BATCHES    400 /* short ones; the fastest counts: noise only adds */
#define TRIPS      2500l

struct run {
	const char *dir;
	int traced;
	double ns;
};

static void must(int result, const char *what)
{
	if (dvk_is_endpoint(result))
		return;
	fprintf(stderr, "%s: %s %s\n", what, dvk_strerror(result), dvk_open_error());
	exit(1);
}

/* Answers until a request of type 2 has come. */
static void serve(void *argument)
{
	int client = NONE;
	message m;

	(void)argument;
	do {
		must(dvk_reply_receive(client, &m, ANY, &m), "reply_receive");
		client = m.m_source;
		m.m_type = m.m_type == 2 ? -1 : 0;
	} while (m.m_type == 0);
	must(dvk_reply(client, &m), "reply");
}

static void ask(int type)
{
	message m = { .m_type = type };

	must(dvk_sendrec(SERVER_NR, &m), "sendrec");
}

static double batch_ns(void)
{
	int64_t began = bench_now_ns();

	for (long i = 0; i < TRIPS; i++)
		ask(1);
	return (double)(bench_now_ns() - began) / TRIPS;
}

static void run_trips(void *argument)
{
	struct task_options options = { .name = "server", .nr = SERVER_NR };
	struct run *run = argument;
	struct dvk_view *view;

	must(task_create(&options, serve, NULL), "task_create");
	must(dvk_view_open(BENCH_DCID, run->dir, 0, &view), "dvk_view_open");
	must(dvk_view_trace(view, run->traced), "dvk_view_trace");
	for (int batch = 0; batch < BATCHES; batch++) {
		double ns = batch_ns();

		if (batch == 0 || ns < run->ns)
			run->ns = ns;
	}
	ask(2);
	dvk_view_close(view);
}

double event_trip_ns(int recorder, int traced)
{
	struct task_options task = { .name = "client", .nr = NONE };
	struct dvk_options options = { .flags = DVK_CREATE | (recorder ? 0 : DVK_NO_RECORDER) };
	char dir[] = "/dev/shm/dvk-bench-XXXXXX";
	struct run run = { .dir = dir, .traced = traced };

	if (!mkdtemp(dir))
		exit(1);
	options.dir = dir;
	bench_pin(0);
	must(dvk_open(BENCH_DCID, &options), "dvk_open");
	must(runtime_run(RUNTIME_COROUTINES, &task, run_trips, &run), "runtime_run");
	dvk_close();
	rmdir(dir);
	return run.ns;
}
