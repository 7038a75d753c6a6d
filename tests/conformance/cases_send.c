/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cases_send.c - send: rendezvous (M3-IPC section 5).
 */
#include "conformance.h"

#define MAY(call) (1 << (call))

static const struct conf_case cases[] = {
	{ "a send waits until its receiver takes it",
	  .steps = { { BEGINS, A, SEND, .ep = OF(B), .type = 7 },
		     { DOES, B, RECEIVE, .ep = ANY, .got = 7, .by = OF(A) },
		     { ENDS, A, SEND } } },
	{ "a send to who waits returns at once",
	  .steps = { { BEGINS, B, RECEIVE, .ep = OF(A) },
		     { DOES, A, SEND, .ep = OF(B), .type = 7 },
		     { ENDS, B, RECEIVE, .got = 7, .by = OF(A) } } },
	{ "a send that must not wait sends nothing",
	  .steps = { { DOES, A, SEND, .ep = OF(B), .ms = POLL, .want = EDVSAGAIN },
		     { DOES, B, RECEIVE, .ep = ANY, .ms = POLL, .want = EDVSAGAIN } } },
};

SECTION(section_send, "send");
