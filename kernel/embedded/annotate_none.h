/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * annotate_none.h - nobody needs to be told what follows what.
 */
#ifndef EMBEDDED_ANNOTATE_H
#define EMBEDDED_ANNOTATE_H

static inline void annotate_follows(void *lock)
{
	(void)lock;
}

#endif
