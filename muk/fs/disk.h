/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * disk.h - the MINIX file system as it lies on the disk: V1, V2 and V3.
 *
 * Block 0 is the boot block; the super block is at byte 1024 whatever the block
 * size; then, from block 2: the bitmap of inodes, the bitmap of zones, the inodes,
 * the data. Bit 0 of both bitmaps is taken; bit b of the zones' is zone
 * s_firstdatazone - 1 + b. All numbers are little-endian, as our machines are.
 */
#ifndef MUK_FS_DISK_H
#define MUK_FS_DISK_H

#include <assert.h>
#include <stdint.h>

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the format is read as it lies");

#define DISK_SUPER_OFFSET 1024
#define DISK_FIRST_BITMAP 2 /* block */
#define DISK_ROOT_INODE   1
#define DISK_BLOCK_BYTES  1024 /* of V1 and V2; of V3 when the super block has 0 */
#define DISK_BLOCK_MAX    4096
#define DISK_DIRECT_ZONES 7
#define DISK_ZONES_MAX    10 /* zone numbers in an inode */
#define DISK_NAME_MAX     60
#define DISK_LOG_ZONE_MAX 10
#define DISK_FILE_MAX     0x7fffffffu

#define DISK_MAGIC_V1      0x137f /* names of 14 bytes */
#define DISK_MAGIC_V1_LONG 0x138f /* names of 30 bytes */
#define DISK_MAGIC_V2      0x2468
#define DISK_MAGIC_V2_LONG 0x2478
#define DISK_MAGIC_V3      0x4d5a

struct disk_super_v2 { /* V1 and V2 */
	uint16_t s_ninodes;
	uint16_t s_nzones; /* V1's */
	uint16_t s_imap_blocks;
	uint16_t s_zmap_blocks;
	uint16_t s_firstdatazone;
	uint16_t s_log_zone_size; /* a zone has 2^this blocks */
	uint32_t s_max_size;
	uint16_t s_magic;
	uint16_t s_state;
	uint32_t s_zones; /* V2's */
};

struct disk_super_v3 {
	uint32_t s_ninodes;
	uint16_t s_pad0;
	uint16_t s_imap_blocks;
	uint16_t s_zmap_blocks;
	uint16_t s_firstdatazone;
	uint16_t s_log_zone_size;
	uint16_t s_pad1;
	uint32_t s_max_size;
	uint32_t s_zones;
	uint16_t s_magic;
	uint16_t s_pad2;
	uint16_t s_blocksize;
	uint8_t s_disk_version;
	uint8_t s_pad3;
};

struct disk_inode_v1 {
	uint16_t i_mode;
	uint16_t i_uid;
	uint32_t i_size;
	uint32_t i_time;
	uint8_t i_gid;
	uint8_t i_nlinks;
	uint16_t i_zone[9];
};

struct disk_inode_v2 { /* V2 and V3 */
	uint16_t i_mode;
	uint16_t i_nlinks;
	uint16_t i_uid;
	uint16_t i_gid;
	uint32_t i_size;
	uint32_t i_atime;
	uint32_t i_mtime;
	uint32_t i_ctime;
	uint32_t i_zone[DISK_ZONES_MAX]; /* 7 direct, single, double, triple indirect */
};

static_assert(sizeof(struct disk_super_v2) == 24, "super block of V1, V2");
static_assert(sizeof(struct disk_super_v3) == 32, "super block of V3");
static_assert(sizeof(struct disk_inode_v1) == 32, "inode of V1");
static_assert(sizeof(struct disk_inode_v2) == 64, "inode of V2, V3");

#endif
