/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fixture.h - NWEB and FS on an image of mkfs.minix, in one process or in two.
 */
#ifndef TESTS_NWEB_FIXTURE_H
#define TESTS_NWEB_FIXTURE_H

#include "../servers/world.h"
#include "http.h"
#include "nweb/nweb.h"
#include "protocol/fs.h"
#include "protocol/nweb.h"

#define LARGE_BYTES 10000000
#define WEB_UID     1003 /* of NWEB in FS */

extern struct world world;
extern struct nweb_config nweb;
extern int port;    /* where NWEB listens */
extern char *large; /* the bytes of /large.bin */

/* What a test wants to be different. */
struct shape {
	enum runtime_kind kind;
	int far; /* FS in another process than NWEB */
};

int set_up(void **state);
int tear_down(void **state);

/* Makes a file in FS. */
void store(const char *path, const char *data, size_t bytes);

#define TEST(name, shape) cmocka_unit_test_prestate_setup_teardown(name, set_up, tear_down, shape)

#endif
