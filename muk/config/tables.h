/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tables.h - the kinds of blocks of a MUK's files, and their rows.
 *
 * A row is what the server takes and the block's name, which only people need.
 */
#ifndef MUK_CONFIG_TABLES_H
#define MUK_CONFIG_TABLES_H

#include "config/muk_config.h"

#define CFG_BLOCK_NAME_BYTES 64

struct rdisk_row {
	char name[CFG_BLOCK_NAME_BYTES];
	struct rdisk_device_config device;
};

struct fs_row {
	char name[CFG_BLOCK_NAME_BYTES];
	struct fs_device_config device;
};

struct nweb_row {
	char name[CFG_BLOCK_NAME_BYTES];
	struct nweb_config server;
};

struct m3ftp_row {
	char name[CFG_BLOCK_NAME_BYTES];
	struct m3ftp_config server;
};

extern const struct cfg_block cfg_muk_block;   /* struct muk_config */
extern const struct cfg_block cfg_rdisk_block; /* struct rdisk_row */
extern const struct cfg_block cfg_fs_block;    /* struct fs_row */
extern const struct cfg_block cfg_nweb_block;  /* struct nweb_row */
extern const struct cfg_block cfg_m3ftp_block; /* struct m3ftp_row */

#endif
