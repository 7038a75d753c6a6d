/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main.c - muk: a configuration becomes a MUK that runs until it is told to end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <dvk/dvk.h>

#include "boot.h"
#include "options.h"
#include "post_mortem.h"
#include "runtime/task.h"
#include "signals.h"

#ifndef MUK_VERSION_TEXT
#define MUK_VERSION_TEXT "0.1"
#endif

static int64_t clock_ns(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return t.tv_sec * 1000000000ll + t.tv_nsec;
}

static int read_config(struct boot *boot, const struct muk_options *options)
{
	struct cfg_error error = { "" };

	if (muk_config_load(options->config, boot->config, &error) < 0) {
		fprintf(stderr, "%s\n", error.text);
		return EXIT_FAILURE;
	}
	if (options->dcid != MUK_UNSET)
		boot->config->dcid = options->dcid;
	if (options->runtime != MUK_UNSET)
		boot->config->runtime = options->runtime;
	if (boot->config->wis_port || *boot->config->tty)
		fprintf(stderr,
			"%s: wis_port and tty have no effect: this muk has no WIS and no "
			"TTY\n",
			options->config);
	boot->config->systask.dir = boot->config->is.dir = boot->dir;
	return boot_is_linked(boot) ? 0 : EXIT_FAILURE;
}

/* The first task is init; a second MUK of the DC finds that slot taken. */
static int run_tasks(struct boot *boot)
{
	char name[2 * DVK_NAME_BYTES];
	struct task_options task = { .name = name, .nr = INIT_PROC_NR };
	int result;

	/* What stands before the names of all its tasks. */
	snprintf(name, sizeof(name), "%.15s/muk", boot->config->name);
	result = runtime_run(boot->config->runtime, &task, boot_run, boot);
	if (result == EDVSSLOTUSED) {
		task.nr = NONE;
		result = runtime_run(boot->config->runtime, &task, boot_run, boot);
	}
	return result;
}

static int run(struct boot *boot, const struct muk_options *given)
{
	struct dvk_options options = {
		.dir = boot->dir,
		.name = boot->config->name,
		.flags = DVK_CREATE | (given->has_group ? DVK_GROUP : 0),
		.group = given->group,
	};
	int result;

	post_mortem_begin(boot->config->dcid, boot->dir, boot->config->name);
	boot->end_fd = signals_begin();
	result = boot->end_fd < 0 ? boot->end_fd : dvk_open(boot->config->dcid, &options);
	if (result < 0) {
		fprintf(stderr, "%s: cannot open dc%d: %s\n", boot->config->name,
			boot->config->dcid, dvk_open_error());
		return EXIT_FAILURE;
	}
	result = run_tasks(boot);
	if (result < 0) {
		fprintf(stderr, "%s: cannot start in dc%d: %s\n", boot->config->name,
			boot->config->dcid, dvk_strerror(result));
		boot->status = EXIT_FAILURE;
	}
	if (dvk_close() < 0)
		boot->status = EXIT_FAILURE;
	return boot->status;
}

static int check_or_run(const struct muk_options *options, int64_t began_ns)
{
	struct boot boot = {
		.path = options->config,
		.dir = options->dir,
		.began_ns = began_ns,
		.verbose = options->verbose,
	};
	int status;

	boot.config = calloc(1, sizeof(*boot.config));
	if (!boot.config) {
		fputs("muk: not enough memory\n", stderr);
		return EXIT_FAILURE;
	}
	status = read_config(&boot, options);
	if (status == 0 && options->action == MUK_CHECK)
		printf("%s: all right: %s, dc%d\n", options->config, boot.config->name,
		       boot.config->dcid);
	else if (status == 0)
		status = run(&boot, options);
	free(boot.config);
	return status;
}

/* What was printed has arrived, or the program has failed. */
static int close_output(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	perror("muk: standard output");
	return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	/*
	 * Linux tells when a process began to 10 ms. The processor time until here is exact,
	 * with what the one who started us used of it before execve.
	 */
	int64_t began_ns = clock_ns(CLOCK_MONOTONIC) - clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	struct muk_options options;
	int status = muk_options_read(argc, argv, &options);

	if (status != 0)
		return status;
	switch (options.action) {
	case MUK_HELP:
		muk_options_help();
		return close_output(EXIT_SUCCESS);
	case MUK_MAN:
		muk_options_man();
		return close_output(EXIT_SUCCESS);
	case MUK_VERSION:
		puts("muk " MUK_VERSION_TEXT);
		return close_output(EXIT_SUCCESS);
	case MUK_RUN:
	case MUK_CHECK:
		break;
	}
	status = check_or_run(&options, began_ns);
	return options.action == MUK_CHECK ? close_output(status) : status;
}
