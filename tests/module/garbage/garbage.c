/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * garbage.c - lives, some at a time, until so many ioctls were made, or their
 * time is over; then nothing is left.
 *
 *     garbage [--fail] [COUNT [SEED [SECONDS]]]
 *
 * With --fail allocations and copies of the kernel fail as well (as root, on a kernel that
 * can). What the kernel says of itself is judged by who boots it; here: no ioctl gives
 * what the contract does not know, no life hangs, no slot stays bound, and no DC.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "garbage.h"

#define LIVES        8
#define LIFE_SECONDS 3
#define END_SECONDS  30 /* in which who was killed has to be gone */
#define COUNT        20000
#define LONG_SECONDS 100000

struct garbage *garbage;

static struct {
	pid_t pid;
	time_t began;
} lives[LIVES];

void complain(const char *format, ...)
{
	va_list arguments;

	if (atomic_exchange(&garbage->complained, 1))
		return;
	va_start(arguments, format);
	vsnprintf(garbage->complaint, COMPLAINT_SIZE, format, arguments);
	va_end(arguments);
}

static time_t seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

/* ---- failures ----------------------------------------------------------------------- */

static int set(const char *name, const char *value)
{
	char path[128];
	int fd, rc;

	snprintf(path, sizeof(path), "/sys/kernel/debug/%s", name);
	fd = open(path, O_WRONLY);
	if (fd < 0)
		return -1;
	rc = write(fd, value, strlen(value)) > 0 ? 0 : -1;
	close(fd);
	return rc;
}

/* Each thread asks for its failures; who has make-it-fail set, now and then without. */
static int allow_failures(void)
{
	static const char *const kinds[] = { "failslab", "fail_page_alloc", "fail_usercopy" };
	static const char *const settings[][2] = {
		{ "task-filter", "Y" }, { "probability", "1" }, { "interval", "3" },
		{ "times", "-1" },      { "verbose", "0" },
	};
	char name[64];
	unsigned int kind, i;

	for (kind = 0; kind < 3; kind++) {
		for (i = 0; i < 5; i++) {
			snprintf(name, sizeof(name), "%s/%s", kinds[kind], settings[i][0]);
			if (set(name, settings[i][1]) != 0)
				return -1;
		}
	}
	return set("failslab/ignore-gfp-wait", "N") ||
	       set("fail_page_alloc/ignore-gfp-wait", "N") || set("fail_page_alloc/min-order", "0");
}

/* ---- lives -------------------------------------------------------------------------- */

static void begin(int i, uint64_t seed)
{
	lives[i].began = seconds();
	lives[i].pid = fork();
	if (lives[i].pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		life_run(seed);
	}
	if (lives[i].pid < 0)
		lives[i].pid = 0;
}

/* What it waits in, for who reads the complaint. */
static void complain_of(pid_t pid)
{
	char path[64], text[64] = "";
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/wchan", (int)pid);
	fd = open(path, O_RDONLY);
	if (fd >= 0) {
		if (read(fd, text, sizeof(text) - 1) < 0)
			text[0] = '\0';
		close(fd);
	}
	complain("%d was killed and lives on, in %s", (int)pid, text);
}

static void end_old(int i)
{
	time_t age = seconds() - lives[i].began;

	if (age > LIFE_SECONDS)
		kill(lives[i].pid, SIGKILL);
	if (age > LIFE_SECONDS + END_SECONDS)
		complain_of(lives[i].pid);
}

static void reap(void)
{
	int status, i;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (i = 0; i < LIVES; i++)
			if (lives[i].pid == pid)
				lives[i].pid = 0;
		if (WIFEXITED(status) && WEXITSTATUS(status) == NO_DEVICE)
			complain("a life finds no device");
	}
}

static void live(time_t until)
{
	struct chance chance = { garbage->seed };
	struct timespec moment = { 0, 2000000 };
	int i, count = 0;

	while (!is_enough() && seconds() < until) {
		for (i = 0; i < LIVES; i++) {
			if (!lives[i].pid) {
				begin(i, chance_next(&chance));
				count++;
			} else {
				end_old(i);
			}
		}
		if (chance_once_in(&chance, 200) && lives[0].pid)
			kill(lives[0].pid, SIGKILL);
		nanosleep(&moment, NULL);
		reap();
	}
	garbage->wanted = 0;
	printf("%d lives\n", count);
}

