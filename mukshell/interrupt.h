/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * interrupt.h - Ctrl-C ends the command, never the shell.
 */
#ifndef MUKSHELL_INTERRUPT_H
#define MUKSHELL_INTERRUPT_H

/* Catches SIGINT and SIGPIPE: system calls return EINTR and EPIPE. */
void interrupt_install(void);

/* Before a command, and when the interrupt has been dealt with. */
void interrupt_clear(void);
/* As if Ctrl-C were typed in so long; -1: not any more. */
void interrupt_after(long ms);
int interrupt_pending(void);

#endif
