/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * effect.c - what a shell costs its patient: the 99th percentile of a round trip between
 * two coroutines, 256 processes bound, while
 *	attached	a mukshell with a slot waits for a command
 *	ps10		one runs ps ten times a second
 *	detached	it has gone again
 *	noise		there is none, once more
 * beside that of the same patient alone. All five take turns, ROUNDS times; a figure is
 * the median of its rounds. two_cores: the patient on core 0, the shell on core 1.
 * one_core: both on core 0.
 *
 * What it forks dies with it. A ps that does not run often enough is an error.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <dvk/dvk.h>

#include "bench.h"
#include "runtime/task.h"

#define BENCH_DCID     58
#define BOUND          256
#define ROUNDS         5
#define TRIPS          3000000
#define PATIENT_CORE   0
#define PS_LATE_NS     200000000ll
#define NS_MAX         65536 /* what took longer counts as this */
#define PATIENCE_TURNS 5000  /* of a millisecond */

enum phase { ALONE, ATTACHED, PS10, DETACHED, NOISE, PHASES };

static const char *const phase_names[] = { "", "attached", "ps10", "detached", "noise" };

static char dir[] = "/dev/shm/dvk-bench-XXXXXX";
static char printed[sizeof(dir) + 8];

struct measured {
	double p99_ns;
	double mean_ns;
};

/* The controller's side of a patient. */
struct patient {
	pid_t pid;
	int ask;    /* a byte: measure; closed: end */
	int answer; /* a struct measured */
};

static void must(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "effect bench: %s: %m %s\n", what, dvk_open_error());
	exit(1);
}

/* ---- the patient --------------------------------------------------------------- */

/* Answers until a request of type 2 has come. */
static void serve(void *argument)
{
	int client = NONE;
	message m;

	(void)argument;
	do {
		must(dvk_reply_receive(client, &m, ANY, &m) == 0, "dvk_reply_receive");
		client = m.m_source;
		m.m_type = m.m_type == 2 ? -1 : 0;
	} while (m.m_type == 0);
	must(dvk_reply(client, &m) == 0, "dvk_reply");
}

static void ask(int ep, int type)
{
	message m = { .m_type = type };

	must(dvk_sendrec(ep, &m) == 0, "dvk_sendrec");
}

/* The percentile lies within a bin of one ns, as far as its share of the bin says. */
static double p99_of(const uint32_t *bins)
{
	double wanted = TRIPS * 0.99, before = 0;
	int ns = 0;

	while (ns < NS_MAX - 1 && before + bins[ns] < wanted)
		before += bins[ns++];
	return ns + (wanted - before) / (bins[ns] ? bins[ns] : 1);
}

static void measure(int server_ep, uint32_t *bins, struct measured *ret)
{
	int64_t began = bench_now_ns(), last = began;

	memset(bins, 0, NS_MAX * sizeof(*bins));
	for (int i = 0; i < TRIPS; i++) {
		int64_t now, ns;

		ask(server_ep, 1);
		now = bench_now_ns();
		ns = now - last;
		bins[ns < NS_MAX ? ns : NS_MAX - 1]++;
		last = now;
	}
	ret->p99_ns = p99_of(bins);
	ret->mean_ns = (double)(last - began) / TRIPS;
}

static void client(void *argument)
{
	struct task_options options = { .name = "server", .nr = NONE, .stack_bytes = 16384 };
	uint32_t *bins = calloc(NS_MAX, sizeof(*bins));
	struct patient *us = argument;
	struct measured measured;
	int others[BOUND - 1];
	char byte = 0;

	for (int i = 0; i < BOUND - 1; i++) {
		others[i] = task_create(&options, serve, NULL);
		must(dvk_is_endpoint(others[i]), "task_create");
	}
	task_yield();
	must(bins && write(us->answer, &byte, 1) == 1, "answering");
	while (read(us->ask, &byte, 1) == 1) {
		measure(others[BOUND - 2], bins, &measured);
		must(write(us->answer, &measured, sizeof(measured)) == sizeof(measured),
		     "answering");
	}
	for (int i = 0; i < BOUND - 1; i++)
		ask(others[i], 2);
	free(bins);
}

static int be_patient(struct patient *us)
{
	struct dvk_options options = { .dir = dir, .flags = DVK_CREATE, .nr_procs = 512 };
	struct task_options task = { .name = "client", .nr = NONE };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	bench_pin(PATIENT_CORE);
	must(dvk_open(BENCH_DCID, &options) == 0, "dvk_open");
	must(runtime_run(RUNTIME_COROUTINES, &task, client, us) == 0, "runtime_run");
	dvk_close();
	return 0;
}

static void patient_start(struct patient *patient)
{
	int asked[2], answered[2];
	char ready;

	must(pipe2(asked, O_CLOEXEC) == 0 && pipe2(answered, O_CLOEXEC) == 0, "pipe2");
	patient->pid = fork();
	if (patient->pid == 0) {
		struct patient us = { 0, asked[0], answered[1] };

		close(asked[1]);
		close(answered[0]);
		_exit(be_patient(&us));
	}
	close(asked[0]);
	close(answered[1]);
	patient->ask = asked[1];
	patient->answer = answered[0];
	must(read(patient->answer, &ready, 1) == 1, "starting the patient");
}

