/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * signals.h - the signals that end a MUK.
 */
#ifndef MUK_SIGNALS_H
#define MUK_SIGNALS_H

/*
 * From now on the first SIGTERM, SIGINT or SIGHUP makes the returned descriptor
 * readable, and one that comes later ends the process at once with status 128 + its number;
 * SIGPIPE does nothing. EDVSNFILE.
 */
int signals_begin(void);

#endif
