/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cases_message.c - senders, receivers, calls and their queue.
 */
#include "world.h"

#define SENDING   DVK_RTS_SENDING
#define RECEIVING DVK_RTS_RECEIVING

/* clang-format off */
const struct test_case cases_message[] = {
	{ "a send waits for its receiver", 0, {
		DO(SEND, U0, S0, DVK_BLOCKED, .type = 21), DO(RTS, U0, 0, SENDING),
		DO(QUEUE, S0, 0, 1), DO(RESULT, U0, 0, DVK_BLOCKED),
		DO(RECEIVE, S0, ANY, DVK_DONE), DO(LETTER, S0, U0, 21), DO(RTS, U0, 0, 0),
		DO(WOKEN, U0, 0, 1), DO(RESULT, U0, 0, 0), DO(QUEUE, S0, 0, 0) } },
	{ "a receiver waits for a send", 0, {
		DO(RECEIVE, S0, ANY, DVK_BLOCKED), DO(RTS, S0, 0, RECEIVING),
		DO(SEND, U0, S0, DVK_DONE, .type = 22), DO(RTS, S0, 0, 0),
		DO(HANDED, S0, 0, 1), DO(RESULT, S0, 0, 0), DO(LETTER, S0, U0, 22) } },
	{ "a receiver of one does not take another", 0, {
		DO(RECEIVE, S0, U1, DVK_BLOCKED), DO(SEND, U0, S0, DVK_BLOCKED),
		DO(SEND, U1, S0, DVK_DONE, .type = 23), DO(LETTER, S0, U1, 23),
		DO(RTS, U0, 0, SENDING), DO(RECEIVE, S0, U2, EDVSAGAIN, .deadline = POLL),
		DO(RECEIVE, S0, U0, DVK_DONE), DO(LETTER, S0, U0, 7) } },
	{ "first come, first served", 0, {
		DO(SEND, U0, S0, DVK_BLOCKED), DO(SENDREC, U1, S0, DVK_BLOCKED),
		DO(SEND, U2, S0, DVK_BLOCKED), DO(QUEUE, S0, 0, 3),
		DO(RECEIVE, S0, ANY, DVK_DONE), DO(LETTER, S0, U0, 7),
		DO(RECEIVE, S0, ANY, DVK_DONE), DO(LETTER, S0, U1, 7),
		DO(RECEIVE, S0, ANY, DVK_DONE), DO(LETTER, S0, U2, 7),
		DO(RECEIVE, S0, ANY, DVK_BLOCKED) } },
	{ "one from the middle of the queue", 0, {
		DO(SEND, U0, S0, DVK_BLOCKED), DO(SEND, U1, S0, DVK_BLOCKED),
		DO(SEND, U2, S0, DVK_BLOCKED), DO(RECEIVE, S0, U1, DVK_DONE),
		DO(QUEUE, S0, 0, 2), DO(RECEIVE, S0, U2, DVK_DONE), DO(QUEUE, S0, 0, 1),
		DO(SEND, U1, S0, DVK_BLOCKED), DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(LETTER, S0, U0, 7), DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(LETTER, S0, U1, 7) } },
	{ "a call that queues is taken in one step", 0, {
		DO(SENDREC, U0, S0, DVK_BLOCKED, .type = 31), DO(RTS, U0, 0, SENDING),
		DO(RECEIVE, S0, ANY, DVK_DONE), DO(RTS, U0, 0, RECEIVING),
		DO(WOKEN, U0, 0, 0), DO(LETTER, S0, U0, 31), DO(LETTER, U0, U0, 31),
		DO(REPLY, S0, U0, DVK_DONE, .type = -3), DO(HANDED, U0, 0, 1),
		DO(RTS, U0, 0, 0), DO(RESULT, U0, 0, 0), DO(LETTER, U0, S0, -3) } },
	{ "a call of a waiting server is taken at once", 0, {
		DO(RECEIVE, S0, ANY, DVK_BLOCKED),
		DO(SENDREC, U0, S0, DVK_BLOCKED, .type = 32), DO(HANDED, S0, 0, 1),
		DO(RTS, U0, 0, RECEIVING), DO(LETTER, S0, U0, 32), DO(LETTER, U0, U0, 32),
		DO(RESULT, S0, 0, 0), DO(REPLY, S0, U0, DVK_DONE), DO(RESULT, U0, 0, 0) } },
	{ "polling never blocks and sends nothing", 0, {
		DO(SEND, U0, S0, EDVSAGAIN, .deadline = POLL),
		DO(SENDREC, U0, S0, EDVSAGAIN, .deadline = POLL),
		DO(RECEIVE, U0, ANY, EDVSAGAIN, .deadline = POLL),
		DO(RECEIVE, U0, S0, EDVSAGAIN, .deadline = POLL), DO(RTS, U0, 0, 0),
		DO(QUEUE, S0, 0, 0), DO(RECEIVE, S0, ANY, DVK_BLOCKED),
		DO(SENDREC, U0, S0, EDVSAGAIN, .deadline = POLL), DO(RTS, S0, 0, RECEIVING),
		DO(SEND, U0, S0, DVK_DONE, .deadline = POLL) } },
	{ "a client takes its server's send as the end of its call", 0, {
		DO(SENDREC, U0, S0, DVK_BLOCKED), DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(SEND, S1, U0, DVK_BLOCKED), DO(SEND, S0, U0, DVK_DONE, .type = 41),
		DO(RESULT, U0, 0, 0), DO(LETTER, U0, S0, 41),
		DO(REPLY, S0, U0, EDVSPROCSTS) } },
	{ "a client takes its server's call as the end of its own", 0, {
		DO(SENDREC, U0, S0, DVK_BLOCKED), DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(SENDREC, S0, U0, DVK_BLOCKED, .type = 42), DO(RESULT, U0, 0, 0),
		DO(LETTER, U0, S0, 42), DO(REPLY, U0, S0, DVK_DONE), DO(RESULT, S0, 0, 0) } },
	{ "a held sender is skipped", 0, {
		DO(SEND, U0, S0, DVK_BLOCKED), DO(SEND, U1, S0, DVK_BLOCKED),
		DO(FLAG, 0, U0, 0, .value = DVK_RTS_HELD), DO(RECEIVE, S0, U0, EDVSAGAIN,
		.deadline = POLL), DO(RECEIVE, S0, ANY, DVK_DONE), DO(LETTER, S0, U1, 7),
		DO(RECEIVE, S0, ANY, EDVSAGAIN, .deadline = POLL),
		DO(LET, 0, U0, 0, .value = DVK_RTS_HELD), DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(LETTER, S0, U0, 7), DO(RTS, U0, 0, 0) } },
	{ "who is stopped is not woken", 0, {
		DO(RECEIVE, S0, ANY, DVK_BLOCKED), DO(FLAG, 0, S0, 0, .value = DVK_RTS_STOPPED),
		DO(SEND, U0, S0, DVK_DONE), DO(RTS, S0, 0, DVK_RTS_STOPPED),
		DO(WOKEN, S0, 0, 0) } },
	{ 0 }
};