static void patient_end(struct patient *patient)
{
	int status;

	close(patient->ask);
	must(waitpid(patient->pid, &status, 0) == patient->pid && status == 0, "the patient");
	close(patient->answer);
}

/* ---- the shell ------------------------------------------------------------------ */

struct shell {
	pid_t pid; /* 0: none */
	int in;
};

static long printed_bytes(void)
{
	struct stat st;

	return stat(printed, &st) == 0 ? (long)st.st_size : 0;
}

/* What it prints goes to a file, so that nobody has to read. */
static void shell_start(struct shell *shell, int core, const char *line)
{
	const char *argv[] = { "build/bin/mukshell", "attach", "58", "--dir", dir, "-q", NULL };
	int in[2], turns = 0;

	unlink(printed);
	must(pipe2(in, O_CLOEXEC) == 0, "pipe2");
	shell->pid = fork();
	if (shell->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		bench_pin(core);
		dup2(in[0], STDIN_FILENO);
		dup2(open(printed, O_WRONLY | O_CREAT | O_TRUNC, 0600), STDOUT_FILENO);
		execv(argv[0], (char *const *)argv);
		_exit(127);
	}
	close(in[0]);
	shell->in = in[1];
	must(write(shell->in, line, strlen(line)) == (ssize_t)strlen(line), "telling the shell");
	while (!printed_bytes() && turns++ < PATIENCE_TURNS)
		usleep(1000);
	must(printed_bytes() > 0, "waiting for build/bin/mukshell");
}

static void shell_end(struct shell *shell)
{
	int status;

	if (!shell->pid)
		return;
	close(shell->in);
	kill(shell->pid, SIGINT);
	waitpid(shell->pid, &status, 0);
	shell->pid = 0;
}

/* How often ps has printed its heading. */
static int count_ps(void)
{
	FILE *in = fopen(printed, "r");
	char line[1024];
	int count = 0;

	while (in && fgets(line, sizeof(line), in))
		count += line[0] == '\n';
	if (in)
		fclose(in);
	return count;
}

/* ---- measuring ------------------------------------------------------------------ */

static struct measured run_phase(struct patient *patient, enum phase phase, int core)
{
	struct shell shell = { 0 };
	struct measured measured;
	int64_t began;
	int before;

	/* A slot of its own, and the patient's descriptors seen. */
	if (phase == ATTACHED || phase == DETACHED)
		shell_start(&shell, core, "hold list\n");
	if (phase == PS10)
		shell_start(&shell, core, "watch 100ms ps\n");
	if (phase == DETACHED)
		shell_end(&shell);
	before = count_ps();
	began = bench_now_ns();
	must(write(patient->ask, "", 1) == 1 &&
		     read(patient->answer, &measured, sizeof(measured)) == sizeof(measured),
	     "the patient");
	/* On a busy machine it may come late, but a shell that starves has no effect. */
	errno = 0;
	must(phase != PS10 || (count_ps() - before + 2) * PS_LATE_NS > bench_now_ns() - began,
	     "ps ran less than five times a second");
	shell_end(&shell);
	unlink(printed);
	return measured;
}

static int compare(const void *a, const void *b)
{
	double difference = *(const double *)a - *(const double *)b;

	return difference < 0 ? -1 : difference > 0;
}

static double median(double *values)
{
	qsort(values, ROUNDS, sizeof(*values), compare);
	return values[ROUNDS / 2];
}

static void layout(const char *name, int core)
{
	double p99[PHASES][ROUNDS], mean[PHASES][ROUNDS], alone, alone_mean;
	struct patient patient;

	patient_start(&patient);
	for (int round = 0; round < ROUNDS; round++) {
		for (int phase = ALONE; phase < PHASES; phase++) {
			struct measured measured = run_phase(&patient, phase, core);

			p99[phase][round] = measured.p99_ns;
			mean[phase][round] = measured.mean_ns;
		}
	}
	patient_end(&patient);
	alone = median(p99[ALONE]);
	alone_mean = median(mean[ALONE]);
	for (int phase = ALONE + 1; phase < PHASES; phase++) {
		char figure[64];
		struct bench_result r = {
			figure, median(p99[phase]), "ns", "less", "alone", alone
		};

		snprintf(figure, sizeof(figure), "effect.%s.%s", phase_names[phase], name);
		bench_print(&r);
		snprintf(figure, sizeof(figure), "effect.%s.%s.mean", phase_names[phase], name);
		r.value = median(mean[phase]);
		r.peer_value = alone_mean;
		bench_print(&r);
	}
}

int main(void)
{
	must(mkdtemp(dir) != NULL, "making its folder");
	snprintf(printed, sizeof(printed), "%s/printed", dir);
	layout("two_cores", 1);
	layout("one_core", PATIENT_CORE);
	return rmdir(dir);
}
