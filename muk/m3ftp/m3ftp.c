/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * m3ftp.c - whole files in and out, for several clients at once.
 *
 * A client opens a transfer, moves pieces, closes it. What is put is written under
 * a temporary name beside its own and renamed when it is closed, so that nobody
 * ever sees a part. A transfer that its client gave up, or whose client died, goes
 * and leaves nothing behind.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "m3ftp/transfer.h"

int transfer_find(const struct m3ftp *ftp, const struct server_call *call, int handle)
{
	int i = handle % M3FTP_TRANSFERS_MAX;

	if (handle <= 0 || ftp->rows[i].handle != handle || ftp->rows[i].client != call->client_ep)
		return EDVSBADF;
	return i;
}

/* All that was put is with the device before its name is: a full disk is told now. */
static int complete(struct m3ftp *ftp, const struct transfer *transfer)
{
	int error = fs_call_commit(ftp->fs_ep);

	return error ? error : fs_call_rename(ftp->fs_ep, transfer->temporary, transfer->path);
}

/* With the client's rights: the put file gets its name, or goes. */
static int finish_put(struct m3ftp *ftp, const struct transfer *transfer, int keep)
{
	int error = rights_take(ftp, transfer), returned;

	if (error)
		return error;
	if (keep)
		error = complete(ftp, transfer);
	if (error || !keep) {
		int removed = fs_call_unlink(ftp->fs_ep, transfer->temporary);

		error = error ? error : removed;
	}
	returned = rights_return(ftp, transfer);
	return error ? error : returned;
}

int transfer_finish(struct m3ftp *ftp, int i, int keep)
{
	struct m3ftp_transfer_row *row = &ftp->rows[i];
	int error = fs_call_close(ftp->fs_ep, row->fd);

	if (row->direction == M3FTP_DIRECTION_PUT) {
		int named = finish_put(ftp, &ftp->transfers[i], keep && !error);

		error = error ? error : named;
	}
	memset(row, 0, sizeof(*row));
	return error;
}

static int handle_close(void *state, struct server_call *call,
			const struct m3ftp_close_request *request)
{
	struct m3ftp *ftp = state;
	int i = transfer_find(ftp, call, request->handle);

	return i < 0 ? i : transfer_finish(ftp, i, 1);
}

static int handle_abort(void *state, struct server_call *call,
			const struct m3ftp_abort_request *request)
{
	struct m3ftp *ftp = state;
	int i = transfer_find(ftp, call, request->handle);

	return i < 0 ? i : transfer_finish(ftp, i, 0);
}

static void notified(void *state, int source_ep, uint32_t map)
{
	(void)map;
	if (source_ep == SYSTASK(0))
		transfers_drop_dead(state);
}

/* FS closes our files when our slot is unbound; what was being put must go before. */
static void stop(void *state)
{
	struct m3ftp *ftp = state;

	for (int i = 0; i < M3FTP_TRANSFERS_MAX; i++)
		if (ftp->rows[i].handle)
			(void)transfer_finish(ftp, i, 0);
	free(ftp->bounce);
	free(ftp);
}

static int start(struct server *server, void **ret_state)
{
	const struct m3ftp_config *config = server_config(server);
	struct m3ftp *ftp = calloc(1, sizeof(*ftp));
	int error;

	if (!ftp)
		return EDVSNOMEM;
	ftp->server = server;
	ftp->fs_ep = config->fs_ep;
	ftp->pid = getpid();
	ftp->window = config->window ? (uint32_t)config->window : M3FTP_WINDOW_DEFAULT;
	ftp->bounce = malloc(M3FTP_BOUNCE_BYTES);
	error = !ftp->bounce
			? EDVSNOMEM
			: dvk_register_table("m3ftp.transfer", M3FTP_TRANSFER_VERSION, ftp->rows,
					     M3FTP_TRANSFERS_MAX, sizeof(ftp->rows[0]));
	if (error < 0) {
		free(ftp->bounce);
		free(ftp);
		return error;
	}
	transfers_watch(ftp);
	*ret_state = ftp;
	return 0;
}

static const struct m3ftp_handlers handlers = {
	.get_open = transfer_get_open,
	.put_open = transfer_put_open,
	.get = transfer_get,
	.put = transfer_put,
	.close = handle_close,
	.abort = handle_abort,
};

const struct server_type server_type_m3ftp = {
	.name = "m3ftp",
	.protocol = &protocol_m3ftp,
	.nr = M3FTP_PROC_NR,
	.handlers = &handlers,
	.dispatch = m3ftp_dispatch,
	.start = start,
	.notified = notified,
	.stop = stop,
};
