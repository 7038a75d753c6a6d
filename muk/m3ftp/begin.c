/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * begin.c - transfers begin: checks, a place in the table, a file of FS.
 *
 * What can be known to fail is refused here, before the client sends megabytes.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "m3ftp/transfer.h"
#include "server/user.h"

static int free_place(const struct m3ftp *ftp)
{
	for (int i = 0; i < M3FTP_TRANSFERS_MAX; i++)
		if (!ftp->rows[i].handle)
			return i;
	return EDVSRSCBUSY;
}

/* Takes a free place for the caller; its row is filled but for fd and size. */
static int take_place(struct m3ftp *ftp, const struct server_call *call, uint32_t direction)
{
	const char *path = call->paths[0];
	size_t bytes = strlen(path), room = sizeof(ftp->rows[0].path) - 1;
	struct m3ftp_transfer_row *row;
	uint32_t uid, gid;
	int i = free_place(ftp), error = server_user(call->client_ep, &uid, &gid);

	if (i < 0) {
		transfers_look(ftp);
		i = free_place(ftp);
	}
	if (error || i < 0)
		return error ? error : i;
	ftp->serial = ftp->serial % (INT32_MAX / M3FTP_TRANSFERS_MAX - 1) + 1;
	row = &ftp->rows[i];
	*row = (struct m3ftp_transfer_row){
		.handle = (int)ftp->serial * M3FTP_TRANSFERS_MAX + i,
		.client = call->client_ep,
		.direction = direction,
		.started_ns = server_now_ns(),
	};
	row->last_ns = row->started_ns;
	/* The end of a path says more than its beginning. */
	memcpy(row->path, path + (bytes > room ? bytes - room : 0), bytes > room ? room : bytes);
	ftp->transfers[i].uid = uid;
	ftp->transfers[i].gid = gid;
	memcpy(ftp->transfers[i].path, path, bytes + 1);
	return i;
}

static void leave_place(struct m3ftp *ftp, int i)
{
	memset(&ftp->rows[i], 0, sizeof(ftp->rows[i]));
}

/* Opens the file that is to be fetched with the rights of who wants it. */
static int open_source(struct m3ftp *ftp, const struct transfer *transfer, int *ret_fd)
{
	struct fs_open_reply opened;
	int error = rights_take(ftp, transfer), returned;

	if (error)
		return error;
	error = fs_call_open(ftp->fs_ep, transfer->path, FS_OPEN_RDONLY | FS_OPEN_NONBLOCK, 0,
			     &opened);
	returned = rights_return(ftp, transfer);
	if (!error && returned)
		(void)fs_call_close(ftp->fs_ep, opened.fd);
	*ret_fd = opened.fd;
	return error ? error : returned;
}

static int open_for_get(struct m3ftp *ftp, int i, struct fs_stat *ret_stat)
{
	int fd, error = open_source(ftp, &ftp->transfers[i], &fd);

	if (error)
		return error;
	error = fs_call_fstat(ftp->fs_ep, fd, ret_stat, sizeof(*ret_stat));
	if (!error && !S_ISREG(ret_stat->mode))
		error = S_ISDIR(ret_stat->mode) ? EDVSISDIR : EDVSINVAL;
	if (error) {
		(void)fs_call_close(ftp->fs_ep, fd);
		return error;
	}
	ftp->rows[i].fd = fd;
	ftp->rows[i].size = ret_stat->size;
	return 0;
}

int transfer_get_open(void *state, struct server_call *call,
		      const struct m3ftp_get_open_request *request,
		      struct m3ftp_get_open_reply *reply)
{
	struct m3ftp *ftp = state;
	struct fs_stat st;
	int i = take_place(ftp, call, M3FTP_DIRECTION_GET), error;

	(void)request;
	if (i < 0)
		return i;
	error = open_for_get(ftp, i, &st);
	if (error) {
		leave_place(ftp, i);
		return error;
	}
	reply->handle = ftp->rows[i].handle;
	reply->piece_max = ftp->window;
	reply->size = st.size;
	reply->mode = st.mode;
	reply->mtime = st.mtime;
	return 0;
}

/* What is there under the name already may be replaced? 1: there is nothing. */
static int check_target(struct m3ftp *ftp, const char *path)
{
	struct fs_stat st;
	int error = fs_call_stat(ftp->fs_ep, path, &st, sizeof(st));

	if (error == EDVSNOENT)
		return path[strlen(path) - 1] == '/' ? EDVSISDIR : 1;
	if (error)
		return error;
	if (S_ISDIR(st.mode))
		return EDVSISDIR;
	return S_ISREG(st.mode) ? 0 : EDVSINVAL;
}

/*
 * Makes a file of a name that is nobody's beside the target. The name is short
 * enough for each MINIX file system (14 bytes in V1).
 */
static int create_temporary(struct m3ftp *ftp, int i)
{
	struct transfer *transfer = &ftp->transfers[i];
	const char *slash = strrchr(transfer->path, '/');
	size_t folder = slash ? (size_t)(slash - transfer->path) + 1 : 0;
	struct fs_open_reply opened = { 0 };
	int error = EDVSEXIST;

	memcpy(transfer->temporary, transfer->path, folder);
	for (unsigned int tries = 0; error == EDVSEXIST && tries < 100; tries++) {
		snprintf(transfer->temporary + folder, sizeof(transfer->temporary) - folder,
			 ".ftp%08x", (unsigned int)ftp->rows[i].handle + (tries << 24));
		error = fs_call_open(ftp->fs_ep, transfer->temporary,
				     FS_OPEN_WRONLY | FS_OPEN_CREAT | FS_OPEN_EXCL, 0600, &opened);
	}
	if (!error)
		ftp->rows[i].fd = opened.fd;
	return error;
}

/* Makes the file that is to be filled with the rights of who fills it. */
static int open_target(struct m3ftp *ftp, int i, uint32_t mode)
{
	const struct transfer *transfer = &ftp->transfers[i];
	int error = rights_take(ftp, transfer), returned;

	if (error)
		return error;
	error = check_target(ftp, transfer->path);
	error = error < 0 ? error : create_temporary(ftp, i);
	if (!error) {
		error = fs_call_fchmod(ftp->fs_ep, ftp->rows[i].fd, mode & 07777);
		returned = rights_return(ftp, transfer);
		error = error ? error : returned;
		if (!error)
			return 0;
		(void)fs_call_close(ftp->fs_ep, ftp->rows[i].fd);
		(void)fs_call_unlink(ftp->fs_ep, transfer->temporary);
		return error;
	}
	(void)rights_return(ftp, transfer);
	return error;
}

int transfer_put_open(void *state, struct server_call *call,
		      const struct m3ftp_put_open_request *request,
		      struct m3ftp_put_open_reply *reply)
{
	struct m3ftp *ftp = state;
	int i = take_place(ftp, call, M3FTP_DIRECTION_PUT), error;

	if (i < 0)
		return i;
	error = open_target(ftp, i, request->mode);
	if (error) {
		leave_place(ftp, i);
		return error;
	}
	reply->handle = ftp->rows[i].handle;
	reply->piece_max = ftp->window;
	return 0;
}
