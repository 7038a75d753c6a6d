/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * block.c - the blocks of the device as memory.
 *
 * On a mapped device a clean block is its place in the map, and only changed
 * blocks have a copy here (the overlay). On another device the copies are a cache
 * too. A block's copy moves only between operations, never during one.
 *
 *   not here --[block_change, block_fresh]--> DATA or META
 *   DATA, META --[commit]--> not here (mapped) or CLEAN (cache)
 *   any --[block_forget]--> not here
 */
#include <stdlib.h>
#include <string.h>

#include "fs/core.h"

#define AHEAD_BYTES FS_CHUNK_BYTES
#define LINE_BYTES  64

int blocks_init(struct blocks *blocks, struct device *device, uint32_t block_bytes)
{
	uint32_t buckets = FS_OVERLAY_BYTES / block_bytes;

	memset(blocks, 0, sizeof(*blocks));
	blocks->device = device;
	blocks->block_bytes = block_bytes;
	blocks->nr_blocks = device->bytes / block_bytes > UINT32_MAX
				    ? UINT32_MAX
				    : (uint32_t)(device->bytes / block_bytes);
	blocks->limit = FS_OVERLAY_BYTES / block_bytes;
	blocks->hash_mask = buckets - 1;
	blocks->hash = calloc(buckets, sizeof(blocks->hash[0]));
	blocks->ahead = device->map ? NULL : malloc(AHEAD_BYTES);
	for (int kind = BLOCK_CLEAN; kind <= BLOCK_META; kind++)
		TAILQ_INIT(&blocks->lists[kind]);
	TAILQ_INIT(&blocks->spare);
	if (!blocks->hash || (!device->map && !blocks->ahead)) {
		blocks_deinit(blocks);
		return EDVSNOMEM;
	}
	return 0;
}

static void free_list(struct block_list *list)
{
	struct block *block;

	while ((block = TAILQ_FIRST(list))) {
		TAILQ_REMOVE(list, block, link);
		free(block);
	}
}

void blocks_deinit(struct blocks *blocks)
{
	for (int kind = BLOCK_CLEAN; kind <= BLOCK_META; kind++)
		free_list(&blocks->lists[kind]);
	free_list(&blocks->spare);
	free(blocks->ahead);
	free(blocks->hash);
	memset(blocks, 0, sizeof(*blocks));
}

int blocks_reserve(struct blocks *blocks)
{
	while (blocks->nr_spare < FS_RESERVE) {
		struct block *block = malloc(sizeof(*block) + blocks->block_bytes);

		if (!block)
			return EDVSNOMEM;
		TAILQ_INSERT_HEAD(&blocks->spare, block, link);
		blocks->nr_spare++;
	}
	return 0;
}

static struct block **bucket_of(struct blocks *blocks, uint32_t nr)
{
	return &blocks->hash[nr & blocks->hash_mask];
}

static struct block *find(struct blocks *blocks, uint32_t nr)
{
	struct block *block = *bucket_of(blocks, nr);

	while (block && block->nr != nr)
		block = block->hash_next;
	return block;
}

/* A copy for block nr whose bytes are the caller's to fill; NULL: no memory. */
static struct block *add(struct blocks *blocks, uint32_t nr, enum block_kind kind)
{
	struct block **bucket = bucket_of(blocks, nr);
	struct block *block = TAILQ_FIRST(&blocks->spare);

	if (block) {
		TAILQ_REMOVE(&blocks->spare, block, link);
		blocks->nr_spare--;
	} else {
		block = malloc(sizeof(*block) + blocks->block_bytes);
		if (!block)
			return NULL;
	}
	block->nr = nr;
	block->kind = kind;
	block->hash_next = *bucket;
	*bucket = block;
	TAILQ_INSERT_TAIL(&blocks->lists[kind], block, link);
	blocks->counts[kind]++;
	return block;
}

