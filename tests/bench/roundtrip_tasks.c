/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * roundtrip_tasks.c - a sendrec between two tasks of one process, as coroutines
 * and as threads, bare and as a typed call of a server; beside a pipe between two
 * processes. All of it is pinned to core 1.
 *
 *	roundtrip_tasks [bare|call]	only that one, for a profiler
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <dvk/dvk.h>

#include "bench.h"
#include "peers.h"
#include "protocol/pm.h"
#include "runtime/task.h"
#include "server/server.h"

#define SERVER_NR     20
#define CORE          1
#define PROFILE_TRIPS 50000000l

struct run {
	enum runtime_kind kind;
	long trips;
	double ns;
};

static void must(int result, const char *what)
{
	if (dvk_is_endpoint(result))
		return;
	fprintf(stderr, "%s: %s %s\n", what, dvk_strerror(result), dvk_open_error());
	exit(1);
}

/* ---- bare ----------------------------------------------------------------- */

/* Answers until a request of type 2 has come. */
static void serve(void *argument)
{
	message m;
	int client = NONE;

	(void)argument;
	do {
		must(dvk_reply_receive(client, &m, ANY, &m), "reply_receive");
		client = m.m_source;
		m.m_type = m.m_type == 2 ? -1 : 0;
	} while (m.m_type == 0);
	must(dvk_reply(client, &m), "reply");
}

static void bare(void *argument)
{
	struct task_options options = { .name = "server", .nr = SERVER_NR };
	struct run *run = argument;
	message m = { .m_type = 1 };

	bench_pin(CORE);
	must(task_create(&options, serve, NULL), "task_create");
	for (int batch = 0; batch < BENCH_BATCHES; batch++) {
		int64_t began = bench_now_ns();

		for (long i = 0; i < run->trips / BENCH_BATCHES; i++) {
			m.m_type = 1;
			must(dvk_sendrec(SERVER_NR, &m), "sendrec");
		}
		bench_batch(began, run->trips / BENCH_BATCHES, &run->ns);
	}
	m.m_type = 2;
	must(dvk_sendrec(SERVER_NR, &m), "sendrec");
}

/* ---- a call --------------------------------------------------------------- */

static int answer_getpid(void *state, struct server_call *call, struct pm_getpid_reply *reply)
{
	(void)state;
	(void)call;
	reply->pid = 1;
	return 0;
}

static int start(struct server *server, void **ret_state)
{
	(void)server;
	*ret_state = NULL;
	return 0;
}

static const struct pm_handlers handlers = { .getpid = answer_getpid };
static const struct server_type type = {
	.name = "server",
	.protocol = &protocol_pm,
	.nr = SERVER_NR,
	.handlers = &handlers,
	.dispatch = pm_dispatch,
	.start = start,
};

static void call(void *argument)
{
	struct server_options options = { .nr = SERVER_NR };
	struct run *run = argument;
	struct pm_getpid_reply reply;
	struct server *server;

	bench_pin(CORE);
	must(server_start(&type, &options, &server), "server_start");
	for (int batch = 0; batch < BENCH_BATCHES; batch++) {
		int64_t began = bench_now_ns();

		for (long i = 0; i < run->trips / BENCH_BATCHES; i++)
			must(pm_call_getpid(SERVER_NR, &reply), "getpid");
		bench_batch(began, run->trips / BENCH_BATCHES, &run->ns);
	}
	must(server_stop(server, 1000), "server_stop");
}

/* ---- measuring ------------------------------------------------------------ */

static double measure(enum runtime_kind kind, task_function *function, long trips)
{
	char dir[] = "/dev/shm/dvk-bench-XXXXXX";
	struct dvk_options options = { .dir = dir, .flags = DVK_CREATE };
	struct task_options first = { .name = "client", .nr = NONE };
	struct run run = { .kind = kind, .trips = trips };

	if (!mkdtemp(dir))
		exit(1);
	must(dvk_open(63, &options), "dvk_open");
	must(runtime_run(kind, &first, function, &run), "runtime_run");
	dvk_close();
	rmdir(dir);
	return run.ns;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		enum runtime_kind kind;
		task_function *function;
		long trips;
	} figures[] = {
		{ "roundtrip.tasks.coroutines", RUNTIME_COROUTINES, bare, 2000000 },
		{ "roundtrip.tasks.call", RUNTIME_COROUTINES, call, 2000000 },
		{ "roundtrip.tasks.threads", RUNTIME_THREADS, bare, 100000 },
	};

	bench_pin(CORE);
	if (argc > 1) {
		printf("%.1f ns\n",
		       measure(RUNTIME_COROUTINES, strcmp(argv[1], "call") == 0 ? call : bare,
			       PROFILE_TRIPS));
		return 0;
	}
	for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++) {
		struct bench_result r = { figures[i].name, 0, "ns", "less", "pipe", 0 };

		r.value = measure(figures[i].kind, figures[i].function, figures[i].trips);
		r.peer_value = peer_roundtrip_ns(PEER_PIPE, CORE, CORE, 100000);
		bench_print(&r);
	}
	return 0;
}
