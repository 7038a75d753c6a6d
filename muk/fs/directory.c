/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * directory.c - names in directories: entries of one size, number 0 is a free slot.
 *
 * A directory grows by entries, as Linux and MINIX do it, and does not shrink.
 * Its blocks are written with the metadata.
 */
#include <string.h>

#include "fs/core.h"
#include "fs/index.h"
#include "fs/format.h"

static uint32_t slots_per_block(const struct inode *dir)
{
	return dir->fs->super.block_bytes / dir->fs->super.format->dirent_bytes;
}

uint32_t directory_slots(const struct inode *dir)
{
	return dir->size / dir->fs->super.format->dirent_bytes;
}

/* The block that a slot lies in: 1, 0 in a hole, or an error. */
static int block_of(struct inode *dir, uint32_t slot, uint32_t *ret_block)
{
	uint32_t count;
	int error = zone_run(dir, slot / slots_per_block(dir), 1, ret_block, &count);

	return error ? error : *ret_block != 0;
}

static size_t place_of(const struct inode *dir, uint32_t slot)
{
	return (size_t)(slot % slots_per_block(dir)) * dir->fs->super.format->dirent_bytes;
}

static const char *name_of(const struct inode *dir, const unsigned char *entry)
{
	return (const char *)entry + dir->fs->super.format->dirent_nr_bytes;
}

static uint32_t nr_of(const struct inode *dir, const unsigned char *entry)
{
	return format_dirent_nr(dir->fs->super.format, entry);
}

/* The slot behind the hole that a slot lies in. */
static uint32_t behind_hole(struct inode *dir, uint32_t slot)
{
	uint32_t per_block = slots_per_block(dir), index = slot / per_block, block, count;
	uint32_t last = directory_slots(dir) / per_block;

	if (zone_run(dir, index, last - index + 1, &block, &count) || block)
		count = 1;
	return (index + count) * per_block;
}

int directory_next(struct inode *dir, uint32_t *slot, uint32_t *ret_nr, char *ret_name)
{
	uint32_t per_block = slots_per_block(dir), slots = directory_slots(dir), at = *slot;
	uint32_t bytes = dir->fs->super.format->dirent_bytes;

	while (at < slots) {
		uint32_t end = (at / per_block + 1) * per_block, block;
		const unsigned char *base;
		int there = block_of(dir, at, &block);

		if (there < 0)
			return there;
		base = there ? block_get(dir->fs, block) : NULL;
		if (there && !base)
			return EDVSIO;
		for (; base && at < end && at < slots; at++) {
			const unsigned char *entry = base + at % per_block * bytes;

			if (!nr_of(dir, entry))
				continue;
			*slot = at;
			*ret_nr = nr_of(dir, entry);
			memcpy(ret_name, name_of(dir, entry), dir->fs->super.format->name_max);
			ret_name[dir->fs->super.format->name_max] = '\0';
			return 1;
		}
		at = there ? end : behind_hole(dir, at);
	}
	return 0;
}

/* Looking for one name. */
struct search {
	struct inode *dir;
	const char *name;
	struct dirent_found found;
};

/* 1 if the entry in the slot has the name. */
static int match(void *context, uint32_t slot)
{
	struct search *search = context;
	struct inode *dir = search->dir;
	const unsigned char *entry;
	uint32_t block;
	int there = block_of(dir, slot, &block);

	if (there <= 0)
		return there;
	entry = block_get(dir->fs, block);
	if (!entry)
		return EDVSIO;
	entry += place_of(dir, slot);
	if (!nr_of(dir, entry) ||
	    strncmp(name_of(dir, entry), search->name, dir->fs->super.format->name_max) != 0)
		return 0;
	search->found = (struct dirent_found){ slot, nr_of(dir, entry) };
	return 1;
}

static int read_through(struct search *search)
{
	char name[DISK_NAME_MAX + 1];
	uint32_t slot = 0, nr;
	int found;

	for (; (found = directory_next(search->dir, &slot, &nr, name)) > 0; slot++) {
		if (strcmp(name, search->name) == 0) {
			search->found = (struct dirent_found){ slot, nr };
			return 1;
		}
	}
	return found;
}

