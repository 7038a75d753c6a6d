/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * container.h - a DC in the kernel, the threads at it, and the files by which they came.
 *
 * A container lives as long as somebody holds it: the list of DCs while it runs, each
 * file at it, each mapping, each entry. Its memory, and that of files and members, is
 * freed an RCU grace period later, so that who has left the lock may still wake them.
 * Lock order: file.opening, the containers' lock; file.lock, container.lock, the lock of
 * the members' hash. Nothing sleeps under the last three; the last two are taken by the
 * probes of a thread that ends, too.
 */
#ifndef MODULE_CONTAINER_H
#define MODULE_CONTAINER_H

#include <linux/hashtable.h>
#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/uidgid.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include <dvk/device.h>

#include "engine.h"
#include "host_impl.h"

#define CONTAINER_MAGIC 0x646f4d5f6b7664ULL /* "dvk_Mod" */

/* One member per slot, and some that have none. */
#define MEMBERS_EXTRA 128
/* Of one file: those of DCs that it has left stay until it is closed. */
#define FILE_MEMBERS 16384

/* How far the wait of a slot is. */
enum sleep_state {
	SLEEP_NONE,
	SLEEP_WAITS,
	SLEEP_READY, /* over; its result was not fetched yet */
};

/* What a slot's thread is told, beside what the engine keeps; under container.lock. */
struct slot_sleep {
	struct list_head ready; /* in member.ready: READY, and begun without sleeping */
	uint8_t state;          /* enum sleep_state; the sleeper reads it without the lock */
	uint8_t is_async;
	uint8_t is_stopped; /* it waits for a debugger: nothing was done yet */
	uint8_t handover;
};

struct dvk_file;

/* A thread at a DC, by one file. It is reused, and freed with its file only. */
struct member {
	struct dvk_file *file;
	struct container *container;
	struct list_head in_file;  /* under file.lock */
	struct hlist_node in_hash; /* by task, while it is there */
	wait_queue_head_t wait;

	/* container.lock */
	struct task_struct *task; /* NULL: it has left. Compared, never followed */
	struct pid *tid;
	struct mm_struct *mm; /* grabbed: the memory that its addresses mean */
	int index;
	int current_nr;        /* the slot that it named last, NONE */
	unsigned long left_at; /* RCU's time when it left: lookups may still see it */
	struct list_head ready;
	struct rcu_head rcu;
};

struct container {
	spinlock_t lock;
	struct kref holders;
	struct rcu_work free_work;
	int dcid;
	kuid_t owner;
	kgid_t group;
	umode_t mode;
	int is_kept;
	uint64_t kib; /* accounted to its owner */
	void *state;
	uint64_t state_bytes;
	struct dvk_device_table *table;
	uint64_t table_bytes;
	struct dvk_event *recorder; /* what everybody may see of the state's */
	wait_queue_head_t events;
	struct dentry *folder; /* in debugfs */

	/* the containers' lock */
	int files; /* that are at it, and do not only look */
	int is_listed;

	/* lock */
	struct dc dc; /* dc.host = &frame */
	struct host_frame frame;
	struct slot_sleep *sleeps; /* from -NR_TASKS on */
	struct member **members;
	int nr_members;
	int member_count;
	int last_member; /* where the next free index is sought */
	uint64_t events_told;
	int is_recorder_mapped; /* once: from then on .recorder is kept */
};

/* One opening of /dev/dvk. */
struct dvk_file {
	struct mutex opening;
	spinlock_t lock; /* guards those below but members' own fields */
	struct container *container;
	struct pid *tgid; /* who may use it while it is at a DC */
	struct list_head members;
	int member_count; /* in it */
	int is_owner;
	int is_system;
	int looks;
	int is_tracing;
	int is_left; /* its process has become another: it is at no DC any more */
	struct rcu_head rcu;
};

static inline struct slot_sleep *container_sleep(const struct container *container, int nr)
{
	return &container->sleeps[nr + NR_TASKS];
}

/* ---- container.c; all may sleep ---- */
struct container_wish {
	int dcid;
	int nr_procs;       /* 0: as many as is usual */
	unsigned int flags; /* enum dvk_open_flags, DVK_DEVICE_LOOK */
	struct dvk_device_open how;
};
/* A file comes: the DC that runs, or with CREATE a new one, held. As dvk_open(). */
int container_open(const struct container_wish *wish, struct container **ret_container);
/* Makes one that stays. EDVSDCRUN. */
int container_make(const struct container_wish *wish);
/* A file goes; the last one ends it, unless it is kept. */
void container_leave(struct container *container, int looks);
/* Ends it for all. EDVSBADDCID, EDVSDCNOTRUN, EDVSBADOWNER. */
int container_end(int dcid);
/* The one that runs under this number, held; NULL. */
struct container *container_find(int dcid);
void container_put(struct container *container);
/* 1 when the current process may do what (MAY_READ, MAY_WRITE). */
int container_allows(const struct container *container, int what);
/* 1 when it is its owner, or may manage all. */
int container_is_owner(const struct container *container);
int containers_init(void);
void containers_deinit(void);

