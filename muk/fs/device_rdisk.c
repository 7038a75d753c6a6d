/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * device_rdisk.c - a device that RDISK has: read through its map when RDISK is in
 * this process, else by messages; always written by messages.
 *
 * An error of the IPC is an error of the device: its clients get EDVSIO.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fs/server.h"
#include "protocol/rdisk.h"

#define SCATTER_PIECES 64
#define COMMIT_PIECES  4096

struct rdisk_device {
	struct device device;
	int endpoint;
	int minor;
	struct rdisk_iovec scatter[SCATTER_PIECES];
	struct rdisk_extent commit[COMMIT_PIECES];
};

/* What a client of FS is told. */
static int device_error(int error)
{
	return error <= EDVSTIMEDOUT ? EDVSIO : error;
}

static struct rdisk_device *rdisk_of(struct device *device)
{
	return (struct rdisk_device *)device;
}

static int device_read(struct device *device, uint64_t offset, void *ret_data, size_t bytes)
{
	struct rdisk_device *rdisk = rdisk_of(device);
	struct rdisk_read_reply reply;
	int error;

	if (offset > device->bytes || bytes > device->bytes - offset)
		return EDVSIO;
	error = rdisk_call_read(rdisk->endpoint, rdisk->minor, (int64_t)offset, ret_data,
				(uint32_t)bytes, &reply);
	if (error)
		return device_error(error);
	return reply.bytes == bytes ? 0 : EDVSIO;
}

/* Pieces that lie one after the other on the device: as many as one message takes. */
static int write_run(struct rdisk_device *rdisk, const struct image_piece *pieces, int count)
{
	struct rdisk_scatter_reply reply;
	uint64_t end = pieces[0].offset, bytes = 0;
	int used = 0, error;

	while (used < count && used < SCATTER_PIECES && pieces[used].offset == end) {
		rdisk->scatter[used] =
			(struct rdisk_iovec){ dvk_address(pieces[used].data), pieces[used].bytes };
		end += pieces[used].bytes;
		bytes += pieces[used++].bytes;
	}
	error = rdisk_call_scatter(rdisk->endpoint, rdisk->minor, (int64_t)pieces[0].offset,
				   rdisk->scatter,
				   (uint32_t)(used * (int)sizeof(rdisk->scatter[0])), &reply);
	if (error)
		return device_error(error);
	return reply.bytes == bytes ? used : EDVSIO;
}

static int device_write(struct device *device, const struct image_piece *pieces, int count)
{
	while (count) {
		int done = write_run(rdisk_of(device), pieces, count);

		if (done < 0)
			return done;
		pieces += done;
		count -= done;
	}
	return 0;
}

static int device_commit(struct device *device, const struct image_piece *pieces, int count)
{
	struct rdisk_device *rdisk = rdisk_of(device);
	struct rdisk_commit_reply reply;

	if (count > COMMIT_PIECES)
		return EDVSNOSPC;
	for (int i = 0; i < count; i++)
		rdisk->commit[i] =
			(struct rdisk_extent){ (int64_t)pieces[i].offset,
					       dvk_address(pieces[i].data), pieces[i].bytes };
	return device_error(rdisk_call_commit(rdisk->endpoint, rdisk->minor, rdisk->commit,
					      (uint32_t)(count * (int)sizeof(rdisk->commit[0])),
					      &reply));
}

static int device_flush(struct device *device)
{
	struct rdisk_device *rdisk = rdisk_of(device);

	return device_error(rdisk_call_sync(rdisk->endpoint, rdisk->minor));
}

static int device_close(struct device *device)
{
	struct rdisk_device *rdisk = rdisk_of(device);
	int error = rdisk_call_close(rdisk->endpoint, rdisk->minor);

	free(rdisk);
	return device_error(error);
}

static const struct device_ops rdisk_ops = {
	.read = device_read,
	.write = device_write,
	.commit = device_commit,
	.flush = device_flush,
	.close = device_close,
};

/* How large it is, and its map if that is of any use here. */
static int ask(struct rdisk_device *rdisk)
{
	struct rdisk_size_reply size;
	struct rdisk_map_reply map;
	int error = rdisk_call_size(rdisk->endpoint, rdisk->minor, &size);

	if (error)
		return error;
	rdisk->device.bytes = size.bytes;
	rdisk->device.read_only = size.read_only;
	error = rdisk_call_map(rdisk->endpoint, rdisk->minor, &map);
	if (!error && map.bytes >= size.bytes) {
		rdisk->device.outside = map.address;
		rdisk->device.outside_pid = map.pid;
	}
	if (!error && map.pid == getpid() && map.bytes >= size.bytes)
		rdisk->device.map = (const unsigned char *)(uintptr_t)map.address;
	return 0;
}

int device_rdisk_open(int endpoint, int minor, const char *name, struct device **ret_device,
		      char ret_reason[IMAGE_REASON_BYTES])
{
	struct rdisk_device *rdisk = calloc(1, sizeof(*rdisk));
	int error = rdisk ? rdisk_call_open(endpoint, minor, 0) : EDVSNOMEM;

	if (!error) {
		rdisk->device.ops = &rdisk_ops;
		rdisk->device.name = name;
		rdisk->endpoint = endpoint;
		rdisk->minor = minor;
		error = ask(rdisk);
		if (!error) {
			*ret_device = &rdisk->device;
			return 0;
		}
		rdisk_call_close(endpoint, minor);
	}
	snprintf(ret_reason, IMAGE_REASON_BYTES,
		 "%s: RDISK (endpoint %d) cannot open its device %d: %s", name, endpoint, minor,
		 dvk_strerror(error));
	free(rdisk);
	return error;
}