const struct test_case cases_reply[] = {
	{ "a reply needs a taken call", 0, {
		DO(REPLY, S0, U0, EDVSPROCSTS), DO(SENDREC, U0, S0, DVK_BLOCKED),
		DO(REPLY, S0, U0, EDVSPROCSTS), DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(REPLY, S1, U0, EDVSPROCSTS), DO(REPLY, S0, U0, DVK_DONE),
		DO(REPLY, S0, U0, EDVSPROCSTS), DO(RECEIVE, U0, S0, DVK_BLOCKED),
		DO(REPLY, S0, U0, EDVSPROCSTS), DO(SEND, S0, U0, DVK_DONE) } },
	{ "a handle answers its call and no later one", 0, {
		DO(SENDREC, U0, S0, DVK_BLOCKED, .deadline = LATER), DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(TIMEOUT, U0, 0, EDVSNOTREADY), DO(REPLY_TO, S0, 0, EDVSPROCSTS),
		DO(RECEIVE, S0, ANY, DVK_BLOCKED), DO(SENDREC, U0, S0, DVK_BLOCKED),
		DO(REPLY_TO, S1, 0, EDVSPROCSTS), DO(RTS, S0, 0, 0),
		DO(REPLY_TO, S0, 0, EDVSPROCSTS), DO(RESULT, S0, 0, 0),
		DO(REPLY_TO, S0, 0, DVK_DONE), DO(REPLY_TO, S0, 0, EDVSPROCSTS),
		DO(RESULT, U0, 0, 0) } },
	{ "no handle answers nothing", 0, {
		DO(SENDREC, U0, S0, DVK_BLOCKED), DO(REPLY_TO, S0, 0, EDVSPROCSTS) } },
	{ "a client that died is no client", 0, {
		DO(SENDREC, U0, S0, DVK_BLOCKED), DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(EXIT, U0, 0, 0), DO(REPLY_TO, S0, 0, EDVSDSTDIED),
		DO(REPLY, S0, U0, EDVSDSTDIED) } },
	{ "a server's loop in one entry", 0, {
		DO(REPLY_RECEIVE, S0, NONE, DVK_BLOCKED, .value = ANY),
		DO(SENDREC, U0, S0, DVK_BLOCKED), DO(RESULT, S0, 0, 0),
		DO(REPLY_RECEIVE, S0, U0, DVK_BLOCKED, .value = ANY, .type = -9),
		DO(RESULT, U0, 0, 0), DO(LETTER, U0, S0, -9), DO(RTS, S0, 0, DVK_RTS_RECEIVING),
		DO(SENDREC, U0, S0, DVK_BLOCKED), DO(SENDREC, U1, S0, DVK_BLOCKED),
		DO(RESULT, S0, 0, 0), DO(REPLY_RECEIVE, S0, U0, DVK_DONE, .value = ANY),
		DO(LETTER, S0, U1, 7), DO(RTS, U0, 0, 0) } },
	{ "a reply that nobody waits for does not stop the loop", 0, {
		DO(REPLY_RECEIVE, S0, U0, DVK_BLOCKED, .value = ANY), DO(SEND, U1, S0, DVK_DONE),
		DO(REPLY_RECEIVE, S0, FREE_SERVER, DVK_BLOCKED, .value = ANY),
		DO(SEND, U1, S0, DVK_DONE),
		DO(REPLY_RECEIVE, S0, 5000, DVK_BLOCKED, .value = ANY) } },
	{ "the timeout is the receive's", 0, {
		DO(SENDREC, U0, S0, DVK_BLOCKED), DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(REPLY_RECEIVE, S0, U0, EDVSAGAIN, .value = ANY, .deadline = POLL),
		DO(RESULT, U0, 0, 0), DO(RTS, S0, 0, 0) } },
	{ "a receive that is refused leaves the reply unsent", 0, {
		DO(SENDREC, U0, S0, DVK_BLOCKED), DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(REPLY_RECEIVE, S0, U0, EDVSSRCDIED, .value = FREE_SERVER),
		DO(RTS, U0, 0, DVK_RTS_RECEIVING), DO(REPLY, S0, U0, DVK_DONE) } },
	{ "what ends a server's own call is not the request in hand", 0, {
		DO(SENDREC, U0, S0, DVK_BLOCKED), DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(RECEIVE, S1, ANY, DVK_BLOCKED), DO(SENDREC, S0, S1, DVK_BLOCKED),
		DO(SEND, S1, S0, DVK_DONE), DO(HAND, S0, U0, 1), DO(RESULT, S0, 0, 0),
		DO(REPLY, S0, U0, DVK_DONE), DO(RECEIVE, S0, ANY, DVK_BLOCKED),
		DO(SEND, U0, S0, DVK_DONE), DO(HAND, S0, NONE, 1) } },
	{ "a server's own call does not lose the request in hand", 0, {
		DO(SENDREC, U0, S0, DVK_BLOCKED), DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(RECEIVE, S1, ANY, DVK_BLOCKED), DO(SENDREC, S0, S1, DVK_BLOCKED),
		DO(REPLY, S1, S0, DVK_DONE), DO(RESULT, S0, 0, 0),
		DO(REPLY_TO, S0, 0, DVK_DONE), DO(RESULT, U0, 0, 0) } },
	{ 0 }
};
/* clang-format on */
