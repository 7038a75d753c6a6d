/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vcopy.c - a server copies from its client's memory, beside process_vm_readv.
 *
 * Both processes are on core 0. The server has taken the client's call and copies
 * again and again; the peer copies the same bytes, in turns with it.
 */
#include <stdlib.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <dvk/dvk.h>

#include "bench.h"

#define SERVER_NR  20
#define BENCH_DCID 60
#define ROUNDS     25
#define BYTES_MAX  (1 << 20)

static char dir[] = "/dev/shm/dvk-bench-XXXXXX";
static char source[BYTES_MAX], target[BYTES_MAX];

static void must(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "vcopy bench: %s %s\n", what, dvk_open_error());
	exit(1);
}

static double ours_ns(int client_ep, size_t bytes, long copies)
{
	int64_t began = bench_now_ns();

	for (long i = 0; i < copies; i++)
		must(dvk_vcopy(client_ep, dvk_address(source), SELF, dvk_address(target), bytes) ==
			     0,
		     "dvk_vcopy");
	return (double)(bench_now_ns() - began) / (double)copies;
}

static double peer_ns(pid_t pid, size_t bytes, long copies)
{
	struct iovec to = { target, bytes }, from = { source, bytes };
	int64_t began = bench_now_ns();

	for (long i = 0; i < copies; i++)
		must(process_vm_readv(pid, &to, 1, &from, 1, 0) == (ssize_t)bytes,
		     "process_vm_readv");
	return (double)(bench_now_ns() - began) / (double)copies;
}

/* MB/s of both, the fastest of their rounds. */
static void measure(const char *name, int client_ep, size_t bytes)
{
	struct bench_result r = { name, 0, "MB/s", "more", "process_vm_readv", 0 };
	long copies = bytes < 65536 ? 2000 : 32 * 1048576 / (long)bytes;
	double ours = 0, peer = 0;

	for (int round = 0; round < ROUNDS; round++) {
		double o = ours_ns(client_ep, bytes, copies);
		double p = peer_ns(getppid(), bytes, copies);

		ours = round && ours < o ? ours : o;
		peer = round && peer < p ? peer : p;
	}
	r.value = (double)bytes * 1000 / ours;
	r.peer_value = (double)bytes * 1000 / peer;
	bench_print(&r);
}

static void serve(int ready_fd)
{
	message m;

	must(dvk_open(BENCH_DCID, &(struct dvk_options){ .dir = dir, .flags = DVK_CREATE }) == 0,
	     "dvk_open");
	must(dvk_is_endpoint(dvk_bind(SERVER_NR, "server")), "dvk_bind");
	must(write(ready_fd, "r", 1) == 1, "write");
	must(dvk_receive(ANY, &m) == 0, "dvk_receive");
	measure("vcopy.64", m.m_source, 64);
	measure("vcopy.4096", m.m_source, 4096);
	measure("vcopy.65536", m.m_source, 65536);
	measure("vcopy.1048576", m.m_source, 1048576);
	m.m_type = 0;
	must(dvk_reply(m.m_source, &m) == 0, "dvk_reply");
	dvk_close();
	_exit(0);
}

int main(void)
{
	message m = { .m_type = 1 };
	int ready[2], status;
	char c;

	must(mkdtemp(dir) != NULL && pipe(ready) == 0, "making its folder");
	bench_pin(0);
	for (size_t i = 0; i < sizeof(source); i++)
		source[i] = (char)i;
	if (fork() == 0)
		serve(ready[1]);
	must(read(ready[0], &c, 1) == 1, "read");
	must(dvk_open(BENCH_DCID, &(struct dvk_options){ .dir = dir }) == 0, "dvk_open");
	must(dvk_is_endpoint(dvk_bind(NONE, "client")), "dvk_bind");
	must(dvk_sendrec(SERVER_NR, &m) == 0, "dvk_sendrec");
	must(wait(&status) > 0 && status == 0, "the server");
	dvk_close();
	return rmdir(dir);
}
