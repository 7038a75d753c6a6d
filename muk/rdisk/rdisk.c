/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rdisk.c - the disk driver: devices come up with RDISK and go down with it.
 *
 * A device is an image (image/); its minor number names it. An FS of the same
 * process reads through the image's map, everybody else by messages; all changes
 * come by messages. A device that cannot be opened keeps RDISK from starting: a
 * file system on a part of its disks would be worse.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rdisk/device.h"

int rdisk_find(const struct rdisk *disk, int minor)
{
	for (int i = 0; i < disk->count; i++)
		if (disk->rows[i].minor == minor)
			return disk->images[i] ? i : EDVSNXIO;
	return EDVSNXIO;
}

int rdisk_count(struct rdisk *disk, int i, int result)
{
	if (result < 0)
		disk->rows[i].errors++;
	return result;
}

static int handle_open(void *state, struct server_call *call,
		       const struct rdisk_open_request *request)
{
	struct rdisk *disk = state;
	int i = rdisk_find(disk, request->minor);

	(void)call;
	if (i < 0)
		return i;
	disk->rows[i].opens++;
	return 0;
}

static int handle_close(void *state, struct server_call *call,
			const struct rdisk_close_request *request)
{
	struct rdisk *disk = state;
	int i = rdisk_find(disk, request->minor);

	(void)call;
	if (i < 0)
		return i;
	if (!disk->rows[i].opens)
		return EDVSINVAL;
	disk->rows[i].opens--;
	return 0;
}

static int handle_sync(void *state, struct server_call *call,
		       const struct rdisk_sync_request *request)
{
	struct rdisk *disk = state;
	int i = rdisk_find(disk, request->minor);

	(void)call;
	if (i < 0)
		return i;
	disk->rows[i].syncs++;
	return rdisk_count(disk, i, rdisk_flush(disk->images[i]));
}

static int handle_size(void *state, struct server_call *call,
		       const struct rdisk_size_request *request, struct rdisk_size_reply *reply)
{
	struct rdisk *disk = state;
	int i = rdisk_find(disk, request->minor);

	(void)call;
	if (i < 0)
		return i;
	reply->bytes = disk->rows[i].bytes;
	reply->block_bytes = disk->rows[i].block_bytes;
	reply->read_only = disk->rows[i].read_only;
	return 0;
}

static int handle_map(void *state, struct server_call *call,
		      const struct rdisk_map_request *request, struct rdisk_map_reply *reply)
{
	struct rdisk *disk = state;
	int i = rdisk_find(disk, request->minor);

	(void)call;
	if (i < 0)
		return i;
	reply->address = dvk_address(image_map(disk->images[i]));
	reply->bytes = disk->rows[i].bytes;
	reply->pid = getpid();
	return 0;
}

/* The name's end says more than its beginning when it is too long for the row. */
static void describe(struct rdisk_device_row *row, const struct rdisk_device_config *config)
{
	size_t bytes = strlen(config->image_file), room = sizeof(row->image) - 1;

	row->major = config->major;
	row->minor = config->minor;
	row->kind = config->type == RDISK_FILE_IMAGE ? RDISK_KIND_FILE : RDISK_KIND_MEMORY;
	row->block_bytes = config->buffer ? config->buffer : RDISK_BUFFER_BYTES;
	row->transient = config->is_volatile != 0;
	row->active = config->active != 0;
	memcpy(row->image, config->image_file + (bytes > room ? bytes - room : 0),
	       bytes > room ? room : bytes);
}

static int open_device(struct rdisk *disk, const struct rdisk_device_config *config)
{
	const struct image_options options = {
		.kind = config->type == RDISK_FILE_IMAGE ? IMAGE_FILE : IMAGE_MEMORY,
		.flags = config->is_volatile ? IMAGE_VOLATILE : 0,
		.filename = config->image_file[0] ? config->image_file : NULL,
		.bytes = (uint64_t)config->buffer,
	};
	struct rdisk_device_row *row = &disk->rows[disk->count];
	char reason[IMAGE_REASON_BYTES];
	int error;

	if (rdisk_find(disk, config->minor) >= 0) {
		fprintf(stderr, "rdisk: two devices have minor %d\n", config->minor);
		return EDVSINVAL;
	}
	describe(row, config);
	if (config->active) {
		error = image_open(&options, &disk->images[disk->count], reason);
		if (error) {
			fprintf(stderr, "rdisk: device %d: %s\n", config->minor, reason);
			return error;
		}
		row->bytes = image_bytes(disk->images[disk->count]);
		if (image_was_replayed(disk->images[disk->count]))
			fprintf(stderr, "rdisk: device %d: finished a commit that was cut off\n",
				config->minor);
	}
	disk->count++;
	return 0;
}

static void stop(void *state)
{
	struct rdisk *disk = state;

	for (int i = 0; i < disk->count; i++) {
		int error = image_close(disk->images[i]);

		if (error)
			fprintf(stderr, "rdisk: device %d: %s could not be saved: %s\n",
				disk->rows[i].minor, disk->rows[i].image, dvk_strerror(error));
	}
	free(disk->room);
	free(disk->bounce);
	free(disk);
}

static int start(struct server *server, void **ret_state)
{
	const struct rdisk_config *config = server_config(server);
	struct rdisk *disk = calloc(1, sizeof(*disk));
	int error = 0;

	if (!disk)
		return EDVSNOMEM;
	disk->bounce = malloc(RDISK_BOUNCE_BYTES);
	if (!disk->bounce)
		error = EDVSNOMEM;
	for (int i = 0; !error && i < config->count; i++)
		error = open_device(disk, &config->devices[i]);
	if (!error)
		error = dvk_register_table("rdisk.device", RDISK_DEVICE_VERSION, disk->rows,
					   (unsigned int)disk->count, sizeof(disk->rows[0]));
	if (error < 0) {
		stop(disk);
		return error;
	}
	*ret_state = disk;
	return 0;
}

static const struct rdisk_handlers handlers = {
	.read = rdisk_read,
	.write = rdisk_write,
	.open = handle_open,
	.close = handle_close,
	.scatter = rdisk_scatter,
	.gather = rdisk_gather,
	.sync = handle_sync,
	.size = handle_size,
	.map = handle_map,
	.commit = rdisk_commit,
};

const struct server_type server_type_rdisk = {
	.name = "rdisk",
	.protocol = &protocol_rdisk,
	.nr = RDISK_PROC_NR,
	.handlers = &handlers,
	.dispatch = rdisk_dispatch,
	.start = start,
	.stop = stop,
};
