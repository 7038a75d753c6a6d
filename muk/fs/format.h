/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * format.h - what differs between V1, V2 and V3 of the MINIX file system.
 */
#ifndef MUK_FS_FORMAT_H
#define MUK_FS_FORMAT_H

#include <stdint.h>

struct inode;

struct format {
	const char *name;
	uint16_t magic;
	uint16_t version;
	uint32_t inode_bytes;
	uint32_t dirent_bytes;
	uint32_t dirent_nr_bytes; /* of the inode number that begins it */
	uint32_t name_max;
	uint32_t zone_nr_bytes;
	uint32_t nr_zones; /* in an inode */
	uint32_t links_max;
	void (*decode)(struct inode *ip, const void *disk);
	void (*encode)(const struct inode *ip, void *disk);
};

/* The format with that magic, or NULL. */
const struct format *format_find(uint16_t magic);
/* Entry i of a table of zone numbers, read and set. */
uint32_t format_zone(const struct format *format, const void *table, uint32_t i);
void format_set_zone(const struct format *format, void *table, uint32_t i, uint32_t zone);
uint32_t format_dirent_nr(const struct format *format, const void *dirent);
void format_set_dirent(const struct format *format, void *dirent, uint32_t nr, const char *name);

#endif
