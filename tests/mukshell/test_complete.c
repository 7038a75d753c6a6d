/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_complete.c - what is proposed at the cursor, and the paths behind it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "complete.h"
#include "files.h"
#include "session.h"

#define SILENT_DC 2
#define QUICK_NS  50000000

static char folder[] = "/tmp/test_completeXXXXXX";

static const struct {
	const char *text;
	const char *want; /* proposals by blanks; one that ends in + is open */
	const char *hint; /* how it begins, or NULL */
} cases[] = {
	{ "rece", "receive", NULL },
	{ "xyz", "", NULL },
	{ "help rece", "receive", "help [COMMAND]" },
	{ "call f", "fs.+", "call SERVER.CALL" },
	{ "call fs.op", "fs.open", NULL },
	{ "call fs.open ", "path=+ flags=+ mode=+", "fs.open path=PATH [flags=" },
	{ "call fs.open path=/x ", "flags=+ mode=+", NULL },
	{ "call fs.open p", "path=+", NULL },
	{ "call fs.open flags=CR", "flags=CREAT+", NULL },
	{ "call fs.open flags=CREAT|W", "flags=CREAT|WRONLY+", NULL },
	{ "call fs.lseek whence=E", "whence=END", NULL },
	{ "call fs.nothing ", "", NULL },
	{ "trace fs.op", "fs.open", NULL },
	{ "trace failed fs.open,fs.cr", "fs.open,fs.creat", NULL },
	{ "summary kind=noti", "kind=notify", NULL },
	{ "chart error=EDVSNOE", "error=EDVSNOENT error=EDVSNOEXEC", NULL },
	{ "talkers fro", "from=+", NULL },
	{ "sendrec fs m4_l5", "m4_l5=+", "sendrec ENDPOINT" },
	{ "ps --so", "--sort", "ps [-o COLUMNS]" },
	{ "set tim", "timeout", NULL },
	{ "set json o", "on off", NULL },
	{ "watch 1s rece", "receive", NULL },
	{ "watch -n 3 1s call fs.op", "fs.open", NULL },
	{ "lcd hos", "host_file host_folder/+", NULL },
	{ "ps > hos", "host_file host_folder/+", NULL },
	{ "ps | hos", "host_file host_folder/+", NULL },
	{ "put host_folder/a", "host_folder/a_file", NULL },
	{ "call fs.write buffer=@host_fi", "buffer=@host_file", NULL },
	{ "put \"host_fi", "host_file", NULL },
	{ "lcd .h", ".hidden/+", NULL },
	{ "!ls hos", "host_file host_folder/+", NULL },
};

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The proposals sorted, those that stay open with a +. */
static void join(const struct completion_list *list, char *ret_text)
{
	char *texts[64];
	int count = list->count < 64 ? list->count : 64;

	for (int i = 0; i < count; i++)
		assert_true(asprintf(&texts[i], "%s%s", list->texts[i], list->open[i] ? "+" : "") >
			    0);
	qsort(texts, (size_t)count, sizeof(texts[0]), compare);
	*ret_text = '\0';
	for (int i = 0; i < count; i++) {
		sprintf(ret_text + strlen(ret_text), "%s%s", i ? " " : "", texts[i]);
		free(texts[i]);
	}
}

static void sort_words(char *text)
{
	char copy[256], *words[64];
	int count = 0;

	strcpy(copy, text);
	for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
		words[count++] = word;
	qsort(words, (size_t)count, sizeof(words[0]), compare);
	*text = '\0';
	for (int i = 0; i < count; i++)
		sprintf(text + strlen(text), "%s%s", i ? " " : "", words[i]);
}

