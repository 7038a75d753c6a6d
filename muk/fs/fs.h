/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fs.h - what FS is told by its configuration (molfs.cfg).
 */
#ifndef MUK_FS_FS_H
#define MUK_FS_FS_H

#include "server/server.h"

#define FS_DEVICES_MAX  8
#define FS_NAME_BYTES   512
#define FS_BUFFER_BYTES (8 << 20) /* `buffer_size` when it is not given */

enum fs_device_type {
	FS_RDISK_IMG,  /* RDISK has it: by messages, through its map if it is in this process */
	FS_FILE_IMG,   /* FS opens the image file itself */
	FS_MEMORY_IMG, /* the file is loaded into memory; saved at the end unless volatile */
};

/* A block `device`. */
struct fs_device_config {
	int major;
	int minor;                    /* of RDISK's device */
	int type;                     /* enum fs_device_type */
	char filename[FS_NAME_BYTES]; /* needed unless RDISK has the image; for messages */
	int is_volatile;              /* changes are not written back */
	int root_dev;                 /* the file system of / is here; one device has it */
	int buffer_size;              /* bytes of blocks that FS holds; 0: FS_BUFFER_BYTES */
};

struct fs_config {
	int count;
	struct fs_device_config devices[FS_DEVICES_MAX];
	int rdisk_ep; /* where RDISK is, for RDISK_IMG */
};

/* Its config is a struct fs_config. */
extern const struct server_type server_type_fs;

#endif
