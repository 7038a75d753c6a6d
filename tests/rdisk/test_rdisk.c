/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_rdisk.c - RDISK's devices as a client of another process sees them.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../servers/world.h"
#include "protocol/rdisk.h"
#include "rdisk/rdisk.h"

#define FILE_BYTES 1000000
#define FILE_MINOR 0
#define MEM_MINOR  1
#define OFF_MINOR  2

static struct world world;
static struct rdisk_config config;
static unsigned char before[FILE_BYTES], now[FILE_BYTES];

static void write_file(const char *path, const void *data, size_t bytes)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, bytes), bytes);
	close(fd);
}

static void read_file(const char *path, void *ret_data, size_t bytes)
{
	int fd = open(path, O_RDONLY);

	assert_true(fd >= 0);
	assert_int_equal(read(fd, ret_data, bytes), bytes);
	close(fd);
}

static void add_device(int minor, int type, const char *name)
{
	struct rdisk_device_config *device = &config.devices[config.count++];

	*device = (struct rdisk_device_config){
		.major = 3, .minor = minor, .type = type, .buffer = 4096, .active = 1
	};
	if (name)
		snprintf(device->image_file, sizeof(device->image_file), "%s",
			 world_path(&world, name));
}

static int set_up(void **state)
{
	enum runtime_kind kind = *state ? *(enum runtime_kind *)*state : RUNTIME_COROUTINES;
	const struct world_server servers[] = { { &server_type_rdisk, &config }, { NULL, NULL } };

	world_init(&world);
	memset(&config, 0, sizeof(config));
	for (size_t i = 0; i < FILE_BYTES; i++)
		before[i] = (unsigned char)(i * 2654435761u >> 13);
	write_file(world_path(&world, "file"), before, FILE_BYTES);
	write_file(world_path(&world, "memory"), before, FILE_BYTES);
	add_device(FILE_MINOR, RDISK_FILE_IMAGE, "file");
	add_device(MEM_MINOR, RDISK_MEMORY_IMAGE, "memory");
	add_device(OFF_MINOR, RDISK_FILE_IMAGE, "nothing");
	config.devices[OFF_MINOR].active = 0;
	world_boot(&world, kind, servers);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	if (world.pid)
		world_stop(&world);
	world_deinit(&world);
	return 0;
}

