/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * commit.c - a commit: everything is fetched and checked before anything is written.
 *
 * A client that dies while it is asked for its pieces leaves the device as it was.
 */
#include <stdlib.h>

#include "rdisk/device.h"

/* Fetches the table of the pieces; returns how many, *ret_bytes in all. */
static int fetch_table(struct rdisk *disk, const struct server_call *call,
		       const struct protocol_buffer *buffer, uint64_t *ret_bytes)
{
	uint32_t count = buffer->bytes / sizeof(disk->extents[0]);
	uint64_t total = 0;
	int error;

	if (buffer->bytes % sizeof(disk->extents[0]) || count > RDISK_EXTENTS_MAX)
		return EDVSINVAL;
	error = server_copy_in(call, buffer, 0, disk->extents, buffer->bytes);
	if (error)
		return error;
	for (uint32_t k = 0; k < count; k++) {
		if (disk->extents[k].position < 0)
			return EDVSINVAL;
		if (disk->extents[k].bytes > RDISK_COMMIT_MAX - total)
			return EDVSRANGE;
		total += disk->extents[k].bytes;
	}
	*ret_bytes = total;
	return (int)count;
}

static int make_room(struct rdisk *disk, uint64_t bytes)
{
	char *room;

	if (bytes <= disk->room_bytes)
		return 0;
	room = realloc(disk->room, bytes);
	if (!room)
		return EDVSNOMEM;
	disk->room = room;
	disk->room_bytes = bytes;
	return 0;
}

static int fetch_pieces(struct rdisk *disk, const struct server_call *call, int count)
{
	uint64_t at = 0;

	for (int k = 0; k < count; k++) {
		const struct rdisk_extent *extent = &disk->extents[k];
		int error = !extent->bytes ? 0
					   : dvk_vcopy(call->client_ep, extent->address, SELF,
						       dvk_address(disk->room + at), extent->bytes);

		if (error)
			return error;
		disk->pieces[k] = (struct image_piece){ (uint64_t)extent->position, disk->room + at,
							extent->bytes };
		at += extent->bytes;
	}
	return 0;
}

int rdisk_commit(void *state, struct server_call *call, const struct rdisk_commit_request *request,
		 struct rdisk_commit_reply *reply)
{
	struct rdisk *disk = state;
	int i = rdisk_find(disk, request->minor), count, error;
	uint64_t bytes = 0;

	if (i < 0)
		return i;
	disk->rows[i].writes++;
	count = fetch_table(disk, call, &request->pieces, &bytes);
	if (count < 0)
		return rdisk_count(disk, i, count);
	error = make_room(disk, bytes);
	if (!error)
		error = fetch_pieces(disk, call, count);
	if (!error)
		error = image_commit(disk->images[i], disk->pieces, count);
	if (!error) {
		disk->rows[i].bytes_written += bytes;
		reply->bytes = bytes;
	}
	if (disk->room_bytes > RDISK_ROOM_KEPT) {
		free(disk->room);
		disk->room = NULL;
		disk->room_bytes = 0;
	}
	return rdisk_count(disk, i, error);
}
