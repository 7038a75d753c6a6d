/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * manage.c - entering, leaving, making and ending DCs; the list of them.
 */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/pid.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>

#include "op.h"

#define OPEN_FLAGS (DVK_CREATE | DVK_KEEP | DVK_STRICT | DVK_NO_RECORDER | DVK_SYSTEM)

static int wish_of(const struct call *call, unsigned int flags, struct container_wish *ret_wish)
{
	if ((unsigned int)call->entry->value & ~flags)
		return EDVSBADVALUE;
	if (call->entry->size > NR_PROCS_MAX)
		return EDVSRANGE;
	ret_wish->dcid = call->entry->ep;
	ret_wish->nr_procs = (int)call->entry->size;
	ret_wish->flags = (unsigned int)call->entry->value;
	memcpy(&ret_wish->how, call->data, sizeof(ret_wish->how));
	return 0;
}

/* What the program learns of its DC. */
static void tell(const struct dvk_file *file, const struct container *container,
		 struct dvk_device_open *ret_how)
{
	ret_how->nr_procs = container->dc.nr_procs;
	ret_how->is_owner = file->is_owner;
	ret_how->table_bytes = container->table_bytes;
	ret_how->state_bytes = container->state_bytes;
	ret_how->recorder_offset = offsetof(struct dc_state, recorder);
	ret_how->recorder_bytes = sizeof(container->dc.state->recorder);
	memcpy(ret_how->name, container->dc.state->name, sizeof(ret_how->name));
}

/* The file is the current process's from now on; under file.opening. */
static void settle(struct dvk_file *file, struct container *container, unsigned int flags)
{
	struct pid *before = file->tgid;

	spin_lock(&file->lock);
	file->is_owner = container_is_owner(container);
	file->is_system = !!(flags & DVK_SYSTEM);
	WRITE_ONCE(file->looks, !!(flags & DVK_DEVICE_LOOK));
	file->is_left = 0;
	file->tgid = get_pid(task_tgid(current));
	file->container = container;
	spin_unlock(&file->lock);
	put_pid(before);
}

/* 0: it may open; 1: it has done so already. Under file.opening. */
static int check_file(struct dvk_file *file, int dcid)
{
	if (file->container && file->tgid != task_tgid(current))
		return EDVSDVSINIT;
	if (file->container && READ_ONCE(file->is_left))
		file_leave(file, EDVSSRCDIED);
	if (!file->container)
		return 0;
	return file->container->dcid == dcid ? 1 : EDVSDCRUN;
}

static int open_run(struct call *call)
{
	struct dvk_file *file = call->file;
	struct container *container;
	struct container_wish wish;
	int rc = wish_of(call, OPEN_FLAGS | DVK_DEVICE_LOOK, &wish);

	if (rc)
		return rc;
	mutex_lock(&file->opening);
	rc = check_file(file, wish.dcid);
	if (!rc) {
		rc = container_open(&wish, &container);
		if (!rc)
			settle(file, container, wish.flags);
	}
	if (rc >= 0) {
		tell(file, file->container, call->data);
		rc = 0;
	}
	mutex_unlock(&file->opening);
	return rc;
}

const struct op op_OPEN = { .needs = OP_IN | OP_OUT,
			    .bytes = sizeof(struct dvk_device_open),
			    .run = open_run };

static int close_run(struct call *call)
{
	int rc = EDVSDVSINIT;

	mutex_lock(&call->file->opening);
	if (call->file->tgid == task_tgid(current))
		rc = file_leave(call->file, 0);
	mutex_unlock(&call->file->opening);
	return rc;
}

const struct op op_CLOSE = { .run = close_run };

static int dc_init_run(struct call *call)
{
	struct container_wish wish;
	int rc = wish_of(call, OPEN_FLAGS & ~DVK_SYSTEM, &wish);

	if (rc)
		return rc;
	wish.flags |= DVK_KEEP;
	return container_make(&wish);
}

const struct op op_DC_INIT = { .needs = OP_IN,
			       .bytes = sizeof(struct dvk_device_open),
			       .run = dc_init_run };

static int dc_end_run(struct call *call)
{
	return container_end(call->entry->ep);
}

const struct op op_DC_END = { .run = dc_end_run };

/* Of a DC that one may not look at: that it is there, and whose. */
static void hide(struct dvk_dcinfo *info)
{
	struct dvk_dcinfo shown = { .dcid = info->dcid,
				    .owner_uid = info->owner_uid,
				    .owner_gid = info->owner_gid };

	*info = shown;
}

static int list_run(struct call *call)
{
	int max = call_room(call, NR_DCS), count = 0, dcid;
	struct dvk_dcinfo *list = call->data;

	for (dcid = 0; dcid < NR_DCS && count < max; dcid++) {
		struct container *container = container_find(dcid);

		if (!container)
			continue;
		view_dcinfo(container, &list[count]);
		if (!container_allows(container, MAY_READ))
			hide(&list[count]);
		container_put(container);
		count++;
	}
	return count;
}

const struct op op_LIST = { .needs = OP_OUT | OP_ARRAY,
			    .bytes = sizeof(struct dvk_dcinfo),
			    .max = NR_DCS,
			    .run = list_run };
