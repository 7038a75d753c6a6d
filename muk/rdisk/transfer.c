/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * transfer.c - bytes between a device and a client, straight from the image's map
 * when they are read; when they are written straight from the memory that we
 * share with an FS of our process, else through a small buffer.
 *
 * As in MINIX a transfer ends at the end of the device, and beyond it moves
 * nothing. A failure is the whole call's, also when a part was moved before it.
 */
#include "rdisk/device.h"

/* How many of bytes lie on device i from position on; EDVSINVAL. */
static int clip(const struct rdisk *disk, int i, int64_t position, uint64_t *bytes)
{
	uint64_t size = disk->rows[i].bytes;

	if (position < 0)
		return EDVSINVAL;
	if ((uint64_t)position >= size)
		*bytes = 0;
	else if (*bytes > size - (uint64_t)position)
		*bytes = size - (uint64_t)position;
	return 0;
}

/* To address of the client. A map that faults is an image that was cut short. */
static int copy_out(struct rdisk *disk, int i, const struct server_call *call,
		    const struct rdisk_extent *extent)
{
	const char *map = image_map(disk->images[i]);
	uint64_t position = (uint64_t)extent->position;
	char last;
	int error = dvk_vcopy(SELF, dvk_address(map + position), call->client_ep, extent->address,
			      extent->bytes);

	if (error == EDVSFAULT &&
	    image_read(disk->images[i], position + extent->bytes - 1, &last, 1))
		return EDVSIO;
	if (!error)
		disk->rows[i].bytes_read += extent->bytes;
	return error;
}

static int copy_in(struct rdisk *disk, int i, const struct server_call *call,
		   const struct rdisk_extent *extent)
{
	uint64_t done = 0;

	while (done < extent->bytes) {
		uint64_t left = extent->bytes - done;
		struct image_piece piece = {
			.offset = (uint64_t)extent->position + done,
			.data = disk->bounce,
			.bytes = left < RDISK_BOUNCE_BYTES ? left : RDISK_BOUNCE_BYTES,
		};
		int error = dvk_vcopy(call->client_ep, extent->address + done, SELF,
				      dvk_address(disk->bounce), piece.bytes);

		if (!error)
			error = image_write(disk->images[i], &piece, 1);
		if (error)
			return error;
		done += piece.bytes;
		disk->rows[i].bytes_written += piece.bytes;
	}
	return 0;
}

/* One extent, clipped: moved by move(). Returns the bytes moved, or an error. */
static int64_t move_extent(struct rdisk *disk, int i, const struct server_call *call,
			   struct rdisk_extent extent)
{
	int is_write =
		call->type->number == RDISK_CALL_WRITE || call->type->number == RDISK_CALL_SCATTER;
	int error = clip(disk, i, extent.position, &extent.bytes);

	if (error || !extent.bytes)
		return error;
	error = is_write ? copy_in(disk, i, call, &extent) : copy_out(disk, i, call, &extent);
	return error ? error : (int64_t)extent.bytes;
}

/* What the client of a read or write is told: the bytes moved, or an error. */
static int finish(struct rdisk *disk, int i, int64_t moved, uint64_t *ret_bytes)
{
	if (moved >= 0)
		*ret_bytes = (uint64_t)moved;
	return rdisk_count(disk, i, moved < 0 ? (int)moved : 0);
}

int rdisk_read(void *state, struct server_call *call, const struct rdisk_read_request *request,
	       struct rdisk_read_reply *reply)
{
	struct rdisk *disk = state;
	int i = rdisk_find(disk, request->minor);
	struct rdisk_extent extent = { request->position, request->buffer.address,
				       request->buffer.bytes };

	if (i < 0)
		return i;
	disk->rows[i].reads++;
	return finish(disk, i, move_extent(disk, i, call, extent), &reply->bytes);
}

int rdisk_write(void *state, struct server_call *call, const struct rdisk_write_request *request,
		struct rdisk_write_reply *reply)
{
	struct rdisk *disk = state;
	int i = rdisk_find(disk, request->minor);
	struct rdisk_extent extent = { request->position, request->buffer.address,
				       request->buffer.bytes };

