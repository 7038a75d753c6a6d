/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cases_death.c - a process dies in each state; copies, which outlive calls; what
 * is given back and taken anew.
 */
#include "world.h"

#define RECEIVING DVK_RTS_RECEIVING
#define ONCOPY    DVK_RTS_ONCOPY

/* clang-format off */
const struct test_case cases_death[] = {
	{ "who waits for the dead runs again", 0, {
		DO(SENDREC, U0, S0, DVK_BLOCKED), DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(SENDREC, U1, S0, DVK_BLOCKED), DO(SEND, U2, S0, DVK_BLOCKED),
		DO(RECEIVE, S1, S0, DVK_BLOCKED), DO(RECEIVE, S2, ANY, DVK_BLOCKED),
		DO(EXIT, S0, 0, 0), DO(RESULT, U0, 0, EDVSSRCDIED),
		DO(RESULT, U1, 0, EDVSDEADSRCDST), DO(RESULT, U2, 0, EDVSDSTDIED),
		DO(RESULT, S1, 0, EDVSSRCDIED), DO(RTS, S2, 0, RECEIVING),
		DO(WOKEN, U1, 0, 1) } },
	{ "a dead sender leaves its queue", 0, {
		DO(SEND, U0, S0, DVK_BLOCKED), DO(SENDREC, U1, S0, DVK_BLOCKED),
		DO(SEND, U2, S0, DVK_BLOCKED), DO(EXIT, U1, 0, 0), DO(QUEUE, S0, 0, 2),
		DO(EXIT, U0, 0, 0), DO(QUEUE, S0, 0, 1), DO(EXIT, U2, 0, 0),
		DO(QUEUE, S0, 0, 0), DO(RECEIVE, S0, ANY, EDVSAGAIN, .deadline = POLL) } },
	{ "a dead client is no circle and no answer", 0, {
		DO(SENDREC, U0, S0, DVK_BLOCKED), DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(EXIT, U0, 0, 0), DO(REPLY, S0, U0, EDVSDSTDIED),
		DO(REPLY_RECEIVE, S0, U0, DVK_BLOCKED, .value = ANY),
		DO(SENDREC, U1, S0, DVK_BLOCKED), DO(RESULT, S0, 0, 0) } },
	{ "its notifications vanish", 0, {
		DO(NOTIFY, S0, U0, DVK_DONE, .value = 3), DO(NOTIFY, S1, U0, DVK_DONE),
		DO(EXIT, S0, 0, 0), DO(PENDING, U0, S0, 0), DO(PENDING, U0, S1, 1),
		DO(BIND, 0, S0, S0), DO(RECEIVE, U0, S0, EDVSAGAIN, .deadline = POLL) } },
	{ "SYSTASK is told, unless it is the dead one", 0, {
		DO(EXIT, U0, 0, 0), DO(PENDING, SYS, HARDWARE, 1), DO(EXIT, SYS, 0, 0),
		DO(EXIT, U1, 0, 0), DO(BIND, 0, SYS, SYS), DO(PENDING, SYS, HARDWARE, 0),
		DO(RECEIVE, SYS, ANY, DVK_BLOCKED), DO(EXIT, U2, 0, 0),
		DO(RESULT, SYS, 0, 0), DO(LETTER, SYS, HARDWARE, NOTIFY_MESSAGE) } },
	{ "dead, then stale", 0, {
		DO(EXIT, U0, 0, 0), DO(SEND, S0, U0, EDVSDSTDIED),
		DO(SENDREC, S0, U0, EDVSDEADSRCDST), DO(BIND, 0, 64, 2 * GENERATION_SIZE + 64),
		DO(SEND, S0, U0, EDVSENDPOINT), DO(SENDREC, S0, U0, EDVSENDPOINT),
		DO(SEND, S0, 2 * GENERATION_SIZE + 64, DVK_BLOCKED) } },
	{ "an unbind is an exit", 0, {
		DO(SENDREC, U0, S0, DVK_BLOCKED), DO(UNBIND, S0, SELF, 0),
		DO(RESULT, U0, 0, EDVSDEADSRCDST), DO(RTS, S0, 0, DVK_RTS_SLOT_FREE),
		DO(PENDING, SYS, HARDWARE, 1), DO(SEND, S0, U0, EDVSNOTBIND) } },
	{ "the dead of a held and of a stopped sender", 0, {
		DO(SENDREC, U0, S0, DVK_BLOCKED), DO(SENDREC, U1, S0, DVK_BLOCKED),
		DO(FLAG, 0, U0, 0, .value = DVK_RTS_HELD),
		DO(FLAG, 0, U1, 0, .value = DVK_RTS_STOPPED), DO(EXIT, S0, 0, 0),
		DO(RTS, U0, 0, 0), DO(RESULT, U0, 0, EDVSDEADSRCDST),
		DO(RTS, U1, 0, DVK_RTS_STOPPED), DO(WOKEN, U1, 0, 0) } },
	{ 0 }
};

