/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * m3ftp.h - what M3FTP is told by its configuration (m3ftp.cfg).
 */
#ifndef MUK_M3FTP_M3FTP_H
#define MUK_M3FTP_M3FTP_H

#include "server/server.h"

#define M3FTP_WINDOW_DEFAULT (1 << 20)
#define M3FTP_WINDOW_MIN     4096
#define M3FTP_WINDOW_MAX     (8 << 20)
#define M3FTP_TRANSFERS_MAX  64

/* A block `m3ftp`. */
struct m3ftp_config {
	int endpoint; /* where M3FTP is: for main, which binds it */
	int window;   /* bytes of the largest piece; 0: M3FTP_WINDOW_DEFAULT */
	int fs_ep;    /* whose files; FS_PROC_NR unless the MUK says otherwise */
};

/* Its config is a struct m3ftp_config. */
extern const struct server_type server_type_m3ftp;

#endif
