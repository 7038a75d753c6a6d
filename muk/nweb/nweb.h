/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nweb.h - what NWEB is told by its configuration (m3nweb.cfg).
 */
#ifndef MUK_NWEB_NWEB_H
#define MUK_NWEB_NWEB_H

#include "server/server.h"

#define NWEB_NAME_BYTES      512
#define NWEB_ADDRESS_BYTES   64
#define NWEB_ADDRESS_DEFAULT "127.0.0.1"
#define NWEB_USER            65534 /* nobody, and of no group: what all may read */

/* A block `websrv`. */
struct nweb_config {
	int endpoint;                     /* where NWEB is: for main, which binds it */
	int port;                         /* 0: any that is free; nweb.status tells which */
	char address[NWEB_ADDRESS_BYTES]; /* IPv4 in dots; "": NWEB_ADDRESS_DEFAULT */
	char rootdir[NWEB_NAME_BYTES];    /* in FS; what "/" of a URL stands for */
	char log_file[NWEB_NAME_BYTES];   /* on the host; a line for each request; "": none */
	int uid, gid; /* whose rights it has in FS; NWEB_USER unless the file says otherwise */
	int fs_ep;    /* whose files; FS_PROC_NR unless the MUK says otherwise */
};

/* Its config is a struct nweb_config. EDVSNOSYS at its start: no libmicrohttpd. */
extern const struct server_type server_type_nweb;

#endif
