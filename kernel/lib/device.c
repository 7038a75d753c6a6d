/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * device.c - a call as an entry into the module, and the wait behind it.
 *
 * Without a parker the kernel puts the thread to sleep, and only signals bring an entry
 * back before its wait is over. With one, no entry sleeps: the wait's end comes along
 * with later entries of the thread, and the parker runs other tasks meanwhile.
 */
#include <errno.h>
#include <time.h>

#include "dc.h"
#include "device_thread.h"

struct device device = { .fd = -1 };

static int64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

int device_enter(int fd, struct dvk_entry *entry)
{
	int rc;

	entry->bytes = sizeof(*entry);
	entry->version = DVK_DEVICE_VERSION;
	do
		rc = ioctl(fd, DVK_IOC_ENTRY, entry);
	while (rc != 0 && errno == EINTR);
	if (rc == 0)
		return entry->result;
	switch (errno) {
	case EFAULT:
		return EDVSFAULT;
	case ENOMEM:
		return EDVSNOMEM;
	case EBADF:
		return EDVSDVSINIT;
	default:
		return EDVSBADCALL; /* a module of another version */
	}
}

void device_take(const struct dvk_entry *entry, const struct dvk_ready *ready, int to_run)
{
	struct device_thread *self = &device_thread;

	for (uint32_t i = 0; i < entry->ready_count; i++) {
		struct device_slot *slot = device_slot(ready[i].nr);

		slot->result = ready[i].result;
		slot->m = ready[i].m;
		slot->request = (struct dvk_request){ .client_ep = ready[i].request_ep,
						      .call = ready[i].request_call };
		slot->ready = 1;
		/* The entry's own slot runs; it looks before it blocks. */
		if (to_run && ready[i].nr != entry->slot_nr)
			self->parker->ready(ready[i].nr, (int)ready[i].handover);
		else if (!to_run)
			self->told[self->told_count++] = ready[i].nr;
	}
	self->more = (int)entry->ready_more;
}

/* One entry of the slot; what became ready by it goes to the parker. */
static int enter_once(struct dvk_entry *entry, int nr)
{
	struct device_thread *self = &device_thread;
	struct dvk_ready ready[DEVICE_READY];
	int rc;

	entry->slot_nr = nr;
	if (self->parker) {
		entry->flags = DVK_ENTRY_ASYNC;
		entry->ready = dvk_address(ready);
		entry->ready_max = DEVICE_READY;
		device_slot(nr)->ready = 0;
	}
	rc = device_enter(device.fd, entry);
	if (self->parker)
		device_take(entry, ready, 1);
	if (rc != DVK_ENTRY_WAITS && rc != DVK_ENTRY_STOPPED)
		device_slot(nr)->request = (struct dvk_request){ .client_ep = entry->request_ep,
								 .call = entry->request_call };
	return rc;
}

/* The parker has waited until the slot is ready; the result of its wait. */
static int take_result(int nr, message *ret_m)
{
	struct device_slot *slot = device_slot(nr);

	slot->ready = 0;
	if (slot->result == 0 && ret_m)
		*ret_m = slot->m;
	return slot->result;
}

/* The wait of nr is given up: how it ended, or DVK_ENTRY_WAITS when it cannot end yet. */
static int end_wait(int nr, message *ret_m)
{
	struct dvk_entry entry = { .op = DVK_OP_END_WAIT };
	int rc = enter_once(&entry, nr);

	if (rc == 0 && ret_m)
		*ret_m = entry.m;
	return rc;
}

/* Other tasks run until the wait of nr is over. */
static int wait_parked(int nr, int64_t deadline_ns, message *ret_m)
{
	struct device_thread *self = &device_thread;
	int rc;

	self->ends_wait = 0;
	for (;;) {
		/* It may be over before it blocks: another processor was faster. */
		if (device_slot(nr)->ready)
			return take_result(nr, ret_m);
		self->parker->block(nr, deadline_ns);
		if (device_slot(nr)->ready)
			continue;
		if (!self->ends_wait && (deadline_ns == DC_NEVER || monotonic_ns() < deadline_ns))
			continue;
		self->ends_wait = 0;
		rc = end_wait(nr, ret_m);
		if (rc != DVK_ENTRY_WAITS)
			return rc;
		deadline_ns = DC_NEVER;
	}
}

/* A signal has brought the thread back; its wait goes on. */
static int wait_asleep(int nr, int64_t deadline_ns, message *ret_m)
{
	struct dvk_entry entry;
	int rc;

	do {
		entry = (struct dvk_entry){ .op = DVK_OP_WAIT, .deadline_ns = deadline_ns };
		rc = enter_once(&entry, nr);
	} while (rc == DVK_ENTRY_WAITS);
	if (rc == 0 && ret_m)
		*ret_m = entry.m;
	return rc;
}

int device_call(struct dvk_entry *entry, const message *m, message *ret_m)
{
	struct dvk_entry wanted = *entry;
	int nr = device_current(), rc;

	if (nr == NONE)
		return EDVSNOTBIND;
	if (m)
		wanted.m = *m;
	for (;;) {
		*entry = wanted;
		rc = enter_once(entry, nr);
		if (rc != DVK_ENTRY_STOPPED)
			break;
		/* A debugger lets it go on; then it enters as if for the first time. */
		if (device_thread.parker)
			(void)wait_parked(nr, DC_NEVER, NULL);
	}
	if (rc == DVK_ENTRY_WAITS && device_thread.parker)
		return wait_parked(nr, wanted.deadline_ns, ret_m);
	if (rc == DVK_ENTRY_WAITS)
		return wait_asleep(nr, wanted.deadline_ns, ret_m);
	if (rc == 0 && ret_m)
		*ret_m = entry->m;
	return rc;
}