static void reads_and_writes_end_at_the_end(void **state)
{
	static const struct {
		int minor;
		int64_t position;
		uint32_t bytes;
		int want;
		uint64_t want_bytes;
	} cases[] = {
		{ FILE_MINOR, 0, 1, 0, 1 },
		{ FILE_MINOR, 0, FILE_BYTES, 0, FILE_BYTES },
		{ MEM_MINOR, 5000, 300000, 0, 300000 },
		{ FILE_MINOR, FILE_BYTES - 10, 20, 0, 10 },
		{ MEM_MINOR, FILE_BYTES - 1, 1, 0, 1 },
		{ FILE_MINOR, FILE_BYTES, 1, 0, 0 },
		{ FILE_MINOR, INT64_MAX, 1, 0, 0 },
		{ FILE_MINOR, -1, 1, EDVSINVAL, 0 },
		{ OFF_MINOR, 0, 1, EDVSNXIO, 0 },
		{ 77, 0, 1, EDVSNXIO, 0 },
		{ -1, 0, 1, EDVSNXIO, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rdisk_write_reply put = { 0 };
		struct rdisk_read_reply got = { 0 };

		assert_int_equal(rdisk_call_read(RDISK_PROC_NR, cases[i].minor, cases[i].position,
						 now, cases[i].bytes, &got),
				 cases[i].want);
		assert_int_equal(got.bytes, cases[i].want_bytes);
		assert_memory_equal(now, before + (got.bytes ? cases[i].position : 0), got.bytes);
		assert_int_equal(rdisk_call_write(RDISK_PROC_NR, cases[i].minor, cases[i].position,
						  now, cases[i].bytes, &put),
				 cases[i].want);
		assert_int_equal(put.bytes, cases[i].want_bytes);
	}
}

static void what_is_written_is_read_and_kept(void **state)
{
	static const char *const names[] = { "file", "memory" };
	struct rdisk_write_reply put;
	struct rdisk_read_reply got;
	unsigned char *data = malloc(700000);

	(void)state;
	assert_non_null(data);
	memset(data, 0xa5, 700000);
	for (int minor = 0; minor < 2; minor++) {
		assert_int_equal(rdisk_call_open(RDISK_PROC_NR, minor, 0), 0);
		assert_int_equal(rdisk_call_write(RDISK_PROC_NR, minor, 1111, data, 700000, &put),
				 0);
		assert_int_equal(put.bytes, 700000);
		assert_int_equal(rdisk_call_read(RDISK_PROC_NR, minor, 0, now, FILE_BYTES, &got),
				 0);
		assert_memory_equal(now + 1111, data, 700000);
		assert_memory_equal(now, before, 1111);
		assert_memory_equal(now + 701111, before + 701111, FILE_BYTES - 701111);
		memset(now, 0, FILE_BYTES);
		read_file(world_path(&world, names[minor]), now, FILE_BYTES);
		/* Memory reaches the file when it is asked to, or at the end. */
		assert_int_equal(now[1111], minor == MEM_MINOR ? before[1111] : 0xa5);
		assert_int_equal(rdisk_call_close(RDISK_PROC_NR, minor), 0);
		assert_int_equal(rdisk_call_close(RDISK_PROC_NR, minor), EDVSINVAL);
	}
	assert_int_equal(rdisk_call_sync(RDISK_PROC_NR, MEM_MINOR), 0);
	read_file(world_path(&world, "memory"), now, FILE_BYTES);
	assert_memory_equal(now + 1111, data, 700000);
	free(data);
}

static const struct {
	int count;
	int64_t position;
	uint64_t piece_bytes;
	uint32_t table_bytes; /* 0: as many as count says */
	int want;
	uint64_t want_bytes;
} piece_cases[] = {
	{ 1, 0, 512, 0, 0, 512 },
	{ 64, 1024, 1024, 0, 0, 65536 },
	{ 65, 0, 16, 0, EDVSINVAL, 0 },
	{ 0, 0, 0, 0, 0, 0 },
	{ 2, 0, 16, 17, EDVSINVAL, 0 },
	{ 4, FILE_BYTES - 1000, 300, 0, 0, 1000 },
	{ 1, 0, 1ull << 40, 0, EDVSRANGE, 0 },
	{ 1, -5, 100, 0, EDVSINVAL, 0 },
};

static void pieces_follow_one_another(void **state)
{
	static unsigned char data[65 * 1024];

	(void)state;
	for (size_t i = 0; i < sizeof(piece_cases) / sizeof(piece_cases[0]); i++) {
		uint32_t bytes = piece_cases[i].table_bytes;
		struct rdisk_scatter_reply put = { 0 };
		struct rdisk_gather_reply got = { 0 };
		struct rdisk_iovec pieces[65];
		int error;

		for (int k = 0; k < piece_cases[i].count; k++)
			pieces[k] = (struct rdisk_iovec){
				dvk_address(data + (size_t)k * piece_cases[i].piece_bytes),
				piece_cases[i].piece_bytes
			};
		if (!bytes)
			bytes = (uint32_t)piece_cases[i].count * (uint32_t)sizeof(pieces[0]);
		memset(data, (int)i + 1, sizeof(data));
		error = rdisk_call_scatter(RDISK_PROC_NR, FILE_MINOR, piece_cases[i].position,
					   pieces, bytes, &put);
		assert_int_equal(error, piece_cases[i].want);
		assert_int_equal(put.bytes, piece_cases[i].want_bytes);
		memset(data, 0, sizeof(data));
		error = rdisk_call_gather(RDISK_PROC_NR, FILE_MINOR, piece_cases[i].position,
					  pieces, bytes, &got);
		assert_int_equal(error, piece_cases[i].want);
		assert_int_equal(got.bytes, piece_cases[i].want_bytes);
		for (size_t k = 0; k < sizeof(data); k++)
			assert_int_equal(data[k], k < got.bytes ? i + 1 : 0);
	}
}

static const struct {
	int at;
	struct rdisk_extent change;
	int want;
} bad_extents[] = {
	{ 2, { FILE_BYTES - 4, 0, 5 }, EDVSRANGE },
	{ 2, { -1, 0, 5 }, EDVSINVAL },
	{ 1, { 0, 0, 17 << 20 }, EDVSRANGE },
	{ 2, { 0, 8, 5 }, EDVSFAULT },
};

static void a_commit_is_all_or_nothing(void **state)
{
	static unsigned char data[10000];
	struct rdisk_extent extents[3] = {
		{ 100, dvk_address(data), 10 },
		{ 500000, dvk_address(data), 10000 },
		{ FILE_BYTES - 5, dvk_address(data), 5 },
	};
	struct rdisk_commit_reply done;
	struct rdisk_read_reply got;

	(void)state;
	memset(data, 0x5a, sizeof(data));
	for (size_t i = 0; i < sizeof(bad_extents) / sizeof(bad_extents[0]); i++) {
		struct rdisk_extent kept = extents[bad_extents[i].at];

		extents[bad_extents[i].at] = bad_extents[i].change;
		if (!bad_extents[i].change.address)
			extents[bad_extents[i].at].address = dvk_address(data);
		assert_int_equal(rdisk_call_commit(RDISK_PROC_NR, FILE_MINOR, extents,
						   sizeof(extents), &done),
				 bad_extents[i].want);
		extents[bad_extents[i].at] = kept;
		assert_int_equal(
			rdisk_call_read(RDISK_PROC_NR, FILE_MINOR, 0, now, FILE_BYTES, &got), 0);
		assert_memory_equal(now, before, FILE_BYTES);
	}
	assert_int_equal(
		rdisk_call_commit(RDISK_PROC_NR, FILE_MINOR, extents, sizeof(extents), &done), 0);
	assert_int_equal(done.bytes, 10015);
	for (int k = 0; k < 3; k++)
		memset(before + extents[k].position, 0x5a, extents[k].bytes);
	assert_int_equal(rdisk_call_read(RDISK_PROC_NR, FILE_MINOR, 0, now, FILE_BYTES, &got), 0);
	assert_memory_equal(now, before, FILE_BYTES);
}

static void geometry_and_map_are_told(void **state)
{
	struct rdisk_size_reply size;
	struct rdisk_map_reply map;

	(void)state;
	assert_int_equal(rdisk_call_size(RDISK_PROC_NR, MEM_MINOR, &size), 0);
	assert_int_equal(size.bytes, FILE_BYTES);
	assert_int_equal(size.block_bytes, 4096);
	assert_int_equal(rdisk_call_map(RDISK_PROC_NR, FILE_MINOR, &map), 0);
	assert_int_equal(map.bytes, FILE_BYTES);
	assert_int_equal(map.pid, world.pid);
	assert_int_equal(rdisk_call_size(RDISK_PROC_NR, OFF_MINOR, &size), EDVSNXIO);
	assert_int_equal(rdisk_call_map(RDISK_PROC_NR, 9, &map), EDVSNXIO);
}

static void a_bad_address_harms_nobody(void **state)
{
	struct rdisk_write_reply put;
	struct rdisk_read_reply got;

	(void)state;
	assert_int_equal(rdisk_call_read(RDISK_PROC_NR, 0, 0, (void *)8, 4096, &got), EDVSFAULT);
	assert_int_equal(rdisk_call_write(RDISK_PROC_NR, 0, 0, (void *)8, 4096, &put), EDVSFAULT);
	assert_int_equal(rdisk_call_read(RDISK_PROC_NR, 0, 0, now, FILE_BYTES, &got), 0);
	assert_memory_equal(now, before, FILE_BYTES);
}

static void an_image_cut_short_is_an_error(void **state)
{
	struct rdisk_read_reply got;

	(void)state;
	assert_int_equal(truncate(world_path(&world, "file"), 4096), 0);
	assert_int_equal(rdisk_call_read(RDISK_PROC_NR, 0, 500000, now, 4096, &got), EDVSIO);
	assert_int_equal(rdisk_call_read(RDISK_PROC_NR, 0, 0, now, 4096, &got), 0);
	assert_memory_equal(now, before, 4096);
}

static void what_was_written_is_there_after_the_end(void **state)
{
	static unsigned char data[1000];
	struct rdisk_write_reply put;

	(void)state;
	memset(data, 7, sizeof(data));
	for (int minor = 0; minor < 2; minor++)
		assert_int_equal(rdisk_call_write(RDISK_PROC_NR, minor, 99, data, 1000, &put), 0);
	world_stop(&world);
	memcpy(before + 99, data, 1000);
	read_file(world_path(&world, "file"), now, FILE_BYTES);
	assert_memory_equal(now, before, FILE_BYTES);
	read_file(world_path(&world, "memory"), now, FILE_BYTES);
	assert_memory_equal(now, before, FILE_BYTES);
	assert_int_equal(access(world_path(&world, "file.commit"), F_OK), -1);
}

static void a_device_that_cannot_be_had_keeps_rdisk_from_starting(void **state)
{
	static const struct {
		const char *name;
		int minor;
		int want;
	} cases[] = {
		{ "missing", 5, EDVSNOENT },
		{ "file", FILE_MINOR, EDVSINVAL },
		{ "file", 5, EDVSBUSY },
		{ "empty", 5, EDVSINVAL },
	};

	(void)state;
	world_stop(&world);
	write_file(world_path(&world, "empty"), "", 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct world_server servers[] = { { &server_type_rdisk, &config },
							{ NULL, NULL } };

		config.count = 3;
		add_device(cases[i].minor, RDISK_FILE_IMAGE, cases[i].name);
		assert_int_equal(world_start(&world, RUNTIME_COROUTINES, servers), cases[i].want);
		world_stop(&world);
	}
}

#define TEST(name, kind) cmocka_unit_test_prestate_setup_teardown(name, set_up, tear_down, kind)

int main(void)
{
	static enum runtime_kind threads = RUNTIME_THREADS;
	const struct CMUnitTest tests[] = {
		TEST(reads_and_writes_end_at_the_end, NULL),
		TEST(reads_and_writes_end_at_the_end, &threads),
		TEST(what_is_written_is_read_and_kept, NULL),
		TEST(what_is_written_is_read_and_kept, &threads),
		TEST(pieces_follow_one_another, NULL),
		TEST(a_commit_is_all_or_nothing, NULL),
		TEST(a_commit_is_all_or_nothing, &threads),
		TEST(geometry_and_map_are_told, NULL),
		TEST(a_bad_address_harms_nobody, NULL),
		TEST(an_image_cut_short_is_an_error, NULL),
		TEST(what_was_written_is_there_after_the_end, NULL),
		TEST(a_device_that_cannot_be_had_keeps_rdisk_from_starting, NULL),
	};

	alarm(120);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
