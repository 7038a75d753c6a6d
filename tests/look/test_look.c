/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_look.c - looking at a MUK of which something hangs: each command answers within
 * 100 ms, beyond what a mukshell takes to start and end, and says who is at fault.
 *
 * A pattern is an extended regular expression for one line, in which PID stands for
 * the culprit's process and TIME for a duration. A command may have a few tries, since
 * others use the machine as well: what hangs does so in all of them.
 */
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scene.h"

#define WITHIN_MS 100
#define TRIES     20 /* until one is in time: the machine may be busy */
#define TEXT_MAX  32768

#define DURATION "[0-9.]+ (us|ms|s)"
#define IS_STOPPED \
	"fs is stopped by SIGSTOP \\(pid PID(, thread [0-9]+)?\\); kill -CONT PID lets it go on"
#define IS_LOCKED      "the lock of dc0 is held by holder \\(pid PID\\) for TIME, stopped by SIGSTOP"
#define IS_SPINNING    "spinner is running in user mode for TIME without giving up the processor "
#define KEEPS_FS       IS_SPINNING "\\(pid PID\\); [12] other tasks? of its thread cannot run"
#define SPINS          IS_SPINNING "\\(pid PID, thread [0-9]+\\)"
#define WAITS_FOR_STAT "waits TIME for fs to reply to stat"

enum { COROUTINES = 1, THREADS = 2, BOTH = 3 };

