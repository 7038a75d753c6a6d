/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_segment.c - the file of a DC: made complete, checked when opened, removed by
 * the last one; what is left behind or is not ours is recognised.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "embedded.h"
#include "fixture.h"

static int open_flags(unsigned int flags, int nr_procs)
{
	struct dvk_options options = { .dir = test_dir, .flags = flags, .nr_procs = nr_procs };

	return dvk_open(TEST_DCID, &options);
}

static void path_of(char *ret_path, const char *name)
{
	snprintf(ret_path, 128, "%s/%s", test_dir, name);
}

static void the_last_one_removes_it(void **state)
{
	struct dvk_dcinfo list[4];

	(void)state;
	assert_int_equal(open_flags(0, 0), EDVSDCNOTRUN);
	assert_non_null(strstr(dvk_open_error(), test_dir));
	assert_int_equal(open_flags(DVK_CREATE, 0), 0);
	assert_int_equal(open_flags(DVK_CREATE, 0), 0);
	assert_int_equal(dvk_dcid(), TEST_DCID);
	assert_int_equal(dvk_list_dcs(test_dir, list, 4), 1);
	assert_int_equal(list[0].dcid, TEST_DCID);
	assert_string_equal(list[0].name, "dc7");
	assert_int_equal(list[0].keeper_pid, getpid());
	assert_true(dvk_is_endpoint(dvk_bind(NONE, "one")));
	assert_true(dvk_park_fd() >= 0);
	assert_int_equal(count_files(), 2);
	assert_int_equal(dvk_close(), 0);
	assert_int_equal(dvk_close(), EDVSDVSINIT);
	assert_int_equal(count_files(), 0);
	assert_int_equal(dvk_list_dcs(test_dir, list, 4), 0);
}

static void a_kept_one_stays(void **state)
{
	struct dvk_dcinfo list[4];

	(void)state;
	assert_int_equal(open_flags(DVK_CREATE | DVK_KEEP, 100), 0);
	assert_int_equal(dvk_close(), 0);
	assert_int_equal(dvk_list_dcs(test_dir, list, 4), 1);
	assert_int_equal(list[0].kept, 1);
	assert_int_equal(list[0].members, 0);
	assert_int_equal(open_flags(0, 0), 0);
	assert_int_equal(dvk_bind(99, "last"), dvk_endpoint(1, 99));
	assert_int_equal(dvk_bind(100, "beyond"), EDVSRANGE);
	assert_int_equal(dvk_close(), 0);
	assert_int_equal(count_files(), 1);
}

static int bind_and_stay(void *argument)
{
	if (!dvk_is_endpoint(dvk_bind(NONE, "stays")))
		return 1;
	if (argument)
		lock_take(&host_self.seat);
	pause();
	return 0;
}

/* Killed all at once: of a kept DC the slots are free again, also when one held the lock. */
static void what_the_dead_left(void **state)
{
	static const struct {
		unsigned int keep;
		int open_without_create;
	} cases[] = {
		{ 0, EDVSDCNOTRUN },
		{ DVK_KEEP, 0 },
	};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct dvk_dcinfo list[4];
		pid_t pids[3];

		assert_int_equal(open_flags(DVK_CREATE | cases[i].keep, 0), 0);
		for (int k = 0; k < 3; k++) {
			pids[k] = child(bind_and_stay, k == 2 ? &list : NULL);
			wait_for_rts(NR_SERVERS + k, 0);
		}
		sleep_ms(20);
		for (int k = 0; k < 3; k++)
			kill(pids[k], SIGSTOP);
		/* The one who holds the lock keeps us from leaving in order. */
		assert_int_equal(dvk_close(), EDVSTIMEDOUT);
		child_kill(pids[2]);
		assert_int_equal(dvk_close(), 0);
		child_kill(pids[0]);
		child_kill(pids[1]);
		assert_int_equal(count_files(), 1);
		assert_int_equal(dvk_list_dcs(test_dir, list, 4), cases[i].keep ? 1 : 0);
		assert_int_equal(open_flags(0, 0), cases[i].open_without_create);
		assert_int_equal(open_flags(DVK_CREATE, 0), 0);
		wait_for_free(NR_SERVERS);
		wait_for_free(NR_SERVERS + 1);
		wait_for_free(NR_SERVERS + 2);
		assert_true(dvk_is_endpoint(dvk_bind(NONE, "next")));
		assert_int_equal(dvk_close(), 0);
		if (cases[i].keep)
			assert_int_equal(count_files(), 1);
	}
}

