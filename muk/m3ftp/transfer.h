/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * transfer.h - M3FTP's state, shared by its files alone.
 */
#ifndef MUK_M3FTP_TRANSFER_H
#define MUK_M3FTP_TRANSFER_H

#include "m3ftp/m3ftp.h"
#include "protocol/fs.h"
#include "protocol/m3ftp.h"

#define M3FTP_BOUNCE_BYTES (256u << 10) /* small enough for the processor's cache */
#define M3FTP_LOOK_MS      300          /* how long a client may be dead unnoticed */

/* What the table's row does not show. */
struct transfer {
	char path[PROTOCOL_PATH_MAX + 1];
	char temporary[PROTOCOL_PATH_MAX + 16]; /* of a put, until it is complete */
};

/* A transfer is under way in place i when rows[i].handle is not 0. */
struct m3ftp {
	struct server *server;
	struct m3ftp_transfer_row rows[M3FTP_TRANSFERS_MAX];
	struct transfer transfers[M3FTP_TRANSFERS_MAX];
	int fs_ep;
	int32_t pid; /* ours: getpid() is a system call */
	uint32_t window;
	int count;           /* of transfers under way */
	unsigned int serial; /* makes handles and temporary names unique */
	char *bounce;        /* M3FTP_BOUNCE_BYTES */
};

/* The place of the caller's transfer with that handle, or EDVSBADF. */
int transfer_find(const struct m3ftp *ftp, const struct server_call *call, int handle);

/* ---- begin.c ---- */
int transfer_get_open(void *state, struct server_call *call,
		      const struct m3ftp_get_open_request *request,
		      struct m3ftp_get_open_reply *reply);
int transfer_put_open(void *state, struct server_call *call,
		      const struct m3ftp_put_open_request *request,
		      struct m3ftp_put_open_reply *reply);

/* ---- move.c ---- */
int transfer_get(void *state, struct server_call *call, const struct m3ftp_get_request *request,
		 struct m3ftp_get_reply *reply);
int transfer_put(void *state, struct server_call *call, const struct m3ftp_put_request *request,
		 struct m3ftp_put_reply *reply);

#endif
