/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cases_wait.c - notifications, circles of waits, and time.
 */
#include "world.h"

#define RECEIVING DVK_RTS_RECEIVING

/* clang-format off */
const struct test_case cases_notify[] = {
	{ "a notification is delivered to who waits", 0, {
		DO(RECEIVE, U0, ANY, DVK_BLOCKED), DO(NOTIFY, S0, U0, DVK_DONE, .value = 4),
		DO(RESULT, U0, 0, 0), DO(LETTER, U0, S0, NOTIFY_MESSAGE), DO(WOKEN, U0, 0, 1),
		DO(PENDING, U0, S0, 0) } },
	{ "it stays pending for who does not", 0, {
		DO(NOTIFY, S0, U0, DVK_DONE), DO(NOTIFY, S0, U0, DVK_DONE, .value = 3),
		DO(PENDING, U0, S0, 1), DO(RECEIVE, U0, S1, EDVSAGAIN, .deadline = POLL),
		DO(RECEIVE, U0, ANY, DVK_DONE), DO(LETTER, U0, S0, NOTIFY_MESSAGE),
		DO(RECEIVE, U0, ANY, EDVSAGAIN, .deadline = POLL) } },
	{ "the lowest first, and before senders", 0, {
		DO(SEND, U1, U0, DVK_BLOCKED), DO(NOTIFY, S1, U0, DVK_DONE),
		DO(NOTIFY, TASK, U0, DVK_DONE), DO(RECEIVE, U0, ANY, DVK_DONE),
		DO(LETTER, U0, TASK, NOTIFY_MESSAGE), DO(RECEIVE, U0, ANY, DVK_DONE),
		DO(LETTER, U0, S1, NOTIFY_MESSAGE), DO(RECEIVE, U0, ANY, DVK_DONE),
		DO(LETTER, U0, U1, 7) } },
	{ "of one source alone", 0, {
		DO(NOTIFY, TASK, U0, DVK_DONE), DO(NOTIFY, S1, U0, DVK_DONE),
		DO(RECEIVE, U0, S1, DVK_DONE), DO(LETTER, U0, S1, NOTIFY_MESSAGE),
		DO(RECEIVE, U0, S0, DVK_BLOCKED), DO(NOTIFY, S1, U0, DVK_DONE),
		DO(PENDING, U0, S1, 1), DO(NOTIFY, S0, U0, DVK_DONE),
		DO(LETTER, U0, S0, NOTIFY_MESSAGE), DO(PENDING, U0, TASK, 1) } },
	{ "a call is not disturbed by its server's notification", 0, {
		DO(SENDREC, U0, S0, DVK_BLOCKED), DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(NOTIFY, S0, U0, DVK_DONE), DO(RTS, U0, 0, RECEIVING),
		DO(PENDING, U0, S0, 1), DO(REPLY, S0, U0, DVK_DONE), DO(RESULT, U0, 0, 0),
		DO(LETTER, U0, S0, 7), DO(RECEIVE, U0, ANY, DVK_DONE),
		DO(LETTER, U0, S0, NOTIFY_MESSAGE) } },
	{ "who may notify", 0, {
		DO(NOTIFY, U0, S0, EDVSCALLDENIED), DO(NOTIFY, S0, U0, EDVSPRIVILEGES, .type = S1),
		DO(NOTIFY, ADMIN, U0, DVK_DONE, .type = S1), DO(PENDING, U0, S1, 1),
		DO(NOTIFY, ADMIN, U0, EDVSCALLDENIED, .type = 64),
		DO(NOTIFY, ADMIN, U0, EDVSRANGE, .type = 5000),
		DO(NOTIFY, ADMIN, U0, EDVSNOTBIND, .type = FREE_SERVER),
		DO(NOTIFY, ADMIN, U0, DVK_DONE, .type = HARDWARE),
		DO(NOTIFY, S0, U0, EDVSBADVALUE, .value = 33),
		DO(NOTIFY, S0, U0, EDVSBADVALUE, .value = -1),
		DO(NOTIFY, S0, U0, DVK_DONE, .value = 32) } },
	{ 0 }
};

