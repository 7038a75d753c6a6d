/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * super.c - reads the super block and believes nothing of it that cannot be.
 *
 * What passes here makes every later index safe: the bitmaps are as long as what
 * they map, all areas follow one another, and all lie within the device.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "fs/core.h"
#include "fs/format.h"

/* The numbers of a super block before they are believed. */
struct claims {
	uint32_t ninodes, zones, imap_blocks, zmap_blocks, first_zone, log_zone, block_bytes;
	uint32_t max_size;
};

__attribute__((format(printf, 3, 4))) static int
refuse(char *ret_reason, const struct device *device, const char *text, ...)
{
	int used = snprintf(ret_reason, FS_REASON_BYTES, "%s: ", device->name);
	va_list arguments;

	if (used < 0 || used >= FS_REASON_BYTES)
		return EDVSINVAL;
	va_start(arguments, text);
	vsnprintf(ret_reason + used, (size_t)(FS_REASON_BYTES - used), text, arguments);
	va_end(arguments);
	return EDVSINVAL;
}

static const struct format *claims_of(const unsigned char *disk, struct claims *ret_claims)
{
	struct disk_super_v2 v2;
	struct disk_super_v3 v3;
	const struct format *format;

	memcpy(&v2, disk, sizeof(v2));
	memcpy(&v3, disk, sizeof(v3));
	if (v3.s_magic == DISK_MAGIC_V3) {
		*ret_claims = (struct claims){
			v3.s_ninodes,
			v3.s_zones,
			v3.s_imap_blocks,
			v3.s_zmap_blocks,
			v3.s_firstdatazone,
			v3.s_log_zone_size,
			v3.s_blocksize ? v3.s_blocksize : DISK_BLOCK_BYTES,
			v3.s_max_size,
		};
		return format_find(v3.s_magic);
	}
	format = format_find(v2.s_magic);
	if (!format || format->version == 3)
		return NULL;
	*ret_claims = (struct claims){
		v2.s_ninodes,       format->version == 1 ? v2.s_nzones : v2.s_zones,
		v2.s_imap_blocks,   v2.s_zmap_blocks,
		v2.s_firstdatazone, v2.s_log_zone_size,
		DISK_BLOCK_BYTES,   v2.s_max_size,
	};
	return format;
}

/* The largest file that zone numbers can reach. */
static uint64_t reach(const struct super *super)
{
	uint64_t n = super->zones_per_block, zones = DISK_DIRECT_ZONES + n + n * n;

	if (super->format->nr_zones == DISK_ZONES_MAX)
		zones += n * n * n;
	return zones * super_zone_bytes(super);
}

static void lay_out(struct super *super, const struct claims *claims)
{
	uint64_t most;

	super->ninodes = claims->ninodes;
	super->zones = claims->zones;
	super->first_zone = claims->first_zone;
	super->log_zone = claims->log_zone;
	super->block_bytes = claims->block_bytes;
	super->imap_block = DISK_FIRST_BITMAP;
	super->zmap_block = super->imap_block + claims->imap_blocks;
	super->inode_block = super->zmap_block + claims->zmap_blocks;
	super->inodes_per_block = claims->block_bytes / super->format->inode_bytes;
	super->zones_per_block = claims->block_bytes / super->format->zone_nr_bytes;
	most = reach(super);
	super->max_size = claims->max_size && claims->max_size < most ? claims->max_size : most;
	if (super->max_size > DISK_FILE_MAX)
		super->max_size = DISK_FILE_MAX;
	super->inode_search = 1;
	super->zone_search = 1;
}

/* Are the areas in order, long enough, and inside the device? */
static int check(const struct super *super, const struct claims *claims,
		 const struct device *device, char *ret_reason)
{
	uint64_t bits = (uint64_t)claims->block_bytes * 8;
	uint64_t inodes =
		((uint64_t)claims->ninodes + super->inodes_per_block - 1) / super->inodes_per_block;
	uint64_t data = super->inode_block + inodes;
	uint64_t blocks = device->bytes / claims->block_bytes;

	if (!claims->ninodes || claims->ninodes >= claims->imap_blocks * bits)
		return refuse(ret_reason, device, "%u inodes do not fit into %u blocks of bitmap",
			      claims->ninodes, claims->imap_blocks);
	if (claims->first_zone >= claims->zones ||
	    claims->zones - claims->first_zone >= claims->zmap_blocks * bits)
		return refuse(ret_reason, device,
			      "zones %u to %u do not fit into %u blocks of bitmap",
			      claims->first_zone, claims->zones, claims->zmap_blocks);
	if (((uint64_t)claims->first_zone << claims->log_zone) < data)
		return refuse(ret_reason, device,
			      "the first zone of data, %u, lies inside the inodes (they end at "
			      "block %llu)",
			      claims->first_zone, (unsigned long long)data);
	if (((uint64_t)claims->zones << claims->log_zone) > blocks)
		return refuse(ret_reason, device,
			      "the file system has %llu blocks of %u bytes, the image has only "
			      "%llu: it is cut short",
			      (unsigned long long)claims->zones << claims->log_zone,
			      claims->block_bytes, (unsigned long long)blocks);
	return 0;
}

static bool is_block_size(uint32_t bytes)
{
	return bytes >= DISK_BLOCK_BYTES && bytes <= DISK_BLOCK_MAX && !(bytes & (bytes - 1));
}

int super_read(struct super *super, struct device *device, char ret_reason[FS_REASON_BYTES])
{
	unsigned char disk[sizeof(struct disk_super_v3)];
	struct claims claims;
	int error;

	memset(super, 0, sizeof(*super));
	if (device->bytes < DISK_SUPER_OFFSET + sizeof(disk))
		return refuse(ret_reason, device,
			      "%llu bytes are too few for a MINIX file system (make one with "
			      "mkfs.minix -3)",
			      (unsigned long long)device->bytes);
	error = device->ops->read(device, DISK_SUPER_OFFSET, disk, sizeof(disk));
	if (error) {
		refuse(ret_reason, device, "the super block cannot be read: %s",
		       dvk_strerror(error));
		return error;
	}
	super->format = claims_of(disk, &claims);
	if (!super->format)
		return refuse(ret_reason, device,
			      "no MINIX file system: there is no magic number of V1, V2 or V3 in "
			      "its super block (make one with mkfs.minix -3)");
	if (!is_block_size(claims.block_bytes))
		return refuse(ret_reason, device, "blocks of %u bytes; 1024, 2048 or 4096 expected",
			      claims.block_bytes);
	if (claims.log_zone > DISK_LOG_ZONE_MAX)
		return refuse(ret_reason, device, "log_zone_size is %u; 0 to %u expected",
			      claims.log_zone, DISK_LOG_ZONE_MAX);
	lay_out(super, &claims);
	super->read_only = device->read_only;
	return check(super, &claims, device, ret_reason);
}

uint32_t super_zone_bytes(const struct super *super)
{
	return super->block_bytes << super->log_zone;
}