/* ---- files that are not what they should be ---- */

static void write_garbage(int fd, struct segment *segment)
{
	(void)segment;
	assert_int_equal(ftruncate(fd, 0), 0);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(write(fd, "no segment ", 11), 11);
	assert_int_equal(ftruncate(fd, 8 << 20), 0);
}

static void make_empty(int fd, struct segment *segment)
{
	(void)segment;
	assert_int_equal(ftruncate(fd, 0), 0);
}

static void cut_short(int fd, struct segment *segment)
{
	assert_int_equal(ftruncate(fd, (off_t)segment->bytes_total - 8192), 0);
}

static void next_version(int fd, struct segment *segment)
{
	(void)fd;
	segment->version++;
}

static void other_layout(int fd, struct segment *segment)
{
	(void)fd;
	segment->head_bytes += 8;
}

/* As another build's: of another size, complete. */
static void other_build(int fd, struct segment *segment)
{
	segment->bytes_total += 4096;
	assert_int_equal(ftruncate(fd, (off_t)segment->bytes_total), 0);
}

static void absurd_members(int fd, struct segment *segment)
{
	(void)fd;
	segment->nr_members = 1 << 30;
}

static void absurd_slots(int fd, struct segment *segment)
{
	(void)fd;
	segment->nr_procs = -5;
}

static void state_disagrees(int fd, struct segment *segment)
{
	(void)fd;
	((struct dc_state *)((char *)segment + SEGMENT_STATE_OFFSET))->nr_procs = 65;
}

static void other_namespace(int fd, struct segment *segment)
{
	(void)fd;
	segment->pid_namespace++;
}

static void other_boot(int fd, struct segment *segment)
{
	(void)fd;
	segment->boot_id[0] ^= 1;
}

static void other_keeper(int fd, struct segment *segment)
{
	(void)fd;
	segment->keepers[KEEPERS - 1].mutex.__data.__kind = 3;
}

static void life_given_up(int fd, struct segment *segment)
{
	(void)fd;
	segment->members[2].life.__data.__owner = 0x7ffffffe;
}

static const struct {
	const char *what;
	void (*spoil)(int fd, struct segment *segment);
	int want, want_create;
	const char *says;
} spoilt[] = {
	{ "garbage", write_garbage, EDVSBADVALUE, EDVSBADVALUE, "" },
	{ "empty", make_empty, EDVSBADVALUE, EDVSBADVALUE, "too short" },
	{ "cut short", cut_short, EDVSBADVALUE, EDVSBADVALUE, "cut short" },
	{ "another build", other_build, EDVSBADVALUE, EDVSBADVALUE, "another build" },
	{ "version", next_version, EDVSBADVALUE, EDVSBADVALUE, "of version" },
	{ "layout", other_layout, EDVSBADVALUE, EDVSBADVALUE, "of version" },
	{ "members", absurd_members, EDVSBADVALUE, EDVSBADVALUE, "damaged" },
	{ "slots", absurd_slots, EDVSBADVALUE, EDVSBADVALUE, "damaged" },
	{ "state", state_disagrees, EDVSBADVALUE, EDVSBADVALUE, "damaged" },
	{ "keeper", other_keeper, EDVSBADVALUE, EDVSBADVALUE, "damaged" },
	{ "life", life_given_up, EDVSBADVALUE, EDVSBADVALUE, "damaged" },
	{ "namespace", other_namespace, EDVSBADPID, EDVSBADPID, "PID namespace" },
	{ "boot", other_boot, EDVSDCNOTRUN, 0, "" },
};

