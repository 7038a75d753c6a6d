/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cases_deaths.c - a process ends in each state, in each way (M3-IPC section 8).
 *
 * After each such step its slot must be free within 100 ms. The process of A is the
 * first that opened the DC, so it is also the one that keeps it, where somebody does.
 */
#include "conformance.h"

#define ALL_CALLS   DVK_HOLD_KIND(DVK_HELD_CALL)
#define ALL_REPLIES DVK_HOLD_KIND(DVK_HELD_REPLY)

#define B_HAS_A_CALL_OF_A                    \
	{ BEGINS, A, SENDREC, .ep = OF(B) }, \
	{                                    \
		DOES, B, RECEIVE, .ep = ANY  \
	}

/* clang-format off */
#define DEATHS_OF_SENDERS(ENDS_SO, form, so)						\
	{ "who " so " while it runs", .flags = form,					\
	  .steps = { { ENDS_SO, A, NOTHING },						\
		     { DOES, B, SEND, .ep = OF(A), .want = EDVSDSTDIED } } },		\
	{ "who " so " while it sends is in no queue", .flags = form,			\
	  .steps = { { BEGINS, A, SEND, .ep = OF(B) },					\
		     { ENDS_SO, A, NOTHING },						\
		     { DOES, B, RECEIVE, .ep = ANY, .ms = POLL, .want = EDVSAGAIN } } },	\
	{ "who " so " between two senders leaves them in order", .flags = form,		\
	  .steps = { { BEGINS, D, SEND, .ep = OF(B), .type = 7 },			\
		     { BEGINS, A, SENDREC, .ep = OF(B), .type = 8 },			\
		     { BEGINS, C, SEND, .ep = OF(B), .type = 9 },			\
		     { ENDS_SO, A, NOTHING },						\
		     { DOES, B, RECEIVE, .ep = ANY, .got = 7 },				\
		     { DOES, B, RECEIVE, .ep = ANY, .got = 9 },				\
		     { ENDS, D, SEND },							\
		     { ENDS, C, SEND } } },						\
	{ "who " so " in a call that is taken is not answered", .flags = form,		\
	  .steps = { B_HAS_A_CALL_OF_A,							\
		     { ENDS_SO, A, NOTHING },						\
		     { DOES, B, VCOPY, .from = OF(A), .ep = SELF, .want = EDVSSRCDIED },	\
		     { DOES, B, VCOPY, .from = SELF, .ep = OF(A), .want = EDVSDSTDIED },	\
		     { DOES, B, REPLY, .ep = OF(A), .want = EDVSDSTDIED } } },		\
	{ "who " so " in a call that was passed on", .flags = form,			\
	  .steps = { B_HAS_A_CALL_OF_A,							\
		     { DOES, B, RELAY, .ep = OF(D), .from = OF(A) },			\
		     { ENDS_SO, A, NOTHING },						\
		     { DOES, D, RECEIVE, .ep = ANY, .ms = POLL, .want = EDVSAGAIN } } },	\
	{ "who " so " while its call is held leaves nothing held", .flags = form,	\
	  .steps = { { DOES, D, HOLD, .value = ALL_CALLS, .want = FINE },		\
		     { BEGINS, A, SENDREC, .ep = OF(B) },				\
		     { ENDS_SO, A, NOTHING },						\
		     { DOES, D, HELD_RELEASE, .value = NEWEST, .want = EDVSNOMSG } } },	\
	{ "who " so " while its reply is held leaves nothing held", .flags = form,	\
	  .steps = { { DOES, D, HOLD, .value = ALL_REPLIES, .want = FINE },		\
		     B_HAS_A_CALL_OF_A,							\
		     { DOES, B, REPLY, .ep = OF(A) },					\
		     { ENDS_SO, A, NOTHING },						\
		     { DOES, D, HELD_RELEASE, .value = NEWEST, .want = EDVSNOMSG } } }

