/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * write.c - bytes into files.
 *
 * A write is cut into chunks; between them what is held in memory may be written
 * out, so each chunk leaves the file whole. A little goes into the overlay; whole
 * blocks of a large chunk go to the device at once, into blocks that nothing on
 * the disk refers to yet or that were the file's already.
 */
#include <fcntl.h>
#include <string.h>

#include "fs/operations.h"

#define PIECES       64         /* runs of blocks written at once */
#define EXPECT_BYTES (8u << 10) /* fetched into the cache ahead; more would not stay in it */

int inode_zero_tail(struct inode *ip, uint64_t size)
{
	struct fs *fs = ip->fs;
	uint32_t bytes = fs->super.block_bytes, skip = (uint32_t)(size % bytes);
	uint32_t per_zone = 1u << fs->super.log_zone;
	uint32_t index = (uint32_t)(size / bytes), in_zone = index & (per_zone - 1), block, count;
	int error;

	if (!skip && !in_zone)
		return 0;
	error = zone_run(ip, index, per_zone - in_zone, &block, &count);
	if (error || !block)
		return error;
	for (uint32_t i = 0; i < count; i++) {
		unsigned char *data = i || !skip ? block_fresh(fs, block + i, BLOCK_DATA)
						 : block_change(fs, block, BLOCK_DATA);

		if (!data)
			return EDVSNOMEM;
		if (!i)
			memset(data + skip, 0, bytes - skip);
	}
	return 0;
}

/* A part of a file and the bytes that it becomes. */
struct part {
	struct inode *inode;
	uint64_t position;
	const unsigned char *data;
	uint32_t bytes;
};

/* What lies in one block, from skip on; is_new: the block had nothing of the file. */
static int put_block(const struct part *part, uint32_t block, uint32_t skip, bool is_new)
{
	struct fs *fs = part->inode->fs;
	unsigned char *to;

	if (part->bytes == fs->super.block_bytes)
		to = block_replace(fs, block, BLOCK_DATA);
	else if (is_new)
		to = block_fresh(fs, block, BLOCK_DATA);
	else
		to = block_change(fs, block, BLOCK_DATA);
	if (!to)
		return EDVSNOMEM;
	memcpy(to + skip, part->data, part->bytes);
	return 0;
}

/* The blocks from index on that the file has already, at most max; 0: none there. */
static uint32_t known_blocks(struct inode *ip, uint32_t index, uint32_t max, uint32_t *ret_block)
{
	uint32_t count;

	return !zone_run(ip, index, max, ret_block, &count) && *ret_block ? count : 0;
}

/* Through the overlay. Returns how many bytes, or an error if none. */
static int64_t put_overlay(const struct part *part)
{
	uint32_t block_bytes = part->inode->fs->super.block_bytes, known = 0, block = 0;
	struct part left = *part;
	int error = 0;

	while (left.bytes) {
		uint32_t index = (uint32_t)(left.position / block_bytes);
		uint32_t skip = (uint32_t)(left.position % block_bytes);
		struct part now = left;
		bool is_new = false;

		if (now.bytes > block_bytes - skip)
			now.bytes = block_bytes - skip;
		if (!known)
			known = known_blocks(part->inode, index, left.bytes / block_bytes + 2,
					     &block);
		if (!known)
			error = zone_ensure(part->inode, index, &block, &is_new);
		if (!error)
			error = put_block(&now, block, skip, is_new);
		if (error)
			break;
		known -= known ? 1 : 0;
		block++;
		left.position += now.bytes;
		left.data += now.bytes;
		left.bytes -= now.bytes;
	}
	return left.bytes < part->bytes ? (int64_t)(part->bytes - left.bytes) : error;
}

/* Runs of whole blocks that are written together. */
struct runs {
	struct image_piece pieces[PIECES];
	int count;
};

static void add_run(struct runs *runs, uint64_t offset, const unsigned char *data, uint32_t bytes)
{
	struct image_piece *last = runs->count ? &runs->pieces[runs->count - 1] : NULL;

	if (last && last->offset + last->bytes == offset)
		last->bytes += bytes;
	else
		runs->pieces[runs->count++] = (struct image_piece){ offset, data, bytes };
}

/*
 * Straight to the device: whole blocks only. What it refuses stays in the overlay
 * and is tried again, as everything there.
 */
