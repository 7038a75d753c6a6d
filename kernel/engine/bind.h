/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bind.h - the way back of a user slot.
 */
#ifndef ENGINE_BIND_H
#define ENGINE_BIND_H

#include "dc.h"

/* nr becomes the youngest free user slot; a task's or server's stays its own. */
void bind_give_back(struct dc *dc, int nr);

#endif