static const struct row {
	const struct scene_type *scene;
	int runtimes;
	const char *command;
	const char *text;
	const char *json;
} rows[] = {
	{ &scene_stopped, BOTH, "ps", "^" IS_STOPPED "$", "\"sentence\":\"" WAITS_FOR_STAT "\"" },
	{ &scene_stopped, BOTH, "ps -o name,sentence client", "^client +" WAITS_FOR_STAT "$",
	  "^\\[\\{\"name\":\"client\",\"sentence\":\"" WAITS_FOR_STAT "\"\\}\\]$" },
	{ &scene_stopped, BOTH, "proc fs", "^linux +stopped by SIGSTOP$",
	  "\"linux\":\"stopped by SIGSTOP\"" },
	{ &scene_stopped, BOTH, "proc client", "^call +fs.stat$", "\"call\":\"fs.stat\"" },
	{ &scene_stopped, BOTH, "why fs", "^=> +" IS_STOPPED "$",
	  "\"cause\":\"stopped\",\"at_fault\":1,\"pid\":PID,.*\"verdict\":\"" IS_STOPPED "\"" },
	{ &scene_stopped, BOTH, "why client", "^=> +" IS_STOPPED "$",
	  "\"chain\":\\[\\{[^]]*\"name\":\"client\",\"sentence\":\"" WAITS_FOR_STAT
	  "\"[^]]*\\},\\{[^]]*\"name\":\"fs\".*\"verdict\":\"" IS_STOPPED "\"" },
	{ &scene_stopped, BOTH, "super", "^fs.super of fs, which is stopped by SIGSTOP$",
	  "\"stamp\":\"fs.super of fs, which is stopped by SIGSTOP\".*\"magic\":19802" },
	{ &scene_stopped, BOTH, "trace --last 5", "^" IS_STOPPED "$",
	  "\"src\":\"client\",.*\"name\":\"fs.stat\",.*\"open\":true" },
	{ &scene_stopped, BOTH, "ps client", "^" IS_STOPPED "$",
	  "\"at_fault\":1,\"pid\":PID,.*\"verdict\":\"" IS_STOPPED "\"" },
	{ &scene_stopped, BOTH, "trace --last 2", "^" IS_STOPPED "$",
	  "\"at_fault\":1,\"pid\":PID,.*\"verdict\":\"" IS_STOPPED "\"" },
	{ &scene_stopped, BOTH, "trace --last 5 fs.stat",
	  "^[0-9:.]+ client > fs fs.stat -> no reply yet( ... #[0-9]+)?$",
	  "\"result\":0,\"open\":true" },

	{ &scene_locked, BOTH, "ps", "^" IS_LOCKED "$", "\"name\":\"holder\",\"pid\":PID," },
	{ &scene_locked, BOTH, "ps fs", "^" IS_LOCKED "$",
	  "\"chain\":\\[\\],\"cause\":\"lock\",.*\"pid\":PID,.*\"verdict\":\"" IS_LOCKED "\"" },
	{ &scene_locked, BOTH, "dc", "^lock_stuck +" IS_LOCKED "$",
	  "\"lock_pid\":PID,\"lock_tid\":PID,\"lock_stuck\":\"" IS_LOCKED "\"" },
	{ &scene_locked, BOTH, "proc fs", "^" IS_LOCKED "$", "\"sentence\":\"receives from any" },
	/* What the transition under way has changed is not to be seen. */
	{ &scene_locked, BOTH, "proc fs", "^pending +-$", "\"pending\":\\[\\]" },
	{ &scene_locked, BOTH, "why fs", "^=> +" IS_LOCKED "$",
	  "\"cause\":\"lock\",.*\"pid\":PID,.*\"verdict\":\"" IS_LOCKED "\"" },
	{ &scene_locked, BOTH, "super", "^" IS_LOCKED "$", "\"magic\":19802" },
	{ &scene_locked, BOTH, "super", "^magic +0x4d5a$", "\"magic\":19802" },
	{ &scene_locked, BOTH, "trace --last 5", "^" IS_LOCKED "$",
	  "\"kind\":\"bind\",\"src\":\"holder\"" },

	{ &scene_spinning, COROUTINES, "ps", "^" KEEPS_FS "$",
	  "\"name\":\"spinner\",.*\"sentence\":\"has kept the processor of its thread for TIME\"" },
	{ &scene_spinning, COROUTINES, "ps fs", "^" KEEPS_FS "$",
	  "\"cause\":\"spinning\",.*\"verdict\":\"" KEEPS_FS "\"" },
	{ &scene_spinning, COROUTINES, "proc fs", "^holder +spinner$", "\"holder\":\"spinner\"" },
	{ &scene_spinning, COROUTINES, "proc spinner", "^linux +running in user mode$",
	  "\"linux\":\"running in user mode\"" },
	{ &scene_spinning, COROUTINES, "why client", "^=> +" KEEPS_FS "$",
	  "\"name\":\"client\".*\"name\":\"fs\".*\"name\":\"spinner\".*\"cause\":\"spinning\",.*"
	  "\"verdict\":\"" KEEPS_FS "\"" },
	{ &scene_spinning, COROUTINES, "why fs", "^=> +" KEEPS_FS "$", "\"pid\":PID," },
	{ &scene_spinning, COROUTINES, "super",
	  "^fs.super of fs, which is ready, waits for the processor that spinner keeps$",
	  "\"magic\":19802" },
	{ &scene_spinning, COROUTINES, "trace --last 5", "^" KEEPS_FS "$",
	  "\"src\":\"client\",.*\"name\":\"fs.stat\",.*\"open\":true" },

	{ &scene_spinning, THREADS, "ps", "^" SPINS "$",
	  "\"name\":\"spinner\",.*\"sentence\":\"runs for TIME\"" },
	{ &scene_spinning, THREADS, "proc spinner", "^linux +running in user mode$",
	  "\"queue\":1,.*\"linux\":\"running in user mode\"" },
	{ &scene_spinning, THREADS, "why client", "^=> +" SPINS "$",
	  "\"name\":\"client\".*\"name\":\"spinner\".*\"verdict\":\"" SPINS "\"" },
	{ &scene_spinning, THREADS, "super", "^fs.super of fs, which receives from any$",
	  "\"magic\":19802" },
	{ &scene_spinning, THREADS, "trace --last 5", "^" SPINS "$",
	  "\"src\":\"client\",\"src_ep\":[0-9]+,\"dst\":\"spinner\"" },
};

/* How it is asked. */
static const struct way {
	const char *options[3];
	bool is_json;
} ways[] = {
	{ { NULL }, false },
	{ { "--json", NULL }, true },
	{ { "--read-only", NULL }, false },
	{ { "--json", "--read-only", NULL }, true },
};

