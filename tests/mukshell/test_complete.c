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
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "complete.h"
#include "files.h"
#include "session.h"

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

/* A folder of the host with known files, left and removed at the end. */
static char folder[] = "/tmp/test_completeXXXXXX";

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
	unlink("host_folder/a_file");
	unlink("host_file");
	rmdir("host_folder");
	rmdir(".hidden");
	return chdir("/") || rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_proposals, enter_folder, leave_folder),
		cmocka_unit_test(test_joining_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
