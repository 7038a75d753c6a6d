/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * string.h - the kernel's memcpy and the like.
 */
#ifndef MODULE_STRING_H
#define MODULE_STRING_H

#include <linux/string.h>

#endif
