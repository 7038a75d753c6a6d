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

/* What the table's row does not show. */
struct transfer {
	uint32_t uid, gid; /* the client's when it began */
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
	uint64_t exits_seen; /* of SYSTASK's list */
	unsigned int serial; /* makes handles and temporary names unique */
	char *bounce;        /* M3FTP_BOUNCE_BYTES */
};

/* The place of the caller's transfer with that handle, or EDVSBADF. */
int transfer_find(const struct m3ftp *ftp, const struct server_call *call, int handle);

/* Ends transfer i; keep: what was put appears. */
int transfer_finish(struct m3ftp *ftp, int i, int keep);

/* ---- clients.c ---- */
/* Asks SYSTASK to tell of ends. */
void transfers_watch(struct m3ftp *ftp);
/* Gives up what the clients that have ended had begun. */
void transfers_drop_dead(struct m3ftp *ftp);
/* The same by asking for each: where SYSTASK did not tell of all ends. */
void transfers_look(struct m3ftp *ftp);

/* ---- rights.c ---- */
/* FS uses the rights of the transfer's client until rights_return(). */
int rights_take(struct m3ftp *ftp, const struct transfer *transfer);
/* EDVSIO: FS did not have them all the time; what it did is to be undone. */
int rights_return(struct m3ftp *ftp, const struct transfer *transfer);

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
