/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * device.h - what a file system stands on: bytes that can be read and written.
 *
 * A device that is mapped shows what was written through its map at once.
 * Backends: an image of our own (device_image.c), RDISK by messages
 * (device_rdisk.c). Errors are EDVS codes.
 */
#ifndef MUK_FS_DEVICE_H
#define MUK_FS_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "image/image.h"

struct device;

struct device_ops {
	int (*read)(struct device *device, uint64_t offset, void *ret_data, size_t bytes);
	int (*write)(struct device *device, const struct image_piece *pieces, int count);
	/* All pieces or none, also when we are killed meanwhile. */
	int (*commit)(struct device *device, const struct image_piece *pieces, int count);
	/* What was written is on the medium when it returns 0. */
	int (*flush)(struct device *device);
	/* Frees the device. */
	int (*close)(struct device *device);
};

struct device {
	const struct device_ops *ops;
	const char *name;         /* of the image, for messages */
	const unsigned char *map; /* read-only; NULL: not mapped */
	uint64_t bytes;
	uint64_t outside; /* where the same bytes lie in process outside_pid; 0: unknown */
	int32_t outside_pid;
	bool read_only;
};

/*
 * Opens an image as a device; close() closes both. What is wrong in words goes to
 * ret_reason.
 */
int device_image_open(const struct image_options *options, struct device **ret_device,
		      char ret_reason[IMAGE_REASON_BYTES]);

#endif
