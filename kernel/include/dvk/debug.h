/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * debug.h - stopping processes and holding messages (M3-IPC section 11).
 *
 * All of it is for debuggers: slots with SYSTEM (EDVSPRIVILEGES, EDVSCALLDENIED).
 * What a debugger has stopped or holds is a lease: it is let go, unchanged, when
 * its slot is unbound or its process dies. Debuggers see each other's rules, and
 * may act upon what another holds.
 */
#ifndef DVK_DEBUG_H
#define DVK_DEBUG_H

#include <dvk/limits.h>
#include <dvk/message.h>

/* X(name, word): what can be held. */
#define DVK_HELD_KINDS(X)                                         \
	X(SEND, "send")     /* stays queued at its receiver */    \
	X(CALL, "call")     /* the same, of a sendrec or relay */ \
	X(REPLY, "reply")   /* rests in its client's slot */      \
	X(NOTIFY, "notify") /* set aside with its bit */          \
	X(COPY, "copy")     /* a duplicate, on its way */

enum dvk_held_kind {
	DVK_HELD_NONE,
#define DVK_KIND(name, word) DVK_HELD_##name,
	DVK_HELD_KINDS(DVK_KIND)
#undef DVK_KIND
};

/* The bit of a kind in dvk_hold.kinds. COPY is not caught. */
#define DVK_HOLD_KIND(kind) (1u << (kind))

/* X(name, word): how a field of the payload is compared with a value. */
#define DVK_TESTS(X) \
	X(EQ, "=") X(NE, "!=") X(LT, "<") X(LE, "<=") X(GT, ">") X(GE, ">=") X(BITS, "&")

enum dvk_test_op {
#define DVK_TEST(name, word) DVK_TEST_##name,
	DVK_TESTS(DVK_TEST)
#undef DVK_TEST
		DVK_TEST_COUNT,
};

/* A comparison: bytes 1, 2, 4 or 8 at offset of the payload, as a signed number. */
struct dvk_test {
	uint16_t offset;
	uint8_t bytes;
	uint8_t op; /* enum dvk_test_op; BITS: any of value's bits is set */
	uint32_t pad;
	int64_t value;
};

#define DVK_ANY_TYPE INT32_MIN

/* A rule: messages that fit all of it are held. */
struct dvk_hold {
	uint32_t id;       /* given by dvk_hold(), from 1 */
	int32_t owner_ep;  /* the debugger, filled in too */
	int32_t src_ep;    /* an endpoint or ANY */
	int32_t dst_ep;    /* an endpoint or ANY */
	int32_t m_type;    /* of the message, or DVK_ANY_TYPE */
	int32_t call_type; /* of a reply: m_type of its request, or DVK_ANY_TYPE */
	uint32_t kinds;    /* DVK_HOLD_KIND bits */
	uint32_t test_count;
	struct dvk_test tests[DVK_HOLD_TESTS];
	uint64_t hits; /* how many it has caught */
};

/* A message that is held. */
struct dvk_held {
	uint64_t id;      /* from 1, never used twice */
	int32_t kind;     /* enum dvk_held_kind */
	uint32_t hold_id; /* the rule that caught it */
	int32_t src_ep;
	int32_t dst_ep;
	uint32_t map;    /* NOTIFY: its values */
	uint32_t merged; /* NOTIFY: how many it stands for */
	int64_t since;   /* CLOCK_MONOTONIC ns; in the segment: host ticks */
	uint64_t call;   /* of CALL and REPLY */
	message m;
};

/*
 * The process stops at its next transition: one that waits goes on waiting, and
 * does not run when its wait ends; one that runs stops as it makes its next call.
 * Never a SIGSTOP. EDVSRANGE, EDVSENDPOINT, EDVSNOTBIND; EDVSPROCSTS from
 * dvk_cont() when it is not stopped.
 */
int dvk_stop(int endpoint);
int dvk_cont(int endpoint);

/*
 * Leaves a rule; returns its id. What fits it from now on is held, but for the
 * messages of its debugger and of quiet slots. Timeouts run on. Of all that fits,
 * at most DVK_HELD are held at once; what comes beyond passes. EDVSBADVALUE,
 * EDVSRSCBUSY.
 */
int dvk_hold(const struct dvk_hold *rule);
/* Takes a rule back; all that it holds is let go. id 0: all of the caller's. EDVSNOENT. */
int dvk_unhold(uint32_t id);
/* The rules of all debuggers, and all that is held; each returns how many it copied. */
int dvk_holds(struct dvk_hold *ret_holds, int max);
int dvk_held(struct dvk_held *ret_held, int max);

/* Each acts upon one held message: EDVSNOMSG when it is not held any more. */

/* It goes on as if it came now. */
int dvk_held_release(uint64_t id);
/* Its type and payload become those of m; it stays held. EDVSPROCSTS: a notification. */
int dvk_held_edit(uint64_t id, const message *m);
/* It goes nowhere; who sent it, or waits for it, gets error (negative). EDVSBADVALUE. */
int dvk_held_drop(uint64_t id, int error);
/* Its receiver gets one more of it; that one's answer goes to nobody. EDVSPROCSTS, EDVSRSCBUSY. */
int dvk_held_duplicate(uint64_t id);
/* Its sender gets m as the receiver's reply. EDVSPROCSTS: it is no call. */
int dvk_held_answer(uint64_t id, const message *m);

#endif