#define DEATHS_OF_WAITERS(ENDS_SO, form, so)						\
	{ "who " so " while it receives from any", .flags = form,			\
	  .steps = { { BEGINS, A, RECEIVE, .ep = ANY },					\
		     { ENDS_SO, A, NOTHING },						\
		     { DOES, B, SEND, .ep = OF(A), .want = EDVSDSTDIED } } },		\
	{ "who " so " while it receives from one", .flags = form,			\
	  .steps = { { BEGINS, A, RECEIVE, .ep = OF(C) },				\
		     { ENDS_SO, A, NOTHING },						\
		     { DOES, C, RECEIVE, .ep = OF(A), .want = EDVSSRCDIED } } },	\
	{ "who " so " while it takes requests", .flags = form,				\
	  .steps = { { BEGINS, B, RCVRQST },						\
		     { ENDS_SO, B, NOTHING },						\
		     { DOES, A, SENDREC, .ep = OF(B), .want = EDVSDEADSRCDST } } },	\
	{ "who " so " in a server's loop", .flags = form,				\
	  .steps = { B_HAS_A_CALL_OF_A,							\
		     { BEGINS, B, REPLY_RECEIVE, .from = NONE, .ep = ANY },		\
		     { ENDS_SO, B, NOTHING },						\
		     { ENDS, A, SENDREC, .want = EDVSSRCDIED } } },			\
	{ "who " so " while it waits for a bind", .flags = form,			\
	  .steps = { { BEGINS, A, WAIT4BIND, .ep = 40 },				\
		     { ENDS_SO, A, NOTHING },						\
		     { DOES, B, TBIND, .ep = 40, .want = 40 },				\
		     { DOES, B, UNBIND, .ep = 40 } } },					\
	{ "who " so " while it waits for an unbind", .flags = form,			\
	  .steps = { { BEGINS, A, WAIT4UNBIND, .ep = OF(C) },				\
		     { ENDS_SO, A, NOTHING },						\
		     { DOES, C, UNBIND, .ep = SELF } } },				\
	{ "who " so " while a debugger has stopped it", .flags = form,			\
	  .steps = { { DOES, D, STOP, .ep = OF(A) },					\
		     { BEGINS, A, GETPRIV, .ep = SELF },				\
		     { ENDS_SO, A, NOTHING },						\
		     { DOES, D, CONT, .ep = OF(A), .want = EDVSNOTBIND } } },		\
	{ "a wait ends when its peer " so, .flags = form,				\
	  .steps = { B_HAS_A_CALL_OF_A,							\
		     { BEGINS, C, SENDREC, .ep = OF(B) },				\
		     { BEGINS, D, WAIT4UNBIND, .ep = OF(B) },				\
		     { ENDS_SO, B, NOTHING },						\
		     { ENDS, A, SENDREC, .want = EDVSSRCDIED },				\
		     { ENDS, C, SENDREC, .want = EDVSDEADSRCDST },			\
		     { ENDS, D, WAIT4UNBIND } } },					\
	{ "a send and a receive end when their peer " so, .flags = form,		\
	  .steps = { { BEGINS, A, SEND, .ep = OF(B) },					\
		     { BEGINS, C, RECEIVE, .ep = OF(B) },				\
		     { ENDS_SO, B, NOTHING },						\
		     { ENDS, A, SEND, .want = EDVSDSTDIED },				\
		     { ENDS, C, RECEIVE, .want = EDVSSRCDIED } } }

#define DEATHS_OF_OTHERS(ENDS_SO, form, so)						\
	{ "a notification vanishes when its source " so, .flags = form,			\
	  .steps = { { DOES, B, NOTIFY, .ep = OF(A) },					\
		     { ENDS_SO, B, NOTHING },						\
		     { DOES, A, RECEIVE, .ep = ANY, .ms = POLL, .want = EDVSAGAIN } } },	\
	{ "who has a call that was passed on " so, .flags = form,			\
	  .steps = { B_HAS_A_CALL_OF_A,							\
		     { DOES, B, RELAY, .ep = OF(C), .from = OF(A) },			\
		     { DOES, C, RECEIVE, .ep = ANY },					\
		     { ENDS_SO, C, NOTHING },						\
		     { ENDS, A, SENDREC, .want = EDVSSRCDIED } } },			\
	{ "what a debugger has stopped goes on when it " so, .flags = form,		\
	  .steps = { { DOES, D, STOP, .ep = OF(A) },					\
		     { BEGINS, A, GETPRIV, .ep = SELF },				\
		     { ENDS_SO, D, NOTHING },						\
		     { ENDS, A, GETPRIV } } },						\
	{ "what a debugger holds goes on when it " so, .flags = form,			\
	  .steps = { { DOES, D, HOLD, .value = ALL_CALLS, .want = FINE },		\
		     { BEGINS, A, SENDREC, .ep = OF(B), .type = 7 },			\
		     { DOES, B, RECEIVE, .ep = ANY, .ms = POLL, .want = EDVSAGAIN },	\
		     { ENDS_SO, D, NOTHING },						\
		     { DOES, B, RECEIVE, .ep = ANY, .got = 7 },				\
		     { DOES, B, REPLY, .ep = OF(A) },					\
		     { ENDS, A, SENDREC } } },						\
	{ "SYSTASK is told who " so, .flags = form, .seats = { ANY_SLOT, 20, ANY_SLOT, -2 },	\
	  .steps = { { DOES, D, TAKE_EXITS, .value = 1, .want = FINE },			\
		     { DOES, D, RECEIVE, .ep = ANY, .ms = POLL, .want = EDVSAGAIN },	\
		     { DOES, D, GETPROCINFO, .ep = NR_OF(A), PROC(incarnation),		\
		       .holds = REMEMBERED },						\
		     { BEGINS, D, RECEIVE, .ep = ANY },					\
		     { ENDS_SO, A, NOTHING },						\
		     { ENDS, D, RECEIVE, .got = NOTIFY_MESSAGE, .by = HARDWARE },	\
		     { DOES, D, TAKE_EXITS, .want = 1, EXIT(endpoint), .holds = OF(A) },	\
		     { DOES, D, NOTHING, EXIT(code), .holds = EDVSSRCDIED },		\
		     { DOES, D, NOTHING, EXIT(name), .text = "actor" },			\
		     { DOES, D, TAKE_EXITS } } }

