/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * member.c - a thread comes to a DC, and leaves it with all its slots.
 *
 * Found by its task, under RCU, by itself and by the probes of its end. A member that
 * has left is used again for another thread of its file, but not before all who could
 * still see it in the hash are done. Its wait queue stays as long as the file, as who
 * polls the file may be in it.
 */
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "container.h"

static DEFINE_HASHTABLE(by_task, 10);
static DEFINE_SPINLOCK(by_task_lock);

struct member *member_find(const struct task_struct *task, const struct dvk_file *file)
{
	struct member *member;

	hash_for_each_possible_rcu(
		by_task, member, in_hash,
		(unsigned long)task) if (READ_ONCE(member->task) == task &&
					 (!file || member->file == file)) return member;
	return NULL;
}

struct member *member_of(const struct container *container, const struct proc *p)
{
	if ((unsigned int)p->member >= (unsigned int)container->nr_members)
		return NULL;
	return container->members[p->member];
}

int member_slot(const struct container *container, const struct member *member)
{
	const struct proc *p;

	if (member->current_nr == NONE)
		return NONE;
	p = dc_proc(&container->dc, member->current_nr);
	if (p->rts & DVK_RTS_SLOT_FREE || p->member != member->index)
		return NONE;
	return member->current_nr;
}

int32_t member_pid(const struct member *member)
{
	return pid_nr_ns(member->file->tgid, task_active_pid_ns(current));
}

int32_t member_tid(const struct member *member)
{
	return pid_nr_ns(member->tid, task_active_pid_ns(current));
}

/* A free index, or DC_NO_MEMBER; under container.lock. */
static int free_index(struct container *container)
{
	int i, index = container->last_member;

	for (i = 0; i < container->nr_members; i++) {
		index = index + 1 < container->nr_members ? index + 1 : 0;
		if (container->members[index])
			continue;
		container->last_member = index;
		return index;
	}
	return DC_NO_MEMBER;
}

/* One of the file's that nobody uses or sees any more; under file.lock. */
static struct member *find_unused(struct dvk_file *file, const struct container *container)
{
	struct member *member;

	list_for_each_entry(member, &file->members,
			    in_file) if (!READ_ONCE(member->task) &&
					 member->container == container &&
					 poll_state_synchronize_rcu(member->left_at)) return member;
	return NULL;
}

/* member becomes the current thread's; under file.lock. */
static int enroll(struct container *container, struct member *member)
{
	int rc = EDVSRSCBUSY, index;

	spin_lock(&container->lock);
	index = free_index(container);
	if (index != DC_NO_MEMBER) {
		rc = 0;
		member->index = index;
		member->current_nr = NONE;
		member->tid = get_pid(task_pid(current));
		member->mm = current->mm;
		mmgrab(member->mm);
		container->members[index] = member;
		container->member_count++;
		WRITE_ONCE(member->task, current);
	}
	spin_unlock(&container->lock);
	if (rc)
		return rc;
	spin_lock(&by_task_lock);
	hash_add_rcu(by_task, &member->in_hash, (unsigned long)current);
	spin_unlock(&by_task_lock);
	return 0;
}

static struct member *create(struct dvk_file *file, struct container *container)
{
	struct member *member = kzalloc(sizeof(*member), GFP_KERNEL_ACCOUNT);

	if (!member)
		return NULL;
	member->file = file;
	member->container = container;
	init_waitqueue_head(&member->wait);
	INIT_LIST_HEAD(&member->ready);
	return member;
}

static int attach(struct dvk_file *file, struct container *container, struct member **ret_member)
{
	struct member *made = create(file, container), *member;
	int rc;

	if (!made)
		return EDVSNOMEM;
	spin_lock(&file->lock);
	member = find_unused(file, container);
	if (!member)
		member = made;
	if (member == made && file->member_count == FILE_MEMBERS)
		rc = EDVSRSCBUSY;
	else
		rc = file->container == container && !file->looks ? enroll(container, member)
								  : EDVSDVSINIT;
	if (!rc && member == made) {
		list_add_tail_rcu(&made->in_file, &file->members);
		file->member_count++;
		made = NULL;
	}
	spin_unlock(&file->lock);
	kfree(made);
	if (!rc)
		*ret_member = member;
	return rc;
}

int member_attach(struct dvk_file *file, struct container *container, struct member **ret_member)
{
	struct member *member;

	if (READ_ONCE(file->looks))
		return EDVSDVSINIT;
	rcu_read_lock();
	member = member_find(current, file);
	rcu_read_unlock();
	if (!member)
		return attach(file, container, ret_member);
	*ret_member = member;
	return 0;
}

/* What is left of it when it has no slot any more; under container.lock. */
static void strike_off(struct container *container, struct member *member)
{
	struct slot_sleep *sleep, *next;

	list_for_each_entry_safe(sleep, next, &member->ready, ready) list_del_init(&sleep->ready);
	container->members[member->index] = NULL;
	container->member_count--;
	spin_lock(&by_task_lock);
	hash_del_rcu(&member->in_hash);
	spin_unlock(&by_task_lock);
	put_pid(member->tid);
	member->left_at = get_state_synchronize_rcu();
	WRITE_ONCE(member->task, NULL);
}

/* The first bound slot of it from nr on, NONE. */
static int next_slot(const struct container *container, const struct member *member, int nr)
{
	for (; nr < container->dc.nr_procs; nr++) {
		const struct proc *p = dc_proc(&container->dc, nr);

		if (p->member == member->index && !(p->rts & DVK_RTS_SLOT_FREE))
			return nr;
	}
	return NONE;
}

/* Ends its next slot from *nr on, or strikes it off: then, or if it had left, 1. */
static int bury_next(struct member *member, int *nr, int code)
{
	struct container *container = member->container;

	if (!member->task)
		return 1;
	*nr = next_slot(container, member, *nr);
	if (*nr == NONE) {
		strike_off(container, member);
		return 1;
	}
	/* A bound slot is never refused. */
	WARN_ON_ONCE(engine_exit(&container->dc, *nr, code));
	return 0;
}

/* One slot a time: others get the lock between. */
void member_bury(struct member *member, int code)
{
	struct mm_struct *mm;
	int nr = -NR_TASKS, done;

	do {
		transition_enter(member->container);
		done = bury_next(member, &nr, code);
		transition_leave(member->container, NULL);
	} while (!done);
	wake_up_all(&member->wait);
	mm = xchg(&member->mm, NULL);
	if (mm)
		mmdrop(mm);
}

void members_bury(struct dvk_file *file, int code)
{
	struct member *member;

	rcu_read_lock();
	/* One that has left may be of a DC that is no more. */
	list_for_each_entry_rcu(member, &file->members, in_file)
	{
		if (READ_ONCE(member->task))
			member_bury(member, code);
	}
	rcu_read_unlock();
}

void members_free(struct dvk_file *file)
{
	struct member *member, *next;

	list_for_each_entry_safe(member, next, &file->members, in_file) kfree_rcu(member, rcu);
}
