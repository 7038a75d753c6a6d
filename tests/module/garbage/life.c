/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * life.c - one process at the device: its threads, its children, its end.
 *
 * Signals interrupt whoever waits; who waits for ever all the same dies with its life,
 * which garbage.c bounds.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "garbage.h"

#define NOBODY        65534
#define THREADS       3
#define ENTRIES       1000 /* of a thread, at most */
#define STACK_BYTES   65536
#define CHILD_SECONDS 2

/* A thread's part of a life. */
struct part {
	pthread_t thread;
	uint64_t seed;
	int fd;
};

static void interrupted(int signal_nr)
{
	(void)signal_nr;
}

static void be_interrupted(void)
{
	struct sigaction action = { .sa_handler = interrupted };
	struct itimerval often = { { 0, 7000 }, { 0, 7000 } };

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
}

/* ---- what it does beside entries ----------------------------------------------------- */

static void look_into_map(struct enterer *enterer)
{
	static const uint64_t offsets[] = { DVK_MAP_TABLE, DVK_MAP_STATE, DVK_MAP_RECORDER };
	struct chance *chance = &enterer->chance;
	size_t bytes = 4096 * (size_t)(2 + chance_below(chance, 40));
	uint64_t offset =
		offsets[chance_below(chance, 3)] + 4096 * (uint64_t)chance_below(chance, 3);
	int protection = chance_below(chance, 6) ? PROT_READ : PROT_READ | PROT_WRITE;
	volatile char *at;

	if (chance_once_in(chance, 10))
		offset = chance_next(chance) & 0x3ffffffff000;
	at = mmap(NULL, bytes, protection, MAP_SHARED, enterer->fd, (off_t)offset);
	if (at == MAP_FAILED)
		return;
	if (protection & PROT_WRITE)
		complain("a mapping at %llx may be written", (unsigned long long)offset);
	if (mprotect((void *)at, 4096, PROT_READ | PROT_WRITE) == 0)
		complain("a mapping at %llx may be made one to write", (unsigned long long)offset);
	(void)at[0];
	/* Some stay until the end. */
	if (chance_below(chance, 4))
		munmap((void *)at, bytes);
}

static void wait_by_poll(struct enterer *enterer)
{
	struct pollfd wanted = { .fd = enterer->fd, .events = POLLIN };

	poll(&wanted, 1, (int)chance_below(&enterer->chance, 3));
}

/* The file is closed and another takes its number, while others are in it. */
static void change_file(struct enterer *enterer)
{
	int fd = open(DVK_DEVICE_PATH, O_RDWR);

	if (fd < 0)
		return;
	dup2(fd, enterer->fd);
	close(fd);
	enterer_settle(enterer);
}

static void enter_often(struct enterer *enterer, unsigned int count)
{
	while (count-- && !is_enough())
		enterer_enter(enterer);
}

static void become_another(const struct enterer *enterer, uint64_t seed)
{
	char fd[16], text[32];

	snprintf(fd, sizeof(fd), "%d", enterer->fd);
	snprintf(text, sizeof(text), "%llu", (unsigned long long)seed);
	execl("/proc/self/exe", "garbage", "--after-exec", fd, text, NULL);
}

/* A child with the file of its parent, which it may not use. */
static void have_child(struct enterer *enterer)
{
	uint64_t seed = chance_next(&enterer->chance);
	pid_t child = fork();

	if (child != 0)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	be_interrupted();
	enterer_init(enterer, enterer->fd, seed);
	if (chance_below(&enterer->chance, 2))
		change_file(enterer);
	enter_often(enterer, 20);
	if (chance_below(&enterer->chance, 3) == 0)
		become_another(enterer, seed);
	_exit(0);
}

static void do_something(struct enterer *enterer)
{
	switch (chance_below(&enterer->chance, 400)) {
	case 0:
	case 1:
		have_child(enterer);
		break;
	case 2:
		change_file(enterer);
		break;
	case 3:
	case 4:
	case 5:
	case 6:
		look_into_map(enterer);
		break;
	case 7:
	case 8:
	case 9:
		wait_by_poll(enterer);
		break;
	case 10:
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		break;
	default:
		enterer_enter(enterer);
	}
}

static void *part_run(void *data)
{
	struct part *part = data;
	struct enterer enterer;
	int left;

	enterer_init(&enterer, part->fd, part->seed);
	enterer_settle(&enterer);
	for (left = (int)chance_below(&enterer.chance, ENTRIES); left && !is_enough(); left--)
		do_something(&enterer);
	enterer_deinit(&enterer);
	return NULL;
}

/* Memory vanishes and waits are interrupted, until the process ends. */
static void *disturb(void *data)
{
	const struct part *disturbed = data;
	struct chance chance = { disturbed->seed };

	for (;;) {
		int tid = garbage->known_tid[chance_below(&chance, GARBAGE_KNOWN)];

		places_vanish(&chance);
		usleep(chance_below(&chance, 2000));
		if (tid)
			syscall(SYS_tgkill, getpid(), tid, SIGALRM);
	}
	return NULL;
}

/* ---- a life ---------------------------------------------------------------------------- */

/* 0; -1: not even a thread could be made. */
static int start(struct part *part, void *(*run)(void *))
{
	pthread_attr_t attributes;
	int rc;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	rc = pthread_create(&part->thread, &attributes, run, part);
	pthread_attr_destroy(&attributes);
	return rc ? -1 : 0;
}

/* The whole life's allocations fail now and then, also those of fork, exec and exit. */
static void fail_rarely(void)
{
	int fd = open("/proc/self/make-it-fail", O_WRONLY);

	if (fd < 0)
		return;
	if (write(fd, "1", 1) != 1)
		complain("make-it-fail cannot be written");
	close(fd);
}

static void end_life(struct enterer *enterer)
{
	switch (chance_below(&enterer->chance, 4)) {
	case 0:
		kill(getpid(), SIGKILL);
		break;
	case 1:
		become_another(enterer, chance_next(&enterer->chance));
		break;
	case 2:
		close(enterer->fd);
		break;
	default:
		break;
	}
	/* Its threads are wherever they are. */
	_exit(0);
}

void life_run(uint64_t seed)
{
	struct chance chance = { seed };
	struct part parts[THREADS], disturber = { .fd = -1 };
	int fd = open(DVK_DEVICE_PATH, O_RDWR), i, count = 0, waits = (int)chance_below(&chance, 2);
	struct enterer enterer;

	if (fd < 0)
		_exit(errno == ENOENT || errno == ENXIO ? NO_DEVICE : 0);
	if (chance_once_in(&chance, 4) && (setgid(NOBODY) != 0 || setuid(NOBODY) != 0))
		_exit(0);
	if (garbage->rarely_fails && chance_once_in(&chance, 3))
		fail_rarely();
	be_interrupted();
	disturber.seed = chance_next(&chance);
	if (start(&disturber, disturb) != 0)
		_exit(0);
	for (i = 0; i < THREADS; i++) {
		parts[count] = (struct part){ .seed = chance_next(&chance), .fd = fd };
		count += start(&parts[count], part_run) == 0;
	}
	enterer_init(&enterer, fd, chance_next(&chance));
	enterer_settle(&enterer);
	enter_often(&enterer, chance_below(&chance, ENTRIES));
	for (i = 0; waits && i < count; i++)
		pthread_join(parts[i].thread, NULL);
	end_life(&enterer);
	_exit(0);
}

void life_after_exec(int fd, uint64_t seed)
{
	struct enterer enterer;

	alarm(CHILD_SECONDS);
	enterer_init(&enterer, fd, seed);
	enter_often(&enterer, 10);
	_exit(0);
}
