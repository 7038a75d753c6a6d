/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bench.c - what a round trip and a copy cost on the module, beside what Linux has.
 *
 * For a guest with one processor: absolute times mean nothing there. Ours and the peer
 * take turns, batch by batch, and the fastest batch of each counts; beside each trip
 * stand how many system calls and context switches it takes.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <dvk/device.h>
#include <dvk/dvk.h>

#include "../bench/bench.h"
#include "counts.h"
#include "linux.h"
#include "runtime/task.h"

#define DCID      58
#define SERVER_NR 20
#define MANY      3990
#define TRIPS     200 /* a batch */
#define COUNTED   1000
#define COPY_MAX  (1 << 20)

static void must(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "bench of the module: %s: %s\n", what, dvk_open_error());
	exit(1);
}

/* ---- what is measured, and its peer --------------------------------------------- */

struct figure {
	const char *name;
	void (*ask)(void);
	const char *peer;
	void (*peer_ask)(void);
	int trips; /* a batch */
};

static double batch_ns(void (*ask)(void), int trips)
{
	int64_t began = bench_now_ns();

	for (int i = 0; i < trips; i++)
		ask();
	return (double)(bench_now_ns() - began) / trips;
}

static void measure(const struct figure *figure, double *ret_ns, double *ret_peer_ns)
{
	double ours = 0, peer = 0;

	for (int i = 0; i < BENCH_BATCHES; i++) {
		double o = batch_ns(figure->ask, figure->trips);
		double p = batch_ns(figure->peer_ask, figure->trips);

		ours = i && ours < o ? ours : o;
		peer = i && peer < p ? peer : p;
	}
	*ret_ns = ours;
	*ret_peer_ns = peer;
}

static void count_one(const struct figure *figure, enum counts_what what, const char *unit)
{
	char name[64];
	struct bench_result r = { name, 0, unit, "less", figure->peer, 0 };

	snprintf(name, sizeof(name), "%s.%s", figure->name, unit);
	counts_begin(what);
	batch_ns(figure->ask, COUNTED);
	r.value = counts_end() / COUNTED;
	counts_begin(what);
	batch_ns(figure->peer_ask, COUNTED);
	r.peer_value = counts_end() / COUNTED;
	bench_print(&r);
}

static double compare(const struct figure *figure)
{
	struct bench_result r = { figure->name, 0, "ns", "less", figure->peer, 0 };

	measure(figure, &r.value, &r.peer_value);
	bench_print(&r);
	count_one(figure, COUNT_CALLS, "calls");
	count_one(figure, COUNT_SWITCHES, "switches");
	return r.value;
}

/* ---- round trips ------------------------------------------------------------------ */

static void ask_server(void)
{
	message m = { .m_type = 1 };

	must(dvk_sendrec(SERVER_NR, &m) == 0, "sendrec");
}

static void *serve(void *argument)
{
	message m;
	int client = NONE;

	must(dvk_bind(SERVER_NR, "server") == SERVER_NR, "bind");
	if (argument)
		must(write(*(int *)argument, "r", 1) == 1, "write");
	do {
		must(dvk_reply_receive(client, &m, ANY, &m) == 0, "reply_receive");
		client = m.m_source;
	} while (m.m_type == 1);
	must(dvk_reply(client, &m) == 0 && dvk_unbind(SELF, 0) == 0, "the end");
	return NULL;
}

static void end_server(void)
{
	message m = { .m_type = 2 };

	must(dvk_sendrec(SERVER_NR, &m) == 0, "sendrec");
}

static void enter_dc(void)
{
	struct dvk_options options = { .nr_procs = NR_PROCS_MAX, .flags = DVK_CREATE };

	must(dvk_open(DCID, &options) == 0, "dvk_open");
}

/* Its server's process, with its slot bound. */
static void begin_server(void)
{
	int ready[2];
	char byte;

	must(pipe(ready) == 0, "pipe");
	if (fork() == 0) {
		linux_forget();
		enter_dc();
		serve(&ready[1]);
		_exit(0);
	}
	must(read(ready[0], &byte, 1) == 1, "read");
	close(ready[0]);
	close(ready[1]);
}

static double processes(const char *name)
{
	const struct figure figure = { name, ask_server, "pipe", linux_ask_process, TRIPS };
	double ns;

	begin_server();
	ns = compare(&figure);
	end_server();
	return ns;
}

/* The least that a round trip between processes can cost: what of a pipe's that is. */
static void floor_of_processes(void)
{
	struct bench_result r = { "floor.module.processes", 0, "ns", "less", "pipe", 0 };

	r.value = linux_switches_ns(BENCH_BATCHES, TRIPS);
	for (int i = 0; i < BENCH_BATCHES; i++) {
		double ns = batch_ns(linux_ask_process, TRIPS);

		r.peer_value = i && r.peer_value < ns ? r.peer_value : ns;
	}
	bench_print(&r);
}

static void threads(void)
{
	const struct figure figure = { "roundtrip.module.threads", ask_server, "pipe",
				       linux_ask_process, TRIPS };
	const struct figure alike = { "roundtrip.module.threads", ask_server, "pipe of threads",
				      linux_ask_thread, TRIPS };
	int ready[2];
	char byte;
	pthread_t thread;

	must(pipe(ready) == 0, "pipe");
	must(pthread_create(&thread, NULL, serve, &ready[1]) == 0, "a thread");
	must(read(ready[0], &byte, 1) == 1, "read");
	compare(&figure);
	compare(&alike);
	end_server();
	pthread_join(thread, NULL);
}

