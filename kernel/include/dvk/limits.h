/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * limits.h - every limit of the DVK, each once and by its published name.
 */
#ifndef DVK_LIMITS_H
#define DVK_LIMITS_H

#define NR_TASKS           35               /* slots -35 .. -1 */
#define NR_SERVERS         64               /* slots 0 .. 63 */
#define NR_PROCS_DEFAULT   221              /* slots from 0 on, servers included */
#define NR_PROCS_MIN       (NR_SERVERS + 1) /* so that a user fits in */
#define NR_PROCS_MAX       4061             /* so that a table has at most 4096 slots */
#define NR_NODES           32
#define NR_DCS             64
#define NR_SOURCES         (NR_TASKS + NR_SERVERS) /* who may notify */
#define NOTIFY_VALUE_MAX   31                      /* of ntfy_value */
#define DVK_NAME_BYTES     16                      /* 15 and a NUL */
#define DVK_COPY_MAX       (16u << 20)             /* one vcopy */
#define DVK_TIMEOUT_MAX_MS 0x7fffffff

#define DVK_RECORDER_EVENTS 4096  /* the flight recorder; a power of two */
#define DVK_RING_EVENTS     16384 /* full records; a power of two */
#define DVK_TABLES          128   /* tables that servers of a DC register */
#define DVK_HOLDS           32    /* rules of debuggers */
#define DVK_HOLD_TESTS      4     /* comparisons of one rule */
#define DVK_HELD            256   /* messages that are held at once */
#define DVK_SLOT_WORDS      ((NR_PROCS_MAX + NR_TASKS) / 64) /* a bit for each slot */
#define DVK_UNDO_WORDS      16384 /* one transition's; an exit touches all slots */

#endif
