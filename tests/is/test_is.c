/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_is.c - IS appends everything to its file: by message and by signal.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../servers/world.h"
#include "fs/fs.h"
#include "is/is.h"
#include "protocol/is.h"
#include "rdisk/rdisk.h"
#include "systask/systask.h"

static struct world world;
static struct systask_config systask;
static struct rdisk_config rdisk;
static struct fs_config fs;
static struct is_config is;
static char text[1 << 20];

static int set_up(void **state)
{
	enum runtime_kind kind = *state ? *(enum runtime_kind *)*state : RUNTIME_COROUTINES;
	const struct world_server servers[] = { { &server_type_systask, &systask },
						{ &server_type_rdisk, &rdisk },
						{ &server_type_fs, &fs },
						{ &server_type_is, &is },
						{ NULL, NULL } };

	world_init(&world);
	world_make_image(&world, "disk", "-3", 2);
	systask.dir = is.dir = world.dir;
	rdisk = (struct rdisk_config){ .count = 1 };
	rdisk.devices[0] = (struct rdisk_device_config){ .type = RDISK_FILE_IMAGE, .active = 1 };
	snprintf(rdisk.devices[0].image_file, RDISK_NAME_BYTES, "%s", world_path(&world, "disk"));
	fs = (struct fs_config){ .count = 1, .rdisk_ep = RDISK_PROC_NR };
	fs.devices[0] = (struct fs_device_config){ .type = FS_RDISK_IMG, .root_dev = 1 };
	snprintf(is.is_file, sizeof(is.is_file), "%s", world_path(&world, "is.txt"));
	world_boot(&world, kind, servers);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	world_stop(&world);
	world_deinit(&world);
	return 0;
}

static size_t file_bytes(void)
{
	struct stat st;

	return stat(is.is_file, &st) < 0 ? 0 : (size_t)st.st_size;
}

static void read_dumps(void)
{
	FILE *file = fopen(is.is_file, "r");

	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
}

static int count_words(const char *word)
{
	int count = 0;

	for (const char *at = text; (at = strstr(at, word)); at++)
		count++;
	return count;
}

/* Waits until the file has grown beyond bytes. */
static void await_growth(size_t bytes)
{
	for (int i = 0; i < 500 && file_bytes() <= bytes; i++)
		usleep(10000);
	assert_true(file_bytes() > bytes);
}

static void a_dump_has_everything(void **state)
{
	static const char *const words[] = {
		"==== dc7", "-- processes", "-- privileges and statistics",      "rdisk.device",
		"fs.super", "fs.inode",     "-- the end of the flight recorder", "is.dump",
		"systask",  "client",
	};
	struct is_dump_reply reply = { 0 };

	(void)state;
	assert_int_equal(is_call_dump(IS_PROC_NR, &reply), 0);
	assert_int_equal(reply.bytes, file_bytes());
	read_dumps();
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strstr(text, words[i]))
			fail_msg("no \"%s\" in the dump:\n%s", words[i], text);
	assert_null(strstr(text, "cannot be shown"));
}

static void dumps_are_appended(void **state)
{
	struct is_dump_reply reply = { 0 };

	(void)state;
	for (int i = 1; i <= 5; i++) {
		size_t before = file_bytes();

		assert_int_equal(is_call_dump(IS_PROC_NR, &reply), 0);
		assert_int_equal(file_bytes(), before + reply.bytes);
		read_dumps();
		assert_int_equal(count_words("==== dc7"), i);
	}
}

static void a_signal_makes_a_dump(void **state)
{
	size_t before = 0;

	(void)state;
	for (int i = 1; i <= 3; i++) {
		assert_int_equal(kill(world.pid, SIGUSR1), 0);
		await_growth(before);
		before = file_bytes();
		read_dumps();
		assert_int_equal(count_words("==== dc7"), i);
	}
}

static void a_file_that_cannot_be_written_is_an_error(void **state)
{
	struct is_dump_reply reply = { 0 };

	(void)state;
	/* A full disk, of which there is one on every Linux. */
	assert_int_equal(symlink("/dev/full", is.is_file), 0);
	assert_int_equal(is_call_dump(IS_PROC_NR, &reply), EDVSNOSPC);
	assert_int_equal(unlink(is.is_file), 0);
	assert_int_equal(mkdir(is.is_file, 0700), 0);
	assert_int_equal(is_call_dump(IS_PROC_NR, &reply), EDVSIO);
	assert_int_equal(rmdir(is.is_file), 0);
	assert_int_equal(is_call_dump(IS_PROC_NR, &reply), 0);
}

#define TEST(name, kind) cmocka_unit_test_prestate_setup_teardown(name, set_up, tear_down, kind)

int main(void)
{
	static enum runtime_kind threads = RUNTIME_THREADS;
	const struct CMUnitTest tests[] = {
		TEST(a_dump_has_everything, NULL),
		TEST(a_dump_has_everything, &threads),
		TEST(dumps_are_appended, NULL),
		TEST(a_signal_makes_a_dump, NULL),
		TEST(a_signal_makes_a_dump, &threads),
		TEST(a_file_that_cannot_be_written_is_an_error, NULL),
	};

	alarm(120);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
