/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * accessors.h - the classic names of a message's fields, each once: X(name, kind).
 */
#ifndef INSPECT_ACCESSORS_H
#define INSPECT_ACCESSORS_H

#define RAW_ACCESSORS(X)  \
	X(m1_i1, INT)     \
	X(m1_i2, INT)     \
	X(m1_i3, INT)     \
	X(m1_p1, ADDRESS) \
	X(m1_p2, ADDRESS) \
	X(m1_p3, ADDRESS) \
	X(m2_i1, INT)     \
	X(m2_i2, INT)     \
	X(m2_i3, INT)     \
	X(m2_l1, LONG)    \
	X(m2_l2, LONG)    \
	X(m2_p1, ADDRESS) \
	X(m3_i1, INT)     \
	X(m3_i2, INT)     \
	X(m3_p1, ADDRESS) \
	X(m3_ca1, TEXT)   \
	X(m4_l1, LONG)    \
	X(m4_l2, LONG)    \
	X(m4_l3, LONG)    \
	X(m4_l4, LONG)    \
	X(m4_l5, LONG)    \
	X(m5_c1, SHORT)   \
	X(m5_c2, SHORT)   \
	X(m5_i1, INT)     \
	X(m5_i2, INT)     \
	X(m5_l1, LONG)    \
	X(m5_l2, LONG)    \
	X(m5_l3, LONG)    \
	X(m6_ca1, TEXT)   \
	X(m7_i1, INT)     \
	X(m7_i2, INT)     \
	X(m7_i3, INT)     \
	X(m7_i4, INT)     \
	X(m7_p1, ADDRESS) \
	X(m7_p2, ADDRESS) \
	X(m8_i1, INT)     \
	X(m8_i2, INT)     \
	X(m8_p1, ADDRESS) \
	X(m8_p2, ADDRESS) \
	X(m8_p3, ADDRESS) \
	X(m8_p4, ADDRESS) \
	X(m9_i1, INT)     \
	X(m9_l1, LONG)

#endif
