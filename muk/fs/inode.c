/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * inode.c - inodes in core.
 *
 * One that is held (refs > 0) stays; the others are found by number until their
 * place is needed, the least recently used first. A changed one is written into
 * its block when it leaves or at the next commit. One without links is freed by
 * the last who puts it.
 */
#include <stdlib.h>
#include <string.h>

#include "fs/core.h"
#include "fs/index.h"
#include "fs/format.h"

#define HASH_MASK (FS_INODES - 1)

static_assert(FS_INODES <= UINT16_MAX && !(FS_INODES & HASH_MASK), "the hash is a mask");

int inodes_init(struct fs *fs)
{
	TAILQ_INIT(&fs->unused);
	fs->inodes = calloc(FS_INODES, sizeof(fs->inodes[0]));
	fs->inode_hash = calloc(FS_INODES, sizeof(struct inode *));
	fs->marked = calloc(FS_INODES, sizeof(fs->marked[0]));
	if (!fs->inodes || !fs->inode_hash || !fs->marked) {
		inodes_deinit(fs);
		return EDVSNOMEM;
	}
	return 0;
}

void inodes_deinit(struct fs *fs)
{
	for (uint32_t i = 0; i < fs->nr_inodes; i++)
		index_drop(&fs->inodes[i]);
	free(fs->inodes);
	free(fs->inode_hash);
	free(fs->marked);
	fs->marked = NULL;
	fs->inodes = NULL;
	fs->inode_hash = NULL;
}

/* Somebody has come to hold it, perhaps only for a moment. */
static void mark_holder(struct inode *ip)
{
	struct fs *fs = ip->fs;

	if (ip->marked)
		return;
	ip->marked = true;
	fs->marked[fs->nr_marked++] = (uint16_t)(ip - fs->inodes);
}

void inode_mark(struct inode *ip)
{
	ip->stale = true;
	mark_holder(ip);
}

struct inode *inode_hold(struct inode *ip)
{
	ip->refs++;
	mark_holder(ip);
	return ip;
}

static uint32_t block_of(const struct fs *fs, uint32_t nr)
{
	return fs->super.inode_block + (nr - 1) / fs->super.inodes_per_block;
}

static size_t place_of(const struct fs *fs, uint32_t nr)
{
	return (size_t)((nr - 1) % fs->super.inodes_per_block) * fs->super.format->inode_bytes;
}

static int store(struct inode *ip)
{
	struct fs *fs = ip->fs;
	unsigned char *bytes;

	if (!ip->changed)
		return 0;
	bytes = block_change(fs, block_of(fs, ip->nr), BLOCK_META);
	if (!bytes)
		return EDVSIO;
	fs->super.format->encode(ip, bytes + place_of(fs, ip->nr));
	ip->changed = false;
	fs->changed_inodes--;
	inode_mark(ip);
	return 0;
}

int inodes_store(struct fs *fs)
{
	int error = 0;

	for (uint32_t i = 0; fs->changed_inodes && !error && i < fs->nr_inodes; i++)
		error = store(&fs->inodes[i]);
	return error;
}

static void unhash(struct inode *ip)
{
	struct inode **at = &ip->fs->inode_hash[ip->nr & HASH_MASK];

	while (*at && *at != ip)
		at = &(*at)->hash_next;
	if (*at)
		*at = ip->hash_next;
	ip->nr = 0;
}

static struct inode *find(struct fs *fs, uint32_t nr)
{
	struct inode *ip = fs->inode_hash[nr & HASH_MASK];

	while (ip && ip->nr != nr)
		ip = ip->hash_next;
	return ip;
}

/* A place that nobody holds: one that was never used, as long as there are such. */
static struct inode *unused_place(struct fs *fs)
{
	struct inode *ip;

	if (fs->nr_inodes == FS_INODES)
		return TAILQ_FIRST(&fs->unused);
	ip = &fs->inodes[fs->nr_inodes++];
	ip->fs = fs;
	TAILQ_INSERT_HEAD(&fs->unused, ip, link);
	return ip;
}

/* A place for inode nr, held once. */
static int take(struct fs *fs, uint32_t nr, struct inode **ret_inode)
{
	struct inode *ip = unused_place(fs);
	int error;

	if (!ip)
		return EDVSNFILE;
	error = store(ip);
	if (error)
		return error;
	TAILQ_REMOVE(&fs->unused, ip, link);
	if (ip->nr)
		unhash(ip);
	index_drop(ip);
	*ip = (struct inode){ .fs = fs, .nr = nr, .refs = 1, .nr_zones = -1, .marked = ip->marked };
	inode_mark(ip);
	ip->hash_next = fs->inode_hash[nr & HASH_MASK];
	fs->inode_hash[nr & HASH_MASK] = ip;
	*ret_inode = ip;
	return 0;
}

