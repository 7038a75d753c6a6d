/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell.c - what the shell itself takes; run-shell.sh calls it.
 *
 *	shell ps	shell.ps.4000: from execve of `mukshell attach DC -c ps` to its end,
 *			3,990 processes bound (nearly all that a table has room for),
 *			its output to a file in memory. The median of 21.
 *	shell top DIR	top.cpu: processor time of `top`, ten frames a second, on a terminal of 24
 *			lines and 80 columns, in % of one processor over SECONDS, by its
 *			processor clock (the ticks of /proc/PID/stat are too coarse), on the MUK of DIR with 256 more processes bound in its DC.
 */
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <dvk/dvk.h>

#include "bench.h"
#include "runtime/task.h"

#define BENCH_DCID 57
#define BOUND      3990 /* of 3,997 slots of users */
#define MORE       256
#define PS_TIMES   21
#define SECONDS    6
#define WARM_NS    1500000000ll

#define SHELL "build/bin/mukshell"

struct crowd {
	const char *dir;
	int dcid;
	int count;
	int ready; /* a byte when all are bound */
	int end;   /* closed: all end */
	pid_t pid;
};

static void must(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "shell bench: %s: %m %s\n", what, dvk_open_error());
	exit(1);
}

/* ---- a crowd: processes that wait, in a process of their own ---------------------- */

static void wait_for_end(void *argument)
{
	message m;

	(void)argument;
	must(dvk_receive(ANY, &m) == 0, "dvk_receive");
}

static void gather(void *argument)
{
	struct task_options options = { .name = "waiting", .nr = NONE, .stack_bytes = 16384 };
	struct crowd *crowd = argument;
	int *members = calloc((size_t)crowd->count, sizeof(*members));
	message m = { .m_type = 1 };
	char byte = 0;

	for (int i = 1; i < crowd->count; i++) {
		members[i] = task_create(&options, wait_for_end, NULL);
		must(dvk_is_endpoint(members[i]), "task_create");
	}
	task_yield();
	must(write(crowd->ready, &byte, 1) == 1, "telling that all are there");
	must(read(crowd->end, &byte, 1) == 0, "waiting for the end");
	for (int i = 1; i < crowd->count; i++)
		must(dvk_send(members[i], &m) == 0, "dvk_send");
	free(members);
}

static int be_crowd(struct crowd *crowd)
{
	struct dvk_options options = { .dir = crowd->dir, .nr_procs = 4061, .flags = DVK_CREATE };
	struct task_options task = { .name = "first", .nr = NONE };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	must(dvk_open(crowd->dcid, &options) == 0, "dvk_open");
	must(runtime_run(RUNTIME_COROUTINES, &task, gather, crowd) == 0, "runtime_run");
	dvk_close();
	return 0;
}

static void crowd_start(struct crowd *crowd)
{
	int ready[2], end[2];
	char byte;

	must(pipe2(ready, O_CLOEXEC) == 0 && pipe2(end, O_CLOEXEC) == 0, "pipe2");
	crowd->ready = ready[1];
	crowd->end = end[0];
	crowd->pid = fork();
	if (crowd->pid == 0) {
		close(end[1]);
		_exit(be_crowd(crowd));
	}
	close(ready[1]);
	close(end[0]);
	crowd->end = end[1];
	must(read(ready[0], &byte, 1) == 1, "starting the crowd");
	close(ready[0]);
}

static void crowd_end(struct crowd *crowd)
{
	int status;

	close(crowd->end);
	must(waitpid(crowd->pid, &status, 0) == crowd->pid && status == 0, "the crowd");
}

/* ---- shell.ps.4000 ---------------------------------------------------------------- */

static int count_lines(const char *path)
{
	FILE *in = fopen(path, "r");
	int count = 0, c;

	while (in && (c = getc(in)) != EOF)
		count += c == '\n';
	if (in)
		fclose(in);
	return count;
}