	if (i < 0)
		return i;
	disk->rows[i].writes++;
	return finish(disk, i, move_extent(disk, i, call, extent), &reply->bytes);
}

/* The pieces of a gather or scatter: they lie one after the other from position on. */
struct pieces {
	int64_t position;
	uint32_t count;
	struct rdisk_iovec vectors[RDISK_PIECES_MAX];
};

static int fetch_pieces(const struct server_call *call, const struct protocol_buffer *buffer,
			struct pieces *ret_pieces)
{
	int error;

	ret_pieces->count = buffer->bytes / sizeof(ret_pieces->vectors[0]);
	if (buffer->bytes % sizeof(ret_pieces->vectors[0]) || ret_pieces->count > RDISK_PIECES_MAX)
		return EDVSINVAL;
	error = server_copy_in(call, buffer, 0, ret_pieces->vectors, buffer->bytes);
	if (error)
		return error;
	for (uint32_t k = 0; k < ret_pieces->count; k++)
		if (ret_pieces->vectors[k].bytes > RDISK_COMMIT_MAX)
			return EDVSRANGE;
	return 0;
}

static int move_pieces(struct rdisk *disk, int i, const struct server_call *call,
		       const struct pieces *pieces, uint64_t *ret_bytes)
{
	uint64_t total = 0;

	for (uint32_t k = 0; k < pieces->count; k++) {
		const struct rdisk_iovec *vector = &pieces->vectors[k];
		int64_t moved =
			move_extent(disk, i, call,
				    (struct rdisk_extent){ pieces->position + (int64_t)total,
							   vector->address, vector->bytes });

		if (moved < 0)
			return (int)moved;
		total += (uint64_t)moved;
		if ((uint64_t)moved < vector->bytes)
			break;
	}
	*ret_bytes = total;
	return 0;
}

/* From a client that shares our memory: no byte is copied but by the host's write. */
static int write_pieces(struct rdisk *disk, int i, const struct pieces *pieces, uint64_t *ret_bytes)
{
	struct image_piece out[RDISK_PIECES_MAX];
	uint64_t total = 0;
	uint32_t k;
	int error;

	for (k = 0; k < pieces->count; k++) {
		const struct rdisk_iovec *vector = &pieces->vectors[k];
		int64_t position = pieces->position + (int64_t)total;
		uint64_t bytes = vector->bytes;

		error = clip(disk, i, position, &bytes);
		if (error)
			return error;
		out[k] = (struct image_piece){ (uint64_t)position,
					       (const void *)(uintptr_t)vector->address, bytes };
		total += bytes;
		if (!bytes)
			break;
	}
	error = image_write(disk->images[i], out, (int)k);
	if (error)
		return error;
	disk->rows[i].bytes_written += total;
	*ret_bytes = total;
	return 0;
}

int rdisk_gather(void *state, struct server_call *call, const struct rdisk_gather_request *request,
		 struct rdisk_gather_reply *reply)
{
	struct rdisk *disk = state;
	struct pieces pieces = { .position = request->position };
	int i = rdisk_find(disk, request->minor), error;

	if (i < 0)
		return i;
	disk->rows[i].reads++;
	error = fetch_pieces(call, &request->pieces, &pieces);
	if (!error)
		error = move_pieces(disk, i, call, &pieces, &reply->bytes);
	return rdisk_count(disk, i, error);
}

int rdisk_scatter(void *state, struct server_call *call,
		  const struct rdisk_scatter_request *request, struct rdisk_scatter_reply *reply)
{
	struct rdisk *disk = state;
	struct pieces pieces = { .position = request->position };
	int i = rdisk_find(disk, request->minor), error;

	if (i < 0)
		return i;
	disk->rows[i].writes++;
	error = fetch_pieces(call, &request->pieces, &pieces);
	if (!error)
		error = dvk_shares_memory(call->client_ep)
				? write_pieces(disk, i, &pieces, &reply->bytes)
				: move_pieces(disk, i, call, &pieces, &reply->bytes);
	return rdisk_count(disk, i, error);
}
