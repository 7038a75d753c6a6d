/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * zone.c - which zones a file has: seven in the inode, the others through tables
 * one, two and three deep.
 *
 * A zone number of 0 is a hole. Every number read from the disk is checked before
 * it is used. An indirect zone uses only its first block. All zones that one step
 * needs are known to be free before the first is taken.
 */
#include "fs/core.h"
#include "fs/format.h"

#define LEVELS_MAX 3

/* The way to one zone of a file: a slot of the inode, then an entry per table. */
struct place {
	int levels;
	uint32_t slot;
	uint32_t at[LEVELS_MAX];
};

static bool locate(const struct super *super, uint64_t zone_index, struct place *ret_place)
{
	uint64_t n = super->zones_per_block, left = zone_index, span = 1;
	int levels = 0;

	if (left < DISK_DIRECT_ZONES) {
		*ret_place = (struct place){ .slot = (uint32_t)left };
		return true;
	}
	left -= DISK_DIRECT_ZONES;
	while (++levels <= (int)super->format->nr_zones - DISK_DIRECT_ZONES) {
		span *= n;
		if (left < span)
			break;
		left -= span;
	}
	if (left >= span)
		return false;
	ret_place->levels = levels;
	ret_place->slot = (uint32_t)(DISK_DIRECT_ZONES - 1 + levels);
	for (int i = levels - 1; i >= 0; i--, left /= n)
		ret_place->at[i] = (uint32_t)(left % n);
	return true;
}

static bool is_zone(const struct super *super, uint32_t zone)
{
	return zone >= super->first_zone && zone < super->zones;
}

static const void *table_of(struct inode *ip, uint32_t zone)
{
	if (!is_zone(&ip->fs->super, zone)) {
		ip->fs->super.corrupt = true;
		return NULL;
	}
	return block_get(ip->fs, zone << ip->fs->super.log_zone);
}

/* A row of zone numbers, in the inode or in a table. */
struct row {
	const struct inode *ip;
	const void *table; /* NULL: the inode's direct zones */
	uint32_t at, end;
};

static uint32_t row_zone(const struct row *row, uint32_t i)
{
	return row->table ? format_zone(row->ip->fs->super.format, row->table, i)
			  : row->ip->zones[i];
}

/* A table at that depth is missing: the hole goes on to the end of all below it. */
static void find_gap(const struct inode *ip, const struct place *place, int depth,
		     struct row *ret_row)
{
	uint32_t n = ip->fs->super.zones_per_block;

	ret_row->at = 0;
	ret_row->end = 1;
	for (int i = depth; i < place->levels; i++) {
		ret_row->at = ret_row->at * n + place->at[i];
		ret_row->end *= n;
	}
}

/*
 * The row that has the zone number of a place; 1 if there is one, 0 if a table
 * on the way is missing: then row tells how far the hole goes.
 */
static int find_row(struct inode *ip, const struct place *place, struct row *ret_row)
{
	uint32_t zone = ip->zones[place->slot];
	const void *table = NULL;

	*ret_row = (struct row){ ip, NULL, place->slot, DISK_DIRECT_ZONES };
	if (!place->levels)
		return 1;
	for (int i = 0; i < place->levels; i++) {
		if (!zone) {
			find_gap(ip, place, i, ret_row);
			return 0;
		}
		table = table_of(ip, zone);
		if (!table)
			return EDVSIO;
		zone = format_zone(ip->fs->super.format, table, place->at[i]);
	}
	ret_row->table = table;
	ret_row->at = place->at[place->levels - 1];
	ret_row->end = ip->fs->super.zones_per_block;
	return 1;
}

/* How many zones from row->at on follow one another on the disk (or are holes). */
static uint32_t run_length(const struct row *row, uint32_t zone, uint32_t max)
{
	uint32_t count = 1, step = zone ? 1 : 0;

	while (count < max && row->at + count < row->end &&
	       row_zone(row, row->at + count) == zone + count * step)
		count++;
	return count;
}

