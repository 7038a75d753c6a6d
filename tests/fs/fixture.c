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
				     options, fixture->image), 0);
}

void fixture_mount(struct fixture *fixture)
{
	struct image_options options = { .kind = IMAGE_FILE, .filename = fixture->image };
	char reason[FS_REASON_BYTES] = "";
	int error = device_image_open(&options, &fixture->device, reason);

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

int64_t write_at(struct process *process, int fd, const void *bytes, size_t count,
		 int64_t position)
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