static void expand(const char *pattern, pid_t pid, char *ret_text, size_t room)
{
	size_t used = 0;

	while (*pattern && used < room - 32) {
		if (strncmp(pattern, "PID", 3) == 0) {
			used += (size_t)snprintf(ret_text + used, room - used, "%d", pid);
			pattern += 3;
		} else if (strncmp(pattern, "TIME", 4) == 0) {
			used += (size_t)snprintf(ret_text + used, room - used, "%s", DURATION);
			pattern += 4;
		} else {
			ret_text[used++] = *pattern++;
		}
	}
	ret_text[used] = '\0';
}

static bool matches(const char *text, const char *pattern)
{
	regex_t regex;
	bool does;

	assert_int_equal(regcomp(&regex, pattern, REG_EXTENDED | REG_NEWLINE | REG_NOSUB), 0);
	does = regexec(&regex, text, 0, NULL, 0) == 0;
	regfree(&regex);
	return does;
}

/* Runs a mukshell; how many ms it took from its start to its end. */
static double run(const struct scene *scene, const char *const *arguments, char *ret_text)
{
	int64_t began = live_now_ns();
	struct live_shell shell;
	size_t used = 0;
	ssize_t got;
	int status;

	assert_int_equal(live_shell_start(&scene->live, LIVE_PIPES, arguments, &shell), 0);
	while ((got = read(shell.out, ret_text + used, TEXT_MAX - 1 - used)) > 0)
		used += (size_t)got;
	status = live_shell_end(&shell, false);
	ret_text[used] = '\0';
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		fail_msg("mukshell %s ends with 0x%x: %s", arguments[1], status, ret_text);
	return (double)(live_now_ns() - began) / 1e6;
}

/* What a mukshell takes that does nothing. */
static double start_ms(const struct scene *scene)
{
	static const char *const arguments[] = { "--version", "", NULL };
	static char text[TEXT_MAX];
	double best = 1e9;

	for (int i = 0; i < TRIES / 4; i++) {
		double ms = run(scene, arguments, text);

		best = ms < best ? ms : best;
	}
	return best;
}

/* The best time of those tries that gave the right answer; fails when there is none in time. */
static double look(const struct scene *scene, const struct row *row, const struct way *way,
		   double start)
{
	const char *arguments[8] = { "-c", row->command };
	static char text[TEXT_MAX];
	char pattern[1024];
	double ms = 0;

	for (int i = 0; way->options[i]; i++)
		arguments[2 + i] = way->options[i];
	expand(way->is_json ? row->json : row->text, scene->culprit, pattern, sizeof(pattern));
	for (int i = 0; i < TRIES; i++) {
		ms = run(scene, arguments, text);
		if (ms <= WITHIN_MS + start && matches(text, pattern))
			return ms - start;
	}
	fail_msg("%s: `%s` %s%s: after %.1f ms (and %.1f for its start)\nwanted: %s\ngot:\n%s",
		 row->scene->name, row->command, way->is_json ? "--json " : "",
		 way >= ways + 2 ? "--read-only" : "", ms - start, start, pattern, text);
	return 0;
}

static void look_at(const struct scene_type *type, bool is_threads)
{
	struct scene scene = { .is_threads = is_threads };
	double start, worst = 0;
	int looks = 0;

	type->begin(&scene);
	start = start_ms(&scene);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].scene != type ||
		    !(rows[i].runtimes & (is_threads ? THREADS : COROUTINES)))
			continue;
		for (size_t k = 0; k < sizeof(ways) / sizeof(ways[0]); k++, looks++) {
			double ms = look(&scene, &rows[i], &ways[k], start);

			worst = ms > worst ? ms : worst;
		}
	}
	type->end(&scene);
	assert_true(looks > 0);
	printf("# %s, %s: %d looks, the longest took %.1f ms and %.1f for its start\n", type->name,
	       live_runtimes[is_threads], looks, worst, start);
}

static void looks(void **state)
{
	look_at(*state, false);
	look_at(*state, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(looks, (void *)&scene_stopped),
		cmocka_unit_test_prestate(looks, (void *)&scene_locked),
		cmocka_unit_test_prestate(looks, (void *)&scene_spinning),
	};

	alarm(200);
	return cmocka_run_group_tests_name("looking at what hangs", tests, NULL, NULL);
}
