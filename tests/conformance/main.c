/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main.c - all cases, in all forms that they make sense in.
 *
 * Usage: conformance [words of a case's name]. Setting apart is for processes only:
 * within one of them Linux refuses nothing.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <unistd.h>

#include "world.h"

static const struct conf_section *const sections[] = {
	&section_slots, &section_send,     &section_receive, &section_sendrec,
	&section_reply, &section_requests, &section_notify,  &section_vcopy,
	&section_state, &section_debug,    &section_manage,
};
#define SECTIONS (sizeof(sections) / sizeof(sections[0]))

static const struct {
	enum form form;
	enum apart apart;
	const char *name;
} forms[] = {
	{ THREADS, TOGETHER, "threads" },
	{ COROUTINES, TOGETHER, "coroutines" },
	{ PROCESSES, TOGETHER, "processes" },
	{ PROCESSES, NOT_DUMPABLE, "processes, not dumpable" },
	{ PROCESSES, USER_NAMESPACES, "processes across user namespaces" },
};

static int makes_sense(const struct conf_case *c)
{
	if (c->flags & NOT_COROUTINES && stage->form == COROUTINES)
		return 0;
	if (c->flags & ONLY_COROUTINES && stage->form != COROUTINES)
		return 0;
	if (c->flags & (ONLY_PROCESSES | ONLY_APART) && stage->form != PROCESSES)
		return 0;
	return !(c->flags & ONLY_APART) || stage->apart != TOGETHER;
}

static void run_case(void **state)
{
	const char *wrong = world_run(*state);

	if (wrong)
		fail_msg("%s", wrong);
}

static int run_form(int form, const char *words)
{
	struct CMUnitTest *tests = NULL;
	size_t count = 0;
	int failed, rc = world_begin(forms[form].form, forms[form].apart);

	if (rc) {
		printf("%s: this machine cannot: %s\n", forms[form].name, strerror(rc));
		return forms[form].apart == TOGETHER;
	}
	for (size_t i = 0; i < SECTIONS; i++)
		for (int j = 0; j < sections[i]->count; j++) {
			const struct conf_case *c = &sections[i]->cases[j];

			if (!makes_sense(c) || (words && !strstr(c->name, words)))
				continue;
			tests = realloc(tests, (count + 1) * sizeof(*tests));
			tests[count++] = (struct CMUnitTest){ .name = c->name,
							      .test_func = run_case,
							      .initial_state = (void *)c };
		}
	failed = _cmocka_run_group_tests(forms[form].name, tests, count, NULL, NULL);
	free(tests);
	world_end();
	return failed;
}

int main(int argc, char **argv)
{
	int failed = 0;

	alarm(200);
	for (int i = 0; i < (int)(sizeof(forms) / sizeof(forms[0])); i++)
		failed += run_form(i, argc > 1 ? argv[1] : NULL);
	return failed != 0;
}
