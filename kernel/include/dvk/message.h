/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * message.h - the message: 64 bytes, one cache line, the same on every machine.
 *
 * The DVK writes m_source itself. m_type > 0 is a request, 0 or less a reply,
 * NOTIFY_MESSAGE a notification. The typed requests and replies of a protocol
 * lie in payload[] and are at most that long (asserted where they are made).
 */
#ifndef DVK_MESSAGE_H
#define DVK_MESSAGE_H

#ifdef __KERNEL__
#include <linux/build_bug.h>
#include <linux/types.h>
#else
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#endif

#define NOTIFY_MESSAGE    0x1000
#define DVK_PAYLOAD_BYTES 56

struct dvk_timespec {
	int64_t tv_sec;
	int64_t tv_nsec;
};

/* Addresses are those of the sender's address space, as integers. */
struct mess_1 {
	int32_t i1, i2, i3, pad;
	uint64_t p1, p2, p3;
};
struct mess_2 {
	int32_t i1, i2, i3, pad;
	int64_t l1, l2;
	uint64_t p1;
};
struct mess_3 {
	int32_t i1, i2;
	uint64_t p1;
	char ca1[32];
};
struct mess_4 {
	int64_t l1, l2, l3, l4, l5;
};
struct mess_5 {
	int16_t c1, c2;
	int32_t i1, i2, pad;
	int64_t l1, l2, l3;
};
struct mess_6 {
	char ca1[56];
};
struct mess_7 {
	int32_t i1, i2, i3, i4;
	uint64_t p1, p2;
};
struct mess_8 {
	int32_t i1, i2;
	uint64_t p1, p2, p3, p4;
};
struct mess_9 {
	int32_t i1, pad;
	int64_t l1;
	struct dvk_timespec t1;
};

typedef struct message {
	int32_t m_source; /* endpoint of the sender */
	int32_t m_type;
	union {
		struct mess_1 m_m1;
		struct mess_2 m_m2;
		struct mess_3 m_m3;
		struct mess_4 m_m4;
		struct mess_5 m_m5;
		struct mess_6 m_m6;
		struct mess_7 m_m7;
		struct mess_8 m_m8;
		struct mess_9 m_m9;
		unsigned char payload[DVK_PAYLOAD_BYTES];
		uint64_t words[DVK_PAYLOAD_BYTES / 8];
	};
} __attribute__((aligned(8))) message;

#define m1_i1  m_m1.i1
#define m1_i2  m_m1.i2
#define m1_i3  m_m1.i3
#define m1_p1  m_m1.p1
#define m1_p2  m_m1.p2
#define m1_p3  m_m1.p3
#define m2_i1  m_m2.i1
#define m2_i2  m_m2.i2
#define m2_i3  m_m2.i3
#define m2_l1  m_m2.l1
#define m2_l2  m_m2.l2
#define m2_p1  m_m2.p1
#define m3_i1  m_m3.i1
#define m3_i2  m_m3.i2
#define m3_p1  m_m3.p1
#define m3_ca1 m_m3.ca1
#define m4_l1  m_m4.l1
#define m4_l2  m_m4.l2
#define m4_l3  m_m4.l3
#define m4_l4  m_m4.l4
#define m4_l5  m_m4.l5
#define m5_c1  m_m5.c1
#define m5_c2  m_m5.c2
#define m5_i1  m_m5.i1
#define m5_i2  m_m5.i2
#define m5_l1  m_m5.l1
#define m5_l2  m_m5.l2
#define m5_l3  m_m5.l3
#define m6_ca1 m_m6.ca1
#define m7_i1  m_m7.i1
#define m7_i2  m_m7.i2
#define m7_i3  m_m7.i3
#define m7_i4  m_m7.i4
#define m7_p1  m_m7.p1
#define m7_p2  m_m7.p2
#define m8_i1  m_m8.i1
#define m8_i2  m_m8.i2
#define m8_p1  m_m8.p1
#define m8_p2  m_m8.p2
#define m8_p3  m_m8.p3
#define m8_p4  m_m8.p4
/* A notification: i1 the map of values, l1 how many notifies it stands for, t1 when (wall clock). */
#define m9_i1 m_m9.i1
#define m9_l1 m_m9.l1
#define m9_t1 m_m9.t1

static_assert(sizeof(message) == 64, "a message is one cache line");
static_assert(offsetof(message, payload) == 8, "8 bytes of header");
static_assert(sizeof(struct mess_1) == 40 && sizeof(struct mess_2) == 40, "m1, m2");
static_assert(sizeof(struct mess_3) == 48 && sizeof(struct mess_4) == 40, "m3, m4");
static_assert(sizeof(struct mess_5) == 40 && sizeof(struct mess_6) == 56, "m5, m6");
static_assert(sizeof(struct mess_7) == 32 && sizeof(struct mess_8) == 40, "m7, m8");
static_assert(sizeof(struct mess_9) == 32, "m9");

#endif
