/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * container.c - the DCs of this machine: who may enter one, how long it stays.
 *
 * A DC runs while it is in the list: until the last file that is at it goes (unless it
 * is kept), or its owner ends it. Who holds it longer sees its last state.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/module.h>

#include "container.h"

static DEFINE_MUTEX(containers_lock);
static struct container *containers[NR_DCS];
static struct dvs dvs_here;
static struct workqueue_struct *free_queue;

int container_is_owner(const struct container *container)
{
	return uid_eq(current_euid(), container->owner) || capable(CAP_SYS_ADMIN);
}

int container_allows(const struct container *container, int what)
{
	umode_t bits = container->mode;

	if (uid_eq(current_euid(), container->owner))
		bits >>= 6;
	else if (in_egroup_p(container->group))
		bits >>= 3;
	return (bits & what) == what || capable(CAP_SYS_ADMIN);
}

static void free_later(struct work_struct *work)
{
	struct container *container = container_of(to_rcu_work(work), struct container, free_work);

	mutex_lock(&containers_lock);
	account_uncharge(container->owner, container->kib);
	mutex_unlock(&containers_lock);
	memory_free(container);
	module_put(THIS_MODULE);
}

static void release(struct kref *holders)
{
	struct container *container = container_of(holders, struct container, holders);

	queue_rcu_work(free_queue, &container->free_work);
}

void container_put(struct container *container)
{
	kref_put(&container->holders, release);
}

struct container *container_find(int dcid)
{
	struct container *container = NULL;

	mutex_lock(&containers_lock);
	if (dcid >= 0 && dcid < NR_DCS)
		container = containers[dcid];
	if (container)
		kref_get(&container->holders);
	mutex_unlock(&containers_lock);
	return container;
}

/* Makes and lists it; the list holds it. Under the containers' lock. */
static int create_locked(const struct container_wish *wish, struct container **ret_container)
{
	struct container *container;
	int rc = memory_create(wish, &container);

	if (rc)
		return rc;
	rc = account_charge(container->owner, container->kib);
	if (rc) {
		memory_free(container);
		return rc;
	}
	/* As long as its memory is there; whoever made it holds the module by a file. */
	__module_get(THIS_MODULE);
	INIT_RCU_WORK(&container->free_work, free_later);
	container->is_kept = !!(wish->flags & DVK_KEEP);
	container->dc.state->node = container->table->node = dvs_here.node;
	containers[wish->dcid] = container;
	container->is_listed = 1;
	folder_add(container);
	*ret_container = container;
	return 0;
}

static int open_locked(const struct container_wish *wish, struct container **ret_container)
{
	int looks = !!(wish->flags & DVK_DEVICE_LOOK);
	struct container *container = containers[wish->dcid];
	int rc = 0;

	if (container && !container_allows(container, looks ? MAY_READ : MAY_READ | MAY_WRITE))
		return EDVSACCES;
	if (!container && (looks || !(wish->flags & DVK_CREATE)))
		return EDVSDCNOTRUN;
	if (!container)
		rc = create_locked(wish, &container);
	if (rc)
		return rc;
	kref_get(&container->holders);
	container->files += !looks;
	*ret_container = container;
	return 0;
}

static int try_open(const struct container_wish *wish, struct container **ret_container)
{
	int rc = EDVSBADDCID;

	mutex_lock(&containers_lock);
	if (wish->dcid >= 0 && wish->dcid < NR_DCS)
		rc = open_locked(wish, ret_container);
	mutex_unlock(&containers_lock);
	return rc;
}

/* DCs that have ended count until their memory is free, which is a while later. */
static void wait_for_free(void)
{
	rcu_barrier();
	flush_workqueue(free_queue);
}

int container_open(const struct container_wish *wish, struct container **ret_container)
{
	int rc = try_open(wish, ret_container);

	if (rc != EDVSRSCBUSY && rc != EDVSNOMEM)
		return rc;
	wait_for_free();
	return try_open(wish, ret_container);
}

static int try_make(const struct container_wish *wish)
{
	struct container *container;
	int rc = EDVSBADDCID;

	mutex_lock(&containers_lock);
	if (wish->dcid >= 0 && wish->dcid < NR_DCS)
		rc = containers[wish->dcid] ? EDVSDCRUN : create_locked(wish, &container);
	mutex_unlock(&containers_lock);
	return rc;
}

int container_make(const struct container_wish *wish)
{
	int rc = try_make(wish);

	if (rc != EDVSRSCBUSY && rc != EDVSNOMEM)
		return rc;
	wait_for_free();
	return try_make(wish);
}

/* It is in the list no more: whoever waits in it learns that. Lets the list's hold go. */
static void end_unlisted(struct container *container)
{
	int i;

	transition_enter(container);
	engine_end(&container->dc);
	transition_leave(container, NULL);
	/* Those who wait to be bound have no slot that is told. */
	rcu_read_lock();
	for (i = 0; i < container->nr_members; i++) {
		struct member *member = READ_ONCE(container->members[i]);

		if (member)
			wake_up_all(&member->wait);
	}
	rcu_read_unlock();
	wake_up_all(&container->events);
	container_put(container);
}

/* 1: it was in the list. Under the containers' lock. */
static int unlist(struct container *container)
{
	if (!container->is_listed)
		return 0;
	container->is_listed = 0;
	containers[container->dcid] = NULL;
	folder_remove(container);
	return 1;
}

void container_leave(struct container *container, int looks)
{
	int ends = 0;

	mutex_lock(&containers_lock);
	container->files -= !looks;
	if (!looks && !container->files && !container->is_kept)
		ends = unlist(container);
	mutex_unlock(&containers_lock);
	if (ends)
		end_unlisted(container);
	container_put(container);
}

int container_end(int dcid)
{
	struct container *container;
	int rc = 0;

	if (dcid < 0 || dcid >= NR_DCS)
		return EDVSBADDCID;
	mutex_lock(&containers_lock);
	container = containers[dcid];
	if (!container)
		rc = EDVSDCNOTRUN;
	else if (!container_is_owner(container))
		rc = EDVSBADOWNER;
	else
		unlist(container);
	mutex_unlock(&containers_lock);
	if (!rc)
		end_unlisted(container);
	return rc;
}

/* How many DCs run, and how many slots are bound in them. Under the containers' lock. */
static int count_locked(int *ret_bound)
{
	int i, count = 0;

	*ret_bound = 0;
	for (i = 0; i < NR_DCS; i++) {
		if (!containers[i])
			continue;
		count++;
		*ret_bound += READ_ONCE(containers[i]->dc.state->bound);
	}
	return count;
}

int containers_count(int *ret_bound, struct dvs *ret_dvs)
{
	int count;

	mutex_lock(&containers_lock);
	count = count_locked(ret_bound);
	*ret_dvs = dvs_here;
	mutex_unlock(&containers_lock);
	return count;
}

int containers_set_dvs(const struct dvs *wanted)
{
	int bound, rc = 0;

	mutex_lock(&containers_lock);
	if (count_locked(&bound))
		rc = EDVSDVSBUSY;
	else if (!wanted && !dvs_here.is_initialised)
		rc = EDVSDVSINIT;
	else if (wanted)
		dvs_here = *wanted;
	else
		memset(&dvs_here, 0, sizeof(dvs_here));
	mutex_unlock(&containers_lock);
	return rc;
}

int containers_init(void)
{
	free_queue = alloc_workqueue("dvk", 0, 0);
	return free_queue ? 0 : -ENOMEM;
}

void containers_deinit(void)
{
	wait_for_free();
	destroy_workqueue(free_queue);
}