int directory_lookup(struct inode *dir, const char *name, struct dirent_found *ret_found)
{
	struct search search = { .dir = dir, .name = name };
	size_t bytes = strlen(name);
	int found;

	if (!S_ISDIR(dir->mode))
		return EDVSNOTDIR;
	if (bytes > dir->fs->super.format->name_max)
		return EDVSNAMETOOLONG;
	if (index_of(dir)) {
		struct index_query query = { index_hash(name, bytes), match, &search };

		found = index_find(dir->index, &query);
	} else {
		found = read_through(&search);
	}
	if (found > 0)
		*ret_found = search.found;
	return found > 0 ? 0 : found ? found : EDVSNOENT;
}

/* A slot without an entry; the one behind the last if there is none. */
static int free_slot(struct inode *dir, uint32_t *ret_slot)
{
	uint32_t slots = directory_slots(dir), slot = index_free_from(dir);

	for (; slot < slots; slot++) {
		const unsigned char *bytes;
		uint32_t block;
		int there = block_of(dir, slot, &block);

		if (there < 0)
			return there;
		if (!there)
			break;
		bytes = block_get(dir->fs, block);
		if (!bytes)
			return EDVSIO;
		if (!nr_of(dir, bytes + place_of(dir, slot)))
			break;
	}
	*ret_slot = slot;
	return 0;
}

/* The slot's bytes, to change; the directory grows if it lies behind its end. */
static int slot_to_change(struct inode *dir, uint32_t slot, unsigned char **ret_entry)
{
	uint64_t end = ((uint64_t)slot + 1) * dir->fs->super.format->dirent_bytes;
	unsigned char *bytes;
	uint32_t block;
	bool is_new;
	int error;

	if (end > dir->fs->super.max_size)
		return EDVSNOSPC;
	error = zone_ensure(dir, slot / slots_per_block(dir), &block, &is_new);
	if (error)
		return error;
	bytes = is_new ? block_fresh(dir->fs, block, BLOCK_META)
		       : block_change(dir->fs, block, BLOCK_META);
	if (!bytes)
		return EDVSNOMEM;
	if (end > dir->size)
		dir->size = (uint32_t)end;
	*ret_entry = bytes + place_of(dir, slot);
	return 0;
}

int directory_enter(struct inode *dir, const char *name, uint32_t nr)
{
	unsigned char *entry;
	uint32_t slot = 0;
	int error;

	if (strlen(name) > dir->fs->super.format->name_max)
		return EDVSNAMETOOLONG;
	index_of(dir);
	error = free_slot(dir, &slot);
	if (!error)
		error = slot_to_change(dir, slot, &entry);
	if (error)
		return error;
	format_set_dirent(dir->fs->super.format, entry, nr, name);
	index_add(dir, index_hash(name, strlen(name)), slot);
	inode_touch(dir, INODE_MTIME | INODE_CTIME);
	return 0;
}

static int change_entry(struct inode *dir, uint32_t slot, unsigned char **ret_entry)
{
	uint32_t block;
	int there = block_of(dir, slot, &block);

	if (there <= 0)
		return EDVSIO;
	*ret_entry = block_change(dir->fs, block, BLOCK_META);
	if (!*ret_entry)
		return EDVSNOMEM;
	*ret_entry += place_of(dir, slot);
	return 0;
}

int directory_remove(struct inode *dir, uint32_t slot)
{
	const struct format *format = dir->fs->super.format;
	unsigned char *entry;
	int error = change_entry(dir, slot, &entry);

	if (error)
		return error;
	index_remove(
		dir,
		index_hash(name_of(dir, entry), strnlen(name_of(dir, entry), format->name_max)),
		slot);
	format_set_dirent(format, entry, 0, "");
	inode_touch(dir, INODE_MTIME | INODE_CTIME);
	return 0;
}

int directory_replace(struct inode *dir, uint32_t slot, uint32_t nr)
{
	unsigned char *entry;
	int error = change_entry(dir, slot, &entry);

	if (error)
		return error;
	format_set_dirent(dir->fs->super.format, entry, nr, NULL);
	inode_touch(dir, INODE_MTIME | INODE_CTIME);
	return 0;
}

int directory_is_empty(struct inode *dir)
{
	char name[DISK_NAME_MAX + 1];
	uint32_t slot = 0, nr;
	int found;

	for (; (found = directory_next(dir, &slot, &nr, name)) > 0; slot++)
		if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
			return 0;
	return found < 0 ? found : 1;
}
