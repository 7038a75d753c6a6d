/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * copy.c - bytes between the parties of a call (M3-IPC section 9), copied once.
 *
 * The engine says who may, under the DC's lock, where a hold on the parties' memory is
 * taken: on the memory that they had when they came, so that what another program
 * becomes by exec is never touched. Without the lock the other's pages are pinned in
 * pieces; our own side is copied from or to as by any system call.
 */
#include <linux/highmem.h>
#include <linux/sched/coredump.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "compat.h"
#include "op.h"
#include "slot.h"

#define PIECE_PAGES 128 /* pinned at once */
#define FEW_PAGES   16  /* for which the stack has room */

/* One side of a copy. */
struct side {
	struct mm_struct *mm; /* grabbed; NULL: it is gone */
	uint64_t address;
	int died; /* the error when it is gone */
};

/* A side's pages while they are pinned. */
struct piece {
	struct page **pages;
	long count;
	unsigned int offset; /* in the first page */
	size_t bytes;
};

/* Pins up to room pages of a side from its address on: 0, EDVSFAULT, ... */
static int pin(const struct side *side, size_t bytes, int writes, int room, struct piece *piece)
{
	unsigned long start = side->address & PAGE_MASK;
	long count;

	piece->offset = side->address & ~PAGE_MASK;
	count = min_t(uint64_t, room, DIV_ROUND_UP(piece->offset + bytes, PAGE_SIZE));
	if (!access_ok(u64_to_user_ptr(side->address), bytes) || fatal_signal_pending(current))
		return EDVSFAULT;
	if (!mmget_not_zero(side->mm))
		return side->died;
	mmap_read_lock(side->mm);
	piece->count =
		compat_pin_pages(side->mm, start, count, writes ? FOLL_WRITE : 0, piece->pages);
	mmap_read_unlock(side->mm);
	mmput(side->mm);
	if (piece->count <= 0)
		return piece->count == -ENOMEM ? EDVSNOMEM : EDVSFAULT;
	piece->bytes = min_t(uint64_t, bytes, piece->count * PAGE_SIZE - piece->offset);
	return 0;
}

static void unpin(struct piece *piece, int written)
{
	unpin_user_pages_dirty_lock(piece->pages, piece->count, written);
}

/* Between a page and our own memory: 0, EDVSFAULT. */
static int move_page(struct page *page, unsigned int offset, uint64_t here, size_t bytes, int to)
{
	char *at = kmap_local_page(page);
	unsigned long left;

	if (to)
		left = copy_from_user(at + offset, u64_to_user_ptr(here), bytes);
	else
		left = copy_to_user(u64_to_user_ptr(here), at + offset, bytes);
	kunmap_local(at);
	return left ? EDVSFAULT : 0;
}

/* Between a pinned piece and our own memory; to 1: into the piece. */
static int move_piece(const struct piece *piece, uint64_t here, int to)
{
	unsigned int offset = piece->offset;
	size_t left = piece->bytes;
	long i;
	int rc = 0;

	for (i = 0; left && !rc; i++) {
		size_t bytes = min_t(size_t, left, PAGE_SIZE - offset);

		rc = move_page(piece->pages[i], offset, here, bytes, to);
		here += bytes;
		left -= bytes;
		offset = 0;
	}
	return rc;
}

/* Between a side and our own memory at here. */
static int move(struct side *side, uint64_t here, uint64_t bytes, int to)
{
	struct page *few[FEW_PAGES];
	struct piece piece = { .pages = few };
	int room = FEW_PAGES, rc = 0;

	if (bytes > (FEW_PAGES - 1) * PAGE_SIZE) {
		piece.pages = kmalloc_array(PIECE_PAGES, sizeof(*few), GFP_KERNEL);
		if (!piece.pages)
			return EDVSNOMEM;
		room = PIECE_PAGES;
	}
	while (bytes && !rc) {
		rc = pin(side, bytes, to, room, &piece);
		if (rc)
			break;
		rc = move_piece(&piece, here, to);
		unpin(&piece, to);
		side->address += piece.bytes;
		here += piece.bytes;
		bytes -= piece.bytes;
	}
	if (piece.pages != few)
		kfree(piece.pages);
	return rc;
}

/* Both elsewhere: page by page, each pinned on both sides. */
static int move_between(struct side *src, struct side *dst, uint64_t bytes)
{
	struct page *from_page[1], *to_page[1];
	struct piece from = { .pages = from_page }, to = { .pages = to_page };
	int rc = 0;

	while (bytes && !rc) {
		rc = pin(src, bytes, 0, 1, &from);
		if (rc)
			break;
		rc = pin(dst, from.bytes, 1, 1, &to);
		if (!rc) {
			memcpy_page(to_page[0], to.offset, from_page[0], from.offset, to.bytes);
			unpin(&to, 1);
			src->address += to.bytes;
			dst->address += to.bytes;
			bytes -= to.bytes;
		}
		unpin(&from, 0);
	}
	return rc;
}

