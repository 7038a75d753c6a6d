/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * acts.c - what an actor does that is no call of the contract, or more than one.
 */
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor.h"

static uint64_t address_of(int endpoint, const struct mailbox *box)
{
	int i;

	if (endpoint == SELF)
		return dvk_address(actor_buffers[box - stage->boxes]);
	for (i = 0; i < ACTORS; i++)
		if (__atomic_load_n(&stage->boxes[i].endpoint, __ATOMIC_RELAXED) == endpoint)
			break;
	return dvk_address(actor_buffers[i % ACTORS]);
}

static int copy(const struct mailbox *box)
{
	const struct step *s = &box->step;
	uint64_t from = address_of(s->from, box), to = address_of(s->ep, box);
	size_t bytes = s->value ? (size_t)s->value : 100;

	return dvk_vcopy(s->from, s->bad == 1 ? 8 : from, s->ep, s->bad == 2 ? 8 : to, bytes);
}

static int change_rights(const struct step *s)
{
	struct dvk_priv priv;
	int rc = dvk_getpriv(s->ep, &priv);

	if (rc)
		return rc;
	if (s->call == SET_SOURCES)
		memset(priv.sources, s->value ? 0xff : 0, sizeof(priv.sources));
	if (s->call == SET_TARGETS)
		memset(priv.targets, s->value ? 0xff : 0, sizeof(priv.targets));
	if (s->call == SET_LEVEL)
		priv.level = s->value;
	if (s->call == DENY)
		priv.calls &= ~(uint32_t)s->value;
	return dvk_setpriv(s->ep, &priv);
}

/* As long as it takes; the last endpoint. */
static int rebind(const struct step *s)
{
	int endpoint, rc;

	do {
		rc = dvk_unbind(SELF, 0);
		endpoint = rc ? rc : dvk_bind(s->ep, "actor");
	} while (dvk_is_endpoint(endpoint) && dvk_endpoint_generation(endpoint) != s->value &&
		 dvk_endpoint_generation(endpoint) != 1);
	return endpoint;
}

/* 0, or the number of what is not as it should be. */
static int as_child(const struct step *s, int parent_ep)
{
	struct dvk_options options = conf_options(s);
	message m = { .m_type = 1 };
	int endpoint;

	if (dvk_current() != NONE)
		return 1;
	if (dvk_send_T(s->ep, &m, 0) != EDVSDVSINIT)
		return 2;
	if (dvk_open(CONF_DCID, &options) != 0)
		return 3;
	if (dvk_getep(0) != EDVSNOTBIND || dvk_send_T(s->ep, &m, 0) != EDVSNOTBIND)
		return 4;
	endpoint = dvk_bind(NONE, "child");
	if (!dvk_is_endpoint(endpoint) || endpoint == parent_ep)
		return 5;
	return dvk_send_T(s->ep, &m, 0) != EDVSAGAIN ? 6 : 0;
}

static int fork_off(const struct mailbox *box)
{
	int status, parent_ep = box->endpoint;
	pid_t pid = fork();

	if (pid == 0) {
		alarm(20);
		_exit(as_child(&box->step, parent_ep));
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return 100;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 101;
}

/* Long transitions, with little between them. */
static int be_busy(void)
{
	struct dvk_priv priv;
	int rc = dvk_getpriv(SELF, &priv);

	while (rc == 0 && !__atomic_load_n(&stage->resting, __ATOMIC_ACQUIRE))
		rc = dvk_setpriv(SELF, &priv);
	return rc;
}

static int set_current(struct mailbox *box)
{
	int endpoint = box->step.ep;

	box->is_as = endpoint != SELF;
	dvk_set_current(dvk_endpoint_nr(box->is_as ? endpoint : box->endpoint));
	return 0;
}

int actor_acts(struct mailbox *box)
{
	const struct step *s = &box->step;
	int me = (int)(box - stage->boxes);

	switch (s->call) {
	case VCOPY:
		return copy(box);
	case PEEK:
		return actor_buffers[me][s->value];
	case KEEP_REQUEST:
		actor_kept[me] = dvk_request();
		return 0;
	case AS:
		return set_current(box);
	case REBIND:
		return rebind(s);
	case FORK:
		return fork_off(box);
	case BUSY:
		return be_busy();
	case NOTHING:
		return 0;
	case SET_SOURCES:
	case SET_TARGETS:
	case SET_LEVEL:
	case DENY:
		return change_rights(s);
	default:
		return NOT_MINE;
	}
}