/* All that is below us, also children of lives, is gone. */
static void end_lives(void)
{
	time_t until = seconds() + END_SECONDS;
	struct timespec moment = { 0, 10000000 };
	int i;

	for (i = 0; i < LIVES; i++)
		if (lives[i].pid)
			kill(lives[i].pid, SIGKILL);
	do {
		reap();
		if (waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD)
			return;
		nanosleep(&moment, NULL);
	} while (seconds() < until);
	complain("some live on though they were killed");
}

/* ---- what is left ------------------------------------------------------------------- */

static int enter(int fd, unsigned int op, int ep, struct dvk_dcinfo *list)
{
	struct dvk_entry entry = { .bytes = sizeof(entry),
				   .version = DVK_DEVICE_VERSION,
				   .op = (uint16_t)op,
				   .slot_nr = NONE,
				   .ep = ep,
				   .data = dvk_address(list),
				   .size = NR_DCS };

	return ioctl(fd, DVK_IOC_ENTRY, &entry) ? -1 : entry.result;
}

static void check_rest(void)
{
	struct dvk_dcinfo list[NR_DCS];
	int fd = open(DVK_DEVICE_PATH, O_RDWR | O_CLOEXEC), count, i;

	if (fd < 0) {
		complain("no device any more");
		return;
	}
	count = enter(fd, DVK_OP_LIST, 0, list);
	printf("%d DCs are left that were to stay\n", count);
	for (i = 0; i < count; i++) {
		if (list[i].bound || list[i].members || !list[i].kept)
			complain("DC %d: %d slots, %d members are left", list[i].dcid,
				 list[i].bound, list[i].members);
		if (enter(fd, DVK_OP_DC_END, list[i].dcid, NULL) != 0)
			complain("DC %d cannot be ended", list[i].dcid);
	}
	if (enter(fd, DVK_OP_LIST, 0, list) != 0)
		complain("a DC stays though it has ended");
	enter(fd, DVK_OP_DVS_END, 0, NULL);
	close(fd);
}

static void show_operations(void)
{
	static const char *const names[] = { "",
#define NAME(name) #name,
					     DVK_OPS(NAME)
#undef NAME
	};
	int op;

	printf("carried out:");
	for (op = 1; op < DVK_OP_COUNT; op++)
		printf(" %s %ld", names[op], (long)garbage->carried_out[op]);
	printf("\n");
}

static int prepare(int count, char **arguments)
{
	garbage = mmap(NULL, sizeof(*garbage), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		       -1, 0);
	if (garbage == MAP_FAILED || places_init() != 0)
		return -1;
	garbage->wanted = COUNT;
	garbage->seed = (uint64_t)time(NULL) ^ (uint64_t)getpid() << 32;
	if (count > 1 && strcmp(arguments[1], "--fail") == 0) {
		garbage->fails = garbage->rarely_fails = 1;
		count--;
		arguments++;
	}
	if (count > 1)
		garbage->wanted = atol(arguments[1]);
	garbage->seconds = count > 3 ? atol(arguments[3]) : LONG_SECONDS;
	if (count > 2)
		garbage->seed = strtoull(arguments[2], NULL, 0);
	return prctl(PR_SET_CHILD_SUBREAPER, 1);
}

int main(int count, char **arguments)
{
	if (prepare(count, arguments) != 0)
		return 1;
	if (count == 4 && strcmp(arguments[1], "--after-exec") == 0)
		life_after_exec(atoi(arguments[2]), strtoull(arguments[3], NULL, 10));
	if (access(DVK_DEVICE_PATH, R_OK | W_OK) != 0 || geteuid() != 0) {
		puts("1..0 # SKIP there is no " DVK_DEVICE_PATH ", or not root");
		return 0;
	}
	printf("seed %llu\n", (unsigned long long)garbage->seed);
	fflush(stdout);
	if (garbage->fails && allow_failures() != 0)
		complain("this kernel cannot be made to fail");
	live(seconds() + garbage->seconds);
	end_lives();
	fflush(stdout);
	check_rest();
	show_operations();
	if (garbage->complained)
		printf("garbage: %s\n", garbage->complaint);
	printf("garbage: %ld ioctls, %ld carried out, %ld failures injected: %s\n",
	       (long)garbage->entered, (long)garbage->results, (long)garbage->injected,
	       garbage->complained ? "failed" : "passed");
	return garbage->complained;
}