static void spoil(void (*function)(int fd, struct segment *segment))
{
	char path[128];
	struct segment *segment;
	struct stat status;
	int fd;

	assert_int_equal(open_flags(DVK_CREATE | DVK_KEEP, 0), 0);
	assert_int_equal(dvk_close(), 0);
	path_of(path, "dc7");
	fd = open(path, O_RDWR);
	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &status), 0);
	segment = mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_true(segment != MAP_FAILED);
	function(fd, segment);
	munmap(segment, (size_t)status.st_size);
	close(fd);
}

static void spoilt_files_are_refused(void **state)
{
	struct dvk_view *view;
	char path[128];

	(void)state;
	path_of(path, "dc7");
	for (size_t i = 0; i < sizeof(spoilt) / sizeof(spoilt[0]); i++) {
		int rc;

		spoil(spoilt[i].spoil);
		rc = open_flags(0, 0);
		if (rc != spoilt[i].want)
			fail_msg("%s: %d", spoilt[i].what, rc);
		assert_true(strlen(dvk_open_error()) > 10);
		if (!strstr(dvk_open_error(), spoilt[i].says))
			fail_msg("%s: %s", spoilt[i].what, dvk_open_error());
		rc = dvk_view_open(TEST_DCID, test_dir, 1, &view);
		if (rc != spoilt[i].want)
			fail_msg("%s, looking: %d", spoilt[i].what, rc);
		rc = open_flags(DVK_CREATE, 0);
		if (rc != spoilt[i].want_create)
			fail_msg("%s, making: %d", spoilt[i].what, rc);
		if (rc == 0)
			assert_int_equal(dvk_close(), 0);
		unlink(path);
	}
}

static void lock_of_nobody(int fd, struct segment *segment)
{
	(void)fd;
	segment->lock = 100;
}

static void lock_of_who_comes(int fd, struct segment *segment)
{
	(void)fd;
	segment->lock = lock_word_of(0, segment->members[0].epoch + 1);
}

static void a_lock_that_nobody_holds_is_taken(void **state)
{
	(void)state;
	spoil(lock_of_nobody);
	assert_int_equal(open_flags(0, 0), 0);
	assert_true(dvk_is_endpoint(dvk_bind(NONE, "one")));
	assert_int_equal(dvk_close(), 0);
	spoil(lock_of_who_comes);
	assert_int_equal(open_flags(0, 0), 0);
	assert_true(dvk_is_endpoint(dvk_bind(NONE, "one")));
	assert_int_equal(dvk_close(), 0);
}

static void no_file_of_ours(void **state)
{
	char path[128];

	(void)state;
	path_of(path, "dc7");
	assert_int_equal(symlink("/etc/passwd", path), 0);
	assert_int_equal(open_flags(DVK_CREATE, 0), EDVSBADVALUE);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(open_flags(DVK_CREATE, 0), EDVSBADVALUE);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(open_flags(DVK_CREATE, 64), EDVSRANGE);
	assert_int_equal(open_flags(DVK_CREATE, NR_PROCS_MAX + 1), EDVSRANGE);
	assert_int_equal(dvk_open(-1, NULL), EDVSBADDCID);
	assert_int_equal(dvk_open(NR_DCS, NULL), EDVSBADDCID);
	assert_int_equal(count_files(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_last_one_removes_it, fixture_dir,
						fixture_remove),
		cmocka_unit_test_setup_teardown(a_kept_one_stays, fixture_dir, fixture_remove),
		cmocka_unit_test_setup_teardown(what_the_dead_left, fixture_dir, fixture_remove),
		cmocka_unit_test_setup_teardown(spoilt_files_are_refused, fixture_dir,
						fixture_remove),
		cmocka_unit_test_setup_teardown(a_lock_that_nobody_holds_is_taken, fixture_dir,
						fixture_remove),
		cmocka_unit_test_setup_teardown(no_file_of_ours, fixture_dir, fixture_remove),
	};

	alarm(120);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
