/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * counts.h - how many system calls or context switches processor 0 makes meanwhile.
 */
#ifndef TESTS_MODULE_COUNTS_H
#define TESTS_MODULE_COUNTS_H

enum counts_what { COUNT_CALLS, COUNT_SWITCHES };

/* Of all processes; one count at a time, as root. Exits when the kernel cannot. */
void counts_begin(enum counts_what what);
double counts_end(void);

#endif
