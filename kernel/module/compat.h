/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * compat.h - where the kernels that this is built for differ: 6.1 and 6.12.
 *
 * All conditions on the kernel's version stand here.
 */
#ifndef MODULE_COMPAT_H
#define MODULE_COMPAT_H

#include <linux/mm.h>
#include <linux/version.h>

static inline void compat_clear_vm_flags(struct vm_area_struct *vma, vm_flags_t flags)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
	vm_flags_clear(vma, flags);
#else
	vma->vm_flags &= ~flags;
#endif
}

static inline void compat_set_vm_flags(struct vm_area_struct *vma, vm_flags_t flags)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
	vm_flags_set(vma, flags);
#else
	vma->vm_flags |= flags;
#endif
}

/* Pins pages of mm, whose lock is held for reading, and still is after. */
static inline long compat_pin_pages(struct mm_struct *mm, unsigned long start, unsigned long count,
				    unsigned int flags, struct page **pages)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
	return pin_user_pages_remote(mm, start, count, flags, pages, NULL);
#else
	return pin_user_pages_remote(mm, start, count, flags, pages, NULL, NULL);
#endif
}

#endif
