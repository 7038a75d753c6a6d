/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * file.c - an open /dev/dvk: one process at one DC.
 *
 * The process leaves with its last descriptor of the file, which others may still have
 * inherited; the file is freed when those are closed too.
 */
#include <linux/fdtable.h>
#include <linux/fs.h>
#include <linux/pid.h>
#include <linux/poll.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "op.h"

struct container *file_container(struct dvk_file *file, struct file_rights *ret_rights)
{
	struct container *container = NULL;

	spin_lock(&file->lock);
	if (file->container && file->tgid == task_tgid(current) && !READ_ONCE(file->is_left)) {
		container = file->container;
		kref_get(&container->holders);
		ret_rights->is_owner = file->is_owner;
		ret_rights->is_system = file->is_system;
	}
	spin_unlock(&file->lock);
	return container;
}

static void stop_tracing(struct dvk_file *file, struct container *container)
{
	if (!file->is_tracing)
		return;
	transition_enter(container);
	file->is_tracing = 0;
	container->dc.state->traced--;
	transition_leave(container, NULL);
}

int file_leave(struct dvk_file *file, int code)
{
	struct container *container;
	int looks;

	lockdep_assert_held(&file->opening);
	spin_lock(&file->lock);
	container = file->container;
	looks = file->looks;
	file->container = NULL;
	spin_unlock(&file->lock);
	if (!container)
		return EDVSDVSINIT;
	members_bury(file, code);
	stop_tracing(file, container);
	container_leave(container, looks);
	return 0;
}

static int open(struct inode *inode, struct file *file)
{
	struct dvk_file *own = kzalloc(sizeof(*own), GFP_KERNEL_ACCOUNT);

	if (!own)
		return -ENOMEM;
	mutex_init(&own->opening);
	spin_lock_init(&own->lock);
	INIT_LIST_HEAD(&own->members);
	file->private_data = own;
	return 0;
}

static int is_same(const void *file, struct file *other, unsigned int fd)
{
	return file == other;
}

/* A descriptor was closed, by whomever has one. */
static int flush(struct file *file, fl_owner_t owner)
{
	struct dvk_file *own = file->private_data;

	if (READ_ONCE(own->tgid) != task_tgid(current))
		return 0;
	/* Without a table of files the process is ending. */
	if (current->files && iterate_fd(current->files, 0, is_same, file))
		return 0;
	mutex_lock(&own->opening);
	file_leave(own, EDVSSRCDIED);
	mutex_unlock(&own->opening);
	return 0;
}

static int release(struct inode *inode, struct file *file)
{
	struct dvk_file *own = file->private_data;

	mutex_lock(&own->opening);
	file_leave(own, EDVSSRCDIED);
	mutex_unlock(&own->opening);
	members_free(own);
	put_pid(own->tgid);
	kfree_rcu(own, rcu);
	return 0;
}

static __poll_t poll(struct file *file, struct poll_table_struct *table)
{
	struct dvk_file *own = file->private_data;
	struct member *member;

	rcu_read_lock();
	member = member_find(current, own);
	rcu_read_unlock();
	if (!member)
		return 0;
	poll_wait(file, &member->wait, table);
	return list_empty_careful(&member->ready) ? 0 : EPOLLIN | EPOLLRDNORM;
}

static long ioctl(struct file *file, unsigned int request, unsigned long argument)
{
	if (request != DVK_IOC_ENTRY)
		return -ENOTTY;
	return entry_run(file->private_data, (void __user *)argument);
}

const struct file_operations file_operations = {
	.owner = THIS_MODULE,
	.open = open,
	.flush = flush,
	.release = release,
	.poll = poll,
	.unlocked_ioctl = ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.mmap = mapping_make,
	.llseek = noop_llseek,
};
