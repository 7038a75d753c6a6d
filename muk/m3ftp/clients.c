/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * clients.c - clients that end in the middle: SYSTASK tells of every end, so that
 * M3FTP sleeps as long as nothing happens.
 */
#include <stdio.h>

#include "m3ftp/transfer.h"
#include "protocol/systask.h"

#define EXITS_AT_ONCE 32

static void give_up(struct m3ftp *ftp, int client_ep)
{
	for (int i = 0; i < M3FTP_TRANSFERS_MAX; i++)
		if (ftp->rows[i].handle && ftp->rows[i].client == client_ep)
			(void)transfer_finish(ftp, i, 0); /* nobody is left to be told */
}

/* One helping of SYSTASK's list; returns how many it had. */
static int drop_some(struct m3ftp *ftp)
{
	struct systask_exit_row rows[EXITS_AT_ONCE];
	struct systask_exits_reply reply;

	if (systask_call_exits(SYSTASK(0), ftp->exits_seen, rows, sizeof(rows), &reply))
		return 0;
	for (int i = 0; i < reply.count; i++)
		give_up(ftp, rows[i].ep);
	ftp->exits_seen = reply.next;
	if (reply.lost)
		transfers_look(ftp);
	return reply.count;
}

void transfers_drop_dead(struct m3ftp *ftp)
{
	while (drop_some(ftp) == EXITS_AT_ONCE)
		;
}

void transfers_watch(struct m3ftp *ftp)
{
	int error = systask_call_watch(SYSTASK(0), 1);

	if (error)
		fprintf(stderr,
			"m3ftp: SYSTASK does not tell of ends (%s): what a dead client had begun "
			"goes when its place is needed\n",
			dvk_strerror(error));
	else
		transfers_drop_dead(ftp); /* the ends of before are none of ours */
}

/*
 * A copy to a client that does not wait for us is refused: how it is refused says
 * whether the client lives, and costs no message.
 */
static int is_dead(int client_ep)
{
	char nothing = 0;
	int error = dvk_vcopy(SELF, dvk_address(&nothing), client_ep, dvk_address(&nothing), 1);

	return error == EDVSENDPOINT || error == EDVSDSTDIED || error == EDVSSRCDIED ||
	       error == EDVSDEADSRCDST || error == EDVSNOTBIND;
}

void transfers_look(struct m3ftp *ftp)
{
	for (int i = 0; i < M3FTP_TRANSFERS_MAX; i++)
		if (ftp->rows[i].handle && is_dead(ftp->rows[i].client))
			(void)transfer_finish(ftp, i, 0);
}
