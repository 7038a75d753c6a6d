/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_engine.c - runs all groups; each is a file of tables.
 */
#include "world.h"

int main(void)
{
	int failed = 0;

#define TEST_GROUP(name) failed += name();
	TEST_GROUPS(TEST_GROUP)
#undef TEST_GROUP
	return failed != 0;
}
