/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cases_waits.c - how long each call waits, and how each wait is given up (M3-IPC
 * section 5): _T with 0, with a time, with -1; dvk_cancel in each state.
 */
#include "conformance.h"

#define LONG_ENOUGH 60000
#define ALL_SENDS   DVK_HOLD_KIND(DVK_HELD_SEND)
#define ALL_CALLS   DVK_HOLD_KIND(DVK_HELD_CALL)
#define ALL_REPLIES DVK_HOLD_KIND(DVK_HELD_REPLY)

/* clang-format off */
#define MET_IN_TIME(how, time)								\
	{ "a send " how " waits until it is taken",					\
	  .steps = { { BEGINS, A, SEND, .ep = OF(B), .ms = time, .type = 7 },		\
		     { DOES, B, RECEIVE, .ep = ANY, .got = 7 },				\
		     { ENDS, A, SEND } } },						\
	{ "a receive " how " waits until something comes",				\
	  .steps = { { BEGINS, B, RECEIVE, .ep = ANY, .ms = time },			\
		     { DOES, A, SEND, .ep = OF(B), .type = 7 },				\
		     { ENDS, B, RECEIVE, .got = 7 } } },				\
	{ "a call " how " waits until it is answered",					\
	  .steps = { { BEGINS, A, SENDREC, .ep = OF(B), .ms = time, .type = 7 },	\
		     { DOES, B, RECEIVE, .ep = ANY },					\
		     { DOES, B, REPLY, .ep = OF(A), .type = -5 },			\
		     { ENDS, A, SENDREC, .got = -5 } } },				\
	{ "a server's loop " how " waits until something comes",			\
	  .steps = { { BEGINS, B, REPLY_RECEIVE, .from = NONE, .ep = ANY, .ms = time },	\
		     { DOES, A, SEND, .ep = OF(B), .type = 7 },				\
		     { ENDS, B, REPLY_RECEIVE, .got = 7 } } },				\
	{ "a taker of requests " how " waits until one comes",				\
	  .steps = { { BEGINS, B, RCVRQST, .ms = time },				\
		     { BEGINS, A, SENDREC, .ep = OF(B), .type = 7 },			\
		     { ENDS, B, RCVRQST, .got = 7 },					\
		     { DOES, B, REPLY, .ep = OF(A) },					\
		     { ENDS, A, SENDREC } } },						\
	{ "a wait for a bind " how " waits until it comes",				\
	  .steps = { { BEGINS, A, WAIT4BIND, .ep = 40, .ms = time },			\
		     { DOES, B, TBIND, .ep = 40, .want = 40 },				\
		     { ENDS, A, WAIT4BIND, .want = 40 },				\
		     { DOES, B, UNBIND, .ep = 40 } } },					\
	{ "a wait for an unbind " how " waits until it comes",				\
	  .steps = { { BEGINS, A, WAIT4UNBIND, .ep = OF(C), .ms = time },		\
		     { DOES, C, UNBIND, .ep = SELF },					\
		     { ENDS, A, WAIT4UNBIND } } }
/* clang-format on */

