/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fixture.h - M3FTP over FS on an image of mkfs.minix; its end is judged by fsck.minix.
 */
#ifndef TESTS_M3FTP_FIXTURE_H
#define TESTS_M3FTP_FIXTURE_H

#include "../servers/world.h"
#include "fs/fs.h"
#include "m3ftp/client.h"
#include "m3ftp/m3ftp.h"
#include "protocol/fs.h"
#include "protocol/m3ftp.h"

#define IMAGE_MIB 12

extern struct world world;

/* What a test wants to be different. */
struct shape {
	enum runtime_kind kind;
	int fs_type;
	const char *mkfs;
};

int set_up(void **state);
/* With one more server. */
int set_up_with(void **state, const struct server_type *more);
int tear_down(void **state);

/* A file in memory with bytes that depend on their place and on seed; position 0. */
int make_source(size_t bytes, unsigned int seed);
int put(const char *path, int fd, struct m3ftp_result *ret_result);
/* Fetches path; 0 when it is what make_source() makes, else what went wrong. */
int fetch(const char *path, size_t bytes, unsigned int seed);
void fetch_and_compare(const char *path, size_t bytes, unsigned int seed);
/* How many names a folder has, "." and ".." not counted. */
int count_names(const char *path);

#define TEST(name, shape) cmocka_unit_test_prestate_setup_teardown(name, set_up, tear_down, shape)

#endif