static double ps_ms(const char *dir, const char *printed)
{
	const char *argv[] = { SHELL, "attach", "57", "--dir", dir, "-c", "ps", NULL };
	int64_t began = bench_now_ns();
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		dup2(open(printed, O_WRONLY | O_CREAT | O_TRUNC, 0600), STDOUT_FILENO);
		execv(argv[0], (char *const *)argv);
		_exit(127);
	}
	must(waitpid(pid, &status, 0) == pid && status == 0, SHELL);
	return (double)(bench_now_ns() - began) / 1e6;
}

static int compare(const void *a, const void *b)
{
	double difference = *(const double *)a - *(const double *)b;

	return difference < 0 ? -1 : difference > 0;
}

static int bench_ps(void)
{
	char dir[] = "/dev/shm/dvk-bench-XXXXXX", printed[sizeof(dir) + 8];
	struct crowd crowd = { .dir = dir, .dcid = BENCH_DCID, .count = BOUND };
	struct bench_result r = { "shell.ps.4000", 0, "ms", "less", "-", 0 };
	double ms[PS_TIMES];

	must(mkdtemp(dir) != NULL, "making its folder");
	snprintf(printed, sizeof(printed), "%s/printed", dir);
	crowd_start(&crowd);
	for (int i = 0; i < PS_TIMES; i++) {
		ms[i] = ps_ms(dir, printed);
		must(count_lines(printed) > BOUND, "ps did not show all");
	}
	qsort(ms, PS_TIMES, sizeof(*ms), compare);
	r.value = ms[PS_TIMES / 2];
	bench_print(&r);
	crowd_end(&crowd);
	unlink(printed);
	return rmdir(dir);
}

/* ---- top.cpu ---------------------------------------------------------------------- */

/* Processor time of a process so far. */
static double cpu_ns(pid_t pid)
{
	struct timespec t;
	clockid_t clock;

	must(clock_getcpuclockid(pid, &clock) == 0 && clock_gettime(clock, &t) == 0,
	     "processor time of top");
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* Takes what the screen says, for so long; returns how many bytes that was. */
static long drain(int terminal, int64_t ns)
{
	int64_t end = bench_now_ns() + ns, now;
	char bytes[4096];
	long all = 0;

	while ((now = bench_now_ns()) < end) {
		struct pollfd poll_fd = { .fd = terminal, .events = POLLIN };
		ssize_t n = 0;

		if (poll(&poll_fd, 1, (int)((end - now) / 1000000) + 1) > 0)
			n = read(terminal, bytes, sizeof(bytes));
		must(n >= 0, "top has ended");
		all += n;
	}
	return all;
}

static int bench_top(const char *dir)
{
	const char *argv[] = { SHELL, "attach",           "0", "--dir", dir, "-q",
			       "-c",  "top --rate 100ms", NULL };
	struct crowd crowd = { .dir = dir, .dcid = 0, .count = MORE };
	struct bench_result r = { "top.cpu", 0, "%", "less", "-", 0 };
	struct winsize size = { .ws_row = 24, .ws_col = 80 };
	int64_t began;
	double before;
	int terminal, status;
	pid_t pid;

	crowd_start(&crowd);
	pid = forkpty(&terminal, NULL, NULL, &size);
	if (pid == 0) {
		setenv("TERM", "xterm", 1);
		execv(argv[0], (char *const *)argv);
		_exit(127);
	}
	must(pid > 0 && drain(terminal, WARM_NS) > 24 * 20, "no screen of top");
	before = cpu_ns(pid);
	began = bench_now_ns();
	must(drain(terminal, SECONDS * 1000000000ll) > 0, "top stands still");
	r.value = (cpu_ns(pid) - before) / (double)(bench_now_ns() - began) * 100;
	bench_print(&r);
	must(write(terminal, "q", 1) == 1, "telling top to end");
	must(waitpid(pid, &status, 0) == pid && status == 0, SHELL);
	close(terminal);
	crowd_end(&crowd);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "ps") == 0)
		return bench_ps();
	if (argc == 3 && strcmp(argv[1], "top") == 0)
		return bench_top(argv[2]);
	fputs("shell ps | shell top DIR\n", stderr);
	return 2;
}