const struct test_case cases_circle[] = {
	{ "two that send to each other", 0, {
		DO(SEND, S0, S1, DVK_BLOCKED), DO(SEND, S1, S0, EDVSLOCKED),
		DO(SENDREC, S1, S0, EDVSLOCKED), DO(RTS, S1, 0, 0), DO(QUEUE, S0, 0, 0),
		DO(RECEIVE, S1, S0, DVK_DONE) } },
	{ "three in a ring of calls", 0, {
		DO(SENDREC, S0, S1, DVK_BLOCKED), DO(SENDREC, S1, S2, DVK_BLOCKED),
		DO(SENDREC, S2, S0, EDVSLOCKED), DO(SEND, S2, S0, EDVSLOCKED),
		DO(RECEIVE, S2, S1, DVK_DONE), DO(REPLY, S2, S1, DVK_DONE) } },
	{ "a client of a taken call", 0, {
		DO(SENDREC, U0, S0, DVK_BLOCKED), DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(RECEIVE, S0, U0, EDVSLOCKED), DO(REPLY_RECEIVE, S0, NONE, EDVSLOCKED,
		.value = U0), DO(REPLY_RECEIVE, S0, U0, DVK_BLOCKED, .value = U0) } },
	{ "two that receive from each other", 0, {
		DO(RECEIVE, S0, S1, DVK_BLOCKED), DO(RECEIVE, S1, S0, EDVSLOCKED),
		DO(RECEIVE, S1, ANY, DVK_BLOCKED) } },
	{ "a send that meets its receive is no circle", 0, {
		DO(RECEIVE, S0, S1, DVK_BLOCKED), DO(SENDREC, S1, S0, DVK_BLOCKED),
		DO(RTS, S0, 0, 0) } },
	{ "who may be freed by time is no circle", 0, {
		DO(SEND, S0, S1, DVK_BLOCKED, .deadline = LATER), DO(SEND, S1, S0, DVK_BLOCKED),
		DO(TIMEOUT, S0, 0, EDVSTIMEDOUT) } },
	{ "who comes with a timeout is no circle", 0, {
		DO(SEND, S0, S1, DVK_BLOCKED), DO(SEND, S1, S0, DVK_BLOCKED, .deadline = LATER),
		DO(TIMEOUT, S1, 0, EDVSTIMEDOUT), DO(SEND, S1, S0, EDVSAGAIN, .deadline = POLL) } },
	{ "whom it waited for before does not count", 0, {
		DO(RECEIVE, S0, ANY, DVK_BLOCKED), DO(SENDREC, S1, S0, DVK_BLOCKED),
		DO(REPLY, S0, S1, DVK_DONE), DO(SEND, S2, S1, DVK_BLOCKED),
		DO(SEND, S0, S2, DVK_BLOCKED) } },
	{ "a receiver from anybody ends a chain", 0, {
		DO(SEND, S0, S1, DVK_BLOCKED), DO(RECEIVE, S2, ANY, DVK_BLOCKED),
		DO(SENDREC, S1, S2, DVK_BLOCKED), DO(SEND, U0, S0, DVK_BLOCKED) } },
	{ 0 }
};

const struct test_case cases_timeout[] = {
	{ "a queued send and a queued call", 0, {
		DO(SEND, U0, S0, DVK_BLOCKED, .deadline = LATER),
		DO(SENDREC, U1, S0, DVK_BLOCKED, .deadline = LATER),
		DO(SEND, U2, S0, DVK_BLOCKED), DO(TIMEOUT, U1, 0, EDVSTIMEDOUT),
		DO(RESULT, U1, 0, EDVSTIMEDOUT), DO(QUEUE, S0, 0, 2),
		DO(TIMEOUT, U0, 0, EDVSTIMEDOUT), DO(QUEUE, S0, 0, 1), DO(RTS, U0, 0, 0),
		DO(RECEIVE, S0, ANY, DVK_DONE), DO(LETTER, S0, U2, 7) } },
	{ "a taken call", 0, {
		DO(SENDREC, U0, S0, DVK_BLOCKED, .deadline = LATER), DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(TIMEOUT, U0, 0, EDVSNOTREADY), DO(REPLY, S0, U0, EDVSPROCSTS),
		DO(COPY, S0, U0, EDVSPROCSTS, .value = SELF), DO(LETTER, U0, U0, 7) } },
	{ "a receive", 0, {
		DO(RECEIVE, S0, ANY, DVK_BLOCKED, .deadline = LATER),
		DO(TIMEOUT, S0, 0, EDVSTIMEDOUT), DO(RTS, S0, 0, 0),
		DO(SEND, U0, S0, DVK_BLOCKED) } },
	{ "one that comes late", 0, {
		DO(RECEIVE, S0, ANY, DVK_BLOCKED, .deadline = LATER), DO(SEND, U0, S0, DVK_DONE),
		DO(TIMEOUT, S0, 0, DVK_DONE), DO(RESULT, S0, 0, 0), DO(LETTER, S0, U0, 7) } },
	{ "one that comes during a copy waits for its end", 0, {
		DO(SENDREC, U0, S0, DVK_BLOCKED, .deadline = LATER), DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(COPY, S0, U0, 0, .value = SELF), DO(TIMEOUT, U0, 0, DVK_BLOCKED),
		DO(RTS, U0, 0, RECEIVING | DVK_RTS_ONCOPY), DO(COPY_END, S0, 0, 0),
		DO(RTS, U0, 0, 0), DO(WOKEN, U0, 0, 1), DO(RESULT, U0, 0, EDVSNOTREADY),
		DO(REPLY, S0, U0, EDVSPROCSTS) } },
	{ 0 }
};
/* clang-format on */
