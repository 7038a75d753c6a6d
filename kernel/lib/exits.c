/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exits.c - how processes of the DC ended, from the ring that the engine fills.
 *
 * The ring is read under the DC's lock and not changed by it: each who asks has
 * their own place in it.
 */
#include <string.h>

#include "embedded.h"

/* Its slot's name, as long as nobody has taken the slot since. */
static void copy_name(const struct dc *dc, const struct dc_exit *kept, struct dvk_exit *ret_exit)
{
	int nr = dvk_endpoint_nr(kept->endpoint);

	if (dc_has_nr(dc, nr) && dc_rest(dc, nr)->incarnation == kept->incarnation)
		memcpy(ret_exit->name, dc_rest(dc, nr)->name, sizeof(ret_exit->name) - 1);
}

int dvk_take_exits(uint64_t *next, struct dvk_exit *ret_exits, int max, uint64_t *ret_lost)
{
	const struct dc_state *state = host.dc.state;
	uint64_t end, oldest;
	int count, rc = host_attach(&host_self);

	if (rc < 0)
		return rc;
	host_enter(&host.dc, &host_self.seat);
	end = state->exit_next;
	oldest = end > DC_EXITS ? end - DC_EXITS : 0;
	if (ret_lost)
		*ret_lost = *next && *next < oldest ? oldest - *next : 0;
	/* A number that was never given comes from another DC: begin anew. */
	if (*next < oldest || *next > end)
		*next = oldest;
	for (count = 0; count < max && *next < end; count++, (*next)++) {
		const struct dc_exit *kept = &state->exits[*next % DC_EXITS];

		ret_exits[count] = (struct dvk_exit){
			.endpoint = kept->endpoint,
			.code = kept->code,
			.incarnation = kept->incarnation,
		};
		copy_name(&host.dc, kept, &ret_exits[count]);
	}
	host_leave(&host.dc, &host_self.seat);
	return count;
}
