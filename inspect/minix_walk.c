/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * minix_walk.c - the zones of a file, the entries of a directory, all of a tree.
 *
 * A disk may say anything: a walk of zones ends after as many as the disk has, a
 * walk of the tree visits no directory twice.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "minix.h"

#define DIRECT 7

struct zones {
	struct minix *minix;
	minix_zone_fn *fn;
	void *context;
	uint64_t left; /* zones until it goes on for too long */
	uint64_t index;
};

static uint32_t zone_bytes(const struct minix *minix)
{
	return minix->super.version == 1 ? 2 : 4;
}

static uint32_t zone_in(const struct minix *minix, const unsigned char *table, uint32_t i)
{
	uint32_t zone = 0;

	memcpy(&zone, table + (size_t)i * zone_bytes(minix), zone_bytes(minix));
	return zone;
}

/* How many zones of data one of that level stands for. */
static uint64_t reach(const struct minix *minix, int level)
{
	uint64_t count = 1;

	while (level--)
		count *= (uint32_t)minix->disk.block_bytes / zone_bytes(minix);
	return count;
}

static int walk_zone(struct zones *zones, uint32_t zone, int level)
{
	struct minix *minix = zones->minix;
	uint32_t count = (uint32_t)minix->disk.block_bytes / zone_bytes(minix);
	const unsigned char *table;
	int result;

	if (!zone) {
		zones->index += reach(minix, level);
		return 0;
	}
	if (!zones->left--)
		return EDVSBADVALUE;
	result = zones->fn(zones->context, zone, zones->index, level);
	if (result)
		return result;
	if (!level || !minix_is_data_zone(minix, zone)) {
		zones->index += reach(minix, level);
		return 0;
	}
	table = minix_block(minix, zone << minix->super.log_zone_size);
	if (!table)
		return EDVSFAULT;
	for (uint32_t i = 0; i < count && !result; i++)
		result = walk_zone(zones, zone_in(minix, table, i), level - 1);
	return result;
}

int minix_zones(struct minix *minix, const struct minix_inode *inode, minix_zone_fn *fn,
		void *context)
{
	struct zones zones = { minix, fn, context, 2 * minix->super.zones, 0 };
	int result = 0;

	/* A device's number is where others have their first zone. */
	if (!S_ISREG(inode->mode) && !S_ISDIR(inode->mode) && !S_ISLNK(inode->mode))
		return 0;
	for (int i = 0; i < MINIX_ZONES && !result; i++)
		result = walk_zone(&zones, inode->zones[i], i < DIRECT ? 0 : i - DIRECT + 1);
	return result;
}

/* ---- directories ---------------------------------------------------------- */

struct visited {
	uint32_t nr;
	int parent; /* place of the directory that it was found in */
	char name[MINIX_NAME_MAX + 1];
};

struct minix_walk {
	struct minix *minix;
	minix_entry_fn *fn;
	void *context;
	struct visited *dirs; /* in the order in which they are walked */
	int count, room;
	unsigned char *seen; /* by inode */
};

/* A directory under way: its entries come zone by zone. */
struct directory {
	struct minix_walk *walk;
	uint32_t nr, size;
	int place;
};

static void entry_sizes(const struct minix *minix, uint32_t *ret_bytes, uint32_t *ret_nr_bytes)
{
	*ret_nr_bytes = minix->super.version == 3 ? 4 : 2;
	*ret_bytes = minix->super.version == 3 ? 64 : 32;
	if (minix->super.magic == 0x137f || minix->super.magic == 0x2468)
		*ret_bytes = 16;
}

static int walk_block(struct directory *directory, const unsigned char *block, uint64_t offset)
{
	struct minix *minix = directory->walk->minix;
	uint32_t bytes, nr_bytes;
	int result = 0;

	entry_sizes(minix, &bytes, &nr_bytes);
	for (uint32_t at = 0; at < (uint32_t)minix->disk.block_bytes && !result; at += bytes) {
		struct minix_entry entry = { .dir = directory->nr, .dir_place = directory->place };

		if (offset + at + bytes > directory->size)
			break;
		memcpy(&entry.nr, block + at, nr_bytes);
		memcpy(entry.name, block + at + nr_bytes, bytes - nr_bytes);
		if (entry.nr)
			result = directory->walk->fn(directory->walk->context, directory->walk,
						     &entry);
	}
	return result;
}