static int copy_between(struct side *src, struct side *dst, uint64_t bytes)
{
	if (!src->mm)
		return src->died;
	if (!dst->mm)
		return dst->died;
	if (dst->mm == current->mm)
		return move(src, dst->address, bytes, 0);
	if (src->mm == current->mm)
		return move(dst, src->address, bytes, 1);
	return move_between(src, dst, bytes);
}

/* Takes a hold on the memory of the slot's process; under the lock. */
static struct mm_struct *grab(const struct container *container, int nr)
{
	const struct member *member = member_of(container, dc_proc(&container->dc, nr));

	if (!member || !member->mm)
		return NULL;
	mmgrab(member->mm);
	return member->mm;
}

static void let_go(const struct side *side)
{
	if (side->mm)
		mmdrop(side->mm);
}

/* One vcopy under way. */
struct copy {
	struct engine_copy engine;
	struct side src, dst;
};

static int begin_transition(struct call *call)
{
	const struct dvk_entry *entry = call->entry;
	struct copy *copy = call->data;
	int rc = engine_copy_begin(&call->container->dc, call->nr, entry->src_ep, entry->ep,
				   entry->size, &copy->engine);

	if (rc)
		return rc;
	copy->src.mm = grab(call->container, copy->engine.src_nr);
	copy->dst.mm = grab(call->container, copy->engine.dst_nr);
	return 0;
}

static int vcopy_run(struct call *call)
{
	static const struct op begin = { .needs = OP_HAS_SLOT, .transition = begin_transition };
	struct copy *copy = call->data;
	int rc = call_transition(call, &begin);

	if (rc)
		return rc;
	copy->src.address = call->entry->data;
	copy->src.died = EDVSSRCDIED;
	copy->dst.address = call->entry->data2;
	copy->dst.died = EDVSDSTDIED;
	rc = copy_between(&copy->src, &copy->dst, call->entry->size);
	call_enter(call);
	rc = engine_copy_end(&call->container->dc, call->nr, &copy->engine, call->entry->size, rc);
	call_leave(call);
	let_go(&copy->src);
	let_go(&copy->dst);
	return rc;
}

const struct op op_VCOPY = { .needs = OP_DC | OP_MEMBER,
			     .bytes = sizeof(struct copy),
			     .run = vcopy_run };

static int shares_transition(struct call *call)
{
	const struct dc *dc = &call->container->dc;
	const struct proc *p = slot_alive(dc, call->entry->ep);

	if (!p || !slot_in_call_to(p, dc_proc(dc, call->nr)->endpoint))
		return 0;
	return member_is_of(member_of(call->container, p), call->file->tgid);
}

const struct op op_SHARES = { .needs = OP_HAS_SLOT, .transition = shares_transition };

/* The memory of a process of the DC, held; NULL: there is none. Under the lock. */
static struct mm_struct *find_memory(const struct container *container, const struct pid *tgid)
{
	int i;

	for (i = 0; tgid && i < container->nr_members; i++) {
		const struct member *member = container->members[i];

		if (!member_is_of(member, tgid))
			continue;
		mmgrab(member->mm);
		return member->mm;
	}
	return NULL;
}

/* One who looks reads as a debugger would: not what does not let itself be debugged. */
static int may_read(const struct call *call, const struct mm_struct *mm)
{
	if (mm == current->mm || capable(CAP_SYS_PTRACE))
		return 1;
	return call->rights.is_owner && get_dumpable((struct mm_struct *)mm) == SUID_DUMP_USER;
}

static int read_run(struct call *call)
{
	struct side src = { .address = call->entry->data2, .died = EDVSSRCH };
	int rc = EDVSSRCH;

	if (call->entry->size > DVK_COPY_MAX)
		return EDVSRANGE;
	rcu_read_lock();
	spin_lock(&call->container->lock);
	src.mm = find_memory(call->container, find_vpid(call->entry->value));
	spin_unlock(&call->container->lock);
	rcu_read_unlock();
	if (!src.mm)
		return rc;
	rc = EDVSPERM;
	if (may_read(call, src.mm))
		rc = move(&src, call->entry->data, call->entry->size, 0);
	let_go(&src);
	return rc;
}

const struct op op_READ = { .needs = OP_DC, .run = read_run };
