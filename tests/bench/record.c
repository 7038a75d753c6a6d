/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * record.c - recordings: how fast they are written, how fast ten million events are
 * looked at.
 *
 * record.rate: tasks call each other until the ring is half full; then what a recorder
 * does is timed: out of the ring, packed, summed and written, as `trace --to` does it,
 * on one core. The fastest of its batches; none is lost. load.10m: `mukshell load FILE
 * -c summary` of a file of ten million events, from execve to its end; its memory is
 * the most that it had.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fcntl.h>

#include <dvk/dvk.h>
#include <recording.h>

#include "bench.h"
#include "runtime/task.h"

#define SERVER_NR  20
#define BENCH_DCID 58
#define ROUNDS     200
#define BATCH      10
#define ROUND_MAX  16384
#define TRIPS      1500
#define EVENTS     10000000

static char dir[] = "/dev/shm/dvk-bench-XXXXXX";
static char path[] = "build/bench.muktrace";
static struct dvk_record records[ROUND_MAX];

static void must(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "record bench: %s: %m %s\n", what, dvk_open_error());
	exit(1);
}

static void serve(void *argument)
{
	message m;

	(void)argument;
	do {
		if (dvk_receive(ANY, &m))
			return;
		m.m_type = m.m_type == 2 ? -1 : 0;
	} while (dvk_reply(m.m_source, &m) == 0 && m.m_type == 0);
}

static void ask(int m_type)
{
	message m = { .m_type = m_type };

	must(dvk_sendrec(SERVER_NR, &m) == 0, "dvk_sendrec");
}

/* Events a second of one core, the best round. */
static double rate_of(struct dvk_view *view, struct recorder *recorder)
{
	uint64_t sequence = 0, lost;
	double best = 0;
	int64_t ns = 0, began;
	long events = 0;

	for (int round = 0; round < ROUNDS; round++) {
		int count;

		for (int i = 0; i < TRIPS; i++)
			ask(1);
		began = bench_now_ns();
		count = dvk_view_records(view, &sequence, records, ROUND_MAX, &lost);
		must(count > TRIPS && (lost == 0 || round == 0), "dvk_view_records");
		must(recorder_records(recorder, records, count) == 0, "recorder_records");
		ns += bench_now_ns() - began;
		events += count;
		/* A batch of rounds has as many writes as any other. */
		if (round % BATCH != BATCH - 1)
			continue;
		if ((double)events * 1e9 / (double)ns > best)
			best = (double)events * 1e9 / (double)ns;
		ns = events = 0;
	}
	return best;
}

static void run(void *argument)
{
	struct bench_result r = { "record.rate", 0, "1/s", "more", "the goal", 2000000 };
	struct task_options options = { .name = "server", .nr = SERVER_NR };
	struct dvk_dcinfo dc = { .dcid = BENCH_DCID };
	struct recorder *recorder;
	struct dvk_view *view;

	(void)argument;
	must(dvk_is_endpoint(task_create(&options, serve, NULL)), "task_create");
	must(dvk_view_open(BENCH_DCID, dir, 0, &view) == 0, "dvk_view_open");
	must(dvk_view_trace(view, 1) == 0, "dvk_view_trace");
	must(recorder_create(path, &dc, &recorder) == 0, "recorder_create");
	r.value = rate_of(view, recorder);
	must(recorder_close(recorder) == 0, "recorder_close");
	dvk_view_close(view);
	ask(2);
	bench_print(&r);
}

static void measure_rate(void)
{
	struct dvk_options options = { .flags = DVK_CREATE, .dir = dir };
	struct task_options task = { .name = "client", .nr = NONE };

	must(mkdtemp(dir) != NULL, "mkdtemp");
	bench_pin(0);
	must(dvk_open(BENCH_DCID, &options) == 0, "dvk_open");
	must(runtime_run(RUNTIME_COROUTINES, &task, run, NULL) == 0, "runtime_run");
	dvk_close();
	rmdir(dir);
}

/* Calls of twenty clients to two servers, a tenth of them failing. */
static struct dvk_record record_of(uint64_t i)
{
	uint64_t call = i / 2 + 1;
	int client = 70 + (int)(call % 20), server = call % 3 ? 1 : 3, is_reply = i % 2;
	struct dvk_record r = { .event = { .sequence = i + 1,
					   .time_ns = 1000000000 + (int64_t)i * 450,
					   .call = call,
					   .kind = is_reply ? DVK_EVENT_REPLY : DVK_EVENT_CALL } };

	r.event.src_ep = r.m.m_source = is_reply ? server : client;
	r.event.dst_ep = is_reply ? client : server;
	r.event.m_type = r.m.m_type = !is_reply ? 3 + (int)(call % 4) : call % 10 ? 0 : EDVSNOENT;
	memcpy(r.m.payload, &i, sizeof(i));
	return r;
}

static void make_file(void)
{
	struct dvk_procinfo procs[22] = { { .nr = 1, .endpoint = 1, .name = "fs" },
					  { .nr = 3, .endpoint = 3, .name = "rdisk" } };
	struct dvk_snapshot s = { .procs = procs, .count = 22, .dc.dcid = BENCH_DCID };
	struct recorder *recorder;

	for (int i = 2; i < 22; i++) {
		procs[i].nr = procs[i].endpoint = 68 + i;
		snprintf(procs[i].name, sizeof(procs[i].name), "client%d", i - 2);
	}
	must(recorder_create(path, &s.dc, &recorder) == 0, "recorder_create");
	must(recorder_snapshot(recorder, &s) == 0, "recorder_snapshot");
	for (uint64_t i = 0; i < EVENTS; i++) {
		records[i % ROUND_MAX] = record_of(i);
		if (i % ROUND_MAX == ROUND_MAX - 1 || i == EVENTS - 1)
			must(recorder_records(recorder, records, (int)(i % ROUND_MAX) + 1) == 0,
			     "recorder_records");
	}
	must(recorder_close(recorder) == 0, "recorder_close");
}

static void measure_load(void)
{
	struct bench_result seconds = { "load.10m", 0, "s", "less", "the goal", 5 };
	struct bench_result memory = { "load.10m.memory", 0, "MB", "less", "the goal", 200 };
	int64_t began = bench_now_ns();
	struct rusage usage;
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		must(dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO) == STDOUT_FILENO, "null");
		execl("build/bin/mukshell", "mukshell", "load", path, "-q", "-c", "summary",
		      (char *)NULL);
		_exit(127);
	}
	must(pid > 0 && wait4(pid, &status, 0, &usage) == pid && status == 0, "mukshell load");
	seconds.value = (double)(bench_now_ns() - began) / 1e9;
	memory.value = (double)usage.ru_maxrss * 1024 / 1e6;
	bench_print(&seconds);
	bench_print(&memory);
}

int main(void)
{
	measure_rate();
	make_file();
	measure_load();
	return unlink(path) != 0;
}
