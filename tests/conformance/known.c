/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * known.c - an actor asks what is known of the DVS, its node, its DCs, their processes,
 * and the tester sees whether that is true.
 */
#include <string.h>

#include "steps.h"

/* The next end that an actor has not been told of. */
static uint64_t next_exit[ACTORS];

static int take_exits(struct mailbox *box)
{
	const struct step *s = &box->step;
	uint64_t *next = &next_exit[box - stage->boxes];
	struct dvk_exit rest[CONF_EXITS];
	uint64_t lost;
	int rc;

	if (s->value == 0)
		return dvk_take_exits(next, box->known.exits, CONF_EXITS, &lost);
	/* All that there are; 1: some are no longer kept. */
	rc = dvk_take_exits(next, rest, CONF_EXITS, &lost);
	while (rc == CONF_EXITS)
		rc = dvk_take_exits(next, rest, CONF_EXITS, NULL);
	return rc < 0 ? rc : lost > 0;
}

int actor_knows(struct mailbox *box)
{
	const struct step *s = &box->step;
	union known *known = &box->known;

	switch (s->call) {
	case GETDVSINFO:
		return dvk_getdvsinfo(&known->dvs, conf_dir());
	case GETDCINFO:
		return dvk_getdcinfo(s->ep, &known->dc, conf_dir());
	case GETNODEINFO:
		return dvk_getnodeinfo(s->ep, &known->node, conf_dir());
	case GETPROXYINFO:
		return dvk_getproxyinfo(s->ep, &known->proxy);
	case GETPROCINFO:
		return dvk_getprocinfo(s->ep, &known->proc);
	case GETPRIV:
		return dvk_getpriv(s->ep, &known->priv);
	case TAKE_EXITS:
		return take_exits(box);
	default:
		return NOT_MINE;
	}
}

/* ---- the tester's side ---- */

static int64_t number_of(const struct field *field, const union known *known)
{
	const char *at = (const char *)known + field->offset;
	int64_t eight;
	int32_t four;

	if (field->bytes == sizeof(four)) {
		memcpy(&four, at, sizeof(four));
		return four;
	}
	if (field->bytes != sizeof(eight))
		return *(const unsigned char *)at;
	memcpy(&eight, at, sizeof(eight));
	return eight;
}

static int64_t endpoint_or(int64_t wanted)
{
	return wanted == (int)wanted ? step_number((int)wanted) : wanted;
}

const char *known_check(const struct step *s, const union known *known)
{
	static int64_t remembered;
	const char *text = (const char *)known + s->field.offset;
	int64_t number = number_of(&s->field, known), wanted = s->holds;
	int is_right;

	if (s->text)
		return strcmp(text, s->text) == 0 ? NULL : tell("is told \"%s\"", text);
	if (wanted == SOME)
		is_right = number > 0;
	else if (wanted == MORE)
		is_right = number > remembered;
	else if (wanted == THE_SAME)
		is_right = number == remembered;
	else
		is_right = wanted == REMEMBERED || number == endpoint_or(wanted);
	if (wanted == MORE || wanted == REMEMBERED)
		remembered = number;
	return is_right ? NULL : tell("is told %lld", (long long)number);
}
