/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cases_vcopy.c - copies between the parties of a call (M3-IPC section 9). Each actor's
 * memory is full of its own letter.
 */
#include "conformance.h"

#define A_CALLS_B                            \
	{ BEGINS, A, SENDREC, .ep = OF(B) }, \
	{                                    \
		DOES, B, RECEIVE, .ep = ANY  \
	}

static const struct conf_case cases[] = {
	{ "a server copies from its client, and into it",
	  .steps = { A_CALLS_B,
		     { DOES, B, VCOPY, .from = OF(A), .ep = SELF, .value = 5000 },
		     { DOES, B, PEEK, .value = 4999, .want = 'a' },
		     { DOES, B, PEEK, .value = 5000, .want = 'b' },
		     { DOES, B, REPLY, .ep = OF(A) },
		     { ENDS, A, SENDREC } } },
	{ "what a server copies into its client is there",
	  .steps = { A_CALLS_B,
		     { DOES, B, VCOPY, .from = SELF, .ep = OF(A), .value = 60000 },
		     { DOES, B, REPLY, .ep = OF(A) },
		     { ENDS, A, SENDREC },
		     { DOES, A, PEEK, .value = 0, .want = 'b' },
		     { DOES, A, PEEK, .value = 59999, .want = 'b' },
		     { DOES, A, PEEK, .value = 60000, .want = 'a' } } },
	{ "what is copied within oneself",
	  .steps = { { DOES, A, VCOPY, .from = SELF, .ep = SELF },
		     { DOES, A, VCOPY, .from = SELF, .ep = SELF, .bad = 1, .want = EDVSFAULT },
		     { DOES, A, VCOPY, .from = OF(A), .ep = SELF, .want = EDVSENDPOINT } } },
	{ "a bad address is an error of either side, and nobody dies of it",
	  .steps = { A_CALLS_B,
		     { DOES, B, VCOPY, .from = OF(A), .ep = SELF, .bad = 1, .want = EDVSFAULT },
		     { DOES, B, VCOPY, .from = OF(A), .ep = SELF, .bad = 2, .want = EDVSFAULT },
		     { DOES, B, VCOPY, .from = SELF, .ep = OF(A), .bad = 1, .want = EDVSFAULT },
		     { DOES, B, VCOPY, .from = SELF, .ep = OF(A), .bad = 2, .want = EDVSFAULT },
		     { DOES, B, REPLY, .ep = OF(A) },
		     { ENDS, A, SENDREC } } },
	{ "who does not wait in a call that was taken is not copied from",
	  .steps = { { DOES, B, VCOPY, .from = OF(A), .ep = SELF, .want = EDVSPROCSTS },
		     { BEGINS, A, SENDREC, .ep = OF(B) },
		     { DOES, B, VCOPY, .from = OF(A), .ep = SELF, .want = EDVSPROCSTS },
		     { DOES, B, RECEIVE, .ep = ANY },
		     { DOES, B, VCOPY, .from = OF(A), .ep = SELF },
		     { DOES, B, REPLY, .ep = OF(A) },
		     { ENDS, A, SENDREC },
		     { DOES, B, VCOPY, .from = OF(A), .ep = SELF, .want = EDVSPROCSTS } } },
	{ "who is no party needs SYSTEM",
	  .steps = { A_CALLS_B,
		     { DOES, C, VCOPY, .from = OF(A), .ep = OF(B), .want = EDVSPRIVILEGES },
		     { DOES, B, REPLY, .ep = OF(A) },
		     { ENDS, A, SENDREC } } },
	{ "too much, from nowhere, from the dead and from the stale",
	  .steps = { { DOES, A, VCOPY, .from = SELF, .ep = SELF, .value = (16 << 20) + 1,
		       .want = EDVSRANGE },
		     { DOES, A, VCOPY, .from = OUT_OF_IT, .ep = SELF, .want = EDVSRANGE },
		     { DOES, C, UNBIND, .ep = SELF },
		     { DOES, A, VCOPY, .from = OF(C), .ep = SELF, .want = EDVSSRCDIED },
		     { DOES, A, VCOPY, .from = SELF, .ep = OF(C), .want = EDVSDSTDIED },
		     { DOES, C, BIND, .ep = NR_OF(C), .want = FINE },
		     { DOES, A, VCOPY, .from = WAS(C), .ep = SELF, .want = EDVSENDPOINT } } },
	{ "a copy without the right",
	  .steps = { { DOES, D, DENY, .ep = OF(A), .value = WITHOUT(VCOPY) },
		     { DOES, A, VCOPY, .from = SELF, .ep = SELF, .want = EDVSCALLDENIED } } },
	{ "rights to a client's memory pass on with its call",
	  .steps = { A_CALLS_B,
		     { DOES, B, RELAY, .ep = OF(C), .from = OF(A) },
		     { DOES, C, RECEIVE, .ep = ANY, .by = OF(A) },
		     { DOES, B, VCOPY, .from = OF(A), .ep = SELF, .want = EDVSPROCSTS },
		     { DOES, C, VCOPY, .from = OF(A), .ep = SELF },
		     { DOES, C, PEEK, .value = 99, .want = 'a' },
		     { DOES, C, REPLY, .ep = OF(A) },
		     { ENDS, A, SENDREC } } },
	{ "SYSTEM copies from who waits", .steps = { A_CALLS_B,
						     { DOES, D, VCOPY, .from = OF(A), .ep = SELF },
						     { DOES, D, PEEK, .value = 99, .want = 'a' },
						     { DOES, B, REPLY, .ep = OF(A) },
						     { ENDS, A, SENDREC } } },
};

SECTION(section_vcopy, "vcopy");
