/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * abi.h - /dev/dvk without libdvk: raw entries, for tests of bad input.
 */
#ifndef TESTS_MODULE_ABI_H
#define TESTS_MODULE_ABI_H

#include <dvk/device.h>
#include <dvk/dvk.h>

#define ABI_DCID 9
/* An entry that failed as a system call: this, less errno. */
#define ABI_FAILED (-100000)

struct abi_case {
	const char *name;
	int want;
	int (*run)(void);
};

/* ---- raw.c ---- */
/* A new file of the device; the test ends without one. */
int raw_file(void);
/* One entry, with bytes and version filled in: its result, or ABI_FAILED - errno. */
int raw_enter(int fd, struct dvk_entry *entry);
#define RAW(fd, name, ...) raw_enter(fd, &(struct dvk_entry){ .op = DVK_OP_##name, __VA_ARGS__ })
/* Opens DC dcid on fd with flags; *ret_how unless NULL. */
int raw_open(int fd, int dcid, unsigned int flags, struct dvk_device_open *ret_how);
/* Binds nr to this thread: its endpoint. */
int raw_bind(int fd, int nr, const char *name);
/* A new file at DC ABI_DCID, which is made if need be; and with a slot as well. */
int raw_at_dc(void);
int raw_bound(int nr, int *ret_endpoint);
/* What run returns in a child, as user uid. */
int raw_in_child(int (*run)(void), unsigned int uid);
/* Pages that are unmapped, and that may only be read. */
void *raw_unmapped(void);
void *raw_read_only(void);

/* Each ends with a row without a name. */
extern const struct abi_case abi_entries[];
extern const struct abi_case abi_addresses[];
extern const struct abi_case abi_rights[];
extern const struct abi_case abi_lives[];

#endif
