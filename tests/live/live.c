/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * live.c - see live.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>

#include <dvk/dvk.h>

#include "live.h"

#define ARGUMENTS_MAX 24

const char *const live_runtimes[2] = { "coroutines", "threads" };

int64_t live_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

pid_t live_fork(void)
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGSYS };
	pid_t parent = getpid(), pid;

	fflush(NULL);
	pid = fork();
	if (pid)
		return pid;
	/* A test that is killed leaves nobody behind, and a crash is an end. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(125);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		signal(signals[i], SIG_DFL);
	return 0;
}

static int make_image(const struct live *live, int mib)
{
	char command[256];

	snprintf(command, sizeof(command),
		 "PATH=$PATH:/usr/sbin:/sbin; cd %s && truncate -s %dM disk.img && "
		 "mkfs.minix -3 disk.img >/dev/null",
		 live->muk.folder, mib);
	return system(command) == 0 ? 0 : -1;
}

int live_make(struct live *live, const char *runtime, int mib)
{
	*live = (struct live){ .runtime = runtime, .dcid = LIVE_DCID };
	if (muk_prepare(&live->muk) < 0)
		return -1;
	muk_write(&live->muk, "muk.cfg",
		  "muk LIVE { dcid 0; pm_ep 0; fs_ep 1; rd_ep 3; ftp_ep 14;\n"
		  "fs_cfg \"fs.cfg\"; rd_cfg \"rd.cfg\"; ftp_cfg \"ftp.cfg\"; };\n");
	muk_write(&live->muk, "fs.cfg",
		  "device ROOT { major 3; minor 0; type RDISK_IMG;\n"
		  "volatile NO; root_dev YES; buffer_size 4194304; };\n");
	muk_write(&live->muk, "rd.cfg",
		  "device DISK { major 3; minor 0; type FILE_IMAGE;\n"
		  "image_file \"disk.img\"; volatile NO; replicated NO; };\n");
	muk_write(&live->muk, "ftp.cfg", "m3ftp LIVE { endpoint 14; window 65536; };\n");
	return make_image(live, mib);
}

int live_start(struct live *live)
{
	const char *options[] = { "--runtime", live->runtime, NULL };

	muk_write(&live->muk, "log", "");
	muk_start(&live->muk, options);
	return muk_wait_up(&live->muk);
}

int live_stop(struct live *live)
{
	int status = muk_end(&live->muk, SIGTERM);
	char text[8192];

	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	muk_log(&live->muk, text, sizeof(text));
	fprintf(stderr, "the MUK (%s) ended with status 0x%x; it said:\n%s\n", live->runtime,
		status, text);
	return -1;
}

void live_kill(struct live *live)
{
	muk_end(&live->muk, SIGKILL);
}

int live_check_image(const struct live *live)
{
	char command[320];

	snprintf(command, sizeof(command),
		 "PATH=$PATH:/usr/sbin:/sbin; cd %s && fsck.minix -f disk.img >fsck 2>&1 || "
		 "{ cat fsck >&2; false; }",
		 live->muk.folder);
	return system(command) == 0 ? 0 : -1;
}

void live_remove(struct live *live)
{
	if (live->muk.pid)
		live_kill(live);
	muk_remove(&live->muk);
}

int live_join(const struct live *live, const char *name)
{
	const struct dvk_options options = { .dir = live->muk.folder };
	int ep = dvk_open(live->dcid, &options);

	if (ep < 0) {
		fprintf(stderr, "%s cannot open dc%d: %s\n", name, live->dcid, dvk_open_error());
		return -1;
	}
	ep = dvk_bind(NONE, name);
	if (dvk_is_endpoint(ep))
		return ep;
	fprintf(stderr, "%s is not bound: %s\n", name, dvk_strerror(ep));
	return -1;
}

static void run_shell(const struct live *live, const char *const *arguments)
{
	char program[PATH_MAX + 16], dc[16];
	const char *argv[ARGUMENTS_MAX] = { "mukshell", "attach", dc, "--dir", live->muk.folder };
	ssize_t length = readlink("/proc/self/exe", program, PATH_MAX - 1);
	int count = 5;

	while (*arguments && count < ARGUMENTS_MAX - 1)
		argv[count++] = *arguments++;
	if (length < 0)
		_exit(126);
	snprintf(dc, sizeof(dc), "%d", live->dcid);
	program[length] = '\0';
	strcpy(strrchr(program, '/'), "/../bin/mukshell");
	setenv("XDG_STATE_HOME", live->muk.folder, 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("TERM", "xterm", 1);
	unsetenv("PAGER");
	signal(SIGPIPE, SIG_DFL);
	execv(program, (char *const *)argv);
	_exit(126);
}

static int start_on_pipes(const struct live *live, const char *const *arguments,
			  struct live_shell *shell)
{
	int in[2], out[2];

	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		return -1;
	shell->pid = live_fork();
	if (shell->pid == 0) {
		dup2(in[0], STDIN_FILENO);
		dup2(out[1], STDOUT_FILENO);
		dup2(out[1], STDERR_FILENO);
		run_shell(live, arguments);
	}
	close(in[0]);
	close(out[1]);
	shell->in = in[1];
	shell->out = out[0];
	return shell->pid < 0 ? -1 : 0;
}

static int start_on_terminal(const struct live *live, const char *const *arguments,
			     struct live_shell *shell)
{
	struct winsize size = { .ws_row = 30, .ws_col = 100 };
	int master, slave;

	if (openpty(&master, &slave, NULL, NULL, &size))
		return -1;
	fcntl(master, F_SETFD, FD_CLOEXEC);
	shell->pid = live_fork();
	if (shell->pid == 0) {
		login_tty(slave);
		run_shell(live, arguments);
	}
	close(slave);
	shell->in = shell->out = master;
	return shell->pid < 0 ? -1 : 0;
}

int live_shell_start(const struct live *live, enum live_streams streams,
		     const char *const *arguments, struct live_shell *ret_shell)
{
	struct live_shell shell = { .in = -1, .out = -1 };
	int result = streams == LIVE_TERMINAL ? start_on_terminal(live, arguments, &shell)
					      : start_on_pipes(live, arguments, &shell);

	if (result < 0)
		perror("mukshell cannot be started");
	else
		*ret_shell = shell;
	return result;
}

int live_shell_end(struct live_shell *shell, bool kill_it)
{
	int status = -1;

	if (kill_it)
		kill(shell->pid, SIGKILL);
	if (shell->in >= 0 && shell->in != shell->out)
		close(shell->in);
	if (kill_it && shell->out >= 0)
		close(shell->out);
	if (waitpid(shell->pid, &status, 0) != shell->pid)
		status = -1;
	if (!kill_it && shell->out >= 0)
		close(shell->out);
	shell->pid = 0;
	return status;
}
