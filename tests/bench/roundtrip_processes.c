/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * roundtrip_processes.c - a sendrec between two processes, beside a pipe, a unix
 * seqpacket socket and a futex pair: both pinned to core 0, then to cores 0 and 1.
 */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <dvk/dvk.h>

#include "bench.h"
#include "peers.h"

#define SERVER_NR  20
#define BENCH_DCID 63

static char dir[] = "/dev/shm/dvk-bench-XXXXXX";

static void must(int result, const char *what)
{
	if (dvk_is_endpoint(result))
		return;
	fprintf(stderr, "%s: %s %s\n", what, dvk_strerror(result), dvk_open_error());
	exit(1);
}

static void join_dc(int nr, const char *name)
{
	struct dvk_options options = { .dir = dir, .flags = DVK_CREATE };

	must(dvk_open(BENCH_DCID, &options), "dvk_open");
	must(dvk_bind(nr, name), "dvk_bind");
}

/* Answers until a request of type 2 has come. */
static void serve(int core, int ready_fd)
{
	message m;
	int client = NONE;

	bench_pin(core);
	join_dc(SERVER_NR, "server");
	if (write(ready_fd, "r", 1) != 1)
		exit(1);
	do {
		must(dvk_reply_receive(client, &m, ANY, &m), "reply_receive");
		client = m.m_source;
	} while (m.m_type != 2);
	must(dvk_reply(client, &m), "reply");
	dvk_close();
	_exit(0);
}

static double roundtrip_ns(int core, int peer_core, long trips)
{
	message m = { .m_type = 1 };
	int ready[2];
	double best = 0;
	char c;

	if (pipe(ready) != 0)
		exit(1);
	if (fork() == 0)
		serve(peer_core, ready[1]);
	if (read(ready[0], &c, 1) != 1)
		exit(1);
	bench_pin(core);
	join_dc(NONE, "client");
	for (int batch = 0; batch < BENCH_BATCHES; batch++) {
		int64_t began = bench_now_ns();

		for (long i = 0; i < trips / BENCH_BATCHES; i++) {
			m.m_type = 1;
			must(dvk_sendrec(SERVER_NR, &m), "sendrec");
		}
		bench_batch(began, trips / BENCH_BATCHES, &best);
	}
	m.m_type = 2;
	must(dvk_sendrec(SERVER_NR, &m), "sendrec");
	dvk_close();
	wait(NULL);
	close(ready[0]);
	close(ready[1]);
	return best;
}

static void measure(const char *name, int core, int peer_core, long trips)
{
	static const char *const peers[] = { "pipe", "unix seqpacket", "futex pair" };
	double value = roundtrip_ns(core, peer_core, trips);

	for (int kind = PEER_PIPE; kind <= PEER_FUTEX; kind++) {
		struct bench_result r = { name, value, "ns", "less", peers[kind], 0 };

		r.peer_value = peer_roundtrip_ns(kind, core, peer_core, trips);
		bench_print(&r);
	}
}

int main(void)
{
	if (mkdtemp(dir) == NULL) {
		perror(dir);
		return 1;
	}
	measure("roundtrip.processes.one_core", 0, 0, 100000);
	if (sysconf(_SC_NPROCESSORS_ONLN) > 1)
		measure("roundtrip.processes.two_cores", 0, 1, 20000);
	rmdir(dir);
	return 0;
}