static int walk_data(void *context, uint32_t zone, uint64_t index, int level)
{
	struct directory *directory = context;
	struct minix *minix = directory->walk->minix;
	uint32_t per_zone = 1u << minix->super.log_zone_size;
	int result = 0;

	if (level || !minix_is_data_zone(minix, zone))
		return 0;
	for (uint32_t i = 0; i < per_zone && !result; i++) {
		uint64_t offset = (index * per_zone + i) * (uint64_t)minix->disk.block_bytes;
		const unsigned char *block = minix_block(minix, zone * per_zone + i);

		if (offset >= directory->size)
			break;
		result = block ? walk_block(directory, block, offset) : EDVSFAULT;
	}
	return result;
}

static int walk_directory(struct minix_walk *walk, uint32_t nr, int place)
{
	struct directory directory = { .walk = walk, .nr = nr, .place = place };
	struct minix_inode inode;
	int error = minix_inode(walk->minix, nr, &inode);

	if (error)
		return error;
	if (!S_ISDIR(inode.mode))
		return EDVSNOTDIR;
	directory.size = inode.size;
	return minix_zones(walk->minix, &inode, walk_data, &directory);
}

int minix_directory(struct minix *minix, uint32_t nr, minix_entry_fn *fn, void *context)
{
	struct minix_walk walk = { .minix = minix, .fn = fn, .context = context };

	return walk_directory(&walk, nr, 0);
}

static int add_dir(struct minix_walk *walk, const struct minix_entry *entry)
{
	if (walk->count == walk->room) {
		int room = walk->room ? 2 * walk->room : 64;
		struct visited *dirs = realloc(walk->dirs, (size_t)room * sizeof(*dirs));

		if (!dirs)
			return EDVSNOMEM;
		walk->dirs = dirs;
		walk->room = room;
	}
	walk->dirs[walk->count].nr = entry->nr;
	walk->dirs[walk->count].parent = entry->dir_place;
	memcpy(walk->dirs[walk->count].name, entry->name, sizeof(entry->name));
	walk->seen[entry->nr] = 1;
	walk->count++;
	return 0;
}

/* Tells the entry, and remembers it when it is a directory that was not seen yet. */
static int visit(void *context, const struct minix_walk *unused, const struct minix_entry *entry)
{
	struct minix_walk *walk = context, *tell = walk;
	struct minix_inode inode;
	int result = tell->fn(tell->context, walk, entry);

	(void)unused;
	if (result || strcmp(entry->name, ".") == 0 || strcmp(entry->name, "..") == 0)
		return result;
	if (entry->nr > walk->minix->super.inodes || walk->seen[entry->nr] ||
	    minix_inode(walk->minix, entry->nr, &inode) || !S_ISDIR(inode.mode))
		return 0;
	return add_dir(walk, entry);
}

int minix_tree(struct minix *minix, minix_entry_fn *fn, void *context)
{
	struct minix_walk walk = { .minix = minix, .fn = fn, .context = context };
	const struct minix_entry root = { .nr = MINIX_ROOT, .dir_place = -1 };
	int result = EDVSNOMEM;

	walk.seen = calloc(minix->super.inodes + 1, 1);
	if (walk.seen)
		result = add_dir(&walk, &root);
	for (int i = 0; i < walk.count && !result; i++) {
		struct minix_walk inner = { .minix = minix, .fn = visit, .context = &walk };

		result = walk_directory(&inner, walk.dirs[i].nr, i);
	}
	free(walk.dirs);
	free(walk.seen);
	return result;
}

void minix_path(const struct minix_walk *walk, const struct minix_entry *entry, struct text *out)
{
	const char *names[64];
	int count = 0;

	for (int i = entry->dir_place; i > 0 && count < 64; i = walk->dirs[i].parent)
		names[count++] = walk->dirs[i].name;
	while (count)
		text_add(out, "/%s", names[--count]);
	text_add(out, "/%s", entry->name);
}

struct lookup {
	const char *name;
	size_t length;
	uint32_t nr;
};

static int match(void *context, const struct minix_walk *walk, const struct minix_entry *entry)
{
	struct lookup *lookup = context;

	(void)walk;
	if (strlen(entry->name) != lookup->length ||
	    memcmp(entry->name, lookup->name, lookup->length) != 0)
		return 0;
	lookup->nr = entry->nr;
	return 1;
}

int minix_lookup(struct minix *minix, const char *path, uint32_t *ret_nr)
{
	uint32_t nr = MINIX_ROOT;

	for (;;) {
		struct lookup lookup = { .nr = 0 };
		int result;

		path += strspn(path, "/");
		if (!*path)
			break;
		lookup.name = path;
		lookup.length = strcspn(path, "/");
		path += lookup.length;
		result = minix_directory(minix, nr, match, &lookup);
		if (result < 0)
			return result;
		if (!lookup.nr)
			return EDVSNOENT;
		nr = lookup.nr;
	}
	*ret_nr = nr;
	return 0;
}
