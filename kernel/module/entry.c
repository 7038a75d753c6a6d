/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * entry.c - one system call: an entry in, its operation, the entry out.
 *
 * Nothing of the program's memory is touched while a lock is held, and nothing of it is
 * read twice.
 */
#include <linux/nospec.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "op.h"

#define ENTRY_WORDS (sizeof(struct dvk_entry) / sizeof(uint64_t))

/* An entry as words: less than half of what copy_from_user() takes for so few bytes. */
static int entry_in(struct dvk_entry *entry, const uint64_t __user *from)
{
	uint64_t *words = (uint64_t *)entry;
	size_t i;

	if (!user_read_access_begin(from, sizeof(*entry)))
		return -EFAULT;
	for (i = 0; i < ENTRY_WORDS; i++)
		unsafe_get_user(words[i], &from[i], failed);
	user_read_access_end();
	return 0;
failed:
	user_read_access_end();
	return -EFAULT;
}

static int entry_out(const struct dvk_entry *entry, uint64_t __user *to)
{
	const uint64_t *words = (const uint64_t *)entry;
	size_t i;

	if (!user_write_access_begin(to, sizeof(*entry)))
		return -EFAULT;
	for (i = 0; i < ENTRY_WORDS; i++)
		unsafe_put_user(words[i], &to[i], failed);
	user_write_access_end();
	return 0;
failed:
	user_write_access_end();
	return -EFAULT;
}

static const struct op *const ops[DVK_OP_COUNT] = {
#define OP_ROW(name) [DVK_OP_##name] = &op_##name,
	DVK_OPS(OP_ROW)
#undef OP_ROW
};

static int check(const struct dvk_entry *entry)
{
	if (entry->bytes != sizeof(*entry) || entry->version != DVK_DEVICE_VERSION)
		return -EINVAL;
	if (entry->op == DVK_OP_NONE || entry->op >= DVK_OP_COUNT)
		return -EINVAL;
	if (entry->flags & ~DVK_ENTRY_ASYNC || entry->spare[0] || entry->spare[1] ||
	    entry->spare[2])
		return -EINVAL;
	return 0;
}

static uint64_t data_bytes(const struct call *call, const struct op *op)
{
	return op->needs & OP_ARRAY ? (uint64_t)op->bytes * call_room(call, op->max) : op->bytes;
}

static int data_in(struct call *call, const struct op *op)
{
	uint64_t bytes = data_bytes(call, op);

	if (!bytes)
		return 0;
	call->data = kvzalloc(bytes, GFP_KERNEL_ACCOUNT);
	if (!call->data)
		return -ENOMEM;
	if (op->needs & OP_IN &&
	    copy_from_user(call->data, u64_to_user_ptr(call->entry->data), bytes))
		return -EFAULT;
	return 0;
}

static int data_out(struct call *call, const struct op *op, int result)
{
	uint64_t bytes = op->needs & OP_ARRAY ? (uint64_t)op->bytes * result : op->bytes;

	if (!(op->needs & OP_OUT) || result < 0 || !bytes)
		return 0;
	/* It was not done, and the number is none of rows. */
	if (result == DVK_ENTRY_WAITS || result == DVK_ENTRY_STOPPED)
		return 0;
	return copy_to_user(u64_to_user_ptr(call->entry->data), call->data, bytes) ? -EFAULT : 0;
}

/* At its DC, and with its data here. */
static int perform(struct call *call, const struct op *op)
{
	int rc = 0;

	if (op->needs & OP_MEMBER)
		rc = member_attach(call->file, call->container, &call->member);
	if (rc)
		return rc;
	call->error = data_in(call, op);
	if (!call->error)
		rc = op->run ? op->run(call) : call_transition(call, op);
	if (!call->error)
		call->error = data_out(call, op, rc);
	kvfree(call->data);
	ready_give(call);
	return rc;
}

static int enter(struct call *call)
{
	const struct op *op = ops[array_index_nospec(call->entry->op, DVK_OP_COUNT)];
	int rc;

	call->entry->request_ep = NONE;
	call->entry->request_call = 0;
	call->entry->ready_count = call->entry->ready_more = 0;
	if (call->entry->deadline_ns < 0)
		return EDVSRANGE;
	if (!(op->needs & OP_DC))
		return perform(call, op);
	call->container = file_container(call->file, &call->rights);
	if (!call->container)
		return EDVSDVSINIT;
	rc = perform(call, op);
	container_put(call->container);
	return rc;
}

/* All but the batch, which is written before it is read. */
static void begin(struct call *call, struct dvk_file *file, struct dvk_entry *entry)
{
	memset(call, 0, offsetof(struct call, batch));
	call->file = file;
	call->entry = entry;
	call->nr = NONE;
}

long entry_run(struct dvk_file *file, void __user *user)
{
	struct dvk_entry entry __uninitialized;
	struct call call __uninitialized;
	int rc;

	if (entry_in(&entry, user))
		return -EFAULT;
	rc = check(&entry);
	if (rc)
		return rc;
	begin(&call, file, &entry);
	entry.result = enter(&call);
	if (call.error)
		return call.error;
	return entry_out(&entry, user);
}