/* ---- memory.c ---- */
/* A new container, held once, charged to the current user. EDVSRANGE, EDVSNAMESIZE, EDVSNOMEM. */
int memory_create(const struct container_wish *wish, struct container **ret_container);
void memory_free(struct container *container);

/* ---- account.c: what a user's DCs take; under the containers' lock ---- */
/* One more DC of so many KiB: 0, EDVSRSCBUSY, EDVSNOMEM. */
int account_charge(kuid_t user, uint64_t kib);
void account_uncharge(kuid_t user, uint64_t kib);

/* ---- dvs.c ---- */
struct dvs {
	int is_initialised;
	int node;
	char name[DVK_NAME_BYTES];
};
/* The parameters of this node; NULL forgets them. EDVSDVSBUSY, EDVSDVSINIT. */
int containers_set_dvs(const struct dvs *wanted);
/* How many DCs run, how many slots are bound in them, and the parameters. */
int containers_count(int *ret_bound, struct dvs *ret_dvs);

/* ---- member.c ---- */
/* This thread at the DC of its file; it becomes a member. EDVSDVSINIT, EDVSRSCBUSY, EDVSNOMEM. */
int member_attach(struct dvk_file *file, struct container *container, struct member **ret_member);
/* The one of task by this file, NULL; within an RCU section. */
struct member *member_find(const struct task_struct *task, const struct dvk_file *file);
/* 1 when a slot's member is of the same process as the file. */
static inline int member_is_of(const struct member *member, const struct pid *tgid)
{
	return member && member->file->tgid == tgid;
}
/* The member that a bound slot has; NULL: it is leaving. Under container.lock. */
struct member *member_of(const struct container *container, const struct proc *p);
/* The slot that it named last, if that is still its own; NONE. Under container.lock. */
int member_slot(const struct container *container, const struct member *member);
/* It leaves: all its slots end with code. In an RCU section; may be called twice. */
void member_bury(struct member *member, int code);
/* All members of a file. */
void members_bury(struct dvk_file *file, int code);
void members_free(struct dvk_file *file);
int32_t member_pid(const struct member *member);
int32_t member_tid(const struct member *member);

/* ---- death.c ---- */
int deaths_watch(void);
void deaths_unwatch(void);

/* ---- transition.c ---- */
struct wake_list {
	int count;
	int all; /* too many: everybody is woken */
	struct {
		struct member *member;
		int handover;
	} members[HOST_WAKES];
};
/* Takes the lock of the DC and the time. Then engine calls; nothing may sleep. */
void transition_enter(struct container *container) __acquires(RCU) __acquires(&container->lock);
/* Commits: whoever is to be woken is put down in ret_list, if it is not self. */
void transition_commit(struct container *container, const struct member *self,
		       struct wake_list *ret_list);
/* Commits, lets the lock go and wakes. */
void transition_leave(struct container *container, const struct member *self)
	__releases(&container->lock) __releases(RCU);
/* Lets the lock go and wakes those of a commit. */
void transition_unlock(struct container *container, const struct wake_list *list)
	__releases(&container->lock) __releases(RCU);

/* ---- public.c ---- */
uint64_t public_table_bytes(int nr_slots);
void public_init(struct container *container);
/* Somebody looks at the recorder from now on. */
void public_map_recorder(struct container *container);
/* Writes what has changed, and the events; under container.lock. */
void public_commit(struct container *container);

/* ---- file.c, mapping.c ---- */
/* What a file may do at the DC that it is at, not at one that it opens meanwhile. */
struct file_rights {
	int is_owner;
	int is_system;
};
/* The container that the file is at, held, and its rights there; NULL. */
struct container *file_container(struct dvk_file *file, struct file_rights *ret_rights);
/* Ends all that the file's process is at its DC; the file may open one again. */
int file_leave(struct dvk_file *file, int code);
extern const struct file_operations file_operations;
int mapping_make(struct file *file, struct vm_area_struct *area);

/* ---- debugfs.c ---- */
void folders_init(void);
void folders_deinit(void);
void folder_add(struct container *container);
void folder_remove(struct container *container);

#endif
