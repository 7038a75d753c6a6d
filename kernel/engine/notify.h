/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * notify.h - notifications: bits that are set, merged, and taken lowest first.
 */
#ifndef ENGINE_NOTIFY_H
#define ENGINE_NOTIFY_H

#include "dc.h"

/* Tasks and servers have a bit each. */
static inline int notify_is_source(int nr)
{
	return (unsigned int)nr + NR_TASKS < NR_SOURCES;
}

/* What a notification says. */
struct notify_what {
	int source_nr;
	uint32_t map;    /* of values */
	uint32_t merged; /* how many it stands for */
};
static inline uint32_t notify_map(int value)
{
	return value < 0 ? 0 : (uint32_t)1 << value;
}
int notify_give(struct dc *dc, struct proc *dst, const struct notify_what *given);
/* Sets source_nr's bit at dst, or delivers at once; value -1: none. Returns DVK_DONE/BLOCKED. */
int notify_post(struct dc *dc, int source_nr, struct proc *dst, int value);
/* 1: the lowest pending one that src_ep allows is in *ret_m and in p's letter. */
int notify_take(struct dc *dc, struct proc *p, int src_ep, message *ret_m);
/* source_nr is gone: so is what it has pending at p. */
void notify_forget(struct dc *dc, struct proc *p, int source_nr);

#endif
