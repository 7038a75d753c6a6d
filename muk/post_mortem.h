/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * post_mortem.h - a MUK that dies of a fatal signal leaves a dump of its DC.
 */
#ifndef MUK_POST_MORTEM_H
#define MUK_POST_MORTEM_H

/*
 * From now on SIGSEGV, SIGBUS, SIGILL, SIGFPE and SIGABRT first write a dump of dc
 * dcid in dir (NULL: the usual folders), then do what they would have done. Call it
 * before others install handlers of these. name: of the MUK, for the file's name.
 */
void post_mortem_begin(int dcid, const char *dir, const char *name);

#endif
