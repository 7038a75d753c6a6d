/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fixture.c - see fixture.h.
 */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fs/fs.h"
#include "systask/systask.h"

struct world world;
struct nweb_config nweb;
int port;
char *large;
static struct fs_config fs;
static struct systask_config systask;
static struct world near_world; /* of NWEB, when FS is far: the same DC */

void store(const char *path, const char *data, size_t bytes)
{
	struct fs_pwrite_reply put = { 0 };
	struct fs_open_reply opened = { 0 };

	assert_int_equal(fs_call_open(FS_PROC_NR, path,
				      FS_OPEN_WRONLY | FS_OPEN_CREAT | FS_OPEN_TRUNC, 0644,
				      &opened),
			 0);
	for (size_t done = 0; done < bytes; done += put.bytes)
		assert_int_equal(
			fs_call_pwrite(FS_PROC_NR, opened.fd, (int64_t)done, data + done,
				       bytes - done > 1 << 20 ? 1 << 20 : (uint32_t)(bytes - done),
				       &put),
			0);
	assert_int_equal(fs_call_close(FS_PROC_NR, opened.fd), 0);
}

static void fill(void)
{
	static const char *const folders[] = { "/www", "/www/sub", "/www/empty" };

	for (size_t i = 0; i < 3; i++)
		assert_int_equal(fs_call_mkdir(FS_PROC_NR, folders[i], 0755), 0);
	store("/secret", "secret", 6);
	store("/www/index.html", "<p>home</p>", 11);
	store("/www/sub/index.html", "<p>sub</p>", 10);
	store("/www/a b.txt", "blank", 5);
	store("/www/nothing.css", "", 0);
	assert_int_equal(fs_call_utime(FS_PROC_NR, "/www/index.html", 1000000, 784111777), 0);
	large = malloc(LARGE_BYTES);
	assert_non_null(large);
	for (size_t i = 0; i < LARGE_BYTES; i++)
		large[i] = (char)(i * 2654435761u >> 17);
	store("/www/large.bin", large, LARGE_BYTES);
	store("/www/private", "private", 7);
	assert_int_equal(fs_call_chmod(FS_PROC_NR, "/www/private", 0640), 0);
	store("/www/own", "own", 3);
	assert_int_equal(fs_call_chmod(FS_PROC_NR, "/www/own", 0400), 0);
	assert_int_equal(fs_call_chown(FS_PROC_NR, "/www/own", WEB_UID, 0), 0);
	assert_int_equal(fs_call_mkdir(FS_PROC_NR, "/www/closed", 0750), 0);
	store("/www/closed/page", "closed", 6);
	assert_int_equal(fs_call_mknod(FS_PROC_NR, "/www/fifo", 010644, 0), 0);
}

int set_up(void **state)
{
	static const struct shape usual = { RUNTIME_COROUTINES, 0 };
	const struct shape *shape = *state ? *state : &usual;
	const struct world_server servers[] = { { &server_type_systask, &systask },
						{ &server_type_fs, &fs },
						{ shape->far ? NULL : &server_type_nweb, &nweb },
						{ NULL, NULL } };
	const struct world_server web[] = { { &server_type_nweb, &nweb }, { NULL, NULL } };
	struct nweb_status_reply status = { 0 };

	world_init(&world);
	world_make_image(&world, "disk", "-3", 40);
	systask.dir = world.dir;
	fs = (struct fs_config){ .count = 1 };
	fs.devices[0] = (struct fs_device_config){ .major = 3, .type = FS_FILE_IMG, .root_dev = 1 };
	snprintf(fs.devices[0].filename, FS_NAME_BYTES, "%s", world_path(&world, "disk"));
	nweb = (struct nweb_config){
		.endpoint = NWEB_PROC_NR, .uid = WEB_UID, .gid = NWEB_USER, .fs_ep = FS_PROC_NR
	};
	snprintf(nweb.rootdir, sizeof(nweb.rootdir), "/www");
	snprintf(nweb.log_file, sizeof(nweb.log_file), "%s", world_path(&world, "log"));
	world_boot(&world, shape->kind, servers);
	near_world = (struct world){ 0 };
	if (shape->far) {
		memcpy(near_world.dir, world.dir, sizeof(world.dir));
		assert_int_equal(world_start(&near_world, shape->kind, web), 0);
	}
	fill();
	assert_int_equal(nweb_call_status(NWEB_PROC_NR, &status), 0);
	port = status.port;
	assert_in_range(port, 1, 65535);
	return 0;
}

int tear_down(void **state)
{
	(void)state;
	if (near_world.pid) {
		int status;

		close(near_world.stop_fd);
		assert_int_equal(waitpid(near_world.pid, &status, 0), near_world.pid);
		assert_int_equal(status, 0);
	}
	world_stop(&world);
	world_check_image(&world, "disk");
	world_deinit(&world);
	free(large);
	return 0;
}