static void drop(struct blocks *blocks, struct block *block)
{
	struct block **at = bucket_of(blocks, block->nr);

	while (*at != block)
		at = &(*at)->hash_next;
	*at = block->hash_next;
	TAILQ_REMOVE(&blocks->lists[block->kind], block, link);
	blocks->counts[block->kind]--;
	if (blocks->nr_spare >= blocks->limit) {
		free(block);
		return;
	}
	TAILQ_INSERT_HEAD(&blocks->spare, block, link);
	blocks->nr_spare++;
}

static void set_kind(struct blocks *blocks, struct block *block, enum block_kind kind)
{
	TAILQ_REMOVE(&blocks->lists[block->kind], block, link);
	blocks->counts[block->kind]--;
	block->kind = kind;
	TAILQ_INSERT_TAIL(&blocks->lists[kind], block, link);
	blocks->counts[kind]++;
}

static uint64_t offset_of(const struct blocks *blocks, uint32_t nr)
{
	return (uint64_t)nr * blocks->block_bytes;
}

int blocks_fetch(struct fs *fs, uint32_t nr, uint32_t count)
{
	struct blocks *blocks = &fs->blocks;
	uint32_t most = AHEAD_BYTES / blocks->block_bytes;
	int error;

	if (blocks->device->map || nr >= blocks->nr_blocks || find(blocks, nr))
		return 0;
	if (count > most)
		count = most;
	if (count > blocks->nr_blocks - nr)
		count = blocks->nr_blocks - nr;
	error = blocks->device->ops->read(blocks->device, offset_of(blocks, nr), blocks->ahead,
					  (size_t)count * blocks->block_bytes);
	if (error)
		return error;
	for (uint32_t i = 0; i < count; i++) {
		struct block *block =
			find(blocks, nr + i) ? NULL : add(blocks, nr + i, BLOCK_CLEAN);

		if (block)
			memcpy(block->bytes, blocks->ahead + (size_t)i * blocks->block_bytes,
			       blocks->block_bytes);
	}
	return 0;
}

/* A clean copy, read with its neighbours from a device that is not mapped. */
static struct block *read_block(struct fs *fs, uint32_t nr)
{
	if (blocks_fetch(fs, nr, FS_NEIGHBOURS))
		return NULL;
	return find(&fs->blocks, nr);
}

const unsigned char *block_get(struct fs *fs, uint32_t nr)
{
	struct blocks *blocks = &fs->blocks;
	struct block *block;

	if (nr >= blocks->nr_blocks)
		return NULL;
	block = find(blocks, nr);
	if (block)
		return block->bytes;
	if (blocks->device->map)
		return blocks->device->map + offset_of(blocks, nr);
	block = read_block(fs, nr);
	return block ? block->bytes : NULL;
}

void blocks_expect(const struct fs *fs, uint32_t nr, uint32_t count)
{
	const struct blocks *blocks = &fs->blocks;

	for (uint32_t i = 0; i < count; i++) {
		const struct block *block = blocks->hash[(nr + i) & blocks->hash_mask];
		const char *at = (const char *)block;

		for (uint32_t k = 0; block && k < blocks->block_bytes; k += LINE_BYTES)
			__builtin_prefetch(at + k, 1);
	}
}

unsigned char *block_change(struct fs *fs, uint32_t nr, enum block_kind kind)
{
	struct blocks *blocks = &fs->blocks;
	struct block *block;

	if (nr >= blocks->nr_blocks)
		return NULL;
	block = find(blocks, nr);
	if (!block && !blocks->device->map)
		block = read_block(fs, nr);
	if (!block && blocks->device->map) {
		block = add(blocks, nr, kind);
		if (block)
			memcpy(block->bytes, blocks->device->map + offset_of(blocks, nr),
			       blocks->block_bytes);
	}
	if (!block)
		return NULL;
	if (block->kind < kind)
		set_kind(blocks, block, kind);
	return block->bytes;
}

