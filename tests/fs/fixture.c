/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fixture.c - see fixture.h.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"

int run_command(const char *format, ...)
{
	char line[512];
	va_list arguments;
	int status;

	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	status = system(line);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

void fixture_make_image(struct fixture *fixture, const char *options, unsigned int kib)
{
	int fd;

	memset(fixture, 0, sizeof(*fixture));
	strcpy(fixture->folder, "/tmp/muk-fs-XXXXXX");
	assert_non_null(mkdtemp(fixture->folder));
	snprintf(fixture->image, sizeof(fixture->image), "%s/image", fixture->folder);
	fd = open(fixture->image, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, (off_t)kib << 10), 0);
	close(fd);
	assert_int_equal(run_command("PATH=$PATH:/sbin:/usr/sbin mkfs.minix %s %s >/dev/null",
				     options, fixture->image),
			 0);
}

static void set_bits(unsigned char *map, uint32_t from, uint32_t end)
{
	for (uint32_t bit = from; bit < end; bit++)
		map[bit / 8] |= (unsigned char)(1u << (bit % 8));
}

/* Boot block, super block, a block for each bitmap, the inodes, the root. */
void fixture_make_unusual(struct fixture *fixture, uint32_t block_bytes, uint32_t log_zone)
{
	const uint32_t bits = block_bytes * 8, inodes = 2048, inode_block = 4;
	uint32_t zone_bytes = block_bytes << log_zone;
	uint32_t data = inode_block * block_bytes + inodes * sizeof(struct disk_inode_v2);
	struct disk_super_v3 super = {
		.s_ninodes = inodes,
		.s_imap_blocks = 1,
		.s_zmap_blocks = 1,
		.s_firstdatazone = (uint16_t)((data + zone_bytes - 1) / zone_bytes),
		.s_log_zone_size = (uint16_t)log_zone,
		.s_max_size = DISK_FILE_MAX,
		.s_zones = bits - 1,
		.s_magic = DISK_MAGIC_V3,
		.s_blocksize = (uint16_t)block_bytes,
	};
	struct disk_inode_v2 root = {
		.i_mode = S_IFDIR | 0755,
		.i_nlinks = 2,
		.i_size = 128,
		.i_zone = { super.s_firstdatazone },
	};
	unsigned char *head = calloc(inode_block + 1, block_bytes);
	unsigned char entries[128] = { 1, 0, 0, 0, '.' };
	int fd;

	fixture_make_image(fixture, "-3", 1024);
	memcpy(head + DISK_SUPER_OFFSET, &super, sizeof(super));
	set_bits(head + 2 * block_bytes, 0, 2);
	set_bits(head + 2 * block_bytes, inodes + 1, bits);
	set_bits(head + 3 * block_bytes, 0, 2);
	set_bits(head + 3 * block_bytes, super.s_zones - super.s_firstdatazone + 1, bits);
	memcpy(head + inode_block * block_bytes, &root, sizeof(root));
	memcpy(entries + 64, (unsigned char[]){ 1, 0, 0, 0, '.', '.' }, 6);
	fd = open(fixture->image, O_RDWR | O_TRUNC | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, (off_t)super.s_zones * zone_bytes), 0);
	assert_true(pwrite(fd, head, (size_t)(inode_block + 1) * block_bytes, 0) > 0);
	assert_int_equal(pwrite(fd, entries, 128, (off_t)super.s_firstdatazone * zone_bytes), 128);
	close(fd);
	free(head);
}

void fixture_check_accounts(struct fixture *fixture)
{
	const struct super *super = &fixture->fs->super;
	uint64_t zones = 0;
	uint32_t used = 0;

	for (uint32_t nr = 1; nr <= super->ninodes; nr++) {
		struct inode *ip;

		if (bitmap_next_inode(fixture->fs, nr) != nr)
			continue;
		assert_int_equal(inode_get(fixture->fs, nr, &ip), 0);
		if (S_ISREG(ip->mode) || S_ISDIR(ip->mode) || S_ISLNK(ip->mode)) {
			ip->nr_zones = -1;
			zone_count(ip);
			zones += (uint64_t)ip->nr_zones;
		}
		inode_put(ip);
		used++;
	}
	assert_int_equal(used, super->ninodes - super->free_inodes);
	assert_int_equal(zones, super->zones - super->first_zone - super->free_zones);
	assert_false(super->corrupt);
}

void fixture_mount(struct fixture *fixture)
{
	struct image_options options = { .kind = IMAGE_FILE, .filename = fixture->image };
	char reason[FS_REASON_BYTES] = "";
	int error = device_image_open(&options, &fixture->device, reason);

	if (!error && fixture->unmapped)
		fixture->device->map = NULL;
	if (!error)
		error = fs_mount(fixture->device, &fixture->fs, reason);
	if (error)
		fail_msg("%d: %s", error, reason);
	assert_int_equal(process_init(&fixture->process, fixture->fs), 0);
}

void fixture_unmount(struct fixture *fixture)
{
	process_deinit(&fixture->process);
	assert_int_equal(fs_unmount(fixture->fs), 0);
	assert_int_equal(fixture->device->ops->close(fixture->device), 0);
	fixture->fs = NULL;
}

void fixture_init(struct fixture *fixture, const char *options, unsigned int kib)
{
	fixture_make_image(fixture, options, kib);
	fixture_mount(fixture);
}

void fixture_check_clean(const struct fixture *fixture)
{
	int status = run_command("PATH=$PATH:/sbin:/usr/sbin fsck.minix -f %s >%s/fsck 2>&1",
				 fixture->image, fixture->folder);

	if (status) {
		run_command("head -20 %s/fsck >&2", fixture->folder);
		fail_msg("fsck.minix says %d", status);
	}
}

void fixture_deinit(struct fixture *fixture)
{
	if (fixture->fs)
		fixture_unmount(fixture);
	assert_int_equal(run_command("rm -rf %s", fixture->folder), 0);
}

static int move(struct transfer *transfer, uint64_t offset, void *data, size_t bytes)
{
	struct memory_transfer *memory = (struct memory_transfer *)transfer;

	if (memory->into_memory)
		memcpy(memory->bytes + offset, data, bytes);
	else
		memcpy(data, memory->bytes + offset, bytes);
	return 0;
}

int64_t read_at(struct process *process, int fd, void *bytes, size_t count, int64_t position)
{
	struct memory_transfer memory = { { move }, bytes, true };
	struct io io = { fd, count, position, &memory.transfer };

	return fs_read(process, &io);
}

int64_t write_at(struct process *process, int fd, const void *bytes, size_t count, int64_t position)
{
	struct memory_transfer memory = { { move }, (char *)(uintptr_t)bytes, false };
	struct io io = { fd, count, position, &memory.transfer };

	return fs_write(process, &io);
}

void put_text(struct process *process, const char *path, const char *text)
{
	int fd = fs_open(process, path, O_CREAT | O_WRONLY | O_TRUNC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write_at(process, fd, text, strlen(text), -1), (int64_t)strlen(text));
	assert_int_equal(fs_close(process, fd), 0);
}
