/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * files.c - FS's calls as functions, each with the shell's timeout and Ctrl-C.
 */
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "talk.h"

int files_begin(struct shell *shell)
{
	int result = shell_slot(shell);

	if (result)
		return result;
	return talk_server(shell, shell->fs_name, &shell->fs_ep);
}

/* Sends a request of FS; its typed reply is in m's payload. */
static int ask(struct shell *shell, message *m)
{
	int result = shell_sendrec(shell, shell->fs_ep, m, shell->timeout_ms);

	return result < 0 ? result : m->m_type < 0 ? m->m_type : 0;
}

int files_open(struct shell *shell, const char *path, uint32_t flags, uint32_t mode)
{
	message m = { .m_type = FS_CALL_OPEN };
	struct fs_open_request *request = (void *)m.payload;
	int result;

	protocol_put_path(&request->path, path);
	request->flags = flags;
	request->mode = mode;
	result = ask(shell, &m);
	return result ? result : ((struct fs_open_reply *)m.payload)->fd;
}

int files_close(struct shell *shell, int fd)
{
	message m = { .m_type = FS_CALL_CLOSE };

	((struct fs_close_request *)m.payload)->fd = fd;
	return ask(shell, &m);
}

static void set_buffer(struct protocol_buffer *buffer, const void *data, size_t bytes)
{
	buffer->address = dvk_address(data);
	buffer->bytes = (uint32_t)bytes;
}

long files_read(struct shell *shell, int fd, void *ret_data, size_t bytes)
{
	message m = { .m_type = FS_CALL_READ };
	struct fs_read_request *request = (void *)m.payload;
	uint64_t got;
	int result;

	request->fd = fd;
	set_buffer(&request->buffer, ret_data, bytes);
	result = ask(shell, &m);
	if (result)
		return result;
	got = ((struct fs_read_reply *)m.payload)->bytes;
	return got > bytes ? EDVSIO : (long)got;
}

/* stat, lstat and statfs look alike: a path, and a record that FS fills. */
struct about {
	int number;
	const char *path;
	size_t bytes;
};

static int ask_about(struct shell *shell, const struct about *about, void *ret_record)
{
	message m = { .m_type = about->number };
	struct fs_stat_request *request = (void *)m.payload;
	char record[256];
	int result;

	protocol_put_path(&request->path, about->path);
	set_buffer(&request->buffer, record, about->bytes);
	result = ask(shell, &m);
	if (!result)
		memcpy(ret_record, record, about->bytes);
	return result;
}

static_assert(offsetof(struct fs_stat_request, buffer) ==
		      offsetof(struct fs_statfs_request, buffer),
	      "stat and statfs look alike");
static_assert(offsetof(struct fs_stat_request, buffer) == offsetof(struct fs_lstat_request, buffer),
	      "stat and lstat look alike");

int files_stat(struct shell *shell, const char *path, struct fs_stat *ret_stat)
{
	return ask_about(shell, &(struct about){ FS_CALL_STAT, path, sizeof(*ret_stat) }, ret_stat);
}

int files_lstat(struct shell *shell, const char *path, struct fs_stat *ret_stat)
{
	return ask_about(shell, &(struct about){ FS_CALL_LSTAT, path, sizeof(*ret_stat) },
			 ret_stat);
}

int files_statfs(struct shell *shell, const char *path, struct fs_statfs *ret_statfs)
{
	return ask_about(shell, &(struct about){ FS_CALL_STATFS, path, sizeof(*ret_statfs) },
			 ret_statfs);
}

int files_readlink(struct shell *shell, const char *path, char ret_target[SHELL_PATH_BYTES])
{
	message m = { .m_type = FS_CALL_READLINK };
	struct fs_readlink_request *request = (void *)m.payload;
	uint64_t got;
	int result;

	protocol_put_path(&request->path, path);
	set_buffer(&request->buffer, ret_target, SHELL_PATH_BYTES - 1);
	result = ask(shell, &m);
	if (result)
		return result;
	got = ((struct fs_readlink_reply *)m.payload)->bytes;
	ret_target[got < SHELL_PATH_BYTES ? got : SHELL_PATH_BYTES - 1] = '\0';
	return 0;
}

int files_simple(struct shell *shell, int number, const char *path)
{
	message m = { .m_type = number };

	protocol_put_path(&((struct fs_unlink_request *)m.payload)->path, path);
	return ask(shell, &m);
}

int files_mkdir(struct shell *shell, const char *path, uint32_t mode)
{
	message m = { .m_type = FS_CALL_MKDIR };
	struct fs_mkdir_request *request = (void *)m.payload;

	protocol_put_path(&request->path, path);
	request->mode = mode;
	return ask(shell, &m);
}

int files_rename(struct shell *shell, const char *old, const char *new)
{
	message m = { .m_type = FS_CALL_RENAME };
	struct fs_rename_request *request = (void *)m.payload;

	protocol_put_name(&request->old, old);
	protocol_put_name(&request->new, new);
	return ask(shell, &m);
}