const struct test_case cases_copy[] = {
	{ "a party waits for the caller in a taken call", 0, {
		DO(COPY, S0, U0, EDVSPROCSTS, .value = SELF), DO(SENDREC, U0, S0, DVK_BLOCKED),
		DO(COPY, S0, SELF, EDVSPROCSTS, .value = U0), DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(COPY, S1, U0, EDVSPROCSTS, .value = SELF),
		DO(COPY, S0, U0, 0, .value = SELF), DO(RTS, U0, 0, RECEIVING | ONCOPY),
		DO(RTS, S0, 0, ONCOPY), DO(COPY_END, S0, 0, EDVSFAULT, .type = EDVSFAULT),
		DO(RTS, U0, 0, RECEIVING), DO(RTS, S0, 0, 0), DO(WOKEN, U0, 0, 0) } },
	{ "a third party needs SYSTEM, and marks nothing", 0, {
		DO(COPY, S0, U0, EDVSPRIVILEGES, .value = U1), DO(COPY, ADMIN, U0, 0, .value = U1),
		DO(RTS, U0, 0, 0), DO(COPY_END, ADMIN, 0, 0), DO(COPY, TASK, U0, 0, .value = S0),
		DO(COPY, ADMIN, U0, EDVSENDPOINT, .value = U0) } },
	{ "a debugger's copy leaves another's alone", 0, {
		DO(SENDREC, U0, S0, DVK_BLOCKED), DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(COPY, ADMIN, U0, 0, .value = S0), DO(FLAG, 0, U0, 0, .value = ONCOPY),
		DO(COPY_END, ADMIN, 0, 0), DO(RTS, U0, 0, RECEIVING | ONCOPY),
		DO(COPY, ADMIN, SELF, EDVSONCOPY, .value = U0) } },
	{ "oneself, and how much", 0, {
		DO(COPY, U0, SELF, EDVSRANGE, .value = SELF, .deadline = DVK_COPY_MAX + 1),
		DO(COPY, U0, SELF, 0, .value = SELF, .deadline = DVK_COPY_MAX),
		DO(RTS, U0, 0, ONCOPY), DO(COPY, ADMIN, U0, EDVSONCOPY, .value = SELF),
		DO(COPY_END, U0, 0, 0), DO(RTS, U0, 0, 0) } },
	{ "a party that dies", 0, {
		DO(SENDREC, U0, S0, DVK_BLOCKED), DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(COPY, S0, U0, 0, .value = SELF), DO(EXIT, U0, 0, 0),
		DO(BIND, 0, 64, 2 * GENERATION_SIZE + 64), DO(COPY_END, S0, 0, EDVSSRCDIED),
		DO(RTS, S0, 0, 0), DO(SENDREC, U1, S0, DVK_BLOCKED),
		DO(RECEIVE, S0, ANY, DVK_DONE), DO(COPY, S0, SELF, 0, .value = U1),
		DO(EXIT, U1, 0, 0), DO(COPY_END, S0, 0, EDVSDSTDIED), DO(RTS, S0, 0, 0) } },
	{ "a copier that dies", 0, {
		DO(SENDREC, U0, S0, DVK_BLOCKED, .deadline = LATER), DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(COPY, S0, U0, 0, .value = SELF), DO(TIMEOUT, U0, 0, DVK_BLOCKED),
		DO(EXIT, S0, 0, 0), DO(RTS, U0, 0, 0), DO(RESULT, U0, 0, EDVSSRCDIED),
		DO(WOKEN, U0, 0, 1), DO(COPY_END, S0, 0, EDVSDSTDIED) } },
	{ "a copy whose copier was unbound leaves its successor's alone", 0, {
		DO(SENDREC, U0, S0, DVK_BLOCKED), DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(COPY, S0, U0, 0, .value = SELF), DO(UNBIND, ADMIN, S0, 0), DO(BIND, 0, S0, S0),
		DO(SENDREC, U0, S0, DVK_BLOCKED), DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(FLAG, 0, U0, 0, .value = ONCOPY), DO(COPY_END, S0, 0, EDVSDSTDIED),
		DO(RTS, U0, 0, RECEIVING | ONCOPY) } },
	{ "another's death is nothing to a copy", 0, {
		DO(SENDREC, U0, S0, DVK_BLOCKED), DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(COPY, S0, U0, 0, .value = SELF), DO(EXIT, S1, 0, 0),
		DO(RTS, U0, 0, RECEIVING | ONCOPY), DO(COPY_END, S0, 0, 0) } },
	{ "who copies calls nothing else", 0, {
		DO(SENDREC, U0, S0, DVK_BLOCKED), DO(RECEIVE, S0, ANY, DVK_DONE),
		DO(COPY, S0, U0, 0, .value = SELF), DO(REPLY, S0, U0, EDVSPROCSTS),
		DO(COPY, S0, U0, EDVSPROCSTS, .value = SELF), DO(COPY_END, S0, 0, 0),
		DO(REPLY, S0, U0, DVK_DONE) } },
	{ 0 }
};

