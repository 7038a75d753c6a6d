/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_generator.c - a line of a .proto table that is wrong stops the build, and
 * the message says file, line and what was expected.
 *
 * Runs in the project's folder, as all tests do.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define GENERATE                                                                   \
	"awk -v out=%s/out -f muk/protocol/generate.awk -f muk/protocol/emit.awk " \
	"-f muk/protocol/tables.awk muk/protocol/kinds.proto %s/x.proto 2>&1"
#define HEAD "server x NONE | a server\n"

static const struct {
	const char *name;
	const char *table;
	const char *want; /* in the output, after the folder; NULL: it is right */
} cases[] = {
	{ "right",
	  HEAD "flags f A=1 B=2/3 C=0x10 | flags\nrecord x.r version=1 a:int | r\n"
	       "call 5 open f:flags(f) b:out(r) p:name -> fd:fd | open\n",
	  NULL },
	{ "nothing", "", NULL },
	{ "comments", "# one\n\n  # two\n" HEAD, NULL },
	{ "no server", "call 1 a | s\n", "x.proto:1: a file begins with: server" },
	{ "no summary", HEAD "call 1 a\n", "x.proto:2: expected \" | \" and a summary" },
	{ "empty summary", HEAD "call 1 a | \n", "x.proto:2: expected \" | \" and a summary" },
	{ "quotes", HEAD "call 1 a | say \"a\"\n", "x.proto:2: a summary has no quotes" },
	{ "unknown word", HEAD "cal 1 a | s\n", "x.proto:2: expected kind, server" },
	{ "bad server", "server X NONE | s\n", "x.proto:1: expected: server NAME ENDPOINT" },
	{ "two servers", HEAD HEAD, "x.proto:2: server x is declared twice" },
	{ "bad number", HEAD "call five a | s\n", "x.proto:2: expected: call NUMBER NAME" },
	{ "number 0", HEAD "call 0 a | s\n", "x.proto:2: a call's number is from 1" },
	{ "notification", HEAD "call 0x1000 a | s\n", "x.proto:2: a call's number is from 1" },
	{ "bad call name", HEAD "call 1 Open | s\n", "x.proto:2: expected: call NUMBER NAME" },
	{ "keyword", HEAD "call 1 register | s\n", "x.proto:2: expected: call NUMBER NAME" },
	{ "same number", HEAD "call 1 a | s\ncall 1 b | s\n",
	  "x.proto:3: number 1 collides with that of x.a" },
	{ "same place", HEAD "call 1 a | s\ncall 513 b | s\n",
	  "x.proto:3: number 513 collides with that of x.a" },
	{ "same call", HEAD "call 1 a | s\ncall 2 a | s\n",
	  "x.proto:3: call x.a is declared twice" },
	{ "same field", HEAD "call 1 a f:int f:int | s\n", "x.proto:2: field f is declared twice" },
	{ "same field in both", HEAD "call 1 a f:int -> f:int | s\n", NULL },
	{ "no kind", HEAD "call 1 a f | s\n", "x.proto:2: expected NAME:KIND" },
	{ "unknown kind", HEAD "call 1 a f:string | s\n", "x.proto:2: expected NAME:KIND" },
	{ "field is a keyword", HEAD "call 1 a int:int | s\n", "x.proto:2: expected NAME:KIND" },
	{ "text without length", HEAD "call 1 a f:text | s\n",
	  "x.proto:2: \"f:text\": text needs" },
	{ "flags without set", HEAD "call 1 a f:flags | s\n",
	  "x.proto:2: \"f:flags\": flags needs" },
	{ "int with argument", HEAD "call 1 a f:int(3) | s\n",
	  "x.proto:2: \"f:int(3)\": int takes no" },
	{ "no such set", HEAD "call 1 a f:flags(g) | s\n", "x.proto:2: there is no flags x.g" },
	{ "flags of an enum", HEAD "enum g A=1 | s\ncall 1 a f:flags(g) | s\n",
	  "x.proto:3: there is no flags x.g" },
	{ "no such record", HEAD "call 1 a f:out(r) | s\n", "x.proto:2: there is no record x.r" },
	{ "too long", HEAD "call 1 a p:path q:path | s\n",
	  "x.proto:2: the request takes 80 bytes, a message holds 56" },
	{ "reply too long", HEAD "call 1 a -> t:text(57) | s\n",
	  "x.proto:2: the reply takes 57 bytes, a message holds 56" },
	{ "as long as it goes", HEAD "call 1 a t:text(56) -> t:text(56) | s\n", NULL },
	{ "path in a reply", HEAD "call 1 a -> p:path | s\n",
	  "x.proto:2: \"p:path\": only requests have this kind" },
	{ "buffer in a row", HEAD "table x.t version=1 p:in | s\n",
	  "x.proto:2: \"p:in\": only requests have this kind" },
	{ "record of another", HEAD "record y.r version=1 a:int | s\n",
	  "x.proto:2: expected: record x.NAME" },
	{ "no version", HEAD "record x.r 1 a:int | s\n", "x.proto:2: expected version=NUMBER" },
	{ "same record", HEAD "record x.r version=1 a:int | s\ntable x.r version=1 a:int | s\n",
	  "x.proto:3: x.r is declared twice" },
	{ "bad value", HEAD "flags f a=1 | s\n", "x.proto:2: expected VALUE=NUMBER" },
	{ "value without number", HEAD "flags f A | s\n", "x.proto:2: expected VALUE=NUMBER" },
	{ "same value", HEAD "flags f A=1 A=2 | s\n", "x.proto:2: value A is declared twice" },
	{ "same set", HEAD "flags f A=1 | s\nenum f A=1 | s\n",
	  "x.proto:3: set x.f is declared twice" },
};

/* Writes the table, runs the generator; returns its exit status and what it said. */
static int generate(const char *dir, const char *table, char *ret_said, size_t bytes)
{
	char command[512];
	FILE *file;
	size_t got;

	snprintf(command, sizeof(command), "%s/x.proto", dir);
	file = fopen(command, "w");
	assert_non_null(file);
	fputs(table, file);
	fclose(file);
	snprintf(command, sizeof(command), GENERATE, dir, dir);
	file = popen(command, "r");
	assert_non_null(file);
	got = fread(ret_said, 1, bytes - 1, file);
	ret_said[got] = '\0';
	return WEXITSTATUS(pclose(file));
}

static void bad_lines_stop_the_build(void **state)
{
	char dir[] = "/tmp/muk-test-XXXXXX", said[4096], command[128];

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(command, sizeof(command), "mkdir %s/out", dir);
	assert_int_equal(system(command), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int status = generate(dir, cases[i].table, said, sizeof(said));

		if (cases[i].want ? status == 0 || !strstr(said, cases[i].want) : status != 0)
			fail_msg("%s: status %d, said: %s", cases[i].name, status, said);
	}
	snprintf(command, sizeof(command), "rm -r %s", dir);
	assert_int_equal(system(command), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_lines_stop_the_build),
	};

	alarm(60);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
