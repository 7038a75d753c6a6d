/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fs.c - FS called by a task of its own MUK, beside the system calls on tmpfs.
 *
 * The image is a file on /dev/shm, so both sides keep their bytes in the page
 * cache. fs.pwrite4k goes over 4 MiB again and again, as its peer does.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <dvk/dvk.h>
#include <protocol/fs.h>

#include "bench.h"
#include "fs/fs.h"
#include "rdisk/rdisk.h"
#include "runtime/task.h"
#include "server/server.h"
#include "systask/systask.h"

#define BENCH_DCID  62
#define FILE_BYTES  (4 << 20)
#define PIECE_BYTES 4096
#define TRIPS       50000

static char folder[] = "/dev/shm/muk-bench-fs-XXXXXX";
static char host_file[64];
static char buffer[PIECE_BYTES];
static int host_fd, fs_fd;

static void must(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "fs bench: %s failed\n", what);
	exit(1);
}

static void ours_open_close(long i)
{
	struct fs_open_reply reply;

	(void)i;
	must(fs_call_open(FS_PROC_NR, "/file", 0, 0, &reply) == 0, "open");
	must(fs_call_close(FS_PROC_NR, reply.fd) == 0, "close");
}

static void host_open_close(long i)
{
	int fd = open(host_file, O_RDONLY);

	(void)i;
	must(fd >= 0 && close(fd) == 0, "host open");
}

static void ours_stat(long i)
{
	struct fs_stat status;

	(void)i;
	must(fs_call_stat(FS_PROC_NR, "/file", &status, sizeof(status)) == 0, "stat");
}

static void host_stat(long i)
{
	struct stat status;

	(void)i;
	must(stat(host_file, &status) == 0, "host stat");
}

static off_t place(long i)
{
	return (i * 37 * PIECE_BYTES) % FILE_BYTES;
}

static void ours_pread(long i)
{
	struct fs_pread_reply reply;

	must(fs_call_pread(FS_PROC_NR, fs_fd, place(i), buffer, PIECE_BYTES, &reply) == 0, "pread");
}

static void host_pread(long i)
{
	must(pread(host_fd, buffer, PIECE_BYTES, place(i)) == PIECE_BYTES, "host pread");
}

static void ours_pwrite(long i)
{
	struct fs_pwrite_reply reply;

	must(fs_call_pwrite(FS_PROC_NR, fs_fd, place(i), buffer, PIECE_BYTES, &reply) == 0,
	     "pwrite");
}

static void host_pwrite(long i)
{
	must(pwrite(host_fd, buffer, PIECE_BYTES, place(i)) == PIECE_BYTES, "host pwrite");
}

static double time_ns(void (*function)(long i))
{
	int64_t began;

	for (long i = 0; i < TRIPS / 10; i++)
		function(i);
	began = bench_now_ns();
	for (long i = 0; i < TRIPS; i++)
		function(i);
	return (double)(bench_now_ns() - began) / TRIPS;
}

static void measure(const char *name, void (*ours)(long i), void (*host)(long i))
{
	struct bench_result r = { name, 0, "ns", "less", "tmpfs", 0 };

	r.value = time_ns(ours);
	r.peer_value = time_ns(host);
	bench_print(&r);
}

static void fill_files(void)
{
	struct fs_creat_reply creat_reply;
	struct fs_open_reply reply;

	must(fs_call_creat(FS_PROC_NR, "/file", 0644, &creat_reply) == 0, "creat");
	must(fs_call_open(FS_PROC_NR, "/file", O_RDWR, 0, &reply) == 0, "open");
	fs_fd = reply.fd;
	host_fd = open(host_file, O_RDWR | O_CREAT, 0644);
	memset(buffer, 'x', sizeof(buffer));
	for (long i = 0; i < FILE_BYTES / PIECE_BYTES; i++) {
		ours_pwrite(i);
		host_pwrite(i);
	}
	must(fs_call_sync(FS_PROC_NR) == 0, "sync");
}

static struct server *start(const struct server_type *type, const void *config)
{
	struct server_options options = { .nr = type->nr, .config = config };
	struct server *server;

	must(server_start(type, &options, &server) == 0, type->name);
	return server;
}

static void run(void *argument)
{
	struct systask_config systask = { .dir = folder };
	struct rdisk_config *rdisk = calloc(1, sizeof(*rdisk));
	struct fs_config *fs = calloc(1, sizeof(*fs));
	struct server *servers[3];

	(void)argument;
	rdisk->count = fs->count = 1;
	rdisk->devices[0] =
		(struct rdisk_device_config){ .major = 3, .type = RDISK_FILE_IMAGE, .active = 1 };
	snprintf(rdisk->devices[0].image_file, RDISK_NAME_BYTES, "%s/disk.img", folder);
	fs->devices[0] =
		(struct fs_device_config){ .major = 3, .type = FS_RDISK_IMG, .root_dev = 1 };
	fs->rdisk_ep = RDISK_PROC_NR;
	servers[0] = start(&server_type_systask, &systask);
	servers[1] = start(&server_type_rdisk, rdisk);
	servers[2] = start(&server_type_fs, fs);
	fill_files();
	measure("fs.open_close", ours_open_close, host_open_close);
	measure("fs.stat", ours_stat, host_stat);
	measure("fs.pread4k", ours_pread, host_pread);
	measure("fs.pwrite4k", ours_pwrite, host_pwrite);
	for (int i = 2; i >= 0; i--)
		must(server_stop(servers[i], 5000) == 0, "stop");
	free(rdisk);
	free(fs);
}

static int make_image(void)
{
	char command[256];

	snprintf(command, sizeof(command),
		 "PATH=$PATH:/sbin:/usr/sbin; truncate --size 32M %s/disk.img && "
		 "mkfs.minix -3 %s/disk.img >/dev/null",
		 folder, folder);
	return system(command);
}

int main(void)
{
	struct task_options task = { .name = "bench", .nr = NONE };
	struct dvk_options options = { .dir = folder, .flags = DVK_CREATE };
	char command[64];

	must(mkdtemp(folder) != NULL && make_image() == 0, "making an image");
	snprintf(host_file, sizeof(host_file), "%s/file", folder);
	bench_pin(0);
	must(dvk_open(BENCH_DCID, &options) == 0, "dvk_open");
	must(runtime_run(RUNTIME_COROUTINES, &task, run, NULL) == 0, "the runtime");
	dvk_close();
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command);
}
