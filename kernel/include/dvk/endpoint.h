/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * endpoint.h - an endpoint names a slot and its generation (M3-IPC section 3).
 *
 * Tasks and servers have generation 0 for ever, so their endpoint is their nr.
 */
#ifndef DVK_ENDPOINT_H
#define DVK_ENDPOINT_H

#include <dvk/limits.h>

#define GENERATION_SIZE (NR_TASKS + 0x8ace + 1)
#define GENERATION_MAX  (0x7fffffff / GENERATION_SIZE - 1)

#define ANY  0x7ace
#define NONE 0x6ace
#define SELF 0x8ace

#define HARDWARE      (-1)
#define SYSTASK(node) (-2 - (node))
#define CLOCK         (-34)
/* An enum, as flags and levels have this name too and are pasted from lists. */
enum { PROXY = -35 };

#define PM_PROC_NR    0
#define FS_PROC_NR    1
#define RS_PROC_NR    2
#define RDISK_PROC_NR 3
#define LOG_PROC_NR   4
#define TTY_PROC_NR   5
#define IS_PROC_NR    8
#define M3FTP_PROC_NR 14
#define INIT_PROC_NR  15
#define NWEB_PROC_NR  22

/* The endpoint of slot nr in generation gen. */
static inline int dvk_endpoint(int gen, int nr)
{
	return gen * GENERATION_SIZE + nr;
}

/* The slot of an endpoint; any int gives a value, which may be out of range. */
static inline int dvk_endpoint_nr(int endpoint)
{
	return (int)(((long long)endpoint + NR_TASKS) % GENERATION_SIZE) - NR_TASKS;
}

/* The generation of an endpoint. */
static inline int dvk_endpoint_generation(int endpoint)
{
	return (int)(((long long)endpoint + NR_TASKS) / GENERATION_SIZE);
}

/* Calls that return an endpoint: only below this is it an error. */
#define DVK_ENDPOINT_MIN (-300)
static inline int dvk_is_endpoint(int result)
{
	return result >= DVK_ENDPOINT_MIN;
}

#endif
