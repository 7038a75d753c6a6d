/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * target_image.c - FS on an image in which anything may stand: V1, V2, V3.
 *
 * Mounts it or says why not; then walks all of it and changes it. All come back,
 * nothing is read or written outside of the device (disk.c looks), and what FS
 * has written can be mounted again or is refused in words.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <dvk/errors.h>

#include "disk.h"
#include "fs/disk.h"
#include "input.h"

#define KIB       128
#define CHANGES   24
#define STEPS     24
#define NAMES_MAX 64 /* that one walk follows */

static struct disk disks[3], work;
static char memory[64 << 10];

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	disk_make("-1 -n 14 -i 32", KIB, &disks[0]);
	disk_make("-2 -i 32", KIB, &disks[1]);
	disk_make("-3 -i 32", KIB, &disks[2]);
	work.size = disks[0].size;
	work.bytes = malloc(work.size);
	MUST(work.bytes);
	return 0;
}

/* ---- spoiling ---------------------------------------------------------------- */

/* Where things are: super block, bitmaps, inodes, the directories behind them. */
static size_t take_place(struct input *in)
{
	static const size_t first[] = { DISK_SUPER_OFFSET, 2048, 4096, 6144, 0 };
	static const size_t room[] = { 32, 2048, 2048, 4096, KIB << 10 };
	uint32_t where = take_below(in, 5);

	return first[where] + take_below(in, (uint32_t)room[where]);
}

static void spoil(struct input *in)
{
	uint32_t changes = take_below(in, CHANGES);

	for (uint32_t i = 0; i < changes && in->left; i++) {
		size_t at = take_place(in), bytes = (size_t)1 << take_below(in, 4);
		uint64_t number = take_number(in);

		if (at + bytes <= work.size)
			memcpy(work.bytes + at, &number, bytes);
	}
}

/* ---- walking ----------------------------------------------------------------- */

struct names {
	struct entries entries;
	int count;
	char paths[NAMES_MAX][FS_PATH_MAX];
	const char *folder;
};

static struct names names;

static int add_name(struct entries *entries, const struct entry *entry)
{
	struct names *all = (struct names *)entries;

	if (all->count == NAMES_MAX)
		return 1;
	if (strcmp(entry->name, ".") != 0 && strcmp(entry->name, "..") != 0)
		snprintf(all->paths[all->count++], FS_PATH_MAX, "%.500s/%.200s", all->folder,
			 entry->name);
	return 0;
}

static void read_all(struct process *process, int fd)
{
	struct disk_transfer transfer;
	struct io io = { fd, sizeof(memory), -1, &transfer.transfer };

	disk_transfer_init(&transfer, memory, true);
	for (int i = 0; i < 3; i++)
		if (fs_read(process, &io) <= 0)
			break;
}

static void visit(struct process *process, const char *path)
{
	char text[FS_PATH_MAX];
	struct stat status;
	int fd;

	if (fs_stat(process, path, 0, &status) == 0 && S_ISLNK(status.st_mode))
		(void)fs_readlink(process, path, text, sizeof(text));
	fd = fs_open(process, path, O_RDONLY, 0);
	if (fd < 0)
		return;
	names.folder = path;
	if (fs_getdents(process, fd, &names.entries) < 0)
		read_all(process, fd);
	(void)fs_close(process, fd);
}

static void walk(struct process *process)
{
	names.count = 0;
	names.entries.each = add_name;
	visit(process, "/");
	for (int i = 0; i < names.count; i++)
		visit(process, names.paths[i]);
}

/* ---- changing ---------------------------------------------------------------- */

static const char *take_path(struct input *in)
{
	static const char *const own[] = { "/new", "/d/new", "/d/e/new", "/d/e/../x", "/link/y" };
	uint8_t how = (uint8_t)take(in, 1);

	if (how % 2 || !names.count)
		return own[how / 2 % 5];
	return names.paths[how / 2 % (uint32_t)names.count];
}

static void write_file(struct process *process, struct input *in)
{
	struct disk_transfer transfer;
	struct io io = { fs_open(process, take_path(in), O_CREAT | O_RDWR, 0644),
			 take_below(in, sizeof(memory)), (int64_t)take_number(in),
			 &transfer.transfer };
	const void *address;

	if (io.fd < 0)
		return;
	disk_transfer_init(&transfer, memory, false);
	(void)fs_write(process, &io);
	transfer.into_memory = true;
	(void)fs_read(process, &io);
	(void)fs_map(process, &io, &address);
	(void)fs_ftruncate(process, io.fd, (int64_t)take_number(in));
	(void)fs_close(process, io.fd);
}

static void change(struct process *process, struct input *in)
{
	struct stat status;
	const char *path = take_path(in);

	switch (take_below(in, 12)) {
	case 0:
	case 1:
	case 2:
		write_file(process, in);
		break;
	case 3:
		(void)fs_mkdir(process, path, 0755);
		break;
	case 4:
		(void)fs_unlink(process, path);
		break;
	case 5:
		(void)fs_rmdir(process, path);
		break;
	case 6:
		(void)fs_rename(process, path, take_path(in));
		break;
	case 7:
		(void)fs_link(process, path, take_path(in));
		break;
	case 8:
		(void)fs_symlink(process, path, take_path(in));
		break;
	case 9:
		(void)fs_truncate(process, path, (int64_t)take_number(in));
		break;
	case 10:
		(void)fs_chdir(process, path);
		(void)fs_getcwd(process, memory, sizeof(memory));
		break;
	default:
		(void)fs_stat(process, path, PATH_FOLLOW, &status);
		(void)fs_chmod(process, path, (mode_t)take(in, 2));
	}
}

static int mount(struct disk_device *device, struct fs **ret_fs)
{
	char reason[FS_REASON_BYTES] = "";
	int error = fs_mount(&device->device, ret_fs, reason);

	MUST(!error || error == EDVSNOMEM || reason[0]);
	return error;
}

static void use(struct disk_device *device, struct input *in)
{
	struct process process;
	struct fs *fs;

	if (mount(device, &fs) != 0)
		return;
	if (process_init(&process, fs) == 0) {
		walk(&process);
		for (int i = 0; i < STEPS && in->left; i++)
			change(&process, in);
		(void)fs_commit(fs);
		walk(&process);
		process_deinit(&process);
	}
	(void)fs_unmount(fs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	uint32_t which = take_below(&in, 6);
	struct disk_device device;

	memcpy(work.bytes, disks[which / 2].bytes, work.size);
	spoil(&in);
	disk_device_init(&device, &work, which % 2);
	use(&device, &in);
	use(&device, &in);
	return 0;
}
