/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * presence.h - those who wait for a bind.
 */
#ifndef ENGINE_PRESENCE_H
#define ENGINE_PRESENCE_H

#include "dc.h"

/* p was bound: who waited for it runs again. */
void presence_tell(struct dc *dc, const struct proc *p);

#endif
