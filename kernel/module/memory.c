/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memory.c - the memory of a DC: the engine's state, what everybody may see, the host's.
 *
 * The first two are mapped by programs, page by page, so nothing else lies in them.
 */
#include <linux/cred.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "container.h"

#define MODE_DEFAULT 0600
#define MODE_BITS    0777

/* Without it the program is told, and the log need not be. */
static void *mappable(uint64_t bytes)
{
	return __vmalloc(PAGE_ALIGN(bytes), GFP_KERNEL_ACCOUNT | __GFP_ZERO | __GFP_NOWARN);
}

static int init_name(struct dc_state *state, const struct container_wish *wish)
{
	const char *name = wish->how.name;

	if (strnlen(name, DVK_NAME_BYTES) == DVK_NAME_BYTES)
		return EDVSNAMESIZE;
	if (name[0])
		strscpy(state->name, name, sizeof(state->name));
	else
		snprintf(state->name, sizeof(state->name), "dc%d", wish->dcid);
	return 0;
}

static int init_rights(struct container *container, const struct container_wish *wish)
{
	const struct dvk_device_open *how = &wish->how;
	kgid_t group = current_egid();

	if (how->mode & ~(uint32_t)MODE_BITS)
		return EDVSBADVALUE;
	if (how->gid != UINT32_MAX) {
		group = make_kgid(current_user_ns(), how->gid);
		if (!gid_valid(group))
			return EDVSBADVALUE;
		/* As with chown: to a group of one's own. */
		if (!in_egroup_p(group) && !capable(CAP_SYS_ADMIN))
			return EDVSPERM;
	}
	container->owner = current_euid();
	container->group = group;
	container->mode = how->mode ? how->mode : MODE_DEFAULT;
	return 0;
}

static int init_state(struct container *container, const struct container_wish *wish)
{
	struct dc_state *state = container->state;
	int rc = dc_init(&container->dc, state, wish->dcid,
			 wish->nr_procs ? wish->nr_procs : NR_PROCS_DEFAULT);

	if (!rc)
		rc = init_name(state, wish);
	if (!rc)
		rc = init_rights(container, wish);
	if (rc)
		return rc;
	state->nr_members = container->nr_members;
	state->strict = !!(wish->flags & DVK_STRICT);
	state->recorder_on = !(wish->flags & DVK_NO_RECORDER);
	state->owner_uid = from_kuid_munged(&init_user_ns, container->owner);
	state->owner_gid = from_kgid_munged(&init_user_ns, container->group);
	state->created_ns = ktime_get_ns();
	state->magic = CONTAINER_MAGIC;
	state->running = 1;
	return 0;
}

static int allocate(struct container *container, int nr_slots)
{
	uint64_t recorder_bytes = DVK_RECORDER_EVENTS * sizeof(struct dvk_event);
	int i;

	container->nr_members = nr_slots + MEMBERS_EXTRA;
	container->table_bytes = PAGE_ALIGN(public_table_bytes(nr_slots));
	container->state = mappable(container->state_bytes);
	container->table = mappable(container->table_bytes);
	container->recorder = mappable(recorder_bytes);
	container->members =
		kvcalloc(container->nr_members, sizeof(*container->members), GFP_KERNEL_ACCOUNT);
	container->sleeps = kvcalloc(nr_slots, sizeof(*container->sleeps), GFP_KERNEL_ACCOUNT);
	if (!container->state || !container->table || !container->recorder || !container->members ||
	    !container->sleeps)
		return EDVSNOMEM;
	for (i = 0; i < nr_slots; i++)
		INIT_LIST_HEAD(&container->sleeps[i].ready);
	container->kib = (container->state_bytes + container->table_bytes + recorder_bytes) / 1024;
	return 0;
}

int memory_create(const struct container_wish *wish, struct container **ret_container)
{
	int nr_procs = wish->nr_procs ? wish->nr_procs : NR_PROCS_DEFAULT;
	uint64_t bytes = dc_bytes(nr_procs);
	struct container *container;
	int rc;

	if (!bytes)
		return EDVSRANGE;
	container = kvzalloc(sizeof(*container), GFP_KERNEL_ACCOUNT);
	if (!container)
		return EDVSNOMEM;
	spin_lock_init(&container->lock);
	kref_init(&container->holders);
	init_waitqueue_head(&container->events);
	container->dcid = wish->dcid;
	container->state_bytes = PAGE_ALIGN(bytes);
	rc = allocate(container, NR_TASKS + nr_procs);
	if (!rc)
		rc = init_state(container, wish);
	if (rc) {
		memory_free(container);
		return rc;
	}
	container->dc.host = &container->frame;
	container->events_told = container->dc.state->event_next;
	public_init(container);
	*ret_container = container;
	return 0;
}

void memory_free(struct container *container)
{
	kvfree(container->sleeps);
	kvfree(container->members);
	vfree(container->recorder);
	vfree(container->table);
	vfree(container->state);
	kvfree(container);
}
