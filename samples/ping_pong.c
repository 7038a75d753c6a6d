/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ping_pong.c - two processes, a call there and back: how long does it take?
 *
 *	ping_pong [DC [FOLDER]]
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <dvk/dvk.h>

#define ROUNDS 100000

static void need(int result, const char *what)
{
	if (dvk_is_endpoint(result))
		return;
	fprintf(stderr, "ping_pong: %s: %s %s\n", what, dvk_strerror(result), dvk_open_error());
	exit(1);
}

/* Answers until a request says stop (type 2). */
static void pong(void)
{
	message m = { .m_type = 0 };
	int client = NONE, stop;

	do {
		need(dvk_reply_receive(client, &m, ANY, &m), "receive");
		client = m.m_source;
		stop = m.m_type == 2;
		m.m_type = 0;
	} while (!stop);
	need(dvk_reply(client, &m), "reply");
}

static void ping(int server, long rounds)
{
	message m;

	for (long i = 0; i < rounds; i++) {
		m.m_type = i + 1 < rounds ? 1 : 2;
		m.m1_i1 = (int)i;
		need(dvk_sendrec(server, &m), "sendrec");
		if (m.m_type != 0 || m.m1_i1 != (int)i)
			need(EDVSGENERIC, "a wrong answer");
	}
}

int main(int argc, char **argv)
{
	struct dvk_options options = { .dir = argc > 2 ? argv[2] : NULL, .flags = DVK_CREATE };
	int dcid = argc > 1 ? atoi(argv[1]) : 0, ready[2], server = 0, status;
	struct timespec begin, end;
	pid_t child;

	if (pipe(ready) != 0 || (child = fork()) < 0)
		return 1;
	if (dvk_open(dcid, &options) != 0)
		need(EDVSGENERIC, dvk_open_error());
	server = dvk_bind(NONE, child ? "ping" : "pong");
	need(server, "bind");
	if (child == 0) {
		if (write(ready[1], &server, sizeof(server)) == sizeof(server))
			pong();
		return dvk_close() != 0;
	}
	if (read(ready[0], &server, sizeof(server)) != sizeof(server))
		return 1;
	clock_gettime(CLOCK_MONOTONIC, &begin);
	ping(server, ROUNDS);
	clock_gettime(CLOCK_MONOTONIC, &end);
	printf("%d round trips, %.0f ns each\n", ROUNDS,
	       ((double)(end.tv_sec - begin.tv_sec) * 1e9 + (double)(end.tv_nsec - begin.tv_nsec)) /
		       ROUNDS);
	waitpid(child, &status, 0);
	return dvk_close() != 0 || status != 0;
}
