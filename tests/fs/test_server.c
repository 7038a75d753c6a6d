/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_server.c - FS in a MUK, called from another process by messages; what is
 * left when a client or the whole MUK is killed.
 *
 * The MUK is the real one, beside this program, with FS and RDISK on an image in a
 * temporary directory.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <dvk/dvk.h>

#include "fixture.h"
#include "protocol/fs.h"
#include "protocol/pm.h"

#define DCID    53
#define FS      FS_PROC_NR
#define WAIT_MS 5000
#define BYTES   200000

static const char *muk_program;

struct muk {
	struct fixture fixture; /* its folder and image */
	pid_t pid;
};

static void write_file(const struct muk *muk, const char *name, const char *text)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", muk->fixture.folder, name);
	file = fopen(path, "we");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void sleep_ms(int ms)
{
	assert_true(usleep((useconds_t)ms * 1000) == 0 || errno == EINTR);
}

/* Joins the DC as a user process and waits for FS. */
static int join(const struct muk *muk, const char *name)
{
	const struct dvk_options options = { .dir = muk->fixture.folder };
	struct fs_lseek_reply reply;

	for (int waited = 0; waited < WAIT_MS; waited += 10, sleep_ms(10)) {
		if (dvk_open(DCID, &options))
			continue;
		if (dvk_is_endpoint(dvk_bind(NONE, name)) &&
		    fs_call_lseek(FS, 99, FS_WHENCE_SET, 0, &reply) == EDVSBADF)
			return 0;
		dvk_close();
	}
	return EDVSTIMEDOUT;
}

static void start_muk(struct muk *muk)
{
	muk->pid = fork();
	assert_true(muk->pid >= 0);
	if (!muk->pid) {
		char config[128];

		snprintf(config, sizeof(config), "%s/muk.cfg", muk->fixture.folder);
		freopen("/dev/null", "w", stdout);
		execl(muk_program, "muk", config, "--dir", muk->fixture.folder, (char *)NULL);
		_exit(127);
	}
	assert_int_equal(join(muk, "tester"), 0);
}

static void set_up(struct muk *muk)
{
	fixture_make_image(&muk->fixture, "-3", 16384);
	write_file(muk, "muk.cfg",
		   "muk TEST { dcid 53; pm_ep 0; fs_ep 1; rd_ep 3;\n"
		   "fs_cfg \"fs.cfg\"; rd_cfg \"rd.cfg\"; };\n");
	write_file(muk, "fs.cfg",
		   "device ROOT { major 3; minor 0; type RDISK_IMG;\n"
		   "volatile NO; root_dev YES; buffer_size 4194304; };\n");
	write_file(muk, "rd.cfg",
		   "device DISK { major 3; minor 0; type FILE_IMAGE;\n"
		   "image_file \"image\"; volatile NO; replicated NO; };\n");
	start_muk(muk);
}

/* Ends the MUK by a signal; with SIGTERM it must end well. */
static void end_muk(struct muk *muk, int signal_nr)
{
	int status;

	assert_int_equal(kill(muk->pid, signal_nr), 0);
	assert_int_equal(waitpid(muk->pid, &status, 0), muk->pid);
	if (signal_nr == SIGTERM)
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	dvk_close();
}

static void tear_down(struct muk *muk)
{
	char journal[128];

	end_muk(muk, SIGTERM);
	snprintf(journal, sizeof(journal), "%s.commit", muk->fixture.image);
	assert_int_equal(access(journal, F_OK), -1);
	fixture_check_clean(&muk->fixture);
	fixture_deinit(&muk->fixture);
}

static int make_file(const char *path)
{
	struct fs_open_reply reply = { .fd = -1 };

	assert_int_equal(fs_call_open(FS, path, FS_OPEN_CREAT | FS_OPEN_RDWR, 0644, &reply), 0);
	return reply.fd;
}

/* Who becomes another user is one for FS from its next call on. */
static void test_user_changes(void **state)
{
	static const struct {
		uint32_t uid;
		int want; /* of reading what is only root's */
	} cases[] = { { 0, 0 }, { 42, EDVSACCES } };
	struct fs_open_reply reply;
	struct muk muk;

	(void)state;
	set_up(&muk);
	assert_int_equal(fs_call_close(FS, make_file("/secret")), 0);
	assert_int_equal(fs_call_chmod(FS, "/secret", 0600), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (!getuid())
			assert_int_equal(pm_call_setuid(PM_PROC_NR, cases[i].uid), 0);
		assert_int_equal(fs_call_open(FS, "/secret", FS_OPEN_RDONLY, 0, &reply),
				 getuid() ? 0 : cases[i].want);
	}
	tear_down(&muk);
}

