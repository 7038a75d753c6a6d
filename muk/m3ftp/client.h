/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * client.h - fetch and store whole files of a MUK from any process of its DC.
 *
 * The caller has a slot (dvk_bind); calls are made as its current one. Needs
 * libdvk and libprotocol, nothing else of MUK.
 */
#ifndef MUK_M3FTP_CLIENT_H
#define MUK_M3FTP_CLIENT_H

#include <stdint.h>

struct m3ftp_job {
	const char *path;     /* in the MUK */
	int fd;               /* on this side: what get writes and put reads, to its end */
	uint32_t mode;        /* of a put */
	uint64_t size;        /* of a put, for progress alone; 0: not known */
	uint32_t piece_bytes; /* at once; 0: as much as the server takes */
	/*
	 * Called after each piece, and when a signal has interrupted reading or
	 * writing fd, or NULL. size 0: not known. Another result than
	 * 0 gives the transfer up: EDVSINTR.
	 */
	int (*progress)(void *context, uint64_t done, uint64_t size);
	void *context;
};

struct m3ftp_result {
	uint64_t bytes; /* moved until the end or the failure */
	int host_errno; /* why fd could not be read or written; 0: the MUK failed */
	uint32_t mode;  /* of what get fetched */
	int64_t mtime;
};

/*
 * Fetches or stores a file. 0, or the server's error (those of FS among them), or
 * EDVSIO with host_errno set; a file that could not be stored whole does not
 * appear in the MUK, what was written to fd before a failed get stays there.
 * *ret_result is filled in any case.
 */
int m3ftp_get(int ftp_ep, const struct m3ftp_job *job, struct m3ftp_result *ret_result);
int m3ftp_put(int ftp_ep, const struct m3ftp_job *job, struct m3ftp_result *ret_result);

#endif
