/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * minix.c - blocks and inodes of the mounted file system: image, overlay, inodes in core.
 *
 * Opening copies what FS has changed; the rest is read when it is asked for. As long
 * as FS's number of changes stays even and the same, all of it is one state.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "minix.h"

#define BLOCKS_MAX    (1u << 22)
#define INODES_MAX    (1u << 24)
#define BUCKETS_MAX   (1u << 20)
#define CORE_MAX      (1u << 16)
#define ROW_BYTES_MAX 4096
#define WAIT_MS       200 /* for a change under way; an FS that hangs has one for ever */

static int read_at(const struct minix *minix, pid_t pid, uint64_t address, void *ret_data,
		   size_t bytes)
{
	return patient_read(minix->patient, pid, address, ret_data, bytes);
}

/* The one row of FS's table of that type. */
static int read_row(struct minix *minix, const struct inspect *in, const char *type, int owner_ep,
		    void *ret_row, size_t bytes)
{
	const struct dvk_table *table = inspect_table(in, type, owner_ep);

	if (!table || table->row_bytes != bytes || table->rows != 1)
		return EDVSNOENT;
	return read_at(minix, table->pid, table->address, ret_row, bytes);
}

/* What the rows claim, as far as memory is taken by it. */
static int is_sane(const struct minix *minix)
{
	const struct fs_disk_row *disk = &minix->disk;
	const struct fs_super_row *super = &minix->super;
	uint64_t block = (uint64_t)disk->block_bytes;

	return (block == 1024 || block == 2048 || block == 4096) &&
	       super->block_bytes == disk->block_bytes && super->log_zone_size >= 0 &&
	       super->log_zone_size <= 10 && disk->bytes / block <= BLOCKS_MAX && super->inodes &&
	       super->inodes <= INODES_MAX && super->version >= 1 && super->version <= 3 &&
	       super->zones << super->log_zone_size <= disk->bytes / block &&
	       super->first_data_zone > 0 && (uint64_t)super->first_data_zone < super->zones &&
	       super->imap_blocks > 0 && super->zmap_blocks > 0 && super->inodes_per_block > 0 &&
	       (uint64_t)super->inodes_per_block <= block / 32 &&
	       disk->overlay_buckets <= BUCKETS_MAX && disk->inode_count > 0 &&
	       disk->inode_count <= (int)CORE_MAX && disk->inode_bytes > 0 &&
	       disk->inode_bytes <= ROW_BYTES_MAX;
}

/* Chains of changed blocks; at most as many as there are blocks, whatever they say. */
static int read_chain(struct minix *minix, pid_t fs_pid, uint64_t at, uint32_t *left)
{
	const struct fs_disk_row *disk = &minix->disk;
	uint32_t nr;
	int error = 0;

	while (at && !error && (*left)--) {
		uint64_t next = 0;

		error = read_at(minix, fs_pid, at + (uint64_t)disk->block_nr, &nr, sizeof(nr));
		if (!error)
			error = read_at(minix, fs_pid, at + (uint64_t)disk->block_next, &next,
					sizeof(next));
		if (!error && nr < minix->nr_blocks && !minix->blocks[nr]) {
			minix->blocks[nr] = malloc((size_t)disk->block_bytes);
			error = !minix->blocks[nr]
					? EDVSNOMEM
					: read_at(minix, fs_pid, at + (uint64_t)disk->block_data,
						  minix->blocks[nr], (size_t)disk->block_bytes);
		}
		at = next;
	}
	return error;
}

static int read_overlay(struct minix *minix, pid_t fs_pid)
{
	size_t count = minix->disk.overlay_buckets;
	uint64_t *buckets = malloc(count * sizeof(*buckets) + 1);
	uint32_t left = minix->nr_blocks;
	int error = EDVSNOMEM;

	if (!buckets)
		return error;
	error = read_at(minix, fs_pid, minix->disk.overlay, buckets, count * sizeof(*buckets));
	for (size_t i = 0; i < count && !error; i++)
		error = read_chain(minix, fs_pid, buckets[i], &left);
	free(buckets);
	return error;
}