#define DEATHS(ends, form, so)								\
	DEATHS_OF_SENDERS(ends, form, so), DEATHS_OF_WAITERS(ends, form, so),		\
	DEATHS_OF_OTHERS(ends, form, so)
/* clang-format on */

static const struct conf_case cases[] = {
	DEATHS(DIES, NOT_COROUTINES, "is killed"),
	DEATHS(EXITS, ONLY_PROCESSES, "exits"),
	DEATHS(EXECS, ONLY_PROCESSES, "execs"),
	{ "who is killed while it copies lets its party go", .flags = ONLY_APART,
	  .steps = { { BEGINS, C, SENDREC, .ep = OF(B) },
		     { DOES, B, RECEIVE, .ep = ANY },
		     { FREEZES, C, NOTHING },
		     { BEGINS, B, VCOPY, .from = OF(C), .ep = SELF },
		     { DIES, B, NOTHING },
		     { THAWS, C, NOTHING },
		     { ENDS, C, SENDREC, .want = EDVSSRCDIED } } },
	{ "who leaves the DC lets go what it has stopped and what it holds",
	  .flags = ONLY_PROCESSES | ENDS_DC,
	  .steps = { { DOES, D, STOP, .ep = OF(C) },
		     { BEGINS, C, GETPRIV, .ep = SELF },
		     { DOES, D, HOLD, .value = ALL_CALLS, .want = FINE },
		     { BEGINS, A, SENDREC, .ep = OF(B), .type = 7 },
		     { DOES, D, CLOSE },
		     { ENDS, C, GETPRIV },
		     { DOES, B, RECEIVE, .ep = ANY, .got = 7 },
		     { DOES, B, REPLY, .ep = OF(A) },
		     { ENDS, A, SENDREC } } },
	{ "the code of an unbind is kept for SYSTASK", .seats = { ANY_SLOT, 20, ANY_SLOT, -2 },
	  .steps = { { DOES, D, TAKE_EXITS, .value = 1, .want = FINE },
		     { DOES, C, UNBIND, .ep = SELF, .value = 42 },
		     { DOES, D, RECEIVE, .ep = ANY, .got = NOTIFY_MESSAGE, .by = HARDWARE },
		     { DOES, D, TAKE_EXITS, .want = 1, EXIT(code), .holds = 42 },
		     { DOES, D, NOTHING, EXIT(endpoint), .holds = OF(C) } } },
	{ "fork leaves the child unbound, and its end does not touch the parent",
	  .seats = { ANY_SLOT, 20, ANY_SLOT, -2 },
	  .steps = { { BEGINS, D, RECEIVE, .ep = ANY },
		     { DOES, A, FORK, .ep = OF(B) },
		     { ENDS, D, RECEIVE, .got = NOTIFY_MESSAGE, .by = HARDWARE },
		     { DOES, D, GETDCINFO, .ep = CONF_DCID, DC(bound), .holds = 4 },
		     { BEGINS, A, SENDREC, .ep = OF(B), .type = 7 },
		     { DOES, B, RECEIVE, .ep = ANY, .got = 7, .by = OF(A) },
		     { DOES, B, REPLY, .ep = OF(A) },
		     { ENDS, A, SENDREC } } },
};

SECTION(section_deaths, "deaths");
