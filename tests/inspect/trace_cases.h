/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace_cases.h - streams of events and the lines that they become.
 */
#ifndef TESTS_INSPECT_TRACE_CASES_H
#define TESTS_INSPECT_TRACE_CASES_H

#include "state.h"

#define CLIENT USER(1, 64)
#define FS     1
#define PM     0

static const struct state_process rows[] = {
	{ .name = "pm", .endpoint = PM },
	{ .name = "fs", .endpoint = FS },
	{ .name = "client", .endpoint = CLIENT },
	{ .name = NULL },
};

/* An event in a few words; time is in microseconds, sequence its place unless given. */
struct step {
	int kind;
	int src, dst;
	int m_type;
	int result;
	uint64_t call;
	int us;
	int sequence; /* 0: the next one */
};

#define OPEN(call, us)                                        \
	{                                                     \
		DVK_EVENT_CALL, CLIENT, FS, 5, 0, call, us, 0 \
	}
#define REPLY(call, r, us)                                     \
	{                                                      \
		DVK_EVENT_REPLY, FS, CLIENT, r, 0, call, us, 0 \
	}
#define LAST                            \
	{                               \
		0, 0, 0, 0, 0, 0, 0, -1 \
	}

static const struct {
	const char *what;
	struct step steps[8];
	const char *want;
	const char *headers; /* the same from the flight recorder; NULL: as want */
} cases[] = {
	{ "a call and its reply",
	  { OPEN(1, 10), REPLY(1, 0, 22), LAST },
	  "client > fs fs.open path=\"/x\" flags=RDONLY mode=0000 -> fd=3 (12 us)|",
	  "client > fs fs.open -> ok (12 us)|" },
	{ "an error by its name",
	  { OPEN(1, 10), REPLY(1, -2, 11), LAST },
	  "client > fs fs.open path=\"/x\" flags=RDONLY mode=0000 -> EDVSNOENT "
	  "(no such file or directory) (1 us)|",
	  "client > fs fs.open -> EDVSNOENT (no such file or directory) (1 us)|" },
	{ "no reply yet",
	  { OPEN(1, 10), LAST },
	  "client > fs fs.open path=\"/x\" flags=RDONLY mode=0000 -> no reply yet|",
	  "client > fs fs.open -> no reply yet|" },
	{ "calls that overtake each other",
	  { OPEN(1, 10),
	    { DVK_EVENT_CALL, PM, FS, 36, 0, 2, 11, 0 },
	    { DVK_EVENT_REPLY, FS, PM, 0, 0, 2, 12, 0 },
	    REPLY(1, 0, 13),
	    LAST },
	  "pm > fs fs.sync -> ok (1 us)|"
	  "client > fs fs.open path=\"/x\" flags=RDONLY mode=0000 -> fd=3 (3 us)|",
	  "pm > fs fs.sync -> ok (1 us)|client > fs fs.open -> ok (3 us)|" },
	{ "a reply whose request was lost",
	  { REPLY(9, 0, 10), LAST },
	  "fs > client reply -> ok|",
	  NULL },
	{ "an error whose request was lost",
	  { REPLY(9, -13, 10), LAST },
	  "fs > client reply -> EDVSACCES (permission denied)|",
	  NULL },
	{ "a reply that was lost, the place used anew",
	  { OPEN(1, 10),
	    { DVK_EVENT_CALL, CLIENT, FS, 5, 0, 1 + 4096, 20, 0 },
	    REPLY(1 + 4096, -5, 21),
	    LAST },
	  "client > fs fs.open path=\"/x\" flags=RDONLY mode=0000 -> no reply yet|"
	  "client > fs fs.open path=\"/x\" flags=RDONLY mode=0000 -> EDVSIO (input/output error) "
	  "(1 us)|",
	  "client > fs fs.open -> no reply yet|"
	  "client > fs fs.open -> EDVSIO (input/output error) (1 us)|" },
	{ "a timeout of a call",
	  { OPEN(1, 10), { DVK_EVENT_TIMEOUT, CLIENT, FS, 5, EDVSTIMEDOUT, 1, 30, 0 }, LAST },
	  "client > fs fs.open path=\"/x\" flags=RDONLY mode=0000 -> EDVSTIMEDOUT (timed out, the "
	  "request was never taken) (20 us)|",
	  "client > fs fs.open -> EDVSTIMEDOUT (timed out, the request was never taken) (20 us)|" },
	{ "a server that dies",
	  { OPEN(1, 10),
	    { DVK_EVENT_EXIT, FS, NONE, 9, 0, 0, 30, 0 },
	    { DVK_EVENT_REFUSED, CLIENT, FS, 5, EDVSSRCDIED, 1, 30, 0 },
	    LAST },
	  "fs exit code=9|client > fs fs.open path=\"/x\" flags=RDONLY mode=0000 -> EDVSSRCDIED "
	  "(the "
	  "awaited process died) (20 us)|",
	  "fs exit code=9|client > fs fs.open -> EDVSSRCDIED (the awaited process died) (20 us)|" },
	{ "a client that dies",
	  { OPEN(1, 10), { DVK_EVENT_EXIT, CLIENT, NONE, 0, 0, 0, 30, 0 }, LAST },
	  "client exit|client > fs fs.open path=\"/x\" flags=RDONLY mode=0000 -> no reply yet|",
	  "client exit|client > fs fs.open -> no reply yet|" },
	{ "a send that ends a call",
	  { OPEN(1, 10), { DVK_EVENT_SEND, FS, CLIENT, -5, 0, 0, 12, 0 }, LAST },
	  "client > fs fs.open path=\"/x\" flags=RDONLY mode=0000 -> EDVSIO (input/output error) "
	  "(2 us)|",
	  "client > fs fs.open -> ok (2 us)|" },
	{ "a call that is refused",
	  { { DVK_EVENT_REFUSED, CLIENT, FS, 5, EDVSLOCKED, 0, 10, 0 }, LAST },
	  "client > fs fs.open path=\"/x\" flags=RDONLY mode=0000 -> EDVSLOCKED (refused: it would "
	  "close a circle of waits)|",
	  "client > fs fs.open -> EDVSLOCKED (refused: it would close a circle of waits)|" },
	{ "a reply that nobody waits for",
	  { OPEN(1, 10),
	    { DVK_EVENT_REFUSED, FS, CLIENT, -2, EDVSPROCSTS, 1, 11, 0 },
	    REPLY(1, -5, 12),
	    LAST },
	  "fs > client refused -> EDVSPROCSTS (the process is not in a state for this)|"
	  "client > fs fs.open path=\"/x\" flags=RDONLY mode=0000 -> EDVSIO (input/output error) "
	  "(2 us)|",
	  "fs > client refused -> EDVSPROCSTS (the process is not in a state for this)|"
	  "client > fs fs.open -> EDVSIO (input/output error) (2 us)|" },
	{ "a notification",
	  { { DVK_EVENT_NOTIFY, PM, FS, 0, 0, 0, 10, 0 }, LAST },
	  "pm > fs notify values=2|",
	  "pm > fs notify|" },
	{ "details are left out",
	  { OPEN(1, 10),
	    { DVK_EVENT_DELIVER, CLIENT, FS, 5, 0, 1, 10, 0 },
	    { DVK_EVENT_RECEIVE, FS, ANY, 0, 0, 0, 10, 0 },
	    { DVK_EVENT_COPY, FS, CLIENT, 64, 0, 1, 11, 0 },
	    REPLY(1, 0, 12),
	    LAST },
	  "client > fs fs.open path=\"/x\" flags=RDONLY mode=0000 -> fd=3 (2 us)|",
	  "client > fs fs.open -> ok (2 us)|" },
	{ "a copy outside of a call is a line",
	  { { DVK_EVENT_COPY, FS, CLIENT, 64, 0, 0, 11, 0 }, LAST },
	  "fs > client copy bytes=64|",
	  NULL },
	{ "what the time went into",
	  { { DVK_EVENT_CALL, CLIENT, FS, 36, 1, 1, 10, 0 },
	    { DVK_EVENT_DELIVER, CLIENT, FS, 36, 0, 1, 30, 0 },
	    { DVK_EVENT_CALL, FS, PM, 20, 0, 2, 35, 0 },
	    { DVK_EVENT_REPLY, PM, FS, 0, 0, 2, 75, 0 },
	    { DVK_EVENT_REPLY, FS, CLIENT, 0, 0, 1, 80, 0 },
	    LAST },
	  "fs > pm pm.getpid -> pid=3 parent=0 (40 us)|"
	  "client > fs fs.sync -> ok (70 us: queue 20 us, fs 10 us, others 40 us)|",
	  "fs > pm pm.getpid -> ok (40 us)|"
	  "client > fs fs.sync -> ok (70 us: queue 20 us, fs 10 us, others 40 us)|" },
	{ "a call that was never taken waited in the queue",
	  { { DVK_EVENT_CALL, CLIENT, FS, 36, 1, 1, 10, 0 },
	    { DVK_EVENT_TIMEOUT, CLIENT, FS, 36, EDVSTIMEDOUT, 1, 30, 0 },
	    LAST },
	  "client > fs fs.sync -> EDVSTIMEDOUT (timed out, the request was never taken) (20 us: "
	  "queue 20 us)|",
	  NULL },
	{ "a relayed call goes to its new server",
	  { OPEN(1, 10),
	    { DVK_EVENT_RELAY, FS, PM, 5, 0, 1, 11, 0 },
	    { DVK_EVENT_REPLY, PM, CLIENT, 0, 0, 1, 12, 0 },
	    LAST },
	  "client > pm pm.5 m1_i1=4096 m1_i2=0 m1_i3=2 m1_p1=0x0 m1_p2=0x0 m1_p3=0x0 -> type=0 "
	  "m1_i1=3 m1_i2=0 m1_i3=0 m1_p1=0x0 m1_p2=0x0 m1_p3=0x0 (2 us)|",
	  "client > pm pm.5 -> ok (2 us)|" },
	{ "torn and repeated records",
	  { OPEN(1, 10),
	    { DVK_EVENT_REPLY, FS, CLIENT, 0, 0, 1, 11, 1 },
	    { 99, FS, CLIENT, 0, 0, 1, 11, 0 },
	    { -7, FS, CLIENT, 0, 0, 1, 11, 0 },
	    REPLY(1, 0, 12),
	    LAST },
	  "client > fs fs.open path=\"/x\" flags=RDONLY mode=0000 -> fd=3 (2 us)|",
	  "client > fs fs.open -> ok (2 us)|" },
	{ "a reply before its request, by a clock that goes back",
	  { OPEN(1, 10), REPLY(1, 0, 5), LAST },
	  "client > fs fs.open path=\"/x\" flags=RDONLY mode=0000 -> fd=3 (0 ns)|",
	  "client > fs fs.open -> ok (0 ns)|" },
};

#endif