static void take_core(struct minix *minix, const unsigned char *row, int *used)
{
	const struct fs_disk_row *disk = &minix->disk;
	uint32_t nr, references;

	memcpy(&nr, row + disk->inode_nr, sizeof(nr));
	memcpy(&references, row + disk->inode_refs, sizeof(references));
	if (!nr || nr > minix->super.inodes)
		return;
	minix->references[nr] = references > UINT16_MAX ? UINT16_MAX : (uint16_t)references;
	if (!row[disk->inode_changed])
		return;
	memcpy(&minix->changed[*used], row + disk->inode_disk, sizeof(minix->changed[0]));
	minix->changed_at[nr] = (*used)++;
}

static int fits(const struct fs_disk_row *disk, int32_t offset, size_t bytes)
{
	return offset >= 0 && (size_t)offset + bytes <= (size_t)disk->inode_bytes;
}

static int read_core(struct minix *minix, pid_t fs_pid)
{
	const struct fs_disk_row *disk = &minix->disk;
	size_t row = (size_t)disk->inode_bytes, count = (size_t)disk->inode_count;
	unsigned char *rows = malloc(row * count);
	int used = 0, error;

	minix->changed = calloc(count, sizeof(minix->changed[0]));
	if (!rows || !minix->changed) {
		free(rows);
		return EDVSNOMEM;
	}
	error = !fits(disk, disk->inode_nr, 4) || !fits(disk, disk->inode_refs, 4) ||
				!fits(disk, disk->inode_changed, 1) ||
				!fits(disk, disk->inode_disk, sizeof(struct minix_inode))
			? EDVSBADVALUE
			: read_at(minix, fs_pid, disk->inodes, rows, row * count);
	for (size_t i = 0; i < count && !error; i++)
		take_core(minix, rows + i * row, &used);
	free(rows);
	return error;
}

static int make_room(struct minix *minix)
{
	size_t inodes = minix->super.inodes + 1;

	minix->nr_blocks = (uint32_t)(minix->disk.bytes / (uint64_t)minix->disk.block_bytes);
	minix->blocks = calloc(minix->nr_blocks + 1, sizeof(minix->blocks[0]));
	minix->changed_at = malloc(inodes * sizeof(minix->changed_at[0]));
	minix->references = calloc(inodes, sizeof(minix->references[0]));
	if (!minix->blocks || !minix->changed_at || !minix->references)
		return EDVSNOMEM;
	memset(minix->changed_at, -1, inodes * sizeof(minix->changed_at[0]));
	return 0;
}

/* The number of changes when none is under way; after a while, whatever it is. */
static int await_rest(struct minix *minix, pid_t fs_pid)
{
	const struct timespec pause = { .tv_nsec = 1000000 };
	int error = 0;

	for (int i = 0; i < WAIT_MS; i++) {
		error = read_at(minix, fs_pid, minix->disk.changes, &minix->changes,
				sizeof(minix->changes));
		if (error || !(minix->changes & 1))
			break;
		nanosleep(&pause, NULL);
	}
	return error;
}

int minix_open(struct patient *patient, const struct inspect *in, int owner_ep,
	       struct minix **ret_minix)
{
	const struct dvk_table *table = inspect_table(in, "fs.disk", owner_ep);
	struct minix *minix = calloc(1, sizeof(*minix));
	int error = EDVSNOMEM;

	if (!minix)
		return error;
	minix->patient = patient;
	error = table ? read_row(minix, in, "fs.disk", owner_ep, &minix->disk, sizeof(minix->disk))
		      : EDVSNOENT;
	if (!error)
		error = read_row(minix, in, "fs.super", table->owner_ep, &minix->super,
				 sizeof(minix->super));
	if (!error && !is_sane(minix))
		error = EDVSBADVALUE;
	if (!error)
		error = make_room(minix);
	if (!error)
		error = await_rest(minix, table->pid);
	if (!error)
		error = read_overlay(minix, table->pid);
	if (!error)
		error = read_core(minix, table->pid);
	if (error) {
		minix_close(minix);
		return error;
	}
	minix->fs_pid = table->pid;
	*ret_minix = minix;
	return 0;
}

