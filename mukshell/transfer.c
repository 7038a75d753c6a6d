/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * transfer.c - one file in or out.
 *
 * A file that is fetched is written beside its place and gets its name when it is
 * whole; M3FTP does the same inside the MUK. What was there before stays as it
 * was if the transfer fails. Our slot is not quiet meanwhile: a transfer is
 * traffic that somebody else's trace should show.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <inspect.h>
#include <m3ftp/client.h>

#include "interrupt.h"
#include "talk.h"
#include "transfer.h"

int transfer_begin(struct shell *shell, struct transfer *ret_transfer)
{
	struct transfer transfer = { .shell = shell };
	char ftp[sizeof(shell->fs_name) + 8];
	const char *slash = strrchr(shell->fs_name, '/');
	int result = files_begin(shell);

	if (result)
		return result;
	snprintf(ftp, sizeof(ftp), "%.*sm3ftp", slash ? (int)(slash + 1 - shell->fs_name) : 0,
		 shell->fs_name);
	result = talk_server(shell, ftp, &transfer.ftp_ep);
	if (!result)
		*ret_transfer = transfer;
	return result;
}

void transfer_end(struct transfer *transfer)
{
	struct shell *shell = transfer->shell;
	char bytes[64];
	struct text text;

	if (shell->json && !transfer->to_stream) {
		fprintf(shell->out, "{\"files\":%d,\"bytes\":%llu}\n", transfer->files,
			(unsigned long long)transfer->bytes);
		return;
	}
	text_init(&text, bytes, sizeof(bytes));
	text_add_bytes(&text, transfer->bytes);
	shell_note(shell, "%d %s, %s", transfer->files, transfer->files == 1 ? "file" : "files",
		   bytes);
}

const char *transfer_basename(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int report(struct transfer *transfer, int result, const struct m3ftp_result *moved)
{
	transfer_progress_end(transfer);
	if (!result) {
		transfer->files++;
		transfer->bytes += moved->bytes;
		return 0;
	}
	if (interrupt_pending())
		return shell_error(transfer->shell, 0, "%s: interrupted, nothing was %s",
				   transfer->name, transfer->is_put ? "stored" : "fetched");
	if (moved->host_errno && moved->host_errno != EPIPE)
		return shell_error(transfer->shell, 0, "%s: on the host: %s", transfer->name,
				   strerror(moved->host_errno));
	if (transfer->is_put)
		return shell_error(transfer->shell, result, "%s to %s", transfer->name,
				   transfer->target);
	return shell_error(transfer->shell, result, "%s", transfer->name);
}

static int move(struct transfer *transfer, struct m3ftp_job *job, struct m3ftp_result *ret_moved)
{
	int self_before = transfer->shell->trace_self;
	int result;

	job->progress = transfer_progress;
	job->context = transfer;
	transfer->began_ns = shell_now_ns();
	transfer->shell->trace_self = 1;
	talk_set_quiet(transfer->shell);
	result = transfer->is_put ? m3ftp_put(transfer->ftp_ep, job, ret_moved)
				  : m3ftp_get(transfer->ftp_ep, job, ret_moved);
	transfer->shell->trace_self = self_before;
	talk_set_quiet(transfer->shell);
	return result;
}

/* To the terminal, the program or the file that the command's output goes to. */
static int get_to_stream(struct transfer *transfer, const char *path)
{
	FILE *out = transfer->shell->beneath ? transfer->shell->beneath : transfer->shell->out;
	struct m3ftp_job job = { .path = path, .fd = fileno(out) };
	struct m3ftp_result moved = { 0 };

	transfer->to_stream = 1;
	if (job.fd < 0 || fflush(transfer->shell->out))
		return shell_error(transfer->shell, EDVSIO, "standard output");
	return report(transfer, move(transfer, &job, &moved), &moved);
}

/* Devices and pipes are written in place; a file gets its name at the end. */
static int open_host(const char *host, char ret_part[PATH_MAX])
{
	struct stat st;
	int used;

	ret_part[0] = '\0';
	if (stat(host, &st) == 0 && !S_ISREG(st.st_mode))
		return open(host, O_WRONLY | O_CLOEXEC);
	used = snprintf(ret_part, PATH_MAX, "%.*s.%s.part", (int)(transfer_basename(host) - host),
			host, transfer_basename(host));
	if (used >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return open(ret_part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
}

static int finish_host(int fd, const char *part, const char *host, uint32_t mode)
{
	mode_t mask = umask(0);
	int failed;

	umask(mask);
	failed = *part && fchmod(fd, (mode & 0777) & ~mask);
	failed = close(fd) || failed;
	return failed || (*part && rename(part, host)) ? -1 : 0;
}

int transfer_get(struct transfer *transfer, const char *path, const char *host)
{
	struct m3ftp_job job = { .path = path };
	struct m3ftp_result moved = { 0 };
	char part[PATH_MAX];
	int result;

	transfer->name = path;
	if (!strcmp(host, "-"))
		return get_to_stream(transfer, path);
	job.fd = open_host(host, part);
	if (job.fd < 0)
		return shell_error(transfer->shell, 0, "%s: on the host: %m", host);
	result = move(transfer, &job, &moved);
	if (result)
		close(job.fd);
	else if (finish_host(job.fd, part, host, moved.mode)) {
		moved.host_errno = errno;
		result = EDVSIO;
	}
	if (result && *part)
		unlink(part);
	return report(transfer, result, &moved);
}

int transfer_put(struct transfer *transfer, const char *host, const char *path)
{
	struct m3ftp_job job = { .path = path, .fd = STDIN_FILENO, .mode = 0644 };
	struct m3ftp_result moved = { 0 };
	int is_stdin = !strcmp(host, "-");
	struct stat st = { 0 };
	int result;

	transfer->name = host;
	transfer->target = path;
	if (!is_stdin)
		job.fd = open(host, O_RDONLY | O_CLOEXEC);
	if (job.fd < 0 || fstat(job.fd, &st))
		return shell_error(transfer->shell, 0, "%s: on the host: %m", host);
	if (S_ISREG(st.st_mode)) {
		job.mode = st.st_mode & 0777;
		job.size = (uint64_t)st.st_size;
	}
	result = move(transfer, &job, &moved);
	if (!is_stdin)
		close(job.fd);
	return report(transfer, result, &moved);
}
