/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cases_hold.c - what a debugger's rules catch, and what it does with it.
 */
#include "world.h"

#define HELD_SENDING   (DVK_RTS_SENDING | DVK_RTS_HELD)
#define HELD_RECEIVING (DVK_RTS_RECEIVING | DVK_RTS_HELD)
#define RECEIVING      DVK_RTS_RECEIVING
#define CALLS          (int)DVK_HOLD_KIND(DVK_HELD_CALL)
#define SENDS          (int)DVK_HOLD_KIND(DVK_HELD_SEND)
#define REPLIES        (int)DVK_HOLD_KIND(DVK_HELD_REPLY)
#define NOTIFIES       (int)DVK_HOLD_KIND(DVK_HELD_NOTIFY)

/* clang-format off */
const struct test_case cases_hold[] = {
	{ "a call that fits is skipped until it is let go", 0, {
		DO(HOLD, ADMIN, S0, 0, .value = CALLS, .type = 7), DO(RECEIVE, S0, ANY, DVK_BLOCKED),
		DO(SENDREC, U0, S0, DVK_BLOCKED), DO(RTS, U0, 0, HELD_SENDING),
		DO(RTS, S0, 0, RECEIVING), DO(SENDREC, U1, S0, DVK_BLOCKED, .type = 8),
		DO(RESULT, S0, 0, 0), DO(LETTER, S0, U1, 8), DO(RECEIVE, S0, ANY, DVK_BLOCKED),
		DO(HELD, ADMIN, 0, 0, .type = HELD_RELEASE), DO(RESULT, S0, 0, 0),
		DO(LETTER, S0, U0, 7), DO(REPLY, S0, U0, DVK_DONE), DO(HELDS, 0, 0, 0) } },
	{ "let go, a call that ends its receiver's own is the request in hand", 0, {
		DO(SENDREC, S1, U0, DVK_BLOCKED), DO(RECEIVE, U0, ANY, DVK_DONE),
		DO(HOLD, ADMIN, S1, 0, .value = CALLS), DO(SENDREC, U0, S1, DVK_BLOCKED),
		DO(RTS, S1, 0, RECEIVING), DO(UNHOLD, ADMIN, 0, 0), DO(RTS, S1, 0, 0),
		DO(HAND, S1, U0, 1), DO(REPLY, S1, U0, DVK_DONE), DO(RTS, U0, 0, 0) } },
	{ "let go, it keeps its place in the queue", 0, {
		DO(HOLD, ADMIN, S0, 0, .value = CALLS | SENDS, .type = 7),
		DO(SEND, U0, S0, DVK_BLOCKED), DO(SENDREC, U1, S0, DVK_BLOCKED, .type = 8),
		DO(SEND, U2, S0, EDVSAGAIN, .deadline = POLL), DO(HELDS, 0, 0, 1),
		DO(UNHOLD, ADMIN, 0, 0), DO(RTS, U0, 0, DVK_RTS_SENDING),
		DO(RECEIVE, S0, ANY, DVK_DONE), DO(LETTER, S0, U0, 7), DO(RTS, U0, 0, 0),
		DO(RECEIVE, S0, ANY, DVK_DONE), DO(LETTER, S0, U1, 8) } },
	{ "a reply rests with its client, the server goes on", 0, {
		DO(HOLD, ADMIN, U0, 0, .value = REPLIES), DO(SENDREC, U0, S0, DVK_BLOCKED),
		DO(RECEIVE, S0, ANY, DVK_DONE), DO(REPLY, S0, U0, DVK_DONE, .type = -2),
		DO(RTS, U0, 0, HELD_RECEIVING), DO(REPLY, S0, U0, EDVSPROCSTS),
		DO(SEND, S0, U0, EDVSAGAIN, .deadline = POLL), DO(EXIT, S0, 0, 0),
		DO(RTS, U0, 0, HELD_RECEIVING), DO(HELD, ADMIN, 0, 0, .type = HELD_RELEASE),
		DO(WOKEN, U0, 0, 1), DO(RESULT, U0, 0, 0), DO(LETTER, U0, S0, -2) } },
	{ "time runs on for what is held", 0, {
		DO(HOLD, ADMIN, ANY, 0, .value = CALLS | REPLIES, .type = 7),
		DO(SENDREC, U0, S0, DVK_BLOCKED, .deadline = LATER), DO(TIMEOUT, U0, 0, EDVSTIMEDOUT),
		DO(HELD, ADMIN, 0, EDVSNOMSG), DO(SENDREC, U0, S0, DVK_BLOCKED, .type = 3),
		DO(RECEIVE, S0, ANY, DVK_DONE), DO(REPLY, S0, U0, DVK_DONE),
		DO(CANCEL, U0, 0, EDVSNOTREADY), DO(HELDS, 0, 0, 0), DO(QUEUE, S0, 0, 0) } },
	{ "notifications are set aside and merged", 0, {
		DO(HOLD, ADMIN, U0, 0, .value = NOTIFIES), DO(RECEIVE, U0, ANY, DVK_BLOCKED),
		DO(NOTIFY, S0, U0, DVK_DONE, .value = 3), DO(NOTIFY, S0, U0, DVK_DONE, .value = 1),
		DO(NOTIFY, S1, U0, DVK_DONE), DO(HELDS, 0, 0, 2), DO(RTS, U0, 0, RECEIVING),
		DO(EXIT, S1, 0, 0), DO(HELDS, 0, 0, 1), DO(HELD, ADMIN, 0, EDVSPROCSTS, .type = HELD_EDIT),
		DO(HELD, ADMIN, 0, 0, .type = HELD_RELEASE), DO(RESULT, U0, 0, 0),
		DO(LETTER, U0, S0, NOTIFY_MESSAGE), DO(HELDS, 0, 0, 0) } },
	{ "dropped: the sender gets the error, a notification just goes", 0, {
		DO(HOLD, ADMIN, S0, 0, .value = CALLS | NOTIFIES), DO(SENDREC, U0, S0, DVK_BLOCKED),
		DO(HELD, ADMIN, 0, EDVSBADVALUE, .type = HELD_DROP, .value = 1),
		DO(HELD, ADMIN, 0, 0, .type = HELD_DROP, .value = EDVSIO), DO(RESULT, U0, 0, EDVSIO),
		DO(QUEUE, S0, 0, 0), DO(NOTIFY, S1, S0, DVK_DONE),
		DO(HELD, ADMIN, 0, 0, .type = HELD_DROP, .value = EDVSIO), DO(PENDING, S0, S1, 0),
		DO(HELDS, 0, 0, 0), DO(RECEIVE, S0, ANY, EDVSAGAIN, .deadline = POLL) } },
	{ "a dropped reply ends the client's wait", 0, {
		DO(HOLD, ADMIN, ANY, 0, .value = REPLIES), DO(SENDREC, U0, S0, DVK_BLOCKED),
		DO(RECEIVE, S0, ANY, DVK_DONE), DO(REPLY_RECEIVE, S0, U0, DVK_BLOCKED, .value = ANY),
		DO(HELD, ADMIN, 0, EDVSPROCSTS, .type = HELD_ANSWER),
		DO(HELD, ADMIN, 0, EDVSPROCSTS, .type = HELD_DUPLICATE),
		DO(HELD, ADMIN, 0, 0, .type = HELD_DROP, .value = EDVSIO), DO(RESULT, U0, 0, EDVSIO) } },
	{ "edited, then let go", 0, {
		DO(HOLD, ADMIN, S0, 0, .value = CALLS), DO(SENDREC, U0, S0, DVK_BLOCKED),
		DO(HELD, ADMIN, 0, EDVSBADREQUEST, .type = HELD_EDIT, .value = NOTIFY_MESSAGE),
		DO(HELD, ADMIN, 0, 0, .type = HELD_EDIT, .value = 12), DO(RTS, U0, 0, HELD_SENDING),
		DO(HELD, ADMIN, 0, 0, .type = HELD_RELEASE), DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(LETTER, S0, U0, 12), DO(REPLY, S0, U0, DVK_DONE) } },
	{ "answered in the receiver's place", 0, {
		DO(HOLD, ADMIN, S0, 0, .value = CALLS), DO(SENDREC, U0, S0, DVK_BLOCKED),
		DO(HELD, ADMIN, 0, 0, .type = HELD_ANSWER, .value = -30), DO(RESULT, U0, 0, 0),
		DO(LETTER, U0, S0, -30), DO(QUEUE, S0, 0, 0), DO(HELDS, 0, 0, 0) } },
	{ "a copy is answered to nobody", 0, {
		DO(HOLD, ADMIN, S0, 0, .value = CALLS), DO(SENDREC, U0, S0, DVK_BLOCKED),
		DO(HELD, ADMIN, 0, 0, .type = HELD_DUPLICATE), DO(HELDS, 0, 0, 2),
		DO(RECEIVE, S0, ANY, DVK_DONE), DO(LETTER, S0, U0, 7),
		DO(COPY, S0, U0, EDVSPROCSTS, .value = SELF), DO(REPLY, S0, U0, DVK_DONE),
		DO(RTS, U0, 0, HELD_SENDING), DO(UNHOLD, ADMIN, 0, 0), DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(LETTER, S0, U0, 7), DO(REPLY, S0, U0, DVK_DONE), DO(RESULT, U0, 0, 0) } },
	{ "a copy for one who waits", 0, {
		DO(HOLD, ADMIN, S0, 0, .value = CALLS), DO(SENDREC, U0, S0, DVK_BLOCKED),
		DO(RECEIVE, S0, ANY, DVK_BLOCKED), DO(HELD, ADMIN, 0, 0, .type = HELD_DUPLICATE),
		DO(RESULT, S0, 0, 0), DO(LETTER, S0, U0, 7), DO(HELDS, 0, 0, 1),
		DO(REPLY_RECEIVE, S0, U0, DVK_BLOCKED, .value = ANY), DO(RTS, U0, 0, HELD_SENDING),
		DO(HELD, ADMIN, 0, 0, .type = HELD_DUPLICATE), DO(EXIT, U0, 0, 0),
		DO(RESULT, S0, 0, 0) } },
	{ "a rule is gone with its debugger, what it holds goes on", 0, {
		DO(HOLD, ADMIN, ANY, 0, .value = CALLS | NOTIFIES), DO(RECEIVE, S0, ANY, DVK_BLOCKED),
		DO(SENDREC, U0, S0, DVK_BLOCKED), DO(NOTIFY, S1, U1, DVK_DONE), DO(HELDS, 0, 0, 2),
		DO(EXIT, ADMIN, 0, 0), DO(HELDS, 0, 0, 0), DO(RESULT, S0, 0, 0), DO(LETTER, S0, U0, 7),
		DO(PENDING, U1, S1, 1), DO(SENDREC, U2, S0, DVK_BLOCKED),
		DO(RTS, U2, 0, DVK_RTS_SENDING) } },
	{ "the receiver's death ends what is held for it", 0, {
		DO(HOLD, ADMIN, S0, 0, .value = CALLS | SENDS), DO(SENDREC, U0, S0, DVK_BLOCKED),
		DO(SEND, U1, S0, DVK_BLOCKED), DO(EXIT, U1, 0, 0), DO(EXIT, S0, 0, 0),
		DO(RESULT, U0, 0, EDVSDEADSRCDST), DO(HELDS, 0, 0, 0) } },
	{ "a held call closes no circle", 0, {
		DO(HOLD, ADMIN, S1, 0, .value = CALLS), DO(SENDREC, S0, S1, DVK_BLOCKED),
		DO(SENDREC, S1, S0, DVK_BLOCKED), DO(HELDS, 0, 0, 1) } },
	{ "a relayed call is held too", 0, {
		DO(HOLD, ADMIN, S1, 0, .value = CALLS), DO(SENDREC, U0, S0, DVK_BLOCKED),
		DO(RECEIVE, S0, ANY, DVK_DONE), DO(RECEIVE, S1, ANY, DVK_BLOCKED),
		DO(RELAY, S0, S1, DVK_DONE, .value = U0), DO(RTS, U0, 0, HELD_SENDING),
		DO(HELD, ADMIN, 0, 0, .type = HELD_RELEASE), DO(RESULT, S1, 0, 0),
		DO(HAND, S1, U0, 1), DO(REPLY, S1, U0, DVK_DONE) } },
	{ "two debuggers act upon the same", 0, {
		DO(HOLD, ADMIN, S0, 0, .value = CALLS), DO(SENDREC, U0, S0, DVK_BLOCKED),
		DO(HELD, TASK, 0, 0, .type = HELD_ANSWER, .value = 0), DO(RESULT, U0, 0, 0),
		DO(UNHOLD, TASK, 0, 0), DO(UNHOLD, ADMIN, 0, EDVSNOENT) } },
	{ "who may hold, and what is no rule", 0, {
		DO(HOLD, U0, S0, EDVSPRIVILEGES, .value = CALLS), DO(HELD, U0, 0, EDVSPRIVILEGES),
		DO(UNHOLD, U0, 0, EDVSPRIVILEGES), DO(HOLD, ADMIN, S0, EDVSBADVALUE),
		DO(HOLD, ADMIN, 5000, EDVSBADVALUE, .value = CALLS),
		DO(HOLD, ADMIN, S0, EDVSBADVALUE, .value = 1 << 20),
		DO(HELD, ADMIN, 0, EDVSNOMSG), DO(HOLD, FREE_SERVER, S0, EDVSNOTBIND, .value = CALLS),
		DO(HOLD, ADMIN, ADMIN, 0, .value = CALLS), DO(SENDREC, U0, ADMIN, DVK_BLOCKED),
		DO(HELDS, 0, 0, 0) } },
	{ 0 }
};
/* clang-format on */
