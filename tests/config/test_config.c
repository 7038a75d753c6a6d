/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_config.c - configurations: what is read, and what is said of what is wrong.
 *
 * A case changes one file of a good configuration; the sentence is the whole of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <dvk/errors.h>

#include "config/muk_config.h"
#include "runtime/task.h"

#define FILES 5
static const char *const names[FILES] = {
	"muk.cfg", "molfs.cfg", "rdisk.cfg", "m3nweb.cfg", "m3ftp.cfg",
};

/* Figure 4 and its files. */
static const char *const published[FILES] = {
	"muk SERVER1 {\n\tdcid\t0;\n\tpm_ep\t0;\n\tfs_ep\t1;\n\tis_ep\t8;\n\trd_ep\t3;\n"
	"\tweb_ep\t22;\n\tftp_ep\t14;\n\tfs_cfg\t\"molfs.cfg\";\n\trd_cfg\t\"rdisk.cfg\";\n"
	"\tweb_cfg\t\"m3nweb.cfg\";\n\tftp_cfg\t\"m3ftp.cfg\";\n};\n",
	"device A {\n\tmajor 3;\n\tminor 0;\n\ttype RDISK_IMG;\n\tvolatile NO;\n"
	"\troot_dev YES;\n\tbuffer_size 8192;\n};\n",
	"device A {\n\tmajor 3;\n\tminor 0;\n\ttype FILE_IMAGE;\n\timage_file \"disk.img\";\n};\n"
	"device B {\n\tmajor 3;\n\tminor 1;\n\ttype MEMORY_IMAGE;\n\tbuffer 65536;\n"
	"\tvolatile YES;\n\tactive NO;\n};\n",
	"# a site\nwebsrv SERVER1 {\n\tport 8080;\n\tendpoint 22;\n\trootdir \"/www\";\n};\n",
	"m3ftp SERVER1 {\n\tendpoint 14;\n\twindow 65536;\n};\n",
};

/* The same in libconfig's syntax. */
static const char *const libconfigs[FILES] = {
	"muk = {\n  name = \"SERVER1\"; dcid = 0; pm_ep = 0; fs_ep = 1; is_ep = 8; rd_ep = 3;\n"
	"  nweb_ep = 22, ftp_ep = 14; // two names\n  fs_cfg = \"molfs.cfg\"; /* a comment */\n"
	"  rd_cfg: \"rdisk.cfg\"; nweb_cfg = \"m3nweb.cfg\"; ftp_cfg = \"m3ftp.cfg\";\n};\n",
	"device: ( { major = 3; minor = 0; type = \"RDISK_IMG\"; volatile = false;\n"
	"  root_dev = true; buffer_size = 0x2000; } );\n",
	"device: { A: { major = 3; minor = 0; type = \"FILE_IMAGE\"; image_file = \"disk.img\"; "
	"};\n"
	"  B: { major = 3; minor = 1; type = \"MEMORY_IMAGE\"; buffer = 65536;\n"
	"       volatile = \"yes\"; active = 0; }; };\n",
	"websrv = { port = 8080; rootdir = \"/w\" \"ww\"; };\n",
	"m3ftp: { window = 65536L; }\n",
};

static char folder[] = "/tmp/test_config.XXXXXX";
static char samples[512]; /* tests run in the source's folder */

static void write_file(const char *name, const char *text)
{
	FILE *out = fopen(name, "w");

	assert_non_null(out);
	fputs(text, out);
	assert_int_equal(fclose(out), 0);
}

static int make_folder(void **state)
{
	(void)state;
	if (!realpath("samples", samples))
		return -1;
	if (!mkdtemp(folder) || chdir(folder) < 0 || mkdir("sub", 0700) < 0)
		return -1;
	write_file("disk.img", "an image");
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	for (int i = 0; i < FILES; i++)
		unlink(names[i]);
	unlink("disk.img");
	unlink("more.cfg");
	rmdir("sub");
	return chdir("/") < 0 || rmdir(folder) < 0 ? -1 : 0;
}

static void check_values(const char *const files[FILES])
{
	struct muk_config config;
	struct cfg_error error = { "" };

	for (int i = 0; i < FILES; i++)
		write_file(names[i], files[i]);
	if (muk_config_load("muk.cfg", &config, &error) < 0)
		fail_msg("%s", error.text);
	assert_string_equal(config.name, "SERVER1");
	assert_int_equal(config.dcid, 0);
	assert_int_equal(config.runtime, RUNTIME_COROUTINES);
	assert_int_equal(config.pm_ep, 0);
	assert_int_equal(config.fs_ep, 1);
	assert_int_equal(config.is_ep, 8);
	assert_int_equal(config.rd_ep, 3);
	assert_int_equal(config.web_ep, 22);
	assert_int_equal(config.ftp_ep, 14);
	assert_int_equal(config.fs.count, 1);
	assert_int_equal(config.fs.devices[0].type, FS_RDISK_IMG);
	assert_int_equal(config.fs.devices[0].root_dev, 1);
	assert_int_equal(config.fs.devices[0].buffer_size, 8192);
	assert_int_equal(config.fs.rdisk_ep, 3);
	assert_int_equal(config.rdisk.count, 2);
	assert_string_equal(config.rdisk.devices[0].image_file, "disk.img");
	assert_int_equal(config.rdisk.devices[0].type, RDISK_FILE_IMAGE);
	assert_int_equal(config.rdisk.devices[0].active, 1);
	assert_int_equal(config.rdisk.devices[1].minor, 1);
	assert_int_equal(config.rdisk.devices[1].type, RDISK_MEMORY_IMAGE);
	assert_int_equal(config.rdisk.devices[1].buffer, 65536);
	assert_int_equal(config.rdisk.devices[1].is_volatile, 1);
	assert_int_equal(config.rdisk.devices[1].active, 0);
	assert_int_equal(config.nweb.port, 8080);
	assert_int_equal(config.nweb.endpoint, 22);
	assert_string_equal(config.nweb.rootdir, "/www");
	assert_string_equal(config.nweb.address, NWEB_ADDRESS_DEFAULT);
	assert_int_equal(config.nweb.fs_ep, 1);
	assert_int_equal(config.m3ftp.endpoint, 14);
	assert_int_equal(config.m3ftp.window, 65536);
	assert_string_equal(config.is.is_file, "is.txt");
}

