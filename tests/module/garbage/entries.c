/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * entries.c - one ioctl of any kind, and what must hold of it whatever it was.
 *
 * It fails with one of few errors, or gives a number of the contract; it writes nothing
 * beside the entry; what it counts fits where it was said to fit.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "garbage.h"

#define GUARD 0x5a

/* The entry between bytes that are nobody's. */
struct guarded {
	unsigned char before[64];
	struct dvk_entry entry;
	unsigned char after[64];
};

void enterer_init(struct enterer *enterer, int fd, uint64_t seed)
{
	char path[64];
	unsigned int i;

	enterer->chance.state = seed;
	enterer->fd = fd;
	enterer->tid = (int)syscall(SYS_gettid);
	enterer->fail_fd = -1;
	enterer->request_ep = NONE;
	for (i = 0; i < 8; i++)
		enterer->slots[i] = NONE;
	garbage->known_tid[chance_below(&enterer->chance, GARBAGE_KNOWN)] = enterer->tid;
	if (!garbage->fails)
		return;
	snprintf(path, sizeof(path), "/proc/self/task/%d/fail-nth", enterer->tid);
	enterer->fail_fd = open(path, O_RDWR | O_CLOEXEC);
}

void enterer_deinit(struct enterer *enterer)
{
	if (enterer->fail_fd >= 0)
		close(enterer->fail_fd);
}

/* ---- what must hold ---------------------------------------------------------------- */

static int is_known_error(int code)
{
	switch (code) {
#define KNOWN(name, number, meaning) case -(number):
		DVK_ERRORS(KNOWN)
#undef KNOWN
		return 1;
	default:
		return 0;
	}
}

static void check_failure(const struct dvk_entry *entry, int error)
{
	/* Another thread may have closed the file; ENOMEM when there is no memory. */
	if (error != EINVAL && error != EFAULT && error != ENOTTY && error != ENOMEM &&
	    error != EBADF)
		complain("op %u fails with errno %d", entry->op, error);
}

static void check_entry(const struct guarded *guarded, const struct dvk_entry *asked)
{
	const struct dvk_entry *entry = &guarded->entry;
	unsigned int i;

	for (i = 0; i < sizeof(guarded->before); i++)
		if (guarded->before[i] != GUARD || guarded->after[i] != GUARD)
			complain("op %u wrote beside its entry", asked->op);
	if (entry->op != asked->op || entry->slot_nr != asked->slot_nr ||
	    entry->data != asked->data || entry->bytes != asked->bytes)
		complain("op %u changed what it was asked", asked->op);
	if (entry->ready_count > asked->ready_max)
		complain("op %u gave %u of at most %u", asked->op, entry->ready_count,
			 asked->ready_max);
	if (entry->result < 0 && !is_known_error(entry->result))
		complain("op %u gives %d, which is no error", asked->op, entry->result);
}

/* ---- the ioctl ---------------------------------------------------------------------- */

/* The next allocation or copy but so many of this thread fails. */
static void fail_after(const struct enterer *enterer, unsigned int count)
{
	char text[16];
	int bytes = snprintf(text, sizeof(text), "%u", count);

	/* It may be the writing itself that fails. */
	while (enterer->fail_fd >= 0 && pwrite(enterer->fail_fd, text, (size_t)bytes, 0) < 0)
		if (errno != EFAULT && errno != ENOMEM && errno != EINTR)
			break;
}

/* 1 when the failure that was asked for has come. */
static int has_failed(const struct enterer *enterer)
{
	char text[16] = "";

	return pread(enterer->fail_fd, text, sizeof(text) - 1, 0) > 0 && text[0] == '0';
}

static int enter_at(struct enterer *enterer, unsigned long request, void *at)
{
	int fails = enterer->fail_fd >= 0 && chance_once_in(&enterer->chance, 3), rc, error;

	if (fails)
		fail_after(enterer, 1 + chance_below(&enterer->chance, 14));
	rc = ioctl(enterer->fd, request, at);
	error = errno;
	if (fails) {
		garbage->injected += has_failed(enterer);
		fail_after(enterer, 0);
	}
	garbage->entered++;
	errno = error;
	return rc;
}

static void learn(struct enterer *enterer, const struct dvk_entry *entry)
{
	struct chance *chance = &enterer->chance;
	int i;

	if (entry->result == EDVSDVSINIT)
		enterer->is_lost = 1;
	if (entry->result == EDVSNOTBIND && chance_once_in(chance, 8))
		enterer->slots[chance_below(chance, 8)] = NONE;
	if (entry->result >= 0) {
		garbage->results++;
		garbage->carried_out[entry->op]++;
	}
	if (entry->request_ep != NONE) {
		enterer->request_ep = entry->request_ep;
		enterer->request_call = entry->request_call;
	}
	if (entry->op == DVK_OP_BIND && entry->result == 0) {
		for (i = 0; i < 8; i++)
			if (enterer->slots[i] == NONE || chance_once_in(chance, 8))
				enterer->slots[i] = dvk_endpoint_nr(entry->ep);
		garbage->known_ep[chance_below(chance, GARBAGE_KNOWN)] = entry->ep;
	}
}

static void enter_guarded(struct enterer *enterer, const struct dvk_entry *entry)
{
	struct guarded guarded;

	memset(&guarded, GUARD, sizeof(guarded));
	guarded.entry = *entry;
	if (enter_at(enterer, DVK_IOC_ENTRY, &guarded.entry) != 0) {
		check_failure(entry, errno);
		return;
	}
	check_entry(&guarded, entry);
	learn(enterer, &guarded.entry);
}

void enterer_enter(struct enterer *enterer)
{
	struct chance *chance = &enterer->chance;
	struct dvk_entry entry;
	void *at;

	if (enterer->is_lost && chance_once_in(chance, 4))
		enterer_settle(enterer);
	choose_entry(enterer, &entry);
	if (chance_once_in(chance, 6))
		choose_wrongly(chance, &entry);
	if (chance_once_in(chance, 50)) {
		at = (void *)(uintptr_t)place_any(chance);
		enter_at(enterer, DVK_IOC_ENTRY, at);
	} else if (chance_once_in(chance, 200)) {
		enter_at(enterer, chance_next(chance), &entry);
	} else {
		enter_guarded(enterer, &entry);
	}
}

void enterer_settle(struct enterer *enterer)
{
	struct chance *chance = &enterer->chance;
	struct dvk_entry entry;
	int i;

	choose_entry(enterer, &entry);
	entry.op = DVK_OP_OPEN;
	entry.size = 0;
	entry.flags = 0;
	entry.deadline_ns = 0;
	entry.ep = GARBAGE_DC + (int)chance_below(chance, GARBAGE_DCS);
	entry.value = DVK_CREATE | (chance_below(chance, 2) ? DVK_SYSTEM : 0);
	fill_data(chance, DVK_OP_OPEN, &entry);
	enterer->is_lost = 0;
	enter_guarded(enterer, &entry);
	for (i = 0; i < 4 && !enterer->is_lost; i++) {
		entry.op = DVK_OP_BIND;
		entry.ep = choose_slot(chance);
		entry.value = 0;
		fill_data(chance, DVK_OP_BIND, &entry);
		enter_guarded(enterer, &entry);
	}
}
