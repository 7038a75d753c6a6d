/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fixture.c - see fixture.h.
 */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rdisk/rdisk.h"
#include "systask/systask.h"

struct world world;
static struct rdisk_config rdisk;
static struct fs_config fs;
static struct m3ftp_config m3ftp;

int set_up(void **state)
{
	return set_up_with(state, NULL);
}

int set_up_with(void **state, const struct server_type *more)
{
	static const struct shape usual = { RUNTIME_COROUTINES, FS_RDISK_IMG, "-3" };
	const struct shape *shape = *state ? *state : &usual;
	struct systask_config systask = { .dir = world.dir };
	const struct world_server servers[] = { { &server_type_systask, &systask },
						{ &server_type_rdisk, &rdisk },
						{ &server_type_fs, &fs },
						{ &server_type_m3ftp, &m3ftp },
						{ more, NULL },
						{ NULL, NULL } };

	world_init(&world);
	world_make_image(&world, "disk", shape->mkfs, IMAGE_MIB);
	world_make_image(&world, "spare", "-3", 1);
	rdisk = (struct rdisk_config){ .count = 1 };
	rdisk.devices[0] =
		(struct rdisk_device_config){ .type = RDISK_FILE_IMAGE, .active = 1, .major = 3 };
	snprintf(rdisk.devices[0].image_file, RDISK_NAME_BYTES, "%s",
		 world_path(&world, shape->fs_type == FS_RDISK_IMG ? "disk" : "spare"));
	fs = (struct fs_config){ .count = 1, .rdisk_ep = RDISK_PROC_NR };
	fs.devices[0] =
		(struct fs_device_config){ .major = 3, .type = shape->fs_type, .root_dev = 1 };
	snprintf(fs.devices[0].filename, FS_NAME_BYTES, "%s", world_path(&world, "disk"));
	m3ftp = (struct m3ftp_config){ .endpoint = M3FTP_PROC_NR, .fs_ep = FS_PROC_NR };
	world_boot(&world, shape->kind, servers);
	return 0;
}

int tear_down(void **state)
{
	(void)state;
	if (world.pid) {
		world_stop(&world);
		world_check_image(&world, "disk");
	}
	world_deinit(&world);
	return 0;
}

int make_source(size_t bytes, unsigned int seed)
{
	int fd = memfd_create("source", MFD_CLOEXEC);
	unsigned char *data = malloc(bytes + 1);

	assert_true(fd >= 0);
	assert_non_null(data);
	for (size_t i = 0; i < bytes; i++)
		data[i] = (unsigned char)((i + seed) * 2654435761u >> 11);
	assert_int_equal(write(fd, data, bytes), bytes);
	lseek(fd, 0, SEEK_SET);
	free(data);
	return fd;
}

int put(const char *path, int fd, struct m3ftp_result *ret_result)
{
	const struct m3ftp_job job = { .path = path, .fd = fd, .mode = 0644 };

	return m3ftp_put(M3FTP_PROC_NR, &job, ret_result);
}

int fetch(const char *path, size_t bytes, unsigned int seed)
{
	int source = make_source(bytes, seed), fd = memfd_create("got", MFD_CLOEXEC), error;
	const struct m3ftp_job job = { .path = path, .fd = fd };
	char *a = malloc(bytes + 1), *b = malloc(bytes + 1);
	struct m3ftp_result result;

	error = m3ftp_get(M3FTP_PROC_NR, &job, &result);
	if (!error && (result.bytes != bytes || !S_ISREG(result.mode) || !a || !b ||
		       pread(source, a, bytes, 0) != (ssize_t)bytes ||
		       pread(fd, b, bytes + 1, 0) != (ssize_t)bytes || memcmp(a, b, bytes)))
		error = EDVSGENERIC;
	free(a);
	free(b);
	close(source);
	close(fd);
	return error;
}

void fetch_and_compare(const char *path, size_t bytes, unsigned int seed)
{
	assert_int_equal(fetch(path, bytes, seed), 0);
}

int count_names(const char *path)
{
	char room[4096] __attribute__((aligned(8)));
	struct fs_getdents_reply got = { 0 };
	struct fs_open_reply opened = { 0 };
	int names = 0;

	assert_int_equal(fs_call_open(FS_PROC_NR, path, FS_OPEN_RDONLY, 0, &opened), 0);
	for (;;) {
		assert_int_equal(fs_call_getdents(FS_PROC_NR, opened.fd, room, sizeof(room), &got),
				 0);
		if (!got.bytes)
			break;
		names += (int)(got.bytes / sizeof(struct fs_dirent));
	}
	assert_int_equal(fs_call_close(FS_PROC_NR, opened.fd), 0);
	return names - 2;
}
