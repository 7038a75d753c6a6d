/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * linux.h - what Linux has beside a sendrec, for the module's bench.
 */
#ifndef TESTS_MODULE_LINUX_H
#define TESTS_MODULE_LINUX_H

/* Starts another process and a thread, which answer on pipes. Exits on failure. */
void linux_begin(void);
/* In a child that is no part of this: so that the others end with their client. */
void linux_forget(void);
/* One round trip of 64 bytes, by two pipes. */
void linux_ask_process(void);
void linux_ask_thread(void);
/* ns of two bare switches between two processes, the fastest batch of trips each. */
double linux_switches_ns(int batches, int trips);

#endif
