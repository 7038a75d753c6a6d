/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * muk_config.h - what a MUK is to be: muk.cfg and the files that it names.
 *
 * It is read as a whole before anything starts, so that a mistake changes nothing.
 */
#ifndef MUK_MUK_CONFIG_H
#define MUK_MUK_CONFIG_H

#include <dvk/limits.h>

#include "config/config.h"
#include "fs/fs.h"
#include "is/is.h"
#include "m3ftp/m3ftp.h"
#include "nweb/nweb.h"
#include "rdisk/rdisk.h"
#include "systask/systask.h"

#define MUK_NO_SERVER (-1) /* an endpoint: this server is not ours to start */

struct muk_config {
	/* muk.cfg */
	char name[DVK_NAME_BYTES];
	int dcid;
	int runtime; /* enum runtime_kind */
	int pm_ep, fs_ep, is_ep, rd_ep, web_ep, ftp_ep;
	char fs_cfg[CFG_PATH_BYTES];
	char rd_cfg[CFG_PATH_BYTES];
	char web_cfg[CFG_PATH_BYTES];
	char ftp_cfg[CFG_PATH_BYTES];
	char is_file[CFG_PATH_BYTES];
	int wis_port; /* 0: none */
	char tty[CFG_PATH_BYTES];

	/* always there, unless another MUK of the DC has them */
	int systask_ep, clock_ep;

	/* the files that it names, for the servers' start */
	struct systask_config systask;
	struct rdisk_config rdisk;
	struct fs_config fs;
	struct is_config is;
	struct m3ftp_config m3ftp;
	struct nweb_config nweb;
};

/*
 * Reads path and the files that it names. 0, or a negative error with its sentence
 * in *ret_error and *ret_config untouched.
 */
int muk_config_load(const char *path, struct muk_config *ret_config, struct cfg_error *ret_error);

/* Writes all entries of all files, for --help and the man page. */
void muk_config_print_help(FILE *out);

/* A server type and where its part of a configuration is. */
struct muk_server {
	const char *type;     /* as in the build's SERVERS */
	const char *entry;    /* of muk.cfg, NULL: no entry, it always runs */
	size_t ep_offset;     /* int in struct muk_config */
	size_t config_offset; /* struct X_config in it, 0: it needs none */
};

/* In the order in which they start. */
extern const struct muk_server muk_servers[];
extern const int muk_server_count;

#endif