static void write_all(int fd, const char *bytes, size_t count)
{
	struct fs_write_reply reply;

	assert_int_equal(fs_call_write(FS, fd, bytes, (uint32_t)count, &reply), 0);
	assert_int_equal(reply.bytes, count);
}

static void check_data(void)
{
	static char bytes[BYTES], back[BYTES];
	struct fs_pread_reply pread_reply = { 0 };
	struct fs_lseek_reply seek_reply = { 0 };
	int fd = make_file("/dir/a-file-with-a-name-longer-than-a-message");

	for (int i = 0; i < BYTES; i++)
		bytes[i] = (char)(i * 13 + i / 999);
	write_all(fd, bytes, BYTES);
	assert_int_equal(fs_call_pread(FS, fd, 0, back, BYTES, &pread_reply), 0);
	assert_int_equal(pread_reply.bytes, BYTES);
	assert_memory_equal(bytes, back, BYTES);
	assert_int_equal(fs_call_lseek(FS, fd, FS_WHENCE_END, -5, &seek_reply), 0);
	assert_int_equal(seek_reply.offset, BYTES - 5);
	assert_int_equal(fs_call_close(FS, fd), 0);
	assert_int_equal(fs_call_close(FS, fd), EDVSBADF);
}

static void check_names(void)
{
	struct fs_readlink_reply link_reply = { 0 };
	struct fs_getcwd_reply cwd_reply = { 0 };
	struct fs_stat st = { 0 };
	char text[100] = "";

	assert_int_equal(
		fs_call_rename(FS, "/dir/a-file-with-a-name-longer-than-a-message", "/dir/short"),
		0);
	assert_int_equal(fs_call_stat(FS, "/dir/short", &st, sizeof(st)), 0);
	assert_int_equal(st.size, BYTES);
	assert_int_equal(st.mode, S_IFREG | 0644);
	assert_int_equal(fs_call_symlink(FS, "short", "/dir/link"), 0);
	assert_int_equal(fs_call_readlink(FS, "/dir/link", text, sizeof(text), &link_reply), 0);
	assert_int_equal(link_reply.bytes, 5);
	assert_int_equal(fs_call_lstat(FS, "/dir/link", &st, sizeof(st)), 0);
	assert_int_equal(st.mode & S_IFMT, S_IFLNK);
	assert_int_equal(fs_call_stat(FS, "/dir/link", &st, 4), EDVSRANGE);
	assert_int_equal(fs_call_chdir(FS, "/dir"), 0);
	assert_int_equal(fs_call_getcwd(FS, text, sizeof(text), &cwd_reply), 0);
	assert_string_equal(text, "/dir");
	assert_int_equal(fs_call_unlink(FS, "/none"), EDVSNOENT);
	assert_int_equal(fs_call_mkdir(FS, "/dir", 0755), EDVSEXIST);
}

static void check_list(void)
{
	static const struct {
		const char *name;
		uint32_t type;
	} want[] = { { ".", FS_TYPE_DIR },
		     { "..", FS_TYPE_DIR },
		     { "short", FS_TYPE_FILE },
		     { "link", FS_TYPE_SYMLINK },
		     { "new", FS_TYPE_FILE } };
	struct fs_getdents_reply got = { 0 };
	struct fs_open_reply reply = { .fd = -1 };
	struct fs_dirent entries[8];

	assert_int_equal(fs_call_close(FS, make_file(".///../dir/new")), 0);
	assert_int_equal(fs_call_open(FS, "/dir", FS_OPEN_RDONLY, 0, &reply), 0);
	assert_int_equal(fs_call_getdents(FS, reply.fd, entries, sizeof(entries), &got), 0);
	assert_int_equal(got.bytes, sizeof(want) / sizeof(want[0]) * sizeof(entries[0]));
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		bool known = false;

		for (size_t k = 0; k < sizeof(want) / sizeof(want[0]); k++)
			known |= strcmp(entries[k].name, want[i].name) == 0 &&
				 entries[k].type == want[i].type;
		assert_true(known);
	}
	assert_int_equal(fs_call_getdents(FS, reply.fd, entries, sizeof(entries), &got), 0);
	assert_int_equal(got.bytes, 0);
}

