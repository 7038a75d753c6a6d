/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_switch.c - a switch between stacks keeps every register that a call keeps.
 *
 * Two contexts compute the same series at once, switching in each step; whole and
 * floating-point numbers live in registers meanwhile.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include "runtime/switch.h"

#define STACK_BYTES (64u << 10)
#define STEPS       1000

struct side {
	uint64_t own; /* its context */
	uint64_t seed;
	double result;
	int misaligned;
	int done;
};

static uint64_t main_context;

/* Eight of each: as many as there are registers that a call keeps. */
static double series(uint64_t seed, void (*step)(void *argument), void *argument)
{
	uint64_t a = seed, b = seed + 1, c = seed + 2, d = seed + 3, e = seed + 4, f = seed + 5;
	double p = (double)seed, q = p + 0.5, r = p + 1.5, s = p + 2.5, t = p + 3.5, u = p + 4.5;

	for (int i = 0; i < STEPS; i++) {
		a = a * 31 + f;
		b ^= a >> 3;
		c += b * 7;
		d = d * 17 + c;
		e ^= d >> 5;
		f += e;
		p = p * 0.5 + u;
		q += p * 0.25;
		r = r * 0.75 + q;
		s += r * 0.125;
		t = t * 0.5 + s;
		u = u * 0.25 + t;
		step(argument);
	}
	return (double)((a ^ b ^ c ^ d ^ e ^ f) >> 20) + p + q + r + s + t + u;
}

static void no_step(void *argument)
{
	(void)argument;
}

static struct side sides[2];

/* Each leaves for where the other is now. */
static void step_of(void *argument)
{
	struct side *side = argument, *other = &sides[side == sides];

	if (!other->done)
		switch_to(&side->own, other->own);
}

static void run_side(void *argument)
{
	struct side *side = argument;
	struct side *other = &sides[side == sides];
	_Alignas(16) char aligned[16];
	uintptr_t at = (uintptr_t)aligned;

	__asm__ volatile("" : "+r"(at)); /* the compiler would know the answer */
	side->misaligned = at % 16 != 0;
	side->result = series(side->seed, step_of, side);
	side->done = 1;
	for (;;)
		switch_to(&side->own, other->done ? main_context : other->own);
}

static void keeps_registers(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		void *stack = malloc(STACK_BYTES);

		assert_non_null(stack);
		sides[i] = (struct side){ .seed = 12345u + 1000u * (unsigned int)i };
		sides[i].own = switch_make(stack, STACK_BYTES, run_side, &sides[i]);
		assert_true(sides[i].own != 0);
	}
	switch_to(&main_context, sides[0].own);
	for (int i = 0; i < 2; i++) {
		assert_true(sides[i].done);
		assert_false(sides[i].misaligned);
		assert_true(sides[i].result == series(sides[i].seed, no_step, NULL));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_registers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
