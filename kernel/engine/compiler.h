/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * compiler.h - hints; they change no meaning.
 */
#ifndef ENGINE_COMPILER_H
#define ENGINE_COMPILER_H

#ifndef likely
#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#endif

/* Kept out of the fast paths, which are inlined whole. */
#define ENGINE_COLD __attribute__((__cold__, __noinline__))

#endif