static void give_back(struct inode *ip)
{
	unhash(ip);
	ip->refs = 0;
	inode_mark(ip);
	TAILQ_INSERT_HEAD(&ip->fs->unused, ip, link);
}

int inode_get(struct fs *fs, uint32_t nr, struct inode **ret_inode)
{
	const unsigned char *bytes;
	struct inode *ip;
	int error;

	if (!nr || nr > fs->super.ninodes)
		return EDVSIO;
	ip = find(fs, nr);
	if (ip) {
		if (!ip->refs++)
			TAILQ_REMOVE(&fs->unused, ip, link);
		mark_holder(ip);
		*ret_inode = ip;
		return 0;
	}
	error = take(fs, nr, &ip);
	if (error)
		return error;
	bytes = block_get(fs, block_of(fs, nr));
	if (bytes)
		fs->super.format->decode(ip, bytes + place_of(fs, nr));
	if (!bytes || !ip->mode) {
		give_back(ip);
		return EDVSIO;
	}
	*ret_inode = ip;
	return 0;
}

int inode_create(struct fs *fs, mode_t mode, struct inode **ret_inode)
{
	uint32_t nr;
	int error = bitmap_alloc_inode(fs, &nr);

	if (error)
		return error;
	/* The disk's idea of a free inode may still be in core. */
	if (find(fs, nr)) {
		fs->super.corrupt = true;
		return EDVSIO;
	}
	error = take(fs, nr, ret_inode);
	if (error) {
		bitmap_free_inode(fs, nr);
		return error;
	}
	(*ret_inode)->mode = (uint16_t)mode;
	(*ret_inode)->nr_zones = 0;
	inode_touch(*ret_inode, INODE_ATIME | INODE_MTIME | INODE_CTIME);
	return 0;
}

static bool has_zones(const struct inode *ip)
{
	return S_ISREG(ip->mode) || S_ISDIR(ip->mode) || S_ISLNK(ip->mode);
}

/* Nobody names it and nobody holds it: everything of it is free again. */
static void free_inode(struct inode *ip)
{
	struct fs *fs = ip->fs;
	uint32_t nr = ip->nr;

	if (has_zones(ip) && zone_truncate(ip, 0))
		fs->super.corrupt = true;
	index_drop(ip);
	ip->mode = 0;
	ip->size = 0;
	ip->uid = ip->gid = 0;
	ip->atime = ip->mtime = ip->ctime = 0;
	memset(ip->zones, 0, sizeof(ip->zones));
	if (!ip->changed)
		fs->changed_inodes++;
	ip->changed = true;
	if (store(ip) || bitmap_free_inode(fs, nr))
		fs->super.corrupt = true;
}

void inode_put(struct inode *ip)
{
	if (!ip || --ip->refs)
		return;
	if (!ip->nlinks && !ip->fs->super.read_only) {
		/* Freeing may look for it: it is held meanwhile. */
		ip->refs = 1;
		free_inode(ip);
		if (!ip->changed) {
			give_back(ip);
			return;
		}
		ip->refs = 0;
	}
	TAILQ_INSERT_TAIL(&ip->fs->unused, ip, link);
}

uint16_t inode_mode(struct fs *fs, uint32_t nr)
{
	struct inode disk = { .fs = fs };
	const struct inode *ip = nr ? find(fs, nr) : NULL;
	const unsigned char *bytes;

	if (ip)
		return ip->mode;
	bytes = nr && nr <= fs->super.ninodes ? block_get(fs, block_of(fs, nr)) : NULL;
	if (bytes)
		fs->super.format->decode(&disk, bytes + place_of(fs, nr));
	return disk.mode;
}

static int free_orphan(struct fs *fs, uint32_t nr)
{
	const unsigned char *bytes = block_get(fs, block_of(fs, nr));
	struct inode disk = { .fs = fs }, *ip;

	if (!bytes)
		return EDVSIO;
	fs->super.format->decode(&disk, bytes + place_of(fs, nr));
	if (disk.nlinks || !disk.mode)
		return 0;
	if (blocks_reserve(&fs->blocks))
		return EDVSNOMEM;
	if (!inode_get(fs, nr, &ip))
		inode_put(ip);
	return 0;
}

int inodes_free_orphans(struct fs *fs)
{
	uint32_t nr = fs->super.read_only ? 0 : bitmap_next_inode(fs, 1);
	int error = 0;

	for (; nr && !error; nr = bitmap_next_inode(fs, nr + 1))
		error = free_orphan(fs, nr);
	return error;
}

void inode_touch(struct inode *ip, int times)
{
	uint32_t now = ip->fs->now();

	if (times & INODE_ATIME)
		ip->atime = now;
	if (times & INODE_MTIME)
		ip->mtime = now;
	if (times & INODE_CTIME)
		ip->ctime = now;
	if (!ip->changed)
		ip->fs->changed_inodes++;
	ip->changed = true;
	inode_mark(ip);
}
