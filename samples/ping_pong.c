/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ping_pong.c - ping_pong [DC [FOLDER]]: two processes, how long does a call take? */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <dvk/dvk.h>

enum { PONG_NR = 20, ROUNDS = 100000 };

static void need(int result, const char *what)
{
	if (dvk_is_endpoint(result))
		return;
	fprintf(stderr, "ping_pong: %s: %s %s\n", what, dvk_strerror(result), dvk_open_error());
	exit(1);
}

int main(int argc, char **argv)
{
	struct dvk_options options = { .dir = argc > 2 ? argv[2] : NULL, .flags = DVK_CREATE };
	int status = 0, client = NONE;
	struct timespec begin, end;
	pid_t child = fork();
	message m = { 0 };

	need(dvk_open(argc > 1 ? atoi(argv[1]) : 0, &options), "open");
	need(dvk_bind(child ? NONE : PONG_NR, child ? "ping" : "pong"), "bind");
	need(child ? dvk_wait4bind_T(PONG_NR, 5000) : 0, "waiting for pong");
	clock_gettime(CLOCK_MONOTONIC, &begin);
	for (int i = 0; i < ROUNDS; i++) {
		m.m_type = child ? 1 : 0; /* a request, or the reply to the one before */
		need(child ? dvk_sendrec(PONG_NR, &m) : dvk_reply_receive(client, &m, ANY, &m),
		     "a call");
		client = m.m_source;
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	m.m_type = 0;
	if (!child)
		return dvk_reply(client, &m) || dvk_close();
	printf("%d round trips, %.0f ns each\n", ROUNDS,
	       difftime(end.tv_sec, begin.tv_sec) * 1e9 / ROUNDS +
		       (double)(end.tv_nsec - begin.tv_nsec) / ROUNDS);
	return waitpid(child, &status, 0) != child || status || dvk_close();
}
