/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rdisk.h - what RDISK is told by its configuration (rdisk.cfg).
 */
#ifndef MUK_RDISK_RDISK_H
#define MUK_RDISK_RDISK_H

#include "server/server.h"

#define RDISK_DEVICES_MAX  16
#define RDISK_NAME_BYTES   512
#define RDISK_BUFFER_BYTES 4096 /* `buffer` when it is not given */

enum rdisk_type {
	RDISK_MEMORY_IMAGE, /* loaded into memory; saved by sync and at the end */
	RDISK_FILE_IMAGE,
};

/* A block `device`. */
struct rdisk_device_config {
	int major;
	int minor;                         /* what requests name; unique */
	int type;                          /* enum rdisk_type */
	char image_file[RDISK_NAME_BYTES]; /* ""; only for memory: then it has buffer bytes */
	int buffer;                        /* the block size that rdisk.size tells, or see above */
	int is_volatile;                   /* changes are not written back */
	int replicated;                    /* has no effect on one node */
	int active;                        /* 0: opening it gives EDVSNXIO */
};

struct rdisk_config {
	int count;
	struct rdisk_device_config devices[RDISK_DEVICES_MAX];
};

/* Its config is a struct rdisk_config. A device that cannot be opened fails the start. */
extern const struct server_type server_type_rdisk;

#endif
