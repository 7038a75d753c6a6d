/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * abi_addresses.c - addresses that are none: unmapped, read-only, of the kernel, and
 * memory that vanishes in mid-copy.
 *
 * An entry's own fail the system call; those of a copy give EDVSFAULT.
 */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "abi.h"

#define OF_THE_KERNEL 0xffffffff81000000ull
#define COPY_BYTES    (1u << 20)

static int enter_at(uint64_t address)
{
	int fd = raw_file();
	int rc = ioctl(fd, DVK_IOC_ENTRY, address) ? ABI_FAILED - errno : 0;

	close(fd);
	return rc;
}

static int an_entry_unmapped(void)
{
	return enter_at(dvk_address(raw_unmapped()));
}

static int an_entry_of_the_kernel(void)
{
	return enter_at(OF_THE_KERNEL);
}

static int an_entry_read_only(void)
{
	struct dvk_entry *entry = mmap(NULL, sizeof(*entry), PROT_READ | PROT_WRITE,
				       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	*entry = (struct dvk_entry){ .bytes = sizeof(*entry),
				     .version = DVK_DEVICE_VERSION,
				     .op = DVK_OP_LIST };
	mprotect(entry, sizeof(*entry), PROT_READ);
	return enter_at(dvk_address(entry));
}

static int dvs_info_at(uint64_t address)
{
	int fd = raw_file(), rc = RAW(fd, DVS_INFO, .data = address);

	close(fd);
	return rc;
}

static int data_unmapped(void)
{
	return dvs_info_at(dvk_address(raw_unmapped()));
}

static int data_read_only(void)
{
	return dvs_info_at(dvk_address(raw_read_only()));
}

static int data_of_the_kernel(void)
{
	return dvs_info_at(OF_THE_KERNEL);
}

static int names_unmapped(void)
{
	int fd = raw_at_dc();
	int rc = RAW(fd, BIND, .slot_nr = NONE, .ep = NONE, .data = dvk_address(raw_unmapped()));

	close(fd);
	return rc;
}

static int rows_unmapped(void)
{
	struct dvk_device_snapshot wanted = { .procs = OF_THE_KERNEL, .rows = 100 };
	int endpoint, fd = raw_bound(20, &endpoint);
	int rc = RAW(fd, SNAPSHOT, .slot_nr = NONE, .data = dvk_address(&wanted));

	close(fd);
	return rc;
}

static int ready_unmapped(void)
{
	struct dvk_device_names names = { .name = "b" };
	int endpoint, fd = raw_bound(20, &endpoint), rc;

	(void)RAW(fd, BIND, .slot_nr = 20, .ep = 21, .data = dvk_address(&names));
	(void)RAW(fd, RECEIVE, .slot_nr = 21, .src_ep = ANY, .deadline_ns = INT64_MAX,
		  .flags = DVK_ENTRY_ASYNC);
	rc = RAW(fd, SEND, .slot_nr = 20, .ep = 21, .deadline_ns = INT64_MAX, .ready_max = 1,
		 .ready = OF_THE_KERNEL);
	close(fd);
	return rc;
}

/* Within this process, from there to here. */
static int copy(uint64_t from, uint64_t to, uint64_t bytes)
{
	int endpoint, fd = raw_bound(20, &endpoint);
	int rc = RAW(fd, VCOPY, .slot_nr = 20, .src_ep = SELF, .ep = SELF, .data = from,
		     .data2 = to, .size = bytes);

	close(fd);
	return rc;
}

static char here[COPY_BYTES];

static int copy_in_order(void)
{
	static char there[COPY_BYTES];

	memset(there, 7, sizeof(there));
	return copy(dvk_address(there + 5), dvk_address(here), COPY_BYTES - 5) == 0 &&
			       memcmp(there, here, COPY_BYTES - 5) == 0
		       ? 0
		       : -1;
}

static int copy_from_unmapped(void)
{
	return copy(dvk_address(raw_unmapped()), dvk_address(here), 100);
}

static int copy_to_read_only(void)
{
	return copy(dvk_address(here), dvk_address(raw_read_only()), 100);
}

static int copy_from_the_kernel(void)
{
	return copy(OF_THE_KERNEL, dvk_address(here), 100);
}

static int copy_to_the_kernel(void)
{
	return copy(dvk_address(here), OF_THE_KERNEL, 100);
}

static int copy_across_the_end(void)
{
	return copy(UINT64_MAX - 50, dvk_address(here), 100);
}

static int copy_too_much(void)
{
	return copy(dvk_address(here), dvk_address(here), UINT64_MAX);
}

static int read_of_a_stranger(void)
{
	int fd = raw_at_dc();
	int rc = RAW(fd, READ, .slot_nr = NONE, .value = 1, .data2 = 4096,
		     .data = dvk_address(here), .size = 100);

	close(fd);
	return rc;
}

static char *volatile vanishing;

static void *vanish(void *unused)
{
	(void)unused;
	for (int i = 0; i < 200; i++) {
		munmap(vanishing + COPY_BYTES / 2, COPY_BYTES / 2);
		mmap(vanishing + COPY_BYTES / 2, COPY_BYTES / 2, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	}
	return NULL;
}

/* Whole, or an error; nothing else. */
static int memory_that_vanishes(void)
{
	pthread_t thread;
	int rc = 0;

	vanishing =
		mmap(NULL, COPY_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (pthread_create(&thread, NULL, vanish, NULL) != 0)
		return -1;
	for (int i = 0; i < 20 && (rc == 0 || rc == EDVSFAULT); i++)
		rc = copy(dvk_address(vanishing), dvk_address(here), COPY_BYTES);
	pthread_join(thread, NULL);
	return rc == EDVSFAULT ? 0 : rc;
}

static int map(uint64_t offset, int protection, int flags)
{
	int endpoint, fd = raw_bound(20, &endpoint);
	void *memory = mmap(NULL, 4096, protection, flags, fd, (off_t)offset);
	int rc = memory == MAP_FAILED ? ABI_FAILED - errno : 0;

	if (memory != MAP_FAILED && mprotect(memory, 4096, PROT_READ | PROT_WRITE) == 0)
		rc = -1;
	close(fd);
	return rc;
}

static int a_mapping_to_read(void)
{
	return map(DVK_MAP_TABLE, PROT_READ, MAP_SHARED);
}

static int a_mapping_to_write(void)
{
	return map(DVK_MAP_TABLE, PROT_READ | PROT_WRITE, MAP_SHARED);
}

static int a_mapping_of_nothing(void)
{
	return map(0x70000000, PROT_READ, MAP_SHARED);
}

const struct abi_case abi_addresses[] = {
	{ "an entry that is unmapped", ABI_FAILED - EFAULT, an_entry_unmapped },
	{ "an entry of the kernel's", ABI_FAILED - EFAULT, an_entry_of_the_kernel },
	{ "an entry that is read-only", ABI_FAILED - EFAULT, an_entry_read_only },
	{ "data that is unmapped", ABI_FAILED - EFAULT, data_unmapped },
	{ "data that is read-only", ABI_FAILED - EFAULT, data_read_only },
	{ "data of the kernel's", ABI_FAILED - EFAULT, data_of_the_kernel },
	{ "names that are unmapped", ABI_FAILED - EFAULT, names_unmapped },
	{ "rows of the kernel's", ABI_FAILED - EFAULT, rows_unmapped },
	{ "ready slots into the kernel", ABI_FAILED - EFAULT, ready_unmapped },
	{ "a copy within oneself, across pages", 0, copy_in_order },
	{ "a copy from what is unmapped", EDVSFAULT, copy_from_unmapped },
	{ "a copy to what is read-only", EDVSFAULT, copy_to_read_only },
	{ "a copy from the kernel", EDVSFAULT, copy_from_the_kernel },
	{ "a copy to the kernel", EDVSFAULT, copy_to_the_kernel },
	{ "a copy across the end of memory", EDVSFAULT, copy_across_the_end },
	{ "a copy of too much", EDVSRANGE, copy_too_much },
	{ "memory that vanishes in mid-copy", 0, memory_that_vanishes },
	{ "the memory of who is not of the DC", EDVSSRCH, read_of_a_stranger },
	{ "a mapping that is read, and not made writable", 0, a_mapping_to_read },
	{ "a mapping that would be written", ABI_FAILED - EPERM, a_mapping_to_write },
	{ "a mapping of nothing", ABI_FAILED - EINVAL, a_mapping_of_nothing },
	{ 0 },
};