static const struct conf_case cases[] = {
	MET_IN_TIME("with a time", LONG_ENOUGH),
	MET_IN_TIME("without an end", FOR_EVER),
	{ "what need not wait does not, whatever its time",
	  .steps = { { BEGINS, A, SEND, .ep = OF(B), .type = 7 },
		     { DOES, B, RECEIVE, .ep = ANY, .ms = POLL, .got = 7 },
		     { ENDS, A, SEND },
		     { BEGINS, A, SEND, .ep = OF(B), .type = 7 },
		     { DOES, B, RECEIVE, .ep = OF(A), .ms = 1, .got = 7 },
		     { ENDS, A, SEND },
		     { BEGINS, A, SENDREC, .ep = OF(B), .type = 8 },
		     { DOES, B, RCVRQST, .ms = POLL, .got = 8 },
		     { BEGINS, C, SEND, .ep = OF(B), .type = 9 },
		     { DOES, B, REPLY_RECEIVE, .from = OF(A), .ep = ANY, .ms = POLL, .got = 9 },
		     { ENDS, A, SENDREC },
		     { ENDS, C, SEND },
		     { DOES, A, WAIT4BIND, .ep = 20, .ms = POLL, .want = 20 },
		     { DOES, C, UNBIND, .ep = SELF },
		     { DOES, A, WAIT4UNBIND, .ep = OF(C), .ms = POLL } } },
	{ "each wait with a time ends by it, and not before",
	  .steps = { { DOES, A, SEND, .ep = OF(B), .ms = 15, .want = EDVSTIMEDOUT },
		     { DOES, A, RECEIVE, .ep = ANY, .ms = 15, .want = EDVSTIMEDOUT },
		     { DOES, A, RECEIVE, .ep = OF(B), .ms = 15, .want = EDVSTIMEDOUT },
		     { DOES, A, SENDREC, .ep = OF(B), .ms = 15, .want = EDVSTIMEDOUT },
		     { DOES, A, REPLY_RECEIVE, .from = NONE, .ep = ANY, .ms = 15,
		       .want = EDVSTIMEDOUT },
		     { DOES, A, RCVRQST, .ms = 15, .want = EDVSTIMEDOUT },
		     { DOES, A, WAIT4BIND, .ep = 40, .ms = 15, .want = EDVSTIMEDOUT },
		     { DOES, A, WAIT4UNBIND, .ep = 20, .ms = 15, .want = EDVSTIMEDOUT } } },
	{ "a time that has come makes room for the next one in the queue",
	  .steps = { { DOES, A, SEND, .ep = OF(B), .ms = 15, .type = 7, .want = EDVSTIMEDOUT },
		     { BEGINS, C, SEND, .ep = OF(B), .type = 8 },
		     { DOES, A, SEND, .ep = OF(B), .ms = 15, .type = 9, .want = EDVSTIMEDOUT },
		     { DOES, B, RECEIVE, .ep = ANY, .got = 8 },
		     { ENDS, C, SEND } } },
	{ "no byte of a client changes after its call has timed out",
	  .steps = { { BEGINS, B, RECEIVE, .ep = ANY },
		     { DOES, A, SENDREC, .ep = OF(B), .ms = 15, .want = EDVSNOTREADY },
		     { ENDS, B, RECEIVE },
		     { DOES, B, VCOPY, .from = SELF, .ep = OF(A), .want = EDVSPROCSTS },
		     { DOES, A, PEEK, .value = 0, .want = 'a' } } },

	/* dvk_cancel */
	{ "a call that is queued is given up",
	  .steps = { { BEGINS, A, SENDREC, .ep = OF(B) },
		     { CANCELS, A, CANCEL, .ep = OF(A) },
		     { ENDS, A, SENDREC, .want = EDVSINTR },
		     { DOES, B, RECEIVE, .ep = ANY, .ms = POLL, .want = EDVSAGAIN } } },
	{ "a call that is taken is given up",
	  .steps = { { BEGINS, A, SENDREC, .ep = OF(B) },
		     { DOES, B, RECEIVE, .ep = ANY },
		     { CANCELS, A, CANCEL, .ep = OF(A) },
		     { ENDS, A, SENDREC, .want = EDVSNOTREADY },
		     { DOES, B, REPLY, .ep = OF(A), .want = EDVSPROCSTS } } },
	{ "a call that was passed on is given up, and had been taken",
	  .steps = { { BEGINS, A, SENDREC, .ep = OF(B) },
		     { DOES, B, RECEIVE, .ep = ANY },
		     { DOES, B, RELAY, .ep = OF(D), .from = OF(A) },
		     { CANCELS, A, CANCEL, .ep = OF(A) },
		     { ENDS, A, SENDREC, .want = EDVSNOTREADY },
		     { DOES, D, RECEIVE, .ep = ANY, .ms = POLL, .want = EDVSAGAIN } } },
	{ "a receive from one is given up",
	  .steps = { { BEGINS, A, RECEIVE, .ep = OF(B) },
		     { CANCELS, A, CANCEL, .ep = OF(A) },
		     { ENDS, A, RECEIVE, .want = EDVSINTR },
		     { DOES, B, SEND, .ep = OF(A), .ms = POLL, .want = EDVSAGAIN } } },
	{ "who is stopped gives up when it may go on",
	  .steps = { { BEGINS, A, RECEIVE, .ep = ANY },
		     { DOES, D, STOP, .ep = OF(A) },
		     { CANCELS, A, CANCEL, .ep = OF(A) },
		     { DOES, D, CONT, .ep = OF(A) },
		     { ENDS, A, RECEIVE, .want = EDVSINTR } } },
	{ "a send that is held is given up, and is held no more",
	  .steps = { { DOES, D, HOLD, .value = ALL_SENDS, .want = FINE },
		     { BEGINS, A, SEND, .ep = OF(B) },
		     { CANCELS, A, CANCEL, .ep = OF(A) },
		     { ENDS, A, SEND, .want = EDVSINTR },
		     { DOES, D, HELD_RELEASE, .value = NEWEST, .want = EDVSNOMSG } } },
	{ "a call that is held is given up, and is held no more",
	  .steps = { { DOES, D, HOLD, .value = ALL_CALLS, .want = FINE },
		     { BEGINS, A, SENDREC, .ep = OF(B) },
		     { CANCELS, A, CANCEL, .ep = OF(A) },
		     { ENDS, A, SENDREC, .want = EDVSINTR },
		     { DOES, D, HELD_RELEASE, .value = NEWEST, .want = EDVSNOMSG } } },
	{ "a call whose reply is held is given up, and had been taken",
	  .steps = { { DOES, D, HOLD, .value = ALL_REPLIES, .want = FINE },
		     { BEGINS, A, SENDREC, .ep = OF(B) },
		     { DOES, B, RECEIVE, .ep = ANY },
		     { DOES, B, REPLY, .ep = OF(A) },
		     { CANCELS, A, CANCEL, .ep = OF(A) },
		     { ENDS, A, SENDREC, .want = EDVSNOTREADY },
		     { DOES, D, HELD_RELEASE, .value = NEWEST, .want = EDVSNOMSG } } },
	{ "what was given up before it waits ends once, whatever it is",
	  .steps = { { DOES, A, CANCEL, .ep = SELF },
		     { DOES, A, SEND, .ep = OF(B), .want = EDVSINTR },
		     { DOES, A, CANCEL, .ep = SELF },
		     { DOES, A, SENDREC, .ep = OF(B), .want = EDVSINTR },
		     { DOES, A, CANCEL, .ep = SELF },
		     { DOES, A, REPLY_RECEIVE, .from = NONE, .ep = ANY, .want = EDVSINTR },
		     { DOES, A, CANCEL, .ep = SELF },
		     { DOES, A, RCVRQST, .want = EDVSINTR },
		     { DOES, A, CANCEL, .ep = SELF },
		     { DOES, A, WAIT4BIND, .ep = 40, .want = EDVSINTR },
		     { DOES, A, CANCEL, .ep = SELF },
		     { DOES, A, WAIT4UNBIND, .ep = 20, .want = EDVSINTR },
		     { DOES, A, RECEIVE, .ep = ANY, .ms = 15, .want = EDVSTIMEDOUT },
		     { DOES, B, RECEIVE, .ep = ANY, .ms = POLL, .want = EDVSAGAIN } } },
	{ "a call of a next process in the slot is not given up",
	  .steps = { { DOES, A, CANCEL, .ep = SELF },
		     { DOES, A, UNBIND, .ep = SELF },
		     { DOES, A, BIND, .ep = NR_OF(A), .want = FINE },
		     { DOES, A, RECEIVE, .ep = ANY, .ms = 15, .want = EDVSTIMEDOUT } } },
	{ "another thread of the process gives a wait up, by slot and by thread",
	  .flags = ONLY_THREADS,
	  .steps = { { BEGINS, A, RECEIVE, .ep = ANY },
		     { DOES, B, CANCEL, .ep = OF(A) },
		     { ENDS, A, RECEIVE, .want = EDVSINTR },
		     { BEGINS, A, SENDREC, .ep = OF(C) },
		     { DOES, B, CANCEL_THREAD, .ep = TID_OF(A) },
		     { ENDS, A, SENDREC, .want = EDVSINTR } } },
};

SECTION(section_waits, "waits");
