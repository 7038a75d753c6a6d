/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * device.h - RDISK's state, shared by its files alone.
 */
#ifndef MUK_RDISK_DEVICE_H
#define MUK_RDISK_DEVICE_H

#include "image/image.h"
#include "protocol/rdisk.h"
#include "rdisk/rdisk.h"
#include "server/server.h"

#define RDISK_PIECES_MAX   64            /* of a gather or scatter */
#define RDISK_EXTENTS_MAX  4096          /* of a commit */
#define RDISK_COMMIT_MAX   (16ull << 20) /* bytes of a commit */
#define RDISK_BOUNCE_BYTES (256u << 10)  /* small enough for the processor's cache */
#define RDISK_ROOM_KEPT    (4ull << 20)  /* of what a commit needed, for the next one */

/* Device i is described by row i; image is NULL when it is not active. */
struct rdisk {
	struct rdisk_device_row rows[RDISK_DEVICES_MAX];
	struct image *images[RDISK_DEVICES_MAX];
	int count;
	char *bounce; /* RDISK_BOUNCE_BYTES */
	char *room;   /* what is to be committed */
	size_t room_bytes;
	struct rdisk_extent extents[RDISK_EXTENTS_MAX];
	struct image_piece pieces[RDISK_EXTENTS_MAX];
};

/* The place of the active device with that minor, or EDVSNXIO. */
int rdisk_find(const struct rdisk *disk, int minor);

/* Counts an operation of device i that ended with result; returns result. */
int rdisk_count(struct rdisk *disk, int i, int result);

/* ---- transfer.c: the handlers that move bytes ---- */
int rdisk_read(void *state, struct server_call *call, const struct rdisk_read_request *request,
	       struct rdisk_read_reply *reply);
int rdisk_write(void *state, struct server_call *call, const struct rdisk_write_request *request,
		struct rdisk_write_reply *reply);
int rdisk_gather(void *state, struct server_call *call, const struct rdisk_gather_request *request,
		 struct rdisk_gather_reply *reply);
int rdisk_scatter(void *state, struct server_call *call,
		  const struct rdisk_scatter_request *request, struct rdisk_scatter_reply *reply);

/* ---- commit.c ---- */
int rdisk_commit(void *state, struct server_call *call, const struct rdisk_commit_request *request,
		 struct rdisk_commit_reply *reply);

/* ---- flush.c ---- */
/* image_flush() in a thread of its own: other tasks run while the medium is written. */
int rdisk_flush(struct image *image);

#endif
