/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * read.c - bytes of files, moved out of the blocks, or their address.
 *
 * Runs of blocks are moved from where they lie; only what lies in small pieces is
 * gathered first.
 */
#include <fcntl.h>
#include <string.h>

#include "fs/operations.h"

#define GATHER_BYTES 8192 /* a run of at least that many is moved from where it lies */

static const unsigned char zeros[DISK_BLOCK_MAX];

/* Pieces on their way out. */
struct gather {
	struct fs *fs;
	struct transfer *transfer;
	uint64_t moved;  /* bytes that are out */
	uint32_t staged; /* bytes in fs->staging that follow them */
};

static int gather_flush(struct gather *gather)
{
	struct transfer *transfer = gather->transfer;
	int error = 0;

	if (gather->staged)
		error = transfer->move(transfer, gather->moved, gather->fs->staging,
				       gather->staged);
	if (!error)
		gather->moved += gather->staged;
	gather->staged = 0;
	return error;
}

static int gather_add(struct gather *gather, const unsigned char *data, uint32_t bytes, bool last)
{
	int error = 0;

	if (bytes >= GATHER_BYTES || (last && !gather->staged) ||
	    gather->staged + bytes > FS_CHUNK_BYTES) {
		error = gather_flush(gather);
		if (!error)
			error = gather->transfer->move(gather->transfer, gather->moved,
						       (void *)(uintptr_t)data, bytes);
		if (!error)
			gather->moved += bytes;
		return error;
	}
	memcpy(gather->fs->staging + gather->staged, data, bytes);
	gather->staged += bytes;
	return last ? gather_flush(gather) : 0;
}

/* From a device without map: reads the run of blocks, and more of it for who reads on. */
static int fetch(struct inode *ip, uint32_t index, uint32_t count)
{
	uint32_t block, more = count;
	int error = 0;

	if (ip->fs->device->map)
		return 0;
	if (index == ip->next_read && count < FS_AHEAD_BLOCKS)
		more = FS_AHEAD_BLOCKS;
	ip->next_read = index + count;
	error = zone_run(ip, index, more, &block, &count);
	return error || !block ? error : blocks_fetch(ip->fs, block, count);
}

/* Where the bytes at position lie, and how many of at most max do. */
static int find_bytes(struct inode *ip, uint64_t position, uint32_t max,
		      struct image_piece *ret_piece)
{
	uint32_t block_bytes = ip->fs->super.block_bytes;
	uint32_t skip = (uint32_t)(position % block_bytes), block, count;
	uint32_t index = (uint32_t)(position / block_bytes);
	uint64_t bytes = sizeof(zeros);
	int error = zone_run(ip, index, (uint32_t)(((uint64_t)max + skip - 1) / block_bytes + 1),
			     &block, &count);

	if (!error && block)
		error = fetch(ip, index, count);
	if (error)
		return error;
	ret_piece->data = zeros;
	if (block) {
		const unsigned char *data = blocks_span(ip->fs, block, count, &count);

		if (!data)
			return EDVSIO;
		ret_piece->data = data + skip;
	}
	if (block || bytes > (uint64_t)count * block_bytes - skip)
		bytes = (uint64_t)count * block_bytes - skip;
	ret_piece->bytes = bytes < max ? bytes : max;
	return 0;
}

int64_t inode_read(struct inode *ip, uint64_t position, uint64_t bytes, struct transfer *transfer)
{
	struct gather gather = { .fs = ip->fs, .transfer = transfer };
	uint64_t left;
	int error = 0;

	if (position >= ip->size)
		return 0;
	left = bytes < ip->size - position ? bytes : ip->size - position;
	while (left && !error) {
		struct image_piece piece;

		if (!gather.staged)
			fs_begin(ip->fs);
		error = find_bytes(ip, position, (uint32_t)left, &piece);
		if (error)
			break;
		position += piece.bytes;
		left -= piece.bytes;
		error = gather_add(&gather, piece.data, (uint32_t)piece.bytes, !left);
	}
	return gather.moved ? (int64_t)gather.moved : error;
}

/* As Linux's relatime: often enough to tell whether it was read since it changed. */
static void touch_read(struct inode *ip)
{
	enum { DAY = 24 * 3600 };

	if (ip->fs->super.read_only)
		return;
	if (ip->atime <= ip->mtime || ip->atime <= ip->ctime || ip->fs->now() - ip->atime >= DAY)
		inode_touch(ip, INODE_ATIME);
}

int64_t fs_read(struct process *process, const struct io *io)
{
	struct file *file;
	int64_t done;
	int error = process_file(process, io->fd, &file);

	if (error)
		return error;
	if ((file->flags & O_ACCMODE) == O_WRONLY)
		return EDVSBADF;
	if (S_ISDIR(file->inode->mode))
		return EDVSISDIR;
	if (io->position < -1)
		return EDVSINVAL;
	done = inode_read(file->inode, io->position < 0 ? file->position : (uint64_t)io->position,
			  io->bytes, io->transfer);
	if (done >= 0 && io->bytes)
		touch_read(file->inode);
	if (done > 0 && io->position < 0)
		file->position += (uint64_t)done;
	return done;
}

static void hold_mapped(struct process *process, struct inode *ip)
{
	fs_unmap(process);
	process->mapped = inode_hold(ip);
	ip->nr_maps++;
	ip->fs->nr_maps++;
}

void fs_unmap(struct process *process)
{
	struct inode *ip = process->mapped;

	if (!ip)
		return;
	process->mapped = NULL;
	ip->nr_maps--;
	if (!--ip->fs->nr_maps)
		bitmap_unpin_all(ip->fs);
	/* It may be freed now; that nothing can be written at the moment is no matter here. */
	if (ip->refs == 1 && !ip->nlinks && !ip->fs->super.read_only)
		(void)fs_begin_change(ip->fs);
	inode_put(ip);
}

int64_t fs_map(struct process *process, const struct io *io, const void **ret_address)
{
	struct image_piece piece;
	struct file *file;
	int error = process_file(process, io->fd, &file);

	if (error)
		return error;
	if ((file->flags & O_ACCMODE) == O_WRONLY || !S_ISREG(file->inode->mode))
		return EDVSBADF;
	if (!process->fs->device->map)
		return EDVSNOSYS;
	if (io->position < 0)
		return EDVSINVAL;
	if ((uint64_t)io->position >= file->inode->size)
		return 0;
	if (process->fs->blocks.counts[BLOCK_DATA])
		error = commit_data(process->fs);
	if (!error)
		error = find_bytes(file->inode, (uint64_t)io->position,
				   file->inode->size - (uint32_t)io->position, &piece);
	if (error)
		return error;
	touch_read(file->inode);
	hold_mapped(process, file->inode);
	*ret_address = piece.data;
	return (int64_t)piece.bytes;
}
