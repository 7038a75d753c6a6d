/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * disk.h - images made by mkfs.minix and filled through FS, and a device in memory.
 */
#ifndef TESTS_FUZZ_DISK_H
#define TESTS_FUZZ_DISK_H

#include "fs/operations.h"

struct disk {
	unsigned char *bytes;
	size_t size;
};

/*
 * An image of that many KiB with some files in it, in memory of the caller's:
 * /d/e, /d/file, /big (with indirect zones), /link, /hard.
 */
void disk_make(const char *options, unsigned int kib, struct disk *ret_disk);

/* A device over bytes that live as long; mapped: FS reads through its map. */
struct disk_device {
	struct device device;
	struct disk disk;
};
void disk_device_init(struct disk_device *device, const struct disk *disk, bool mapped);

/* Moves between a file and memory. */
struct disk_transfer {
	struct transfer transfer;
	char *bytes;
	bool into_memory;
};
void disk_transfer_init(struct disk_transfer *transfer, char *bytes, bool into_memory);

#endif