unsigned char *block_replace(struct fs *fs, uint32_t nr, enum block_kind kind)
{
	struct blocks *blocks = &fs->blocks;
	struct block *block;

	if (nr >= blocks->nr_blocks)
		return NULL;
	block = find(blocks, nr);
	if (!block)
		block = add(blocks, nr, kind);
	else if (block->kind != kind)
		set_kind(blocks, block, kind);
	return block ? block->bytes : NULL;
}

unsigned char *block_fresh(struct fs *fs, uint32_t nr, enum block_kind kind)
{
	unsigned char *bytes = block_replace(fs, nr, kind);

	if (bytes)
		memset(bytes, 0, fs->blocks.block_bytes);
	return bytes;
}

void block_forget(struct fs *fs, uint32_t nr)
{
	struct block *block = find(&fs->blocks, nr);

	if (block)
		drop(&fs->blocks, block);
}

const unsigned char *block_mapped(struct fs *fs, uint32_t nr)
{
	struct blocks *blocks = &fs->blocks;

	if (!blocks->device->map || nr >= blocks->nr_blocks || find(blocks, nr))
		return NULL;
	return blocks->device->map + offset_of(blocks, nr);
}

const unsigned char *blocks_span(struct fs *fs, uint32_t nr, uint32_t max, uint32_t *ret_count)
{
	struct blocks *blocks = &fs->blocks;
	bool is_clean = !blocks->counts[BLOCK_DATA] && !blocks->counts[BLOCK_META];
	uint32_t count = 1;

	*ret_count = 1;
	if (nr >= blocks->nr_blocks || max > blocks->nr_blocks - nr)
		return NULL;
	if (!blocks->device->map || find(blocks, nr))
		return block_get(fs, nr);
	while (count < max && (is_clean || !find(blocks, nr + count)))
		count++;
	*ret_count = count;
	return blocks->device->map + offset_of(blocks, nr);
}

static void settle(struct blocks *blocks, struct block *block)
{
	if (blocks->device->map)
		drop(blocks, block);
	else
		set_kind(blocks, block, BLOCK_CLEAN);
}

static int by_nr(const void *a, const void *b)
{
	const struct block *x = *(struct block *const *)a, *y = *(struct block *const *)b;

	return (x->nr > y->nr) - (x->nr < y->nr);
}

int blocks_write(struct blocks *blocks, enum block_kind kind, blocks_writer *writer)
{
	uint32_t count = blocks->counts[kind], i = 0;
	struct block **sorted = calloc(count + 1, sizeof(struct block *));
	struct image_piece *pieces = calloc(count + 1, sizeof(*pieces));
	struct block *block;
	int error = EDVSNOMEM;

	if (!sorted || !pieces)
		goto out;
	TAILQ_FOREACH(block, &blocks->lists[kind], link)
	sorted[i++] = block;
	qsort(sorted, count, sizeof(sorted[0]), by_nr);
	for (i = 0; i < count; i++)
		pieces[i] = (struct image_piece){ offset_of(blocks, sorted[i]->nr),
						  sorted[i]->bytes, blocks->block_bytes };
	error = count ? writer(blocks->device, pieces, (int)count) : 0;
	for (i = 0; !error && i < count; i++)
		settle(blocks, sorted[i]);
out:
	free(pieces);
	free(sorted);
	return error;
}

void blocks_trim(struct blocks *blocks)
{
	while (blocks->counts[BLOCK_CLEAN] > blocks->limit)
		drop(blocks, TAILQ_FIRST(&blocks->lists[BLOCK_CLEAN]));
}

void blocks_release(struct blocks *blocks)
{
	struct block *block;

	while (blocks->nr_spare > FS_RESERVE) {
		block = TAILQ_FIRST(&blocks->spare);
		TAILQ_REMOVE(&blocks->spare, block, link);
		blocks->nr_spare--;
		free(block);
	}
}
