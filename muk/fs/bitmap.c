/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bitmap.c - which inodes and zones are taken.
 *
 * The search begins at the lowest place where a bit can be free, 64 bits at once.
 * A zone that was freed since the last commit still belongs to its file on the
 * disk: it is held, and not given out before a commit. One whose bytes somebody
 * may be reading through the map is pinned: it stays held through commits.
 */
#include <string.h>

#include "fs/core.h"

#define WORD_BITS 64

struct bitmap {
	uint32_t first_block;
	uint32_t bits; /* bit 0 included, which is always taken */
};

static struct bitmap inode_bitmap(const struct fs *fs)
{
	return (struct bitmap){ fs->super.imap_block, fs->super.ninodes + 1 };
}

static struct bitmap zone_bitmap(const struct fs *fs)
{
	return (struct bitmap){ fs->super.zmap_block, fs->super.zones - fs->super.first_zone + 1 };
}

/* Zone number and bit number. */
static uint32_t zone_of(const struct fs *fs, uint32_t bit)
{
	return fs->super.first_zone - 1 + bit;
}

static uint32_t bit_of(const struct fs *fs, uint32_t zone)
{
	return zone - (fs->super.first_zone - 1);
}

/* The 64 bits from bit 64 * word on; those that are no bits of the map are set. */
static int load_word(struct fs *fs, const struct bitmap *map, uint32_t word, uint64_t *ret_bits)
{
	uint32_t per_block = fs->super.block_bytes / sizeof(uint64_t);
	const unsigned char *bytes = block_get(fs, map->first_block + word / per_block);
	uint64_t first = (uint64_t)word * WORD_BITS, bits;

	if (!bytes)
		return EDVSIO;
	memcpy(&bits, bytes + word % per_block * sizeof(bits), sizeof(bits));
	if (!word)
		bits |= 1;
	if (first + WORD_BITS > map->bits)
		bits |= ~0ull << (map->bits - first);
	*ret_bits = bits;
	return 0;
}

static uint32_t words_of(const struct bitmap *map)
{
	return (map->bits + WORD_BITS - 1) / WORD_BITS;
}

static int count_free(struct fs *fs, struct bitmap map, uint32_t *ret_count)
{
	uint32_t count = 0;
	uint64_t bits;

	for (uint32_t word = 0; word < words_of(&map); word++) {
		int error = load_word(fs, &map, word, &bits);

		if (error)
			return error;
		count += (uint32_t)__builtin_popcountll(~bits);
	}
	*ret_count = count;
	return 0;
}

int bitmap_count(struct fs *fs)
{
	int error = count_free(fs, inode_bitmap(fs), &fs->super.free_inodes);

	return error ? error : count_free(fs, zone_bitmap(fs), &fs->super.free_zones);
}

/* The first free bit at or after from; held: bits not to give out, or NULL. */
static int search(struct fs *fs, const struct bitmap *map, uint32_t from, uint32_t *ret_bit)
{
	const uint64_t *held = map->first_block == fs->super.zmap_block ? fs->held : NULL;
	uint32_t word = from / WORD_BITS;
	uint64_t below = (1ull << (from % WORD_BITS)) - 1, bits;

	for (; word < words_of(map); word++, below = 0) {
		int error = load_word(fs, map, word, &bits);

		if (error)
			return error;
		bits |= below;
		if (held)
			bits |= held[word];
		if (bits != ~0ull) {
			*ret_bit = word * WORD_BITS + (uint32_t)__builtin_ctzll(~bits);
			return 0;
		}
	}
	return EDVSNOSPC;
}

/* Sets or clears a bit. Returns what it was, or an error. */
static int change(struct fs *fs, const struct bitmap *map, uint32_t bit, bool set)
{
	uint32_t per_block = fs->super.block_bytes * 8;
	unsigned char *bytes, mask = (unsigned char)(1u << (bit % 8));
	int was;

	if (!bit || bit >= map->bits)
		return EDVSIO;
	bytes = block_change(fs, map->first_block + bit / per_block, BLOCK_META);
	if (!bytes)
		return EDVSIO;
	bytes += bit % per_block / 8;
	was = *bytes & mask ? 1 : 0;
	*bytes = set ? *bytes | mask : *bytes & (unsigned char)~mask;
	return was;
}

