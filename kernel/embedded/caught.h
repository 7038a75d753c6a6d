/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * caught.h - a copy that ends with an error where memcpy would kill the process.
 */
#ifndef EMBEDDED_CAUGHT_H
#define EMBEDDED_CAUGHT_H

#include <stddef.h>
#include <stdint.h>
#include <ucontext.h>

/* Copies; 0, or 1 when one side could not be accessed (then some bytes were copied). */
int caught_copy(void *to, const void *from, size_t bytes);

/* In a handler of SIGSEGV or SIGBUS: 1 when the fault was such a copy's, which ends. */
int caught_redirect(ucontext_t *context);

/* Installs the handler unless it is; other faults go to the handler that was there before. */
void fault_init(void);

#endif
