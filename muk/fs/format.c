/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * format.c - what differs between the versions of the MINIX file system: one row each.
 */
#include <string.h>

#include "fs/core.h"
#include "fs/format.h"

static void decode_v1(struct inode *ip, const void *disk)
{
	struct disk_inode_v1 d;

	memcpy(&d, disk, sizeof(d));
	ip->mode = d.i_mode;
	ip->nlinks = d.i_nlinks;
	ip->uid = d.i_uid;
	ip->gid = d.i_gid;
	ip->size = d.i_size;
	ip->atime = ip->mtime = ip->ctime = d.i_time;
	for (int i = 0; i < 9; i++)
		ip->zones[i] = d.i_zone[i];
	ip->zones[9] = 0;
}

static void encode_v1(const struct inode *ip, void *disk)
{
	struct disk_inode_v1 d = {
		.i_mode = ip->mode,
		.i_uid = ip->uid,
		.i_size = ip->size,
		.i_time = ip->mtime,
		.i_gid = (uint8_t)ip->gid,
		.i_nlinks = (uint8_t)ip->nlinks,
	};

	for (int i = 0; i < 9; i++)
		d.i_zone[i] = (uint16_t)ip->zones[i];
	memcpy(disk, &d, sizeof(d));
}

static void decode_v2(struct inode *ip, const void *disk)
{
	struct disk_inode_v2 d;

	memcpy(&d, disk, sizeof(d));
	ip->mode = d.i_mode;
	ip->nlinks = d.i_nlinks;
	ip->uid = d.i_uid;
	ip->gid = d.i_gid;
	ip->size = d.i_size;
	ip->atime = d.i_atime;
	ip->mtime = d.i_mtime;
	ip->ctime = d.i_ctime;
	memcpy(ip->zones, d.i_zone, sizeof(ip->zones));
}

static void encode_v2(const struct inode *ip, void *disk)
{
	struct disk_inode_v2 d = {
		.i_mode = ip->mode,
		.i_nlinks = ip->nlinks,
		.i_uid = ip->uid,
		.i_gid = ip->gid,
		.i_size = ip->size,
		.i_atime = ip->atime,
		.i_mtime = ip->mtime,
		.i_ctime = ip->ctime,
	};

	memcpy(d.i_zone, ip->zones, sizeof(ip->zones));
	memcpy(disk, &d, sizeof(d));
}

/* name, magic, version, inode, dirent, its number, name, zone number, zones, links */
static const struct format formats[] = {
	{ "V1", DISK_MAGIC_V1, 1, 32, 16, 2, 14, 2, 9, 250, decode_v1, encode_v1 },
	{ "V1", DISK_MAGIC_V1_LONG, 1, 32, 32, 2, 30, 2, 9, 250, decode_v1, encode_v1 },
	{ "V2", DISK_MAGIC_V2, 2, 64, 16, 2, 14, 4, 10, 65530, decode_v2, encode_v2 },
	{ "V2", DISK_MAGIC_V2_LONG, 2, 64, 32, 2, 30, 4, 10, 65530, decode_v2, encode_v2 },
	{ "V3", DISK_MAGIC_V3, 3, 64, 64, 4, 60, 4, 10, 65530, decode_v2, encode_v2 },
};

const struct format *format_find(uint16_t magic)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (formats[i].magic == magic)
			return &formats[i];
	return NULL;
}

/* Numbers of 2 or 4 bytes. */
static uint32_t load(const void *from, uint32_t bytes)
{
	uint32_t wide;
	uint16_t narrow;

	if (bytes == sizeof(narrow)) {
		memcpy(&narrow, from, sizeof(narrow));
		return narrow;
	}
	memcpy(&wide, from, sizeof(wide));
	return wide;
}

static void store(void *to, uint32_t bytes, uint32_t value)
{
	uint16_t narrow = (uint16_t)value;

	if (bytes == sizeof(narrow))
		memcpy(to, &narrow, sizeof(narrow));
	else
		memcpy(to, &value, sizeof(value));
}

uint32_t format_zone(const struct format *format, const void *table, uint32_t i)
{
	return load((const char *)table + i * format->zone_nr_bytes, format->zone_nr_bytes);
}

void format_set_zone(const struct format *format, void *table, uint32_t i, uint32_t zone)
{
	store((char *)table + i * format->zone_nr_bytes, format->zone_nr_bytes, zone);
}

uint32_t format_dirent_nr(const struct format *format, const void *dirent)
{
	return load(dirent, format->dirent_nr_bytes);
}

void format_set_dirent(const struct format *format, void *dirent, uint32_t nr, const char *name)
{
	store(dirent, format->dirent_nr_bytes, nr);
	if (name)
		strncpy((char *)dirent + format->dirent_nr_bytes, name, format->name_max);
}
