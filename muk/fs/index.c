/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * index.c - names of a directory by hash, so that a lookup does not read it all.
 *
 * Made when a directory of more than a few names is looked into, kept true by
 * directory.c, dropped with the inode. Open addressing with backward shifts: an
 * entry is never past a hole from where its hash wants it. All indexes together
 * stay below FS_INDEX_BYTES; a directory too large for that is read through.
 */
#include <stdlib.h>

#include "fs/core.h"
#include "fs/format.h"
#include "fs/index.h"

#define INDEX_SLOTS_MIN 2 /* an empty directory has no more */

struct entry_place {
	uint32_t hash;
	uint32_t slot; /* + 1; 0: nothing here */
};

struct directory_index {
	uint32_t mask;
	uint32_t count;
	uint32_t nr_free;   /* slots without an entry, below the directory's size */
	uint32_t free_from; /* none of them is below this */
	struct entry_place places[];
};

uint32_t index_hash(const char *name, size_t bytes)
{
	uint64_t hash = 0xcbf29ce484222325ull;

	for (size_t i = 0; i < bytes; i++)
		hash = (hash ^ (unsigned char)name[i]) * 0x100000001b3ull;
	return (uint32_t)(hash ^ hash >> 32);
}

static size_t bytes_of(uint32_t mask)
{
	return sizeof(struct directory_index) + ((size_t)mask + 1) * sizeof(struct entry_place);
}

static void insert(struct directory_index *index, uint32_t hash, uint32_t slot)
{
	uint32_t i = hash & index->mask;

	while (index->places[i].slot)
		i = (i + 1) & index->mask;
	index->places[i] = (struct entry_place){ hash, slot + 1 };
	index->count++;
}

void index_drop(struct inode *dir)
{
	if (!dir->index)
		return;
	dir->fs->index_bytes -= bytes_of(dir->index->mask);
	free(dir->index);
	dir->index = NULL;
}

/* An empty index for that many entries, within the limit; NULL: none. */
static struct directory_index *make(struct fs *fs, uint64_t entries)
{
	uint32_t mask = 15;
	struct directory_index *index;

	while (mask < entries * 2 && mask < FS_INDEX_BYTES)
		mask = mask * 2 + 1;
	if (bytes_of(mask) > FS_INDEX_BYTES)
		return NULL;
	for (uint32_t i = 0; fs->index_bytes + bytes_of(mask) > FS_INDEX_BYTES && i < fs->nr_inodes;
	     i++)
		index_drop(&fs->inodes[i]);
	index = calloc(1, bytes_of(mask));
	if (!index)
		return NULL;
	index->mask = mask;
	fs->index_bytes += bytes_of(mask);
	return index;
}

struct directory_index *index_of(struct inode *dir)
{
	uint32_t slots = directory_slots(dir), used = 0, nr;
	char name[DISK_NAME_MAX + 1];
	int found;

	if (dir->index || slots <= INDEX_SLOTS_MIN)
		return dir->index;
	dir->index = make(dir->fs, slots);
	if (!dir->index)
		return NULL;
	for (uint32_t slot = 0; (found = directory_next(dir, &slot, &nr, name)) > 0; slot++) {
		size_t bytes = 0;

		while (name[bytes])
			bytes++;
		insert(dir->index, index_hash(name, bytes), slot);
		used++;
	}
	if (found < 0) {
		index_drop(dir);
		return NULL;
	}
	dir->index->nr_free = slots - used;
	return dir->index;
}

int index_find(const struct directory_index *index, const struct index_query *query)
{
	for (uint32_t i = query->hash & index->mask; index->places[i].slot;
	     i = (i + 1) & index->mask) {
		int found = index->places[i].hash != query->hash
				    ? 0
				    : query->match(query->context, index->places[i].slot - 1);

		if (found)
			return found;
	}
	return 0;
}

void index_add(struct inode *dir, uint32_t hash, uint32_t slot)
{
	struct directory_index *index = dir->index;

	if (!index)
		return;
	if (index->count >= index->mask / 4 * 3) {
		index_drop(dir); /* made anew, larger, at the next lookup */
		return;
	}
	insert(index, hash, slot);
	if (index->nr_free)
		index->nr_free--;
	if (slot >= index->free_from)
		index->free_from = slot + 1;
}

void index_remove(struct inode *dir, uint32_t hash, uint32_t slot)
{
	struct directory_index *index = dir->index;
	uint32_t hole, i;

	if (!index)
		return;
	hole = hash & index->mask;
	while (index->places[hole].slot && index->places[hole].slot != slot + 1)
		hole = (hole + 1) & index->mask;
	if (!index->places[hole].slot)
		return;
	for (i = (hole + 1) & index->mask; index->places[i].slot; i = (i + 1) & index->mask) {
		uint32_t home = index->places[i].hash & index->mask;

		/* Moves up unless its home lies behind the hole. */
		if (((i - home) & index->mask) < ((i - hole) & index->mask))
			continue;
		index->places[hole] = index->places[i];
		hole = i;
	}
	index->places[hole] = (struct entry_place){ 0, 0 };
	index->count--;
	index->nr_free++;
	if (slot < index->free_from)
		index->free_from = slot;
}

uint32_t index_free_from(const struct inode *dir)
{
	if (!dir->index)
		return 0;
	return dir->index->nr_free ? dir->index->free_from : directory_slots(dir);
}
