/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * disk.c - see disk.h.
 */
#include "disk.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <dvk/errors.h>

#include "input.h"

#define BIG_BYTES (20 << 10)

static struct disk *disk_of(struct device *device)
{
	return &((struct disk_device *)device)->disk;
}

static int device_read(struct device *device, uint64_t offset, void *ret_data, size_t bytes)
{
	struct disk *disk = disk_of(device);

	if (offset > disk->size || bytes > disk->size - offset)
		return EDVSRANGE;
	memcpy(ret_data, disk->bytes + offset, bytes);
	return 0;
}

static int device_write(struct device *device, const struct image_piece *pieces, int count)
{
	struct disk *disk = disk_of(device);

	/* FS knows how large its device is, whatever the super block says. */
	for (int i = 0; i < count; i++) {
		MUST(pieces[i].offset <= disk->size);
		MUST(pieces[i].bytes <= disk->size - pieces[i].offset);
		memcpy(disk->bytes + pieces[i].offset, pieces[i].data, pieces[i].bytes);
	}
	return 0;
}

static int device_flush(struct device *device)
{
	(void)device;
	return 0;
}

static const struct device_ops ops = {
	.read = device_read,
	.write = device_write,
	.commit = device_write,
	.flush = device_flush,
	.close = device_flush,
};

void disk_device_init(struct disk_device *device, const struct disk *disk, bool mapped)
{
	device->disk = *disk;
	device->device = (struct device){ .ops = &ops, .name = "disk", .bytes = disk->size };
	device->device.map = mapped ? disk->bytes : NULL;
}

static int move(struct transfer *transfer, uint64_t offset, void *data, size_t bytes)
{
	struct disk_transfer *memory = (struct disk_transfer *)transfer;

	if (memory->into_memory)
		memcpy(memory->bytes + offset, data, bytes);
	else
		memcpy(data, memory->bytes + offset, bytes);
	return 0;
}

void disk_transfer_init(struct disk_transfer *transfer, char *bytes, bool into_memory)
{
	*transfer = (struct disk_transfer){ { move }, bytes, into_memory };
}

static void put_file(struct process *process, const char *path, size_t bytes)
{
	char *data = calloc(1, bytes);
	struct disk_transfer memory;
	struct io io = { fs_open(process, path, O_CREAT | O_WRONLY, 0644), bytes, -1,
			 &memory.transfer };

	MUST(data && io.fd >= 0);
	disk_transfer_init(&memory, data, false);
	MUST(fs_write(process, &io) == (int64_t)bytes);
	MUST(fs_close(process, io.fd) == 0);
	free(data);
}

static void fill(const struct disk *disk)
{
	char reason[FS_REASON_BYTES] = "";
	struct disk_device device;
	struct process process;
	struct fs *fs;

	disk_device_init(&device, disk, true);
	MUST(fs_mount(&device.device, &fs, reason) == 0);
	MUST(process_init(&process, fs) == 0);
	MUST(fs_mkdir(&process, "/d", 0755) == 0 && fs_mkdir(&process, "/d/e", 0755) == 0);
	put_file(&process, "/d/file", 100);
	put_file(&process, "/big", BIG_BYTES);
	MUST(fs_symlink(&process, "/d", "/link") == 0);
	MUST(fs_link(&process, "/d/file", "/hard") == 0);
	process_deinit(&process);
	MUST(fs_unmount(fs) == 0);
}

void disk_make(const char *options, unsigned int kib, struct disk *ret_disk)
{
	const char *path = fuzz_path("disk");
	struct disk disk = { malloc((size_t)kib << 10), (size_t)kib << 10 };
	char command[8192];
	int fd;

	snprintf(command, sizeof(command),
		 "truncate -s %uK '%s' && PATH=$PATH:/sbin:/usr/sbin mkfs.minix %s '%s' >/dev/null",
		 kib, path, options, path);
	MUST(disk.bytes && system(command) == 0);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	MUST(fd >= 0 && read(fd, disk.bytes, disk.size) == (ssize_t)disk.size);
	close(fd);
	unlink(path);
	fill(&disk);
	*ret_disk = disk;
}