int bitmap_alloc_inode(struct fs *fs, uint32_t *ret_nr)
{
	struct bitmap map = inode_bitmap(fs);
	uint32_t bit;
	int error = search(fs, &map, fs->super.inode_search, &bit);

	if (error)
		return error;
	error = change(fs, &map, bit, true);
	if (error)
		return error;
	fs->super.free_inodes--;
	fs->super.inode_search = bit + 1;
	*ret_nr = bit;
	return 0;
}

int bitmap_free_inode(struct fs *fs, uint32_t nr)
{
	struct bitmap map = inode_bitmap(fs);
	int was = change(fs, &map, nr, false);

	if (was < 0)
		return was;
	if (!was) {
		fs->super.corrupt = true;
		return 0;
	}
	fs->super.free_inodes++;
	if (nr < fs->super.inode_search)
		fs->super.inode_search = nr;
	return 0;
}

uint32_t bitmap_next_inode(struct fs *fs, uint32_t nr)
{
	struct bitmap map = inode_bitmap(fs);
	uint64_t below = (1ull << (nr % WORD_BITS)) - 1, bits;

	for (uint32_t word = nr / WORD_BITS; word < words_of(&map); word++, below = 0) {
		if (load_word(fs, &map, word, &bits))
			return 0;
		/* Bit 0 is no inode's, and those behind the last are set. */
		bits &= ~(below | (word ? 0 : 1));
		if (bits) {
			nr = word * WORD_BITS + (uint32_t)__builtin_ctzll(bits);
			return nr < map.bits ? nr : 0;
		}
	}
	return 0;
}

int bitmap_alloc_zone(struct fs *fs, uint32_t near, uint32_t *ret_zone)
{
	struct bitmap map = zone_bitmap(fs);
	uint32_t lowest = fs->super.zone_search, bit = 0;
	uint32_t from =
		near >= fs->super.first_zone && near < fs->super.zones ? bit_of(fs, near) : 0;
	int error = EDVSNOSPC;

	if (from > lowest)
		error = search(fs, &map, from, &bit);
	if (error == EDVSNOSPC) {
		error = search(fs, &map, lowest, &bit);
		if (!error)
			fs->super.zone_search = bit;
	}
	if (error)
		return error;
	error = change(fs, &map, bit, true);
	if (error)
		return error;
	fs->super.free_zones--;
	*ret_zone = zone_of(fs, bit);
	return 0;
}

int bitmap_free_zone(struct fs *fs, uint32_t zone)
{
	struct bitmap map = zone_bitmap(fs);
	uint32_t bit = bit_of(fs, zone);
	int was;

	if (zone < fs->super.first_zone || zone >= fs->super.zones)
		return EDVSIO;
	for (uint32_t i = 0; i < 1u << fs->super.log_zone; i++)
		block_forget(fs, (zone << fs->super.log_zone) + i);
	was = change(fs, &map, bit, false);
	if (was < 0)
		return was;
	if (!was) {
		fs->super.corrupt = true;
		return 0;
	}
	fs->super.free_zones++;
	fs->held[bit / WORD_BITS] |= 1ull << (bit % WORD_BITS);
	fs->nr_held++;
	if (bit < fs->super.zone_search)
		fs->super.zone_search = bit;
	return 0;
}

int bitmap_reserve(struct fs *fs, uint32_t count)
{
	if (fs->nr_held && fs->super.free_zones - fs->nr_held < count)
		return fs_commit(fs);
	return 0;
}

void bitmap_release_held(struct fs *fs)
{
	struct bitmap map = zone_bitmap(fs);

	/* A search may have gone past them while they were held. */
	if (fs->nr_held) {
		memcpy(fs->held, fs->pinned, words_of(&map) * sizeof(fs->held[0]));
		fs->super.zone_search = 0;
	}
	fs->nr_held = fs->nr_pinned;
}

void bitmap_pin_zone(struct fs *fs, uint32_t zone)
{
	uint32_t bit = bit_of(fs, zone);
	uint64_t mask = 1ull << (bit % WORD_BITS);

	if (!(fs->pinned[bit / WORD_BITS] & mask))
		fs->nr_pinned++;
	fs->pinned[bit / WORD_BITS] |= mask;
}

void bitmap_unpin_all(struct fs *fs)
{
	struct bitmap map = zone_bitmap(fs);

	if (fs->nr_pinned)
		memset(fs->pinned, 0, words_of(&map) * sizeof(fs->pinned[0]));
	fs->nr_pinned = 0;
}