static void test_proposals(void **state)
{
	struct shell shell;

	(void)state;
	session_init(&shell);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct completion_list list = { 0 };
		char got[4096], want[256];

		print_message("%s\n", cases[i].text);
		complete_line(&shell, cases[i].text, (int)strlen(cases[i].text), &list);
		join(&list, got);
		strcpy(want, cases[i].want);
		sort_words(want);
		assert_string_equal(got, want);
		if (cases[i].hint)
			assert_int_equal(strncmp(list.hint, cases[i].hint, strlen(cases[i].hint)),
					 0);
		completion_list_deinit(&list);
	}
	session_deinit(&shell);
}

static void test_joining_paths(void **state)
{
	static const struct {
		const char *folder, *word, *want;
	} paths[] = {
		{ "/", "", "/" },
		{ "/", "a", "/a" },
		{ "/a", "b/c", "/a/b/c" },
		{ "/a/b", "..", "/a" },
		{ "/a", "../..", "/" },
		{ "/a", "/x", "/x" },
		{ "/a", "./b/./c", "/a/b/c" },
		{ "/a", "b//c/", "/a/b/c" },
		{ "/", "..", "/" },
	};
	char path[SHELL_PATH_BYTES], word[SHELL_PATH_BYTES + 1];

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		assert_int_equal(files_join(paths[i].folder, paths[i].word, path), 0);
		assert_string_equal(path, paths[i].want);
	}
	memset(word, 'x', SHELL_PATH_BYTES);
	word[SHELL_PATH_BYTES - 2] = '\0';
	assert_int_equal(files_join("/", word, path), 0);
	word[SHELL_PATH_BYTES - 2] = 'x';
	word[SHELL_PATH_BYTES - 1] = '\0';
	assert_int_equal(files_join("/", word, path), EDVSNAMETOOLONG);
}

/*
 * Somebody sits on FS's slot and does not answer: takes: it takes the request.
 * Returns its pid when it is bound.
 */
static pid_t silent_fs(const char *dir, int takes)
{
	const struct dvk_options options = { .dir = dir, .flags = DVK_CREATE };
	int bound[2];
	message m;
	pid_t pid;
	char c;

	assert_int_equal(pipe(bound), 0);
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (dvk_open(SILENT_DC, &options) || dvk_bind(FS_PROC_NR, "fs") != FS_PROC_NR ||
		    write(bound[1], "x", 1) != 1)
			_exit(1);
		while (takes)
			dvk_receive(ANY, &m);
		for (;;)
			pause();
	}
	assert_int_equal(read(bound[0], &c, 1), 1);
	close(bound[0]);
	close(bound[1]);
	return pid;
}

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* Once the shell has its slot. */
static void test_quick_when_fs_hangs(void **state)
{
	static const char *const lines[] = { "cat /ind", "call fs.open path=/i", "ls -l /" };

	(void)state;
	for (int takes = 0; takes < 2; takes++) {
		pid_t pid = silent_fs(folder, takes);
		struct shell shell;

		session_init(&shell);
		shell.dir = folder;
		assert_int_equal(session_attach(&shell, "2"), 0);
		assert_int_equal(shell_slot(&shell), 0);
		for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
			struct completion_list list = { 0 };
			int64_t began = now_ns();

			complete_line(&shell, lines[i], (int)strlen(lines[i]), &list);
			assert_true(now_ns() - began < QUICK_NS);
			assert_int_equal(list.count, 0);
			assert_int_equal(shell.timeout_ms, 10000);
			completion_list_deinit(&list);
		}
		session_deinit(&shell);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
}

/* A folder of the host with known files, left and removed at the end. */

static int enter_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder) || chdir(folder) || mkdir("host_folder", 0700) ||
	    mkdir(".hidden", 0700))
		return -1;
	return fclose(fopen("host_file", "w")) || fclose(fopen("host_folder/a_file", "w"));
}

static int leave_folder(void **state)
{
	(void)state;
	unlink("dc2");
	unlink("host_folder/a_file");
	unlink("host_file");
	rmdir("host_folder");
	rmdir(".hidden");
	return chdir("/") || rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_proposals),
		cmocka_unit_test(test_joining_paths),
		cmocka_unit_test(test_quick_when_fs_hangs),
	};

	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