int zone_run(struct inode *ip, uint32_t index, uint32_t max, uint32_t *ret_block,
	     uint32_t *ret_count)
{
	const struct super *super = &ip->fs->super;
	uint32_t skip = index & ((1u << super->log_zone) - 1), zone = 0, count;
	struct place place;
	struct row row;
	uint64_t blocks;
	int found;

	if (!locate(super, index >> super->log_zone, &place))
		return EDVSFBIG;
	found = find_row(ip, &place, &row);
	if (found < 0)
		return found;
	count = row.end - row.at;
	if (found) {
		zone = row_zone(&row, row.at);
		count = run_length(&row, zone,
				   (uint32_t)(((uint64_t)max + skip) >> super->log_zone) + 1);
	}
	if (zone && (!is_zone(super, zone) || count > super->zones - zone)) {
		ip->fs->super.corrupt = true;
		return EDVSIO;
	}
	*ret_block = zone ? (zone << super->log_zone) + skip : 0;
	blocks = ((uint64_t)count << super->log_zone) - skip;
	*ret_count = blocks < max ? (uint32_t)blocks : max;
	return 0;
}

/* How many zones are missing on the way to a place, the last included. */
static int count_missing(struct inode *ip, const struct place *place)
{
	uint32_t zone = ip->zones[place->slot];

	for (int i = 0; i < place->levels; i++) {
		const void *table;

		if (!zone)
			return place->levels - i + 1;
		table = table_of(ip, zone);
		if (!table)
			return EDVSIO;
		zone = format_zone(ip->fs->super.format, table, place->at[i]);
	}
	return zone ? 0 : 1;
}

/* A new zone near the file's last one; a table begins as zeros. */
static int take_zone(struct inode *ip, bool is_table, uint32_t *ret_zone)
{
	struct fs *fs = ip->fs;
	uint32_t zone;
	int error = bitmap_alloc_zone(fs, ip->last_zone + 1, &zone);

	if (error)
		return error;
	if (is_table && !block_fresh(fs, zone << fs->super.log_zone, BLOCK_META)) {
		bitmap_free_zone(fs, zone);
		return EDVSNOMEM;
	}
	ip->last_zone = zone;
	if (ip->nr_zones >= 0)
		ip->nr_zones++;
	*ret_zone = zone;
	return 0;
}

/* The zone behind entry at of the table, taken if it is missing. */
static int ensure_entry(struct inode *ip, uint32_t table_block, uint32_t at, bool is_table,
			uint32_t *ret_zone)
{
	const struct format *format = ip->fs->super.format;
	const void *table = block_get(ip->fs, table_block);
	void *change;
	int error;

	if (!table)
		return EDVSIO;
	*ret_zone = format_zone(format, table, at);
	if (*ret_zone)
		return is_zone(&ip->fs->super, *ret_zone) ? 0 : EDVSIO;
	change = block_change(ip->fs, table_block, BLOCK_META);
	if (!change)
		return EDVSNOMEM;
	error = take_zone(ip, is_table, ret_zone);
	if (!error)
		format_set_zone(format, change, at, *ret_zone);
	return error;
}

static int ensure_path(struct inode *ip, const struct place *place, uint32_t *ret_zone)
{
	uint32_t zone = ip->zones[place->slot];
	int error = 0;

	if (!zone) {
		error = take_zone(ip, place->levels > 0, &zone);
		if (error)
			return error;
		ip->zones[place->slot] = zone;
		inode_touch(ip, 0);
	} else if (!is_zone(&ip->fs->super, zone)) {
		return EDVSIO;
	}
	for (int i = 0; !error && i < place->levels; i++)
		error = ensure_entry(ip, zone << ip->fs->super.log_zone, place->at[i],
				     i + 1 < place->levels, &zone);
	*ret_zone = zone;
	return error;
}

int zone_ensure(struct inode *ip, uint32_t index, uint32_t *ret_block, bool *ret_new)
{
	struct fs *fs = ip->fs;
	uint32_t per_zone = 1u << fs->super.log_zone, skip = index & (per_zone - 1), zone;
	struct place place;
	int missing, error;

	if (!locate(&fs->super, index >> fs->super.log_zone, &place))
		return EDVSFBIG;
	missing = count_missing(ip, &place);
	if (missing < 0)
		return missing;
	if ((uint32_t)missing > fs->super.free_zones - fs->nr_held)
		return EDVSNOSPC;
	error = ensure_path(ip, &place, &zone);
	if (error)
		return error;
	for (uint32_t i = 0; missing && i < per_zone; i++)
		if (i != skip && !block_fresh(fs, (zone << fs->super.log_zone) + i, BLOCK_DATA))
			return EDVSNOMEM;
	*ret_block = (zone << fs->super.log_zone) + skip;
	*ret_new = missing > 0;
	ip->last_zone = zone;
	return 0;
}

