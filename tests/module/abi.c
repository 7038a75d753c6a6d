/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * abi.c - bad input to /dev/dvk: each is a defined error. TAP.
 *
 * For the guest, as root. Without the device there is nothing to test.
 */
#include <stdio.h>
#include <unistd.h>

#include "abi.h"

#define SECONDS 60

static const struct abi_case *const tables[] = { abi_entries, abi_addresses, abi_rights,
						 abi_lives };
#define TABLES (sizeof(tables) / sizeof(tables[0]))

/* Returns 1 when it failed. */
static int judge(int number, const struct abi_case *c)
{
	int got = c->run();

	printf("%sok %d - %s\n", got == c->want ? "" : "not ", number, c->name);
	if (got != c->want)
		printf("# got %d, not %d\n", got, c->want);
	return got != c->want;
}

int main(void)
{
	int count = 0, failed = 0;

	setvbuf(stdout, NULL, _IONBF, 0);
	if (access(DVK_DEVICE_PATH, R_OK | W_OK) != 0 || geteuid() != 0) {
		puts("1..0 # SKIP there is no " DVK_DEVICE_PATH ", or not root");
		return 0;
	}
	alarm(SECONDS);
	for (size_t i = 0; i < TABLES; i++)
		for (const struct abi_case *c = tables[i]; c->name; c++)
			failed += judge(++count, c);
	printf("1..%d\n", count);
	return failed != 0;
}
