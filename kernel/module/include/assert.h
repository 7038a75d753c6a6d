/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * assert.h - static_assert, as the kernel has it.
 */
#ifndef MODULE_ASSERT_H
#define MODULE_ASSERT_H

#include <linux/build_bug.h>

#endif