static int free_zone(struct inode *ip, uint32_t zone)
{
	int error;

	if (!is_zone(&ip->fs->super, zone)) {
		ip->fs->super.corrupt = true;
		return 0;
	}
	if (ip->nr_zones > 0)
		ip->nr_zones--;
	error = bitmap_free_zone(ip->fs, zone);
	if (!error && ip->nr_maps)
		bitmap_pin_zone(ip->fs, zone);
	return error;
}

/* Sets entry i of a table that stays to 0. */
static int clear_entry(struct inode *ip, uint32_t table_zone, uint32_t i)
{
	void *table = block_change(ip->fs, table_zone << ip->fs->super.log_zone, BLOCK_META);

	if (!table)
		return EDVSNOMEM;
	format_set_zone(ip->fs->super.format, table, i, 0);
	return 0;
}

/* Frees what lies at keep or beyond it below a zone; with keep 0 the zone too. */
static int cut(struct inode *ip, uint32_t zone, int levels, uint64_t keep)
{
	uint32_t n = ip->fs->super.zones_per_block;
	uint64_t span = 1;
	int error = 0;

	if (!levels)
		return keep ? 0 : free_zone(ip, zone);
	for (int i = 1; i < levels; i++)
		span *= n;
	for (uint64_t i = keep / span; !error && i < n; i++) {
		const void *table = table_of(ip, zone);
		uint64_t inner = i == keep / span ? keep % span : 0;
		uint32_t sub = table ? format_zone(ip->fs->super.format, table, (uint32_t)i) : 0;

		if (!table)
			return 0;
		if (!sub)
			continue;
		error = cut(ip, sub, levels - 1, inner);
		if (!error && keep && !inner)
			error = clear_entry(ip, zone, (uint32_t)i);
	}
	return error || keep ? error : free_zone(ip, zone);
}

int zone_truncate(struct inode *ip, uint64_t size)
{
	const struct super *super = &ip->fs->super;
	uint64_t keep = (size + super_zone_bytes(super) - 1) / super_zone_bytes(super);
	uint64_t first = 0, span = 1;
	int error = 0;

	for (uint32_t slot = 0; !error && slot < super->format->nr_zones; slot++) {
		int levels = slot < DISK_DIRECT_ZONES ? 0 : (int)(slot - DISK_DIRECT_ZONES) + 1;

		if (levels)
			span *= super->zones_per_block;
		if (ip->zones[slot] && keep < first + span) {
			uint64_t inner = keep > first ? keep - first : 0;

			error = cut(ip, ip->zones[slot], levels, inner);
			if (!error && !inner)
				ip->zones[slot] = 0;
		}
		first += span;
	}
	ip->last_zone = 0;
	inode_touch(ip, 0);
	return error;
}

static int64_t count_below(struct inode *ip, uint32_t zone, int levels)
{
	int64_t count = 1;
	const void *table;

	if (!zone || !levels)
		return zone ? 1 : 0;
	table = table_of(ip, zone);
	for (uint32_t i = 0; table && i < ip->fs->super.zones_per_block; i++)
		count += count_below(ip, format_zone(ip->fs->super.format, table, i), levels - 1);
	return count;
}

int zone_count(struct inode *ip)
{
	if (ip->nr_zones >= 0)
		return 0;
	inode_mark(ip);
	ip->nr_zones = 0;
	for (uint32_t slot = 0; slot < ip->fs->super.format->nr_zones; slot++)
		ip->nr_zones += count_below(
			ip, ip->zones[slot],
			slot < DISK_DIRECT_ZONES ? 0 : (int)(slot - DISK_DIRECT_ZONES) + 1);
	return 0;
}
