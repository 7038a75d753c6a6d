/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * device_life.c - binding, unbinding and cancelling on the module.
 */
#include <string.h>

#include "dc.h"
#include "device_thread.h"

/* The thread's slot, or, as another may have bound it, what the module says. */
int device_refusal(void)
{
	struct dvk_entry entry = { .op = DVK_OP_WAIT_OWN, .slot_nr = NONE };

	if (device_current() != NONE)
		return CALL_DEVICE;
	if (device_enter(device.fd, &entry) != 0)
		return EDVSNOTBIND;
	device_set_current(dvk_endpoint_nr(entry.ep));
	return CALL_DEVICE;
}

int device_bind(int nr, pid_t tid, const struct dvk_device_names *names)
{
	struct dvk_entry entry = { .op = DVK_OP_BIND,
				   .slot_nr = device_current(),
				   .ep = nr,
				   .value = tid,
				   .data = dvk_address(names) };
	int rc = device_enter(device.fd, &entry);

	if (rc)
		return rc;
	*device_slot(dvk_endpoint_nr(entry.ep)) =
		(struct device_slot){ .request = { .client_ep = NONE } };
	return entry.ep;
}

int device_unbind(int endpoint, int code)
{
	int current = device_current(), nr = dvk_endpoint_nr(endpoint);
	struct dvk_entry entry = {
		.op = DVK_OP_UNBIND, .slot_nr = current, .ep = endpoint, .value = code
	};
	int rc = device_enter(device.fd, &entry);

	if (rc == 0 && (endpoint == SELF || nr == current))
		device_set_current(NONE);
	return rc;
}

int device_getep(pid_t pid)
{
	struct dvk_entry entry = { .op = DVK_OP_GETEP, .slot_nr = device_current(), .value = pid };
	int rc = device_enter(device.fd, &entry);

	return rc ? rc : entry.ep;
}

/* Until another binds this thread. */
static int wait_own(int64_t deadline_ns)
{
	struct dvk_entry entry;
	int rc;

	if (device_current() != NONE)
		return device_getep(0);
	do {
		entry = (struct dvk_entry){ .op = DVK_OP_WAIT_OWN,
					    .slot_nr = NONE,
					    .deadline_ns = deadline_ns };
		rc = device_enter(device.fd, &entry);
	} while (rc == DVK_ENTRY_WAITS);
	if (rc)
		return rc;
	device_set_current(dvk_endpoint_nr(entry.ep));
	return entry.ep;
}

int device_wait_bind(int endpoint, int64_t deadline_ns)
{
	message told;
	int rc;

	if (endpoint == SELF)
		return wait_own(deadline_ns);
	rc = device_refusal();
	if (rc != CALL_DEVICE)
		return rc;
	rc = device_call(DEVICE_ENTRY(WAIT_BIND, .ep = endpoint, .deadline_ns = deadline_ns), NULL,
			 &told);
	return rc ? rc : told.m_source;
}

/* Async-signal-safe: one system call. */
int device_cancel(int endpoint)
{
	return device_enter(device.fd,
			    DEVICE_ENTRY(CANCEL, .slot_nr = device_current(), .ep = endpoint));
}

int device_sleep_note(const char *text)
{
	char note[64] = "";

	strncpy(note, text, sizeof(note) - 1);
	return device_enter(device.fd,
			    DEVICE_ENTRY(SLEEP_NOTE, .slot_nr = device_current(),
					 .data = dvk_address(note), .size = strlen(note) + 1));
}

int device_take_exits(uint64_t *next, struct dvk_exit *ret_exits, int max, uint64_t *ret_lost)
{
	struct dvk_entry entry = { .op = DVK_OP_EXITS,
				   .slot_nr = device_current(),
				   .call = *next,
				   .data = dvk_address(ret_exits),
				   .data2 = dvk_address(ret_lost),
				   .size = max < 0 ? 0 : (uint64_t)max };
	int rc = device_enter(device.fd, &entry);

	if (rc >= 0)
		*next = entry.call;
	return rc;
}
