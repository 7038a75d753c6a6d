/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mapping.c - looking into a DC without a call: mappings that are never written.
 *
 * A mapping holds its DC, whatever becomes of the file. A child of the process has none.
 */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>

#include "compat.h"
#include "container.h"

/* What lies at an offset of the file. */
struct part {
	uint64_t offset;
	void *memory;
	uint64_t bytes;
};

static struct part part_at(const struct container *container, uint64_t offset)
{
	struct part part = { .offset = DVK_MAP_TABLE,
			     .memory = container->table,
			     .bytes = container->table_bytes };

	if (offset >= DVK_MAP_RECORDER) {
		part.offset = DVK_MAP_RECORDER;
		part.memory = container->recorder;
		part.bytes = PAGE_ALIGN(DVK_RECORDER_EVENTS * sizeof(struct dvk_event));
	} else if (offset >= DVK_MAP_STATE) {
		part.offset = DVK_MAP_STATE;
		part.memory = container->state;
		part.bytes = container->state_bytes;
	}
	return part;
}

static void area_open(struct vm_area_struct *area)
{
	struct container *container = area->vm_private_data;

	kref_get(&container->holders);
}

static void area_close(struct vm_area_struct *area)
{
	container_put(area->vm_private_data);
}

static vm_fault_t area_fault(struct vm_fault *fault)
{
	const struct container *container = fault->vma->vm_private_data;
	uint64_t offset = (uint64_t)fault->pgoff << PAGE_SHIFT;
	struct part part = part_at(container, offset);

	if (offset - part.offset >= part.bytes)
		return VM_FAULT_SIGBUS;
	fault->page = vmalloc_to_page((char *)part.memory + (offset - part.offset));
	get_page(fault->page);
	return 0;
}

static const struct vm_operations_struct area_operations = {
	.open = area_open,
	.close = area_close,
	.fault = area_fault,
};

/* 0, or why the process may not map these bytes. */
static int check(const struct file_rights *rights, const struct part *part, uint64_t at,
		 uint64_t bytes)
{
	if (part->offset == DVK_MAP_STATE && !rights->is_owner)
		return -EACCES;
	if (at >= part->bytes || bytes > PAGE_ALIGN(part->bytes) - at)
		return -EINVAL;
	return 0;
}

int mapping_make(struct file *file, struct vm_area_struct *area)
{
	uint64_t offset = (uint64_t)area->vm_pgoff << PAGE_SHIFT;
	struct file_rights rights;
	struct container *container;
	struct part part;
	int rc;

	if (area->vm_flags & VM_WRITE)
		return -EPERM;
	container = file_container(file->private_data, &rights);
	if (!container)
		return -ENXIO;
	part = part_at(container, offset);
	rc = check(&rights, &part, offset - part.offset, area->vm_end - area->vm_start);
	if (rc) {
		container_put(container);
		return rc;
	}
	if (part.offset == DVK_MAP_RECORDER)
		public_map_recorder(container);
	compat_clear_vm_flags(area, VM_MAYWRITE);
	compat_set_vm_flags(area, VM_DONTEXPAND | VM_DONTDUMP | VM_DONTCOPY);
	area->vm_private_data = container;
	area->vm_ops = &area_operations;
	return 0;
}