/* ---- coroutines, beside the least that two system calls cost ------------------------ */

static int bare_fd;

static void ask_nothing(void)
{
	struct dvk_entry entry = { .bytes = sizeof(entry),
				   .version = DVK_DEVICE_VERSION,
				   .op = DVK_OP_GETEP,
				   .slot_nr = dvk_current() };

	for (int i = 0; i < 2; i++)
		must(ioctl(bare_fd, DVK_IOC_ENTRY, &entry) == 0 && entry.result != EDVSBADCALL,
		     "GETEP");
}

static void serve_as_task(void *argument)
{
	message m;
	int client = NONE;

	(void)argument;
	do {
		must(dvk_reply_receive(client, &m, ANY, &m) == 0, "reply_receive");
		client = m.m_source;
	} while (m.m_type == 1);
	must(dvk_reply(client, &m) == 0, "reply");
}

static void coroutines(void *argument)
{
	const struct figure figure = { "roundtrip.module.coroutines", ask_server, "two ioctls",
				       ask_nothing, TRIPS };
	struct task_options options = { .name = "server", .nr = SERVER_NR };

	(void)argument;
	bare_fd = open(DVK_DEVICE_PATH, O_RDWR | O_CLOEXEC);
	must(task_create(&options, serve_as_task, NULL) == SERVER_NR, "task_create");
	compare(&figure);
	end_server();
	close(bare_fd);
}

/* ---- copies ------------------------------------------------------------------------- */

static char source[COPY_MAX], target[COPY_MAX];
static int source_ep;
static pid_t source_pid;
static size_t copy_bytes;

static void copy(void)
{
	must(dvk_vcopy(source_ep, dvk_address(source), SELF, dvk_address(target), copy_bytes) == 0,
	     "vcopy");
}

static void copy_as_linux(void)
{
	struct iovec to = { target, copy_bytes }, from = { source, copy_bytes };

	must(process_vm_readv(source_pid, &to, 1, &from, 1, 0) == (ssize_t)copy_bytes,
	     "process_vm_readv");
}

static double copies(const char *name, size_t bytes)
{
	struct bench_result r = { name, 0, "MB/s", "more", "process_vm_readv", 0 };
	const struct figure figure = { name, copy, "", copy_as_linux, (int)(4 * COPY_MAX / bytes) };

	copy_bytes = bytes;
	measure(&figure, &r.value, &r.peer_value);
	r.value = (double)bytes * 1000 / r.value;
	r.peer_value = (double)bytes * 1000 / r.peer_value;
	bench_print(&r);
	return r.value;
}

/* The client waits for us meanwhile: only then we may copy from it. */
static void begin_source(void)
{
	message m = { .m_type = 1 };

	memset(source, 1, sizeof(source));
	source_pid = fork();
	if (source_pid == 0) {
		linux_forget();
		enter_dc();
		must(dvk_is_endpoint(dvk_bind(NONE, "source")), "bind");
		must(dvk_sendrec(SERVER_NR, &m) == 0, "sendrec");
		_exit(0);
	}
	must(dvk_receive(ANY, &m) == 0, "receive");
	source_ep = m.m_source;
}

static void end_source(void)
{
	message m = { .m_type = 0 };

	must(dvk_reply(source_ep, &m) == 0, "reply");
	waitpid(source_pid, NULL, 0);
}

/* ---- with few and with many bound ------------------------------------------------------ */

static void print_scale(const char *name, double many, double few, const char *unit)
{
	struct bench_result r = { name,        many, unit, strcmp(unit, "ns") ? "more" : "less",
				  "few bound", few };

	bench_print(&r);
}

static void bind_many(void)
{
	for (int i = 0; i < MANY; i++)
		must(dvk_is_endpoint(dvk_tbind(NONE, "many")), "tbind");
}

static double copies_of_a_server(const char *name)
{
	double rate;

	must(dvk_bind(SERVER_NR, "copier") == SERVER_NR, "bind");
	begin_source();
	rate = copies(name, 65536);
	if (strcmp(name, "vcopy.module.65536") == 0)
		copies("vcopy.module.1048576", COPY_MAX);
	end_source();
	must(dvk_unbind(SELF, 0) == 0, "unbind");
	return rate;
}

int main(void)
{
	struct task_options first = { .name = "client", .nr = NONE };
	double trip, rate;

	bench_pin(0);
	linux_begin();
	enter_dc();
	rate = copies_of_a_server("vcopy.module.65536");
	must(dvk_is_endpoint(dvk_bind(NONE, "client")), "bind");
	trip = processes("roundtrip.module.processes");
	floor_of_processes();
	threads();
	bind_many();
	print_scale("scale.module.processes.4000", processes("roundtrip.module.many"), trip, "ns");
	must(dvk_unbind(SELF, 0) == 0, "unbind");
	print_scale("scale.module.vcopy.4000", copies_of_a_server("vcopy.module.many"), rate,
		    "MB/s");
	dvk_close();
	enter_dc();
	must(runtime_run(RUNTIME_COROUTINES, &first, coroutines, NULL) == 0, "runtime_run");
	return dvk_close();
}