#define NEW(nr, generation) DO(BIND, 0, NONE, (generation) * GENERATION_SIZE + (nr))

const struct test_case cases_slot[] = {
	{ "slots until there are none, and the one that comes back", 0, {
		NEW(68, 1), NEW(69, 1), NEW(70, 1), NEW(71, 1), NEW(72, 1), NEW(73, 1),
		NEW(74, 1), NEW(75, 1), NEW(76, 1), NEW(77, 1), NEW(78, 1), NEW(79, 1),
		DO(EXIT, U1, 0, 0), NEW(65, 2) } },
	{ "a slot from the middle, from the end, and back", 0, {
		DO(BIND, 0, 70, GENERATION_SIZE + 70), DO(BIND, 0, 79, GENERATION_SIZE + 79),
		DO(BIND, 0, 79, EDVSSLOTUSED), DO(EXIT, GENERATION_SIZE + 70, 0, 0),
		DO(BIND, 0, 70, 2 * GENERATION_SIZE + 70), NEW(68, 1), DO(EXIT, U0, 0, 0),
		DO(EXIT, S0, 0, 0), DO(BIND, 0, S0, S0), DO(BIND, 0, S0, EDVSSLOTUSED) } },
	{ "tables come, change and go", 0, {
		DO(TABLE, S0, 0, 0), DO(TABLE, S1, 0, 0), DO(TABLE, S0, 0, 0, .value = 5),
		DO(EXIT, S0, 0, 0), DO(TABLE, S2, 0, 0), DO(TABLE, S0, 0, EDVSNOTBIND),
		DO(UNBIND, S1, SELF, 0) } },
	{ "HARDWARE's own slot dies, and the DVK speaks in its name", 0, {
		DO(BIND, 0, HARDWARE, HARDWARE), DO(NOTIFY, ADMIN, SYS, DVK_DONE, .type = HARDWARE),
		DO(NOTIFY, ADMIN, SYS, DVK_DONE, .type = HARDWARE, .value = 5),
		DO(EXIT, HARDWARE, 0, 0), DO(PENDING, SYS, HARDWARE, 1) } },
	{ 0 }
};
/* clang-format on */
