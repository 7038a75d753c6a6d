/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * invariants.c - the checks of the engine's own tests, on the state of a segment.
 *
 * Compiled like those tests, whose struct world the checks take.
 */
#include "../engine/world.h"

void invariants_check(const struct dc *dc);

void invariants_check(const struct dc *dc)
{
	struct world world = { .dc = *dc };

	check_invariants(&world);
}
