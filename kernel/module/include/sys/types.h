/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * types.h - pid_t and the like, as the kernel has them.
 */
#ifndef MODULE_SYS_TYPES_H
#define MODULE_SYS_TYPES_H

#include <linux/types.h>

#endif