static void test_calls(void **state)
{
	struct muk muk;

	(void)state;
	set_up(&muk);
	assert_int_equal(fs_call_mkdir(FS, "/dir", 0755), 0);
	check_data();
	check_names();
	check_list();
	tear_down(&muk);
}

static uint64_t blocks_free(void)
{
	struct fs_statfs st;

	assert_int_equal(fs_call_statfs(FS, "/", &st, sizeof(st)), 0);
	return st.blocks_free;
}

/* A client that dies with a nameless open file: its room is back soon. */
static void test_client_is_killed(void **state)
{
	static const char bytes[BYTES];
	uint64_t before;
	struct muk muk;
	int ends[2], status;

	(void)state;
	set_up(&muk);
	before = blocks_free();
	for (int round = 0; round < 5; round++) {
		char ready;
		pid_t pid;

		assert_int_equal(pipe(ends), 0);
		pid = fork();
		assert_true(pid >= 0);
		if (!pid) {
			int fd;

			if (join(&muk, "client"))
				_exit(1);
			fd = make_file("/nameless");
			write_all(fd, bytes, BYTES);
			fs_call_unlink(FS, "/nameless");
			if (write(ends[1], "r", 1) == 1)
				pause();
			_exit(1);
		}
		assert_int_equal(read(ends[0], &ready, 1), 1);
		assert_true(blocks_free() <= before - BYTES / 1024);
		assert_int_equal(kill(pid, SIGKILL), 0);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		for (int waited = 0; waited < WAIT_MS && blocks_free() != before; waited += 5)
			sleep_ms(5);
		assert_int_equal(blocks_free(), before);
		close(ends[0]);
		close(ends[1]);
	}
	tear_down(&muk);
}

/* What fsync said was written is there when the MUK is killed while it works. */
static void test_muk_is_killed(void **state)
{
	static char bytes[BYTES], back[BYTES];
	struct fs_pread_reply got;
	struct muk muk;

	(void)state;
	set_up(&muk);
	for (int round = 0; round < 8; round++) {
		struct fs_open_reply open_reply = { .fd = -1 };
		struct fs_write_reply reply;
		char name[32];
		int fd;

		memset(bytes, 'a' + round, sizeof(bytes));
		snprintf(name, sizeof(name), "/synced-%d", round);
		fd = make_file(name);
		write_all(fd, bytes, BYTES);
		assert_int_equal(fs_call_fsync(FS, fd), 0);
		fd = make_file("/not-synced");
		for (int i = 0; i < 20 * round; i++) {
			char other[32];

			snprintf(other, sizeof(other), "/other-%d", i);
			assert_int_equal(fs_call_write(FS, fd, bytes, 5000, &reply), 0);
			fs_call_close(FS, make_file(other));
			if (i % 3 == 0)
				fs_call_unlink(FS, other);
		}
		end_muk(&muk, SIGKILL);
		start_muk(&muk);
		assert_int_equal(fs_call_open(FS, name, FS_OPEN_RDONLY, 0, &open_reply), 0);
		assert_int_equal(fs_call_pread(FS, open_reply.fd, 0, back, BYTES, &got), 0);
		assert_int_equal(got.bytes, BYTES);
		assert_memory_equal(bytes, back, BYTES);
		assert_int_equal(fs_call_close(FS, open_reply.fd), 0);
	}
	tear_down(&muk);
}

static char *beside(const char *self)
{
	const char *slash = strrchr(self, '/');
	char *path;

	if (asprintf(&path, "%.*s/../bin/muk", slash ? (int)(slash - self) : 1,
		     slash ? self : ".") < 0)
		return NULL;
	return path;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_user_changes),
		cmocka_unit_test(test_client_is_killed),
		cmocka_unit_test(test_muk_is_killed),
	};
	char *program = beside(argc ? argv[0] : "./x");
	int failed;

	muk_program = program;
	failed = cmocka_run_group_tests_name("FS by messages", tests, NULL, NULL);
	free(program);
	return failed;
}
