/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_shells.c - kill -9 of mukshell in each of its commands: those that wait, in the
 * middle of their wait; the others at a random instant, several times.
 *
 * A command that is new has no row here: then its example from `help` is what is run.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jansson.h>

#include "protocol/fs.h"
#include "stage.h"

#define INSTANTS    3     /* for a command whose middle cannot be seen */
#define INSTANT_US  12000 /* the shell starts and has ended in less */
#define LARGE_BYTES 3000000
#define AFTER_US    2000 /* after the middle was seen */

/* What shows that a command is in its middle. */
enum middle {
	ANY_INSTANT,
	HAS_SAID,     /* it has printed something */
	IS_SENDING,   /* its slot waits to be heard */
	IS_RECEIVING, /* its slot waits to be told */
	IS_TRACING,
	IS_MOVING, /* M3FTP has a transfer of it */
};

/* "" stands for a shell at its prompt. */
static const struct row {
	const char *name;
	const char *line;
	enum middle middle;
	enum live_streams streams;
} rows[] = {
	{ "", NULL, HAS_SAID, LIVE_TERMINAL },
	{ "call", "call fs.sync to=tester", IS_SENDING, LIVE_PIPES },
	{ "cat", "cat /dir/large", HAS_SAID, LIVE_PIPES },
	{ "get", "get /dir/large -", IS_MOVING, LIVE_PIPES },
	{ "get", "get /dir/large /dev/null", ANY_INSTANT, LIVE_PIPES },
	{ "put", "put - /dir/put-0", IS_MOVING, LIVE_PIPES },
	{ "put", "put - /dir/put-1", IS_MOVING, LIVE_TERMINAL },
	{ "receive", "receive timeout=60s", IS_RECEIVING, LIVE_PIPES },
	{ "receive", "receive tester", IS_RECEIVING, LIVE_TERMINAL },
	{ "send", "send tester type=7", IS_SENDING, LIVE_PIPES },
	{ "sendrec", "sendrec tester type=7", IS_SENDING, LIVE_TERMINAL },
	{ "top", "top --rate 50ms", HAS_SAID, LIVE_TERMINAL },
	{ "trace", "trace", IS_TRACING, LIVE_PIPES },
	{ "trace", "trace fs.*", IS_TRACING, LIVE_TERMINAL },
	{ "trace", "trace --last 100", ANY_INSTANT, LIVE_PIPES },
	{ "watch", "watch 10ms ps", HAS_SAID, LIVE_PIPES },
	{ "watch", "watch 10ms ls -l /", IS_RECEIVING, LIVE_TERMINAL },
	{ "source", "source -", ANY_INSTANT, LIVE_PIPES },
	{ "reply", "-reply tester type=0", ANY_INSTANT, LIVE_PIPES },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static int has_said(const struct live_shell *shell)
{
	char bytes[256];

	/* What is not read keeps who writes more than a pipe's fill in its middle. */
	return read(shell->out, bytes, sizeof(bytes)) > 0;
}

static bool is_there(struct stage *stage, enum middle middle, const struct live_shell *shell)
{
	struct dvk_procinfo info;
	bool bound = stage_find(stage, "mukshell", &info);

	switch (middle) {
	case ANY_INSTANT:
		return true;
	case HAS_SAID:
		return has_said(shell);
	case IS_SENDING:
		return bound && info.rts & DVK_RTS_SENDING;
	case IS_RECEIVING:
		return bound && info.rts & (DVK_RTS_RECEIVING | DVK_RTS_SENDING);
	case IS_TRACING:
		return stage_tracers() > 0;
	case IS_MOVING:
		return stage_transfers(stage) > 0;
	}
	return false;
}

static void wait_for_middle(struct stage *stage, const struct row *row,
			    const struct live_shell *shell)
{
	int64_t deadline = live_now_ns() + STAGE_PATIENCE_MS * 1000000LL;

	while (!is_there(stage, row->middle, shell)) {
		if (live_now_ns() > deadline)
			fail_msg("`%s` does not come to its middle", row->line);
		stage_sleep_us(200);
	}
	stage_sleep_us(stage_random(row->middle == ANY_INSTANT ? INSTANT_US : AFTER_US));
}

static void kill_in(struct stage *stage, const struct row *row)
{
	const char *arguments[] = { "-c", row->line, NULL };
	struct live_shell shell;
	int status;

	assert_int_equal(live_shell_start(&stage->live, row->streams,
					  row->line ? arguments : arguments + 2, &shell),
			 0);
	wait_for_middle(stage, row, &shell);
	status = live_shell_end(&shell, true);
	if (row->middle != ANY_INSTANT && !WIFSIGNALED(status))
		fail_msg("`%s` had ended by itself: 0x%x", row->line, status);
	stage_is_calm(stage);
}

/* All that a command prints, as JSON. */
static json_t *ask(struct stage *stage, const char *line)
{
	const char *arguments[] = { "--json", "-c", line, NULL };
	struct live_shell shell;
	json_t *answer;
	FILE *out;

	assert_int_equal(live_shell_start(&stage->live, LIVE_PIPES, arguments, &shell), 0);
	out = fdopen(shell.out, "r");
	assert_non_null(out);
	answer = json_loadf(out, JSON_DISABLE_EOF_CHECK, NULL);
	fclose(out);
	shell.out = -1;
	assert_int_equal(live_shell_end(&shell, false), 0);
	assert_non_null(answer);
	return answer;
}

static int kill_in_rows(struct stage *stage, const char *name)
{
	int count = 0;

	for (size_t i = 0; i < ROWS; i++) {
		if (strcmp(rows[i].name, name) != 0)
			continue;
		count++;
		for (int k = 0; k < (rows[i].middle == ANY_INSTANT ? INSTANTS : 1); k++)
			kill_in(stage, &rows[i]);
	}
	return count;
}

static void make_large_file(void)
{
	struct fs_open_reply opened = { .fd = -1 };
	char *bytes = calloc(1, LARGE_BYTES);
	struct fs_write_reply written;

	assert_non_null(bytes);
	assert_int_equal(fs_call_open(FS_PROC_NR, "/dir/large", FS_OPEN_CREAT | FS_OPEN_WRONLY,
				      0644, &opened),
			 0);
	assert_int_equal(fs_call_write(FS_PROC_NR, opened.fd, bytes, LARGE_BYTES, &written), 0);
	assert_int_equal(fs_call_close(FS_PROC_NR, opened.fd), 0);
	free(bytes);
}

static void shells_are_killed(void **state)
{
	struct stage stage;
	json_t *help, *command;
	size_t i;
	int kills = kill_in_rows(NULL, "none of them");

	stage_begin(&stage, *state);
	make_large_file();
	kills += kill_in_rows(&stage, "");
	help = ask(&stage, "help");
	assert_true(json_array_size(help) > 30);
	json_array_foreach(help, i, command)
	{
		const char *name = json_string_value(json_object_get(command, "name"));
		struct row row = { name, json_string_value(json_object_get(command, "example")),
				   ANY_INSTANT, LIVE_PIPES };

		kills += kill_in_rows(&stage, name);
		for (int k = 0; k < INSTANTS && row.line; k++, kills++)
			kill_in(&stage, &row);
	}
	json_decref(help);
	printf("# %s: %zu commands, %d kills\n", stage.live.runtime, i, kills);
	stage_end(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(shells_are_killed, (void *)live_runtimes[0]),
		cmocka_unit_test_prestate(shells_are_killed, (void *)live_runtimes[1]),
	};

	alarm(280);
	return cmocka_run_group_tests_name("mukshells are killed", tests, NULL, NULL);
}
