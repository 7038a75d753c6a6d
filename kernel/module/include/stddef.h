/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stddef.h - size_t, offsetof and NULL, as the kernel has them.
 */
#ifndef MODULE_STDDEF_H
#define MODULE_STDDEF_H

#include <linux/stddef.h>
#include <linux/types.h>

#endif
