/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * abi_entries.c - entries that are none: versions, sizes, operations, slots, numbers.
 */
#include <errno.h>
#include <unistd.h>

#include "abi.h"

/* As raw_enter(), but as it stands. */
static int enter_as_it_is(struct dvk_entry *entry)
{
	int fd = raw_file();
	int rc = ioctl(fd, DVK_IOC_ENTRY, entry) ? ABI_FAILED - errno : entry->result;

	close(fd);
	return rc;
}

static int of_another_version(void)
{
	struct dvk_entry entry = { .bytes = sizeof(entry),
				   .version = DVK_DEVICE_VERSION + 1,
				   .op = DVK_OP_LIST };

	return enter_as_it_is(&entry);
}

static int of_another_size(void)
{
	struct dvk_entry entry = { .bytes = sizeof(entry) - 8,
				   .version = DVK_DEVICE_VERSION,
				   .op = DVK_OP_LIST };

	return enter_as_it_is(&entry);
}

static int of_no_operation(void)
{
	return raw_enter(raw_at_dc(), &(struct dvk_entry){ .op = DVK_OP_NONE });
}

static int of_an_unknown_operation(void)
{
	return raw_enter(raw_at_dc(), &(struct dvk_entry){ .op = DVK_OP_COUNT });
}

static int with_unknown_flags(void)
{
	return RAW(raw_at_dc(), LIST, .flags = 0x80);
}

static int with_what_is_spare(void)
{
	return RAW(raw_at_dc(), LIST, .spare = { 0, 0, 1 });
}

static int another_ioctl(void)
{
	return ioctl(raw_file(), _IO('d', 1)) ? ABI_FAILED - errno : 0;
}

static int another_size_of_ioctl(void)
{
	return ioctl(raw_file(), _IOC(_IOC_READ | _IOC_WRITE, 'd', 0x4d, 8), &(int){ 0 })
		       ? ABI_FAILED - errno
		       : 0;
}

static int at_no_dc(void)
{
	return RAW(raw_file(), SEND, .slot_nr = 0, .ep = 1);
}

static int without_a_slot(void)
{
	return RAW(raw_at_dc(), SEND, .slot_nr = NONE, .ep = 1);
}

static int with_a_slot_that_is_none(void)
{
	return RAW(raw_at_dc(), SEND, .slot_nr = 100000, .ep = 1);
}

static int with_a_slot_of_another_file(void)
{
	int endpoint, other = raw_bound(20, &endpoint), fd = raw_at_dc();
	int rc = RAW(fd, SEND, .slot_nr = 20, .ep = 1);

	close(other);
	close(fd);
	return rc;
}

static int a_deadline_that_is_negative(void)
{
	int endpoint, fd = raw_bound(20, &endpoint);
	int rc = RAW(fd, RECEIVE, .slot_nr = 20, .src_ep = ANY, .deadline_ns = -1);

	close(fd);
	return rc;
}

static int a_wait_that_is_none(void)
{
	int endpoint, fd = raw_bound(20, &endpoint);
	int rc = RAW(fd, WAIT, .slot_nr = 20, .deadline_ns = INT64_MAX);

	close(fd);
	return rc;
}

static int an_act_that_is_none(void)
{
	int endpoint, fd = raw_bound(SYSTASK(0), &endpoint);
	int rc = RAW(fd, HELD_ACT, .slot_nr = SYSTASK(0), .call = 1, .value = 99);

	close(fd);
	return rc;
}

static int make(int dcid, uint64_t nr_procs, const char *name)
{
	struct dvk_device_open how = { .gid = UINT32_MAX };
	int fd = raw_file(), rc;

	for (int i = 0; name[i] && i < DVK_NAME_BYTES; i++)
		how.name[i] = name[i];
	rc = RAW(fd, DC_INIT, .ep = dcid, .size = nr_procs, .data = dvk_address(&how));
	if (rc == 0)
		(void)RAW(fd, DC_END, .ep = dcid);
	close(fd);
	return rc;
}

static int a_dc_too_large(void)
{
	return make(11, UINT64_MAX, "");
}

static int a_dc_a_little_too_large(void)
{
	return make(11, NR_PROCS_MAX + 1, "");
}

static int a_dc_too_small(void)
{
	return make(11, NR_PROCS_MIN - 1, "");
}

static int a_dc_of_the_largest_size(void)
{
	return make(11, NR_PROCS_MAX, "");
}

static int a_dc_of_no_number(void)
{
	return make(NR_DCS, 0, "");
}

static int a_dc_whose_name_has_no_end(void)
{
	return make(11, 0, "0123456789abcdef");
}

static int a_dc_that_runs(void)
{
	int fd = raw_at_dc(), rc = make(ABI_DCID, 0, "");

	close(fd);
	return rc;
}

static int another_dc_on_the_same_file(void)
{
	return raw_open(raw_at_dc(), ABI_DCID + 1, DVK_CREATE, NULL);
}

const struct abi_case abi_entries[] = {
	{ "an entry of another version", ABI_FAILED - EINVAL, of_another_version },
	{ "an entry of another size", ABI_FAILED - EINVAL, of_another_size },
	{ "an entry of no operation", ABI_FAILED - EINVAL, of_no_operation },
	{ "an entry of an unknown operation", ABI_FAILED - EINVAL, of_an_unknown_operation },
	{ "an entry with unknown flags", ABI_FAILED - EINVAL, with_unknown_flags },
	{ "an entry with what is spare", ABI_FAILED - EINVAL, with_what_is_spare },
	{ "another ioctl", ABI_FAILED - ENOTTY, another_ioctl },
	{ "an ioctl of another size", ABI_FAILED - ENOTTY, another_size_of_ioctl },
	{ "a send at no DC", EDVSDVSINIT, at_no_dc },
	{ "a send without a slot", EDVSNOTBIND, without_a_slot },
	{ "a send with a slot that is none", EDVSNOTBIND, with_a_slot_that_is_none },
	{ "a send with a slot of another file", EDVSNOTBIND, with_a_slot_of_another_file },
	{ "a deadline that is negative", EDVSRANGE, a_deadline_that_is_negative },
	{ "a wait that was not begun", EDVSPROCSTS, a_wait_that_is_none },
	{ "an act upon what is held that is none", EDVSBADVALUE, an_act_that_is_none },
	{ "a DC of absurd size", EDVSRANGE, a_dc_too_large },
	{ "a DC a little too large", EDVSRANGE, a_dc_a_little_too_large },
	{ "a DC too small", EDVSRANGE, a_dc_too_small },
	{ "a DC of the largest size", 0, a_dc_of_the_largest_size },
	{ "a DC of no number", EDVSBADDCID, a_dc_of_no_number },
	{ "a DC whose name has no end", EDVSNAMESIZE, a_dc_whose_name_has_no_end },
	{ "a DC that runs is not made again", EDVSDCRUN, a_dc_that_runs },
	{ "a second DC on the same file", EDVSDCRUN, another_dc_on_the_same_file },
	{ 0 },
};