static void both_notations_give_the_same(void **state)
{
	(void)state;
	check_values(published);
	check_values(libconfigs);
}

static void names_start_at_the_configurations_folder(void **state)
{
	struct muk_config config;
	struct cfg_error error = { "" };
	char path[128];

	(void)state;
	for (int i = 0; i < FILES; i++)
		write_file(names[i], published[i]);
	assert_int_equal(chdir("sub"), 0);
	assert_int_equal(muk_config_load("../muk.cfg", &config, &error), 0);
	assert_string_equal(config.rdisk.devices[0].image_file, "../disk.img");
	assert_string_equal(config.is.is_file, "../is.txt");
	snprintf(path, sizeof(path), "%s/muk.cfg", folder);
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(muk_config_load(path, &config, &error), 0);
	snprintf(path, sizeof(path), "%s/disk.img", folder);
	assert_string_equal(config.rdisk.devices[0].image_file, path);
	assert_int_equal(chdir(folder), 0);
}

static void a_sample_is_figure_4(void **state)
{
	static const char head[] = "muk SERVER1 {";
	char line[64] = "", path[640];
	FILE *in;

	(void)state;
	/* The published text, which the table above has as well. */
	snprintf(path, sizeof(path), "%s/figure4/muk.cfg", samples);
	in = fopen(path, "r");
	assert_non_null(in);
	assert_non_null(fgets(line, sizeof(line), in));
	assert_memory_equal(line, head, sizeof(head) - 1);
	rewind(in);
	for (const char *p = published[0]; *p; p++)
		assert_int_equal(fgetc(in), *p);
	assert_int_equal(fgetc(in), EOF);
	fclose(in);
}

#include "cases.h"

static void errors_say_what_where_and_what_to_do(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct muk_config config, untouched;
		struct cfg_error error = { "" };
		int result;

		for (int j = 0; j < FILES; j++)
			write_file(names[j], published[j]);
		if (cases[i].text)
			write_file(names[cases[i].file], cases[i].text);
		else
			unlink(names[cases[i].file]);
		memset(&config, 0x55, sizeof(config));
		untouched = config;
		result = muk_config_load("muk.cfg", &config, &error);
		if (result < 0 && strcmp(error.text, cases[i].want) == 0 &&
		    memcmp(&config, &untouched, sizeof(config)) == 0)
			continue;
		print_error("case %zu: got %d\n\t%s\nwanted\n\t%s\n", i, result, error.text,
			    cases[i].want);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

static void a_file_that_is_no_configuration(void **state)
{
	struct muk_config config;
	struct cfg_error error = { "" };
	FILE *out;

	(void)state;
	assert_int_equal(muk_config_load("sub", &config, &error), EDVSINVAL);
	assert_string_equal(error.text, "sub: cannot read the configuration: Is a directory");
	out = fopen("more.cfg", "w");
	assert_non_null(out);
	for (int i = 0; i <= CFG_FILE_MAX; i++)
		fputc('\n', out);
	fclose(out);
	assert_int_equal(muk_config_load("more.cfg", &config, &error), EDVSINVAL);
	assert_string_equal(error.text,
			    "more.cfg: cannot read the configuration: it is longer than 64 KiB");
	out = fopen("more.cfg", "w");
	assert_non_null(out);
	fwrite("muk A {\0};", 1, 10, out);
	fclose(out);
	assert_int_equal(muk_config_load("more.cfg", &config, &error), EDVSINVAL);
	assert_string_equal(
		error.text,
		"more.cfg: cannot read the configuration: it is no text, it has a zero byte");
}

/* Every byte of a good file changed, cut or doubled: an answer, whatever it is. */
static void damaged_files_are_answered(void **state)
{
	static const char bytes[] = "{};\"#=:\n\\x0-*@/(";
	char text[1024];
	int length = (int)strlen(published[0]), answers = 0;

	(void)state;
	for (int i = 0; i < FILES; i++)
		write_file(names[i], published[i]);
	for (int i = 0; i < length; i++) {
		struct muk_config config;
		struct cfg_error error = { "" };
		int result;

		snprintf(text, sizeof(text), "%s", published[0]);
		text[i] = bytes[i % (sizeof(bytes) - 1)];
		write_file("muk.cfg", text);
		result = muk_config_load("muk.cfg", &config, &error);
		assert_true(result <= 0);
		assert_true(result == 0 || strchr(error.text, ':'));
		text[i] = '\0';
		write_file("muk.cfg", text);
		answers += muk_config_load("muk.cfg", &config, &error) < 0;
	}
	/* Only the file without its last newline or semicolon is whole. */
	assert_int_equal(answers, length - 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_notations_give_the_same),
		cmocka_unit_test(names_start_at_the_configurations_folder),
		cmocka_unit_test(a_sample_is_figure_4),
		cmocka_unit_test(errors_say_what_where_and_what_to_do),
		cmocka_unit_test(a_file_that_is_no_configuration),
		cmocka_unit_test(damaged_files_are_answered),
	};

	alarm(60);
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
