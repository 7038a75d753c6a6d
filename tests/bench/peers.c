/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * peers.c - round trips by pipe, unix socket and futex between two processes.
 */
#include <linux/futex.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "peers.h"

#define TRIP_BYTES 64

struct line {
	int to_child[2]; /* [0] the child reads, [1] we write */
	int to_parent[2];
	uint32_t *word; /* 1: the child's turn, 0: ours, 2: the end */
};

static void must(int ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	exit(1);
}

static void open_line(struct line *line, enum peer_kind kind)
{
	if (kind == PEER_PIPE) {
		must(pipe(line->to_child) == 0 && pipe(line->to_parent) == 0, "pipe");
		return;
	}
	if (kind == PEER_SEQPACKET) {
		int pair[2];

		must(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) == 0, "socketpair");
		line->to_child[0] = line->to_parent[1] = pair[0];
		line->to_child[1] = line->to_parent[0] = pair[1];
		return;
	}
	line->word = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	must(line->word != MAP_FAILED, "mmap");
}

static void close_line(struct line *line, enum peer_kind kind)
{
	if (kind == PEER_FUTEX) {
		munmap(line->word, 4096);
		return;
	}
	close(line->to_child[0]);
	close(line->to_child[1]);
	if (kind == PEER_PIPE) {
		close(line->to_parent[0]);
		close(line->to_parent[1]);
	}
}

static void futex_pass(uint32_t *word, uint32_t value)
{
	__atomic_store_n(word, value, __ATOMIC_SEQ_CST);
	syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static uint32_t futex_await(uint32_t *word, uint32_t not_value)
{
	uint32_t value;

	while ((value = __atomic_load_n(word, __ATOMIC_SEQ_CST)) == not_value)
		syscall(SYS_futex, word, FUTEX_WAIT, not_value, NULL, NULL, 0);
	return value;
}

static void serve(struct line *line, enum peer_kind kind)
{
	char data[TRIP_BYTES];

	if (kind == PEER_FUTEX) {
		while (futex_await(line->word, 0) == 1)
			futex_pass(line->word, 0);
		return;
	}
	while (read(line->to_child[0], data, sizeof(data)) == sizeof(data) && data[0] != 'q')
		must(write(line->to_parent[1], data, sizeof(data)) == sizeof(data), "write");
}

static void ask(struct line *line, enum peer_kind kind)
{
	char data[TRIP_BYTES] = "a";

	if (kind == PEER_FUTEX) {
		futex_pass(line->word, 1);
		futex_await(line->word, 1);
		return;
	}
	must(write(line->to_child[1], data, sizeof(data)) == sizeof(data), "write");
	must(read(line->to_parent[0], data, sizeof(data)) == sizeof(data), "read");
}

static void end(struct line *line, enum peer_kind kind)
{
	char data[TRIP_BYTES] = "q";

	if (kind == PEER_FUTEX)
		futex_pass(line->word, 2);
	else
		must(write(line->to_child[1], data, sizeof(data)) == sizeof(data), "write");
}

double peer_roundtrip_ns(enum peer_kind kind, int core, int peer_core, long trips)
{
	struct line line = { .word = NULL };
	double best = 0;
	pid_t child;

	open_line(&line, kind);
	child = fork();
	must(child >= 0, "fork");
	if (child == 0) {
		bench_pin(peer_core);
		serve(&line, kind);
		_exit(0);
	}
	bench_pin(core);
	for (int batch = 0; batch < BENCH_BATCHES; batch++) {
		int64_t began = bench_now_ns();

		for (long i = 0; i < trips / BENCH_BATCHES; i++)
			ask(&line, kind);
		bench_batch(began, trips / BENCH_BATCHES, &best);
	}
	end(&line, kind);
	waitpid(child, NULL, 0);
	close_line(&line, kind);
	return best;
}
