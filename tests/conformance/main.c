/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main.c - all cases, in all forms that they make sense in.
 *
 * Usage: conformance [words of a case's name]; with DVK_HOST=module the DCs are those
 * of the kernel module, else of the embedded host, in a folder of their own. Setting
 * apart is for processes only: within one of them Linux refuses nothing.
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
	&section_slots,    &section_send,   &section_receive, &section_sendrec, &section_reply,
	&section_requests, &section_notify, &section_vcopy,   &section_state,   &section_debug,
	&section_manage,   &section_known,  &section_deaths,  &section_waits,   &section_order,
	&section_rights,   &section_events,
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

/* Why a case does not run in a form. */
static const struct {
	unsigned int flag;
	const char *reason;
} conditions[] = {
	{ NOT_COROUTINES, "end or bind a thread of their own, and coroutines share one" },
	{ ONLY_COROUTINES, "are about one thread with many slots" },
	{ ONLY_THREADS, "are about threads of one process" },
	{ ONLY_PROCESSES, "are about processes" },
	{ ONLY_APART, "are about memory that Linux lets nobody touch" },
	{ ONLY_EMBEDDED, "are about what no kernel module lets happen" },
	{ MANAGES, "manage the machine, which this user may not" },
	{ IN_HANDLERS, "interrupt a wait, which ThreadSanitizer puts off until it is over" },
};
#define CONDITIONS (sizeof(conditions) / sizeof(conditions[0]))

static int holds(unsigned int flag)
{
	switch (flag) {
	case NOT_COROUTINES:
		return stage->form != COROUTINES;
	case ONLY_COROUTINES:
		return stage->form == COROUTINES;
	case ONLY_THREADS:
		return stage->form == THREADS;
	case ONLY_PROCESSES:
		return stage->form == PROCESSES;
	case ONLY_APART:
		return stage->apart != TOGETHER && stage->host == EMBEDDED;
	case MANAGES:
		return stage->apart == TOGETHER || stage->host == EMBEDDED;
	case IN_HANDLERS:
		return !getenv("SIGNALS_ARE_LATE");
	default:
		return stage->host == EMBEDDED;
	}
}

/* The flags of a case, and what its steps need. */
static unsigned int needs(const struct conf_case *c)
{
	unsigned int flags = c->flags;

	for (const struct step *s = c->steps; s < c->steps + STEPS_MAX && s->verb != END; s++)
		if (s->verb == CANCELS || s->verb == EXITS || s->verb == EXECS ||
		    (s->verb == DIES && stage->form != PROCESSES))
			flags |= IN_HANDLERS;
	return flags;
}

/* The condition that does not hold; CONDITIONS: all do. */
static size_t left_out_by(const struct conf_case *c)
{
	size_t i = 0;

	while (i < CONDITIONS && (!(needs(c) & conditions[i].flag) || holds(conditions[i].flag)))
		i++;
	return i;
}

static void run_case(void **state)
{
	const char *wrong = world_run(*state);

	if (wrong)
		fail_msg("%s", wrong);
}

/* Those of all cases that make sense and have the words in their names; how many. */
static size_t pick(const char *words, struct CMUnitTest *ret_tests, int left_out[CONDITIONS + 1])
{
	size_t count = 0;

	for (size_t i = 0; i < SECTIONS; i++)
		for (int j = 0; j < sections[i]->count; j++) {
			const struct conf_case *c = &sections[i]->cases[j];

			if (words && !strstr(c->name, words))
				continue;
			left_out[left_out_by(c)]++;
			if (left_out_by(c) != CONDITIONS)
				continue;
			ret_tests[count++] = (struct CMUnitTest){ .name = c->name,
								  .test_func = run_case,
								  .initial_state = (void *)c };
		}
	return count;
}

static size_t count_cases(void)
{
	size_t count = 0;

	for (size_t i = 0; i < SECTIONS; i++)
		count += (size_t)sections[i]->count;
	return count;
}

/* Told after all of cmocka's lines: how much has run, and why not the rest. */
static char summary[4096];

__attribute__((format(printf, 1, 2))) static void summary_add(const char *format, ...)
{
	size_t used = strlen(summary);
	va_list list;

	va_start(list, format);
	vsnprintf(summary + used, sizeof(summary) - used, format, list);
	va_end(list);
}

static void summarise(int form, size_t count, int failed, const int left_out[])
{
	summary_add("%s: %zu cases, %d failed\n", forms[form].name, count, failed);
	for (size_t i = 0; i < CONDITIONS; i++)
		if (left_out[i])
			summary_add("    %d left out that %s\n", left_out[i], conditions[i].reason);
}

static int run_form(int form, const char *words)
{
	struct CMUnitTest *tests = calloc(count_cases(), sizeof(*tests));
	int left_out[CONDITIONS + 1] = { 0 };
	int failed, rc = world_begin(forms[form].form, forms[form].apart);
	size_t count;

	if (rc) {
		summary_add("%s: none, this machine cannot: %s\n", forms[form].name, strerror(rc));
		free(tests);
		return forms[form].apart == TOGETHER;
	}
	count = pick(words, tests, left_out);
	failed = _cmocka_run_group_tests(forms[form].name, tests, count, NULL, NULL);
	free(tests);
	summarise(form, count, failed, left_out);
	world_end();
	return failed;
}

/* Events of each kind are looked for, but what a send's result tells (BLOCK). */
static int kinds_without_case(void)
{
	static const char *const names[] = { "",
#define CONF_KIND(name, word) word,
					     DVK_EVENT_KINDS(CONF_KIND)
#undef CONF_KIND
	};
	int seen[sizeof(names) / sizeof(names[0])] = { [DVK_EVENT_BLOCK] = 1 }, missing = 0;

	for (int i = 0; i < section_events.count; i++)
		for (int j = 0; j < STEPS_MAX; j++)
			seen[section_events.cases[i].steps[j].kind] = 1;
	for (size_t kind = 1; kind < sizeof(names) / sizeof(names[0]); kind++)
		if (!seen[kind]) {
			missing++;
			summary_add("no case has an event of the kind %s\n", names[kind]);
		}
	return missing;
}

int main(int argc, char **argv)
{
	const char *host = getenv("DVK_HOST");
	int failed = kinds_without_case();

	alarm((unsigned int)patience(280));
	if (host && strcmp(host, "module") == 0 && access("/dev/dvk", R_OK | W_OK) != 0) {
		perror("/dev/dvk");
		return 1;
	}
	for (int i = 0; i < (int)(sizeof(forms) / sizeof(forms[0])); i++)
		failed += run_form(i, argc > 1 ? argv[1] : NULL);
	printf("%scases of the contract: %s\n", summary, failed ? "some failed" : "all passed");
	return failed != 0;
}
