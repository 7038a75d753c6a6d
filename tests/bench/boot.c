/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * boot.c - how long a MUK of figure 4 takes from execve until all its servers are up.
 *
 * MUK runs on core 0 with its image on /dev/shm. The time ends when what it says
 * then is read here, on core 1, which looks for it without sleeping: a sleep would
 * add its own end. Between vfork and execve the clock is read last of all.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

#define BOOTS      15
#define PATIENCE_S 10
#define PAPER_MS   22

static char folder[] = "/dev/shm/muk-bench-boot-XXXXXX";

static void must(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "boot bench: %s failed\n", what);
	exit(1);
}

static void make_folder(void)
{
	char command[512];

	must(mkdtemp(folder) != NULL, "making a folder");
	snprintf(command, sizeof(command),
		 "PATH=$PATH:/sbin:/usr/sbin; cp samples/figure4/*.cfg %s && "
		 "bash tests/bench/web-config.sh %s 18084 && truncate --size 160M %s/disk.img && "
		 "mkfs.minix -3 %s/disk.img >/dev/null",
		 folder, folder, folder, folder);
	must(system(command) == 0, "making an image and a configuration");
}

/* In the child of a vfork, which runs before its parent does: only system calls here. */
static void become_muk(const char *config, int out_fd, int64_t *ret_began_ns)
{
	bench_pin(0);
	dup2(out_fd, STDOUT_FILENO);
	*ret_began_ns = bench_now_ns();
	execl("build/bin/muk", "muk", config, "--dir", folder, (char *)NULL);
	_exit(127);
}

/* When the line was there; fd does not block. */
static int64_t await_line(int fd, const char *words)
{
	int64_t until_ns = bench_now_ns() + PATIENCE_S * 1000000000ll;
	char text[4096] = "";
	size_t used = 0;

	while (used < sizeof(text) - 1) {
		ssize_t got = read(fd, text + used, sizeof(text) - 1 - used);
		int64_t now_ns = bench_now_ns();

		must(got != 0 && now_ns < until_ns, "booting");
		if (got < 0)
			continue;
		used += (size_t)got;
		text[used] = '\0';
		if (strstr(text, words))
			return now_ns;
	}
	must(0, "reading what muk says");
	return 0;
}

static double boot_ms(const char *config)
{
	static int64_t began_ns;
	int64_t up_ns;
	int fds[2], status;
	pid_t pid;

	must(pipe2(fds, O_CLOEXEC) == 0, "a pipe");
	must(fcntl(fds[0], F_SETFL, O_NONBLOCK) == 0, "the pipe");
	pid = vfork();
	if (pid == 0)
		become_muk(config, fds[1], &began_ns);
	must(pid > 0, "vfork");
	close(fds[1]);
	up_ns = await_line(fds[0], "servers up");
	kill(pid, SIGTERM);
	must(waitpid(pid, &status, 0) == pid && status == 0, "ending");
	close(fds[0]);
	return (double)(up_ns - began_ns) / 1e6;
}

int main(void)
{
	struct bench_result r = { "boot.servers_up", 0, "ms", "less", "the paper", PAPER_MS };
	char config[64], command[64];

	bench_pin(1);
	make_folder();
	snprintf(config, sizeof(config), "%s/muk.cfg", folder);
	for (int i = 0; i < BOOTS; i++) {
		double ms = boot_ms(config);

		if (i == 0 || ms < r.value)
			r.value = ms;
	}
	bench_print(&r);
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command);
}