static int64_t put_direct(const struct part *part)
{
	struct fs *fs = part->inode->fs;
	uint32_t block_bytes = fs->super.block_bytes, done = 0, block;
	struct runs runs = { .count = 0 };
	int error = 0;
	bool is_new;

	while (done < part->bytes && runs.count < PIECES) {
		uint32_t index = (uint32_t)((part->position + done) / block_bytes);

		error = zone_ensure(part->inode, index, &block, &is_new);
		if (error)
			break;
		block_forget(fs, block);
		add_run(&runs, (uint64_t)block * block_bytes, part->data + done, block_bytes);
		done += block_bytes;
	}
	if (runs.count && fs->device->ops->write(fs->device, runs.pieces, runs.count)) {
		struct part again = *part;

		again.bytes = done;
		return put_overlay(&again);
	}
	return done ? (int64_t)done : error;
}

/* As much of the part as one way of writing takes. */
static int64_t put(const struct part *part)
{
	uint32_t block_bytes = part->inode->fs->super.block_bytes;
	uint32_t skip = (uint32_t)(part->position % block_bytes);
	struct part now = *part;

	if (part->bytes < FS_DIRECT_BYTES)
		return put_overlay(part);
	if (skip) {
		now.bytes = block_bytes - skip;
		return put_overlay(&now);
	}
	now.bytes -= now.bytes % block_bytes;
	return put_direct(&now);
}

static int64_t put_all(const struct part *part)
{
	struct part left = *part;
	int64_t done = 0;

	while (left.bytes && (done = put(&left)) > 0) {
		left.position += (uint64_t)done;
		left.data += done;
		left.bytes -= (uint32_t)done;
	}
	return left.bytes < part->bytes ? (int64_t)(part->bytes - left.bytes) : done;
}

/* A small part's blocks come into the cache while its bytes are fetched. */
static void expect(const struct part *part)
{
	uint32_t bytes = part->inode->fs->super.block_bytes, count, block;

	if (part->bytes < bytes || part->bytes > EXPECT_BYTES)
		return;
	count = known_blocks(part->inode, (uint32_t)(part->position / bytes), part->bytes / bytes,
			     &block);
	blocks_expect(part->inode->fs, block, count);
}

/* One chunk: fetched, put into blocks, and the file grown over it. */
static int64_t write_chunk(struct inode *ip, uint64_t position, const struct io *io, uint64_t done)
{
	struct fs *fs = ip->fs;
	uint64_t bytes = io->bytes - done, most = FS_CHUNK_BYTES - position % fs->super.block_bytes;
	struct part part = { ip, position, fs->staging, (uint32_t)(bytes < most ? bytes : most) };
	int64_t result = fs_begin_change(fs);

	if (!result)
		result = bitmap_reserve(fs, part.bytes / fs->super.block_bytes + FS_RESERVE);
	if (!result)
		expect(&part);
	if (!result)
		result = io->transfer->move(io->transfer, done, fs->staging, part.bytes);
	if (!result && position > ip->size)
		result = inode_zero_tail(ip, ip->size);
	if (result)
		return result;
	result = put_all(&part);
	if (result > 0 && position + (uint64_t)result > ip->size)
		ip->size = (uint32_t)(position + (uint64_t)result);
	inode_touch(ip, INODE_MTIME | INODE_CTIME);
	return result;
}

static int64_t write_at(struct process *process, struct inode *ip, uint64_t position,
			const struct io *io)
{
	struct io some = *io;
	uint64_t max = ip->fs->super.max_size, done = 0;
	int64_t result = 0;

	if (position >= max)
		return EDVSFBIG;
	if (some.bytes > max - position)
		some.bytes = max - position;
	while (done < some.bytes) {
		result = write_chunk(ip, position + done, &some, done);
		if (result <= 0)
			break;
		done += (uint64_t)result;
	}
	if (done && process->uid)
		ip->mode &= (uint16_t) ~(S_ISUID | (ip->mode & S_IXGRP ? S_ISGID : 0));
	return done ? (int64_t)done : result;
}

int64_t fs_write(struct process *process, const struct io *io)
{
	struct file *file;
	uint64_t position;
	int64_t done;
	int error = process_file(process, io->fd, &file);

	if (error)
		return error;
	if ((file->flags & O_ACCMODE) == O_RDONLY)
		return EDVSBADF;
	if (io->position < -1)
		return EDVSINVAL;
	if (!io->bytes)
		return 0;
	position = io->position < 0 ? file->position : (uint64_t)io->position;
	if (file->flags & O_APPEND)
		position = file->inode->size;
	done = write_at(process, file->inode, position, io);
	if (done > 0 && io->position < 0)
		file->position = position + (uint64_t)done;
	return done;
}
