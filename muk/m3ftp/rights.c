/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rights.c - a transfer's names are FS's matter with the rights of its client.
 *
 * M3FTP is the superuser; for each step that goes by a name FS is told to act with
 * the client's rights, then with M3FTP's own. What FS says the second time shows
 * whether it had them all the time: it may have come back in between.
 */
#include "m3ftp/transfer.h"

#define OWN UINT32_MAX

/* The superuser's are M3FTP's own. */
static int is_own(const struct transfer *transfer)
{
	return !transfer->uid && !transfer->gid;
}

int rights_take(struct m3ftp *ftp, const struct transfer *transfer)
{
	struct fs_as_reply before;

	return is_own(transfer) ? 0 : fs_call_as(ftp->fs_ep, transfer->uid, transfer->gid, &before);
}

int rights_return(struct m3ftp *ftp, const struct transfer *transfer)
{
	struct fs_as_reply before = { 0 };
	int error;

	if (is_own(transfer))
		return 0;
	error = fs_call_as(ftp->fs_ep, OWN, OWN, &before);
	if (!error && (before.uid != transfer->uid || before.gid != transfer->gid))
		error = EDVSIO;
	return error;
}
