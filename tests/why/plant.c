/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plant.c - a DC in which one thing is wrong, for `why` to find.
 *
 *	plant CAUSE FOLDER
 *
 * Its processes are "client", who waits, and those who keep it waiting. It says
 * "planted" when all stand as they should, and ends with its standard input.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <dvk/debug.h>
#include <dvk/dvk.h>

#define SERVER_NR 20
#define OTHER_NR  21
#define THIRD_NR  22
#define LONG_MS   60000
#define REQUEST   7

static const char *folder;

static void fail(const char *what)
{
	fprintf(stderr, "plant: %s\n", what);
	_exit(1);
}

/* This process joins the DC in that slot (NONE: any). */
static void join(int nr, const char *name)
{
	struct dvk_options options = { .dir = folder, .flags = DVK_CREATE | DVK_SYSTEM };

	if (dvk_open(0, &options) < 0)
		fail(dvk_open_error());
	if (!dvk_is_endpoint(dvk_bind(nr, name)))
		fail(name);
}

static void call(int endpoint)
{
	message m = { .m_type = REQUEST };

	if (dvk_wait4bind_T(endpoint, LONG_MS) < 0 || dvk_sendrec_T(endpoint, &m, LONG_MS) < 0)
		fail("a call was not answered");
}

static void take(int source)
{
	message m;

	if (dvk_receive(source, &m) < 0)
		fail("nothing came");
}

/* ---- what servers do wrong, in processes of their own ---------------------- */

static void forget(void)
{
	join(SERVER_NR, "server");
	take(ANY);
	take(ANY); /* the first one's reply is lost */
}

static void read_slowly(void)
{
	char path[256], byte;
	int fd;

	snprintf(path, sizeof(path), "%s/disk.img", folder);
	if (mkfifo(path, 0600) < 0)
		fail(path);
	fd = open(path, O_RDWR);
	join(SERVER_NR, "server");
	take(ANY);
	if (read(fd, &byte, 1) < 0)
		fail(path);
}

static void spin(void)
{
	join(SERVER_NR, "server");
	take(ANY);
	for (;;)
		__asm__ volatile("" ::: "memory");
}

static void serve(void)
{
	join(SERVER_NR, "server");
	for (;;)
		take(ANY);
}

static void hold(void)
{
	struct dvk_hold rule = { .src_ep = ANY,
				 .dst_ep = SERVER_NR,
				 .kinds = DVK_HOLD_KIND(DVK_HELD_CALL),
				 .m_type = REQUEST,
				 .call_type = DVK_ANY_TYPE };

	join(NONE, "debugger");
	if (dvk_wait4bind_T(SERVER_NR, LONG_MS) < 0 || dvk_hold(&rule) < 0)
		fail("hold");
	take(ANY);
}

static void call_next(int nr, const char *name, int next)
{
	join(nr, name);
	call(next);
}

static void second(void)
{
	call_next(OTHER_NR, "second", THIRD_NR);
}

static void third(void)
{
	call_next(THIRD_NR, "third", SERVER_NR);
}

static void first(void)
{
	call_next(SERVER_NR, "server", OTHER_NR);
}

/* A worker has the mutex and calls the server, which wants the mutex. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t both;

static void *worker(void *unused)
{
	if (!dvk_is_endpoint(dvk_bind(OTHER_NR, "worker")))
		fail("worker");
	pthread_mutex_lock(&mutex);
	pthread_barrier_wait(&both);
	call(SERVER_NR);
	pthread_mutex_unlock(&mutex);
	return unused;
}

static void lock(void)
{
	pthread_t thread;

	join(SERVER_NR, "server");
	pthread_barrier_init(&both, NULL, 2);
	if (pthread_create(&thread, NULL, worker, NULL))
		fail("thread");
	pthread_barrier_wait(&both);
	pthread_mutex_lock(&mutex);
	pthread_join(thread, NULL);
}

static const struct cause {
	const char *name;
	void (*parts[3])(void);
} causes[] = {
	{ "lost-reply", { forget } },     { "circle", { first, second, third } },
	{ "slow-disk", { read_slowly } }, { "spinning", { spin } },
	{ "held", { serve, hold } },      { "mutex", { lock } },
};

static void start(void (*part)(void))
{
	pid_t parent = getpid(), pid = fork();

	if (pid < 0)
		fail(strerror(errno));
	if (pid)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	part();
	_exit(0);
}

static void ask(void)
{
	join(NONE, "client");
	if (dvk_wait4bind_T(SERVER_NR, LONG_MS) < 0)
		fail("no server");
	usleep(200000); /* until the others stand */
	call(SERVER_NR);
}

int main(int argc, char **argv)
{
	char byte;

	if (argc != 3)
		fail("CAUSE FOLDER");
	folder = argv[2];
	for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++)
		for (int k = 0; k < 3 && strcmp(causes[i].name, argv[1]) == 0; k++)
			if (causes[i].parts[k])
				start(causes[i].parts[k]);
	start(ask);
	printf("planted\n");
	fflush(stdout);
	return read(STDIN_FILENO, &byte, 1) < 0;
}
