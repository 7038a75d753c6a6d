/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * device_image.c - a device that is an image opened by FS itself (FILE_IMG, MEMORY_IMG).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <dvk/errors.h>

#include "fs/device.h"

struct image_device {
	struct device device;
	struct image *image;
};

static struct image *image_of(struct device *device)
{
	return ((struct image_device *)device)->image;
}

static int device_read(struct device *device, uint64_t offset, void *ret_data, size_t bytes)
{
	return image_read(image_of(device), offset, ret_data, bytes);
}

static int device_write(struct device *device, const struct image_piece *pieces, int count)
{
	return image_write(image_of(device), pieces, count);
}

static int device_commit(struct device *device, const struct image_piece *pieces, int count)
{
	return image_commit(image_of(device), pieces, count);
}

static int device_flush(struct device *device)
{
	return image_flush(image_of(device));
}

static int device_close(struct device *device)
{
	int error = image_close(image_of(device));

	free(device);
	return error;
}

static const struct device_ops image_ops = {
	.read = device_read,
	.write = device_write,
	.commit = device_commit,
	.flush = device_flush,
	.close = device_close,
};

int device_image_open(const struct image_options *options, struct device **ret_device,
		      char ret_reason[IMAGE_REASON_BYTES])
{
	struct image_device *device = calloc(1, sizeof(*device));
	int error;

	if (!device) {
		snprintf(ret_reason, IMAGE_REASON_BYTES, "no memory for a device");
		return EDVSNOMEM;
	}
	error = image_open(options, &device->image, ret_reason);
	if (error) {
		free(device);
		return error;
	}
	device->device.ops = &image_ops;
	device->device.name = options->filename ? options->filename : "memory";
	device->device.map = image_map(device->image);
	device->device.bytes = image_bytes(device->image);
	device->device.read_only = options->flags & IMAGE_READ_ONLY;
	*ret_device = &device->device;
	return 0;
}