void minix_close(struct minix *minix)
{
	if (!minix)
		return;
	for (uint32_t i = 0; minix->blocks && i < minix->nr_blocks; i++)
		free(minix->blocks[i]);
	free(minix->blocks);
	free(minix->changed);
	free(minix->changed_at);
	free(minix->references);
	free(minix);
}

int minix_is_one_state(const struct minix *minix)
{
	uint64_t now;

	return !(minix->changes & 1) &&
	       !read_at(minix, minix->fs_pid, minix->disk.changes, &now, sizeof(now)) &&
	       now == minix->changes;
}

const unsigned char *minix_block(struct minix *minix, uint32_t nr)
{
	size_t bytes = (size_t)minix->disk.block_bytes;

	if (nr >= minix->nr_blocks)
		return NULL;
	if (minix->blocks[nr])
		return minix->blocks[nr];
	if (!minix->disk.map)
		return NULL;
	minix->blocks[nr] = malloc(bytes);
	if (minix->blocks[nr] && read_at(minix, minix->disk.pid, minix->disk.map + nr * bytes,
					 minix->blocks[nr], bytes)) {
		free(minix->blocks[nr]);
		minix->blocks[nr] = NULL;
	}
	return minix->blocks[nr];
}

/* V1 as it lies on the disk. */
static void from_v1(const unsigned char *disk, struct minix_inode *ret_inode)
{
	uint16_t zone;

	memset(ret_inode, 0, sizeof(*ret_inode));
	memcpy(&ret_inode->mode, disk, 2);
	memcpy(&ret_inode->uid, disk + 2, 2);
	memcpy(&ret_inode->size, disk + 4, 4);
	memcpy(&ret_inode->mtime, disk + 8, 4);
	ret_inode->atime = ret_inode->ctime = ret_inode->mtime;
	ret_inode->gid = disk[12];
	ret_inode->nlinks = disk[13];
	for (int i = 0; i < 9; i++) {
		memcpy(&zone, disk + 14 + 2 * i, 2);
		ret_inode->zones[i] = zone;
	}
}

int minix_inode(struct minix *minix, uint32_t nr, struct minix_inode *ret_inode)
{
	const struct fs_super_row *super = &minix->super;
	uint32_t first = 2 + (uint32_t)super->imap_blocks + (uint32_t)super->zmap_blocks;
	uint32_t per_block = (uint32_t)super->inodes_per_block;
	const unsigned char *block;

	if (!nr || nr > super->inodes)
		return EDVSRANGE;
	if (minix->changed_at[nr] >= 0) {
		*ret_inode = minix->changed[minix->changed_at[nr]];
		return 0;
	}
	block = minix_block(minix, first + (nr - 1) / per_block);
	if (!block)
		return EDVSFAULT;
	if (super->version == 1)
		from_v1(block + (nr - 1) % per_block * 32, ret_inode);
	else
		memcpy(ret_inode, block + (size_t)((nr - 1) % per_block) * sizeof(*ret_inode),
		       sizeof(*ret_inode));
	return 0;
}

/* A bit of the bitmap that begins at block first and has so many blocks. */
static int bit_of(struct minix *minix, uint32_t first, int32_t blocks, uint32_t bit)
{
	uint32_t bits = (uint32_t)minix->disk.block_bytes * 8;
	const unsigned char *block;

	if (bit / bits >= (uint32_t)blocks)
		return EDVSRANGE;
	block = minix_block(minix, first + bit / bits);
	return block ? block[bit % bits / 8] >> (bit % 8) & 1 : EDVSFAULT;
}

int minix_inode_is_used(struct minix *minix, uint32_t nr)
{
	return nr && nr <= minix->super.inodes ? bit_of(minix, 2, minix->super.imap_blocks, nr)
					       : EDVSRANGE;
}

int minix_is_data_zone(const struct minix *minix, uint32_t zone)
{
	return zone >= (uint32_t)minix->super.first_data_zone && zone < minix->super.zones;
}

int minix_zone_is_used(struct minix *minix, uint32_t zone)
{
	if (!minix_is_data_zone(minix, zone))
		return EDVSRANGE;
	return bit_of(minix, 2 + (uint32_t)minix->super.imap_blocks, minix->super.zmap_blocks,
		      zone - (uint32_t)minix->super.first_data_zone + 1);
}
