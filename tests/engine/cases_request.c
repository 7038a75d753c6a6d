/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cases_request.c - taking requests only, passing them on, waking up and giving up.
 */
#include "world.h"

#define RECEIVING DVK_RTS_RECEIVING
#define SENDING   DVK_RTS_SENDING
#define DEAD      FREE_SERVER

/* clang-format off */
const struct test_case cases_request[] = {
	/* ---- rcvrqst ---- */
	{ "rcvrqst takes calls only, sends stay queued", 0, {
		DO(SEND, U0, S0, DVK_BLOCKED), DO(SENDREC, U1, S0, DVK_BLOCKED),
		DO(RCVRQST, S0, 0, DVK_DONE), DO(LETTER, S0, U1, 7), DO(RTS, U1, 0, RECEIVING),
		DO(RTS, U0, 0, SENDING), DO(REPLY, S0, U1, DVK_DONE),
		DO(RECEIVE, S0, ANY, DVK_DONE), DO(LETTER, S0, U0, 7) } },
	{ "who waits in rcvrqst is given calls only", 0, {
		DO(RCVRQST, S0, 0, DVK_BLOCKED), DO(SEND, U0, S0, DVK_BLOCKED),
		DO(NOTIFY, S1, S0, DVK_DONE), DO(RTS, S0, 0, RECEIVING), DO(PENDING, S0, S1, 1),
		DO(SENDREC, U1, S0, DVK_BLOCKED), DO(RTS, S0, 0, 0), DO(RTS, U1, 0, RECEIVING),
		DO(HAND, S0, U1, 1), DO(RESULT, S0, 0, 0), DO(LETTER, S0, U1, 7),
		DO(QUEUE, S0, 0, 1), DO(REPLY, S0, U1, DVK_DONE) } },
	{ "rcvrqst polls and times out", 0, {
		DO(RCVRQST, S0, 0, EDVSAGAIN, .deadline = POLL),
		DO(SEND, U0, S0, DVK_BLOCKED), DO(RCVRQST, S0, 0, EDVSAGAIN, .deadline = POLL),
		DO(RCVRQST, S0, 0, DVK_BLOCKED, .deadline = LATER),
		DO(TIMEOUT, S0, 0, EDVSTIMEDOUT), DO(RTS, S0, 0, 0), DO(QUEUE, S0, 0, 1),
		DO(RCVRQST, DEAD, 0, EDVSNOTBIND) } },
	/* ---- wakeup ---- */
	{ "a wake-up ends a receive from anybody", 0, {
		DO(RECEIVE, S0, ANY, DVK_BLOCKED), DO(WAKEUP, ADMIN, S0, 0), DO(WOKEN, S0, 0, 1),
		DO(RESULT, S0, 0, EDVSWOKENUP), DO(RCVRQST, S0, 0, DVK_BLOCKED),
		DO(WAKEUP, NONE, S0, 0), DO(RESULT, S0, 0, EDVSWOKENUP),
		DO(RECEIVE, S0, ANY, EDVSAGAIN, .deadline = POLL) } },
	{ "or its next try, before all else, once", 0, {
		DO(SENDREC, U0, S0, DVK_BLOCKED), DO(NOTIFY, S1, S0, DVK_DONE),
		DO(WAKEUP, ADMIN, S0, 0), DO(WAKEUP, TASK, S0, 0),
		DO(RECEIVE, S0, S1, DVK_DONE), DO(RECEIVE, S0, ANY, EDVSWOKENUP),
		DO(RECEIVE, S0, ANY, DVK_DONE), DO(WAKEUP, ADMIN, S0, 0),
		DO(RCVRQST, S0, 0, EDVSWOKENUP), DO(RTS, S0, 0, 0) } },
	{ "reply_receive is woken too, and its reply is out", 0, {
		DO(SENDREC, U0, S0, DVK_BLOCKED), DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(WAKEUP, ADMIN, S0, 0),
		DO(REPLY_RECEIVE, S0, U0, EDVSWOKENUP, .value = ANY), DO(RTS, U0, 0, 0) } },
	{ "a call is not woken, a receive from one neither", 0, {
		DO(SENDREC, U0, S0, DVK_BLOCKED), DO(WAKEUP, ADMIN, U0, 0),
		DO(RTS, U0, 0, SENDING), DO(RECEIVE, S1, S2, DVK_BLOCKED),
		DO(WAKEUP, ADMIN, S1, 0), DO(RTS, S1, 0, RECEIVING), DO(SEND, S2, S1, DVK_DONE),
		DO(RECEIVE, S1, ANY, EDVSWOKENUP) } },
	{ "who may wake whom", 0, {
		DO(WAKEUP, U0, S0, EDVSPRIVILEGES), DO(WAKEUP, U0, U0, 0),
		DO(WAKEUP, ADMIN, 5000, EDVSRANGE), DO(WAKEUP, ADMIN, 64, EDVSENDPOINT),
		DO(WAKEUP, ADMIN, DEAD, EDVSDSTDIED), DO(WAKEUP, DEAD, S0, EDVSNOTBIND),
		DO(WAKEUP, NONE, DEAD, EDVSDSTDIED), DO(SETPRIV, ADMIN, U0, 0, .value = PRIV_ONLY_SENDREC),
		DO(WAKEUP, U0, U0, EDVSCALLDENIED) } },
	/* ---- cancel ---- */
	{ "what was not taken is interrupted", 0, {
		DO(SENDREC, U0, S0, DVK_BLOCKED), DO(CANCEL, U0, 0, EDVSINTR), DO(QUEUE, S0, 0, 0),
		DO(SEND, U0, S0, DVK_BLOCKED), DO(CANCEL, U0, 0, EDVSINTR),
		DO(RECEIVE, U0, ANY, DVK_BLOCKED), DO(CANCEL, U0, 0, EDVSINTR),
		DO(RCVRQST, U0, 0, DVK_BLOCKED), DO(CANCEL, U0, 0, EDVSINTR),
		DO(CANCEL, U0, 0, DVK_DONE), DO(CANCEL, DEAD, 0, EDVSNOTBIND) } },
	{ "what was taken has an unknown outcome", 0, {
		DO(SENDREC, U0, S0, DVK_BLOCKED), DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(CANCEL, U0, 0, EDVSNOTREADY), DO(REPLY, S0, U0, EDVSPROCSTS) } },
	{ "during a copy it takes effect at the copy's end", 0, {
		DO(SENDREC, U0, S0, DVK_BLOCKED), DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(COPY, S0, U0, 0, .value = SELF), DO(CANCEL, U0, 0, DVK_BLOCKED),
		DO(COPY_END, S0, 0, 0), DO(WOKEN, U0, 0, 1), DO(RESULT, U0, 0, EDVSNOTREADY) } },
	/* ---- relay ---- */
	{ "what ends the target's own call is the request in its hand", 0, {
		DO(SENDREC, S1, U0, DVK_BLOCKED), DO(RECEIVE, U0, ANY, DVK_DONE),
		DO(SENDREC, U0, S0, DVK_BLOCKED), DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(RELAY, S0, S1, DVK_DONE, .value = U0), DO(RTS, S1, 0, 0), DO(HAND, S1, U0, 1),
		DO(REPLY, S1, U0, DVK_DONE), DO(RTS, U0, 0, 0) } },
	{ "a relayed call is answered by the other", 0, {
		DO(RECEIVE, S1, ANY, DVK_BLOCKED), DO(SENDREC, U0, S0, DVK_BLOCKED),
		DO(RECEIVE, S0, ANY, DVK_DONE), DO(RELAY, S0, S1, DVK_DONE, .value = U0, .type = 9),
		DO(HANDED, S1, 0, 1), DO(LETTER, S1, U0, 9), DO(HAND, S1, U0, 1),
		DO(REPLY, S0, U0, EDVSPROCSTS), DO(REPLY, S1, U0, DVK_DONE, .type = -3),
		DO(RESULT, U0, 0, 0), DO(LETTER, U0, S1, -3) } },
	{ "or queues there", 0, {
		DO(SENDREC, U0, S0, DVK_BLOCKED), DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(RELAY, S0, S1, DVK_DONE, .value = U0, .type = 9), DO(RTS, U0, 0, SENDING),
		DO(QUEUE, S1, 0, 1), DO(RCVRQST, S1, 0, DVK_DONE), DO(LETTER, S1, U0, 9),
		DO(COPY, S0, U0, EDVSPROCSTS, .value = SELF), DO(COPY, S1, U0, 0, .value = SELF),
		DO(COPY_END, S1, 0, 0), DO(REPLY, S1, U0, DVK_DONE), DO(RESULT, U0, 0, 0) } },
	{ "its time runs on, and what was taken once is not undone", 0, {
		DO(SENDREC, U0, S0, DVK_BLOCKED, .deadline = LATER), DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(RELAY, S0, S1, DVK_DONE, .value = U0), DO(TIMEOUT, U0, 0, EDVSNOTREADY),
		DO(QUEUE, S1, 0, 0), DO(SENDREC, U0, S0, DVK_BLOCKED), DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(RELAY, S0, S1, DVK_DONE, .value = U0), DO(CANCEL, U0, 0, EDVSNOTREADY) } },
	{ "the relayer may die, the new server may not", 0, {
		DO(SENDREC, U0, S0, DVK_BLOCKED), DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(RELAY, S0, S1, DVK_DONE, .value = U0), DO(EXIT, S0, 0, 0),
		DO(RTS, U0, 0, SENDING), DO(EXIT, S1, 0, 0), DO(RESULT, U0, 0, EDVSDEADSRCDST) } },
	{ "the client would wait in a circle", 0, {
		DO(SENDREC, U0, S0, DVK_BLOCKED), DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(SENDREC, S1, U0, DVK_BLOCKED), DO(RELAY, S0, S1, EDVSLOCKED, .value = U0),
		DO(RTS, U0, 0, RECEIVING), DO(REPLY, S0, U0, DVK_DONE) } },
	{ "on an error the relayer still owes", 0, {
		DO(SENDREC, U0, S0, DVK_BLOCKED), DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(RELAY, S0, 5000, EDVSRANGE, .value = U0), DO(RELAY, S0, S0, EDVSENDPOINT, .value = U0),
		DO(RELAY, S0, DEAD, EDVSDEADSRCDST, .value = U0),
		DO(RELAY, S0, S1, EDVSBADREQUEST, .value = U0, .type = NOTIFY_MESSAGE),
		DO(RELAY, S0, S1, EDVSRANGE, .value = 5000), DO(RELAY, S0, S1, EDVSPROCSTS, .value = U1),
		DO(RELAY, S0, S1, EDVSENDPOINT, .value = S0), DO(RELAY, S0, U0, EDVSENDPOINT, .value = U0),
		DO(RELAY, S0, S1, EDVSDSTDIED, .value = DEAD), DO(RELAY, S0, S1, EDVSENDPOINT, .value = 64),
		DO(REPLY, S0, U0, DVK_DONE), DO(RESULT, U0, 0, 0) } },
	{ "the relayer's rights count", 1, {
		DO(SENDREC, U0, S0, DVK_BLOCKED), DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(RELAY, S0, U1, EDVSTRAPDENIED, .value = U0),
		DO(RELAY, S0, S1, DVK_DONE, .value = U0),
		DO(SETPRIV, ADMIN, S1, 0, .value = PRIV_ONLY_SENDREC),
		DO(RELAY, S1, S2, EDVSCALLDENIED, .value = U0) } },
	{ 0 }
};
/* clang-format on */
