/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fixture.h - a file system on a fresh image in a temporary directory.
 *
 * The image is made by mkfs.minix and judged by fsck.minix; everything goes away
 * with fixture_deinit().
 */
#ifndef TESTS_FS_FIXTURE_H
#define TESTS_FS_FIXTURE_H

#include "fs/operations.h"

struct fixture {
	char folder[64];
	char image[96];
	struct device *device;
	struct fs *fs;
	struct process process; /* the superuser, at the root */
	bool unmapped;          /* set it to mount without the map, as from far away */
};

/* An image of that many KiB, made by "mkfs.minix OPTIONS IMAGE", mounted. */
void fixture_init(struct fixture *fixture, const char *options, unsigned int kib);
void fixture_deinit(struct fixture *fixture);
/* Only the folder and the image, not mounted. */
void fixture_make_image(struct fixture *fixture, const char *options, unsigned int kib);
void fixture_mount(struct fixture *fixture);
void fixture_unmount(struct fixture *fixture);
/*
 * An image of V3 with these sizes, which mkfs.minix does not make and fsck.minix
 * does not read.
 */
void fixture_make_unusual(struct fixture *fixture, uint32_t block_bytes, uint32_t log_zone);
/* Every zone and inode that is taken belongs to somebody, exactly once. While mounted. */
void fixture_check_accounts(struct fixture *fixture);
/* fsck.minix -f finds nothing wrong. Not while it is mounted. */
void fixture_check_clean(const struct fixture *fixture);
/* Runs a command line; its exit status. */
int run_command(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Moves between a file and memory. */
struct memory_transfer {
	struct transfer transfer;
	char *bytes;
	bool into_memory;
};
int64_t read_at(struct process *process, int fd, void *bytes, size_t count, int64_t position);
int64_t write_at(struct process *process, int fd, const void *bytes, size_t count,
		 int64_t position);
/* Makes a file with that text. */
void put_text(struct process *process, const char *path, const char *text);

#endif
