/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stdint.h - what the engine's headers expect of C's, from the kernel's own types.
 */
#ifndef MODULE_STDINT_H
#define MODULE_STDINT_H

#include <linux/build_bug.h>
#include <linux/limits.h>
#include <linux/stddef.h>
#include <linux/types.h>

#define INT16_MAX  S16_MAX
#define INT32_MIN  S32_MIN
#define INT32_MAX  S32_MAX
#define INT64_MAX  S64_MAX
#define UINT32_MAX U32_MAX
#define UINT64_MAX U64_MAX

#endif
