/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_walk.c - seeded random walks over the file system of a live MUK, several at
 * once, each step done on the host as well: the same results and errors, the same
 * trees at the end and after a restart, and fsck.minix finds nothing wrong.
 *
 * One step in SHELL_ONE_IN is a line of a mukshell, the others are calls of the
 * walker's own process, M3FTP's transfers among both. SEED=n walks that one alone.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <fcntl.h>
#include <unistd.h>

#include <cmocka.h>

#include "walk.h"

#define WALKERS      3
#define STEPS        24000
#define SHELL_ONE_IN 20
#define IMAGE_MIB    200
#define TMPFS        0x01021994
#define ROOM         (512ull << 20) /* on the host */

static const uint64_t seeds[2][WALKERS] = { { 20261123, 42, 7 }, { 1987, 0x5eed, 612 } };

/* ---- one walker, in a process of its own ---- */

static int make_folders(struct walker *w)
{
	char path[512];
	int failed = 0;

	for (size_t at = 1; at <= strlen(w->muk_home) && !failed; at++) {
		if (w->muk_home[at] != '/' && w->muk_home[at] != '\0')
			continue;
		snprintf(path, sizeof(path), "%.*s", (int)at, w->muk_home);
		failed = fs_call_mkdir(FS_PROC_NR, path, 0755);
		snprintf(path, sizeof(path), "%s%.*s", w->host_root, (int)at, w->muk_home);
		failed = failed || mkdir(path, 0755);
	}
	return failed ? -1 : 0;
}

static int client_init(struct walker *w, struct client *client, bool is_shell)
{
	char path[512];

	snprintf(path, sizeof(path), "%s%s", w->host_root, w->muk_home);
	client->is_shell = is_shell;
	client->umask = 022;
	client->cwd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	for (int fd = 0; fd < WALK_FDS; fd++)
		client->fds[fd] = -1;
	return client->cwd < 0 ? -1 : 0;
}

static int walker_begin(struct walker *w, int place)
{
	const struct rlimit limit = { WALK_FILE_MAX, WALK_FILE_MAX };
	struct fs_umask_reply reply;
	struct statfs fs;
	int length = snprintf(w->muk_home, sizeof(w->muk_home), "/w%d", place);

	for (int i = 0; i < WALK_DEPTH; i++)
		length += sprintf(w->muk_home + length, "/p");
	w->now.data = calloc(1, WALK_DATA_MAX + 1);
	w->muk.data = calloc(1, WALK_DATA_MAX + 1);
	w->host.data = calloc(1, WALK_DATA_MAX + 1);
	signal(SIGXFSZ, SIG_IGN);
	umask(022);
	if (!w->now.data || !w->muk.data || !w->host.data || setrlimit(RLIMIT_FSIZE, &limit) ||
	    statfs(w->host_root, &fs) || live_join(w->live, "walker") < 0 || make_folders(w))
		return -1;
	w->counts_folders = fs.f_type == TMPFS;
	if (fs_call_chdir(FS_PROC_NR, w->muk_home) || fs_call_umask(FS_PROC_NR, 022, &reply) ||
	    client_init(w, &w->stubs, false) || client_init(w, &w->mukshell, true))
		return -1;
	return shell_begin(w);
}

/* Does it on the MUK by the client's own way. */
static void muk_do(struct walker *w, const struct client *client, const struct step *step)
{
	if (client->is_shell)
		shell_do(w, step, &w->muk);
	else
		stubs_do(w, step, &w->muk);
}

/* Descriptors differ in number: who got one remembers its fellow. */
static void remember(struct walker *w, struct client *client, const struct step *step)
{
	struct step undo = { .op = OP_CLOSE, .fd = (int)w->muk.result };

	if (step->op == OP_CLOSE && w->muk.result == 0)
		client->fds[step->fd] = -1;
	if ((step->op != OP_OPEN && step->op != OP_CREAT && step->op != OP_DUP) ||
	    w->muk.result < 0)
		return;
	if (w->muk.result < WALK_FDS) {
		client->fds[w->muk.result] = (int)w->host.result;
		return;
	}
	close((int)w->host.result);
	muk_do(w, client, &undo);
	if (w->muk.result)
		tell(w, "close of %d gives %lld", undo.fd, (long long)w->muk.result);
}

/* lseek on a folder, and what its descriptor reads, is each file system's own affair. */
static bool is_comparable(const struct client *client, const struct step *step)
{
	struct stat st;

	if (step->op != OP_LSEEK || step->fd >= WALK_FDS || client->fds[step->fd] < 0)
		return true;
	return fstat(client->fds[step->fd], &st) == 0 && !S_ISDIR(st.st_mode);
}

static void walk(struct walker *w)
{
	for (w->step = 0; w->step < w->steps && !w->failures; w->step++) {
		struct client *client = pick(w, SHELL_ONE_IN) ? &w->stubs : &w->mukshell;

		pick_step(w, client, &w->now);
		if (!is_comparable(client, &w->now))
			continue;
		muk_do(w, client, &w->now);
		host_do(w, client, &w->now, &w->host);
		w->counts[w->now.op]++;
		w->shell_steps += client->is_shell;
		if (compare(w, &w->now) == 0)
			remember(w, client, &w->now);
	}
}

static int close_all(struct walker *w, struct client *client)
{
	for (int fd = 0; fd < WALK_FDS; fd++) {
		struct step step = { .op = OP_CLOSE, .fd = fd };

		if (client->fds[fd] < 0)
			continue;
		close(client->fds[fd]);
		muk_do(w, client, &step);
		if (w->muk.result)
			return -1;
	}
	return 0;
}

static void walk_and_exit(const struct live *live, const char *host_root, uint64_t seed, int place)
{
	struct walker *w = calloc(1, sizeof(*w));
	int names = -1;

	alarm(280);
	w->live = live;
	w->seed = w->state = seed;
	w->steps = STEPS;
	snprintf(w->host_root, sizeof(w->host_root), "%s", host_root);
	if (walker_begin(w, place)) {
		tell(w, "the walk does not begin");
		_exit(1);
	}
	walk(w);
	if (!w->failures && (close_all(w, &w->stubs) || close_all(w, &w->mukshell) || shell_end(w)))
		tell(w, "the walk does not end well");
	if (!w->failures)
		names = tree_compare(w);
	dvk_close();
	printf("# seed %llu on %s: %u steps, %u of them by mukshell, %u by M3FTP; %d names left\n",
	       (unsigned long long)seed, live->runtime, w->step, w->shell_steps,
	       w->counts[OP_GET] + w->counts[OP_PUT], names);
	fflush(stdout);
	_exit(names < 0);
}

/* ---- the MUK that they walk on ---- */

/* Deep below its folder, so that no ".." leads out of it. */
static void make_host_root(char ret_top[64], char ret_root[128])
{
	struct statvfs vfs;
	const char *base = "/tmp";

	if (statvfs("/dev/shm", &vfs) == 0 && (uint64_t)vfs.f_bavail * vfs.f_frsize > ROOM &&
	    access("/dev/shm", W_OK) == 0)
		base = "/dev/shm";
	snprintf(ret_top, 64, "%s/muk-walk.XXXXXX", base);
	assert_non_null(mkdtemp(ret_top));
	strcpy(ret_root, ret_top);
	for (int i = 0; i < WALK_DEPTH; i++) {
		strcat(ret_root, "/h");
		assert_int_equal(mkdir(ret_root, 0755), 0);
	}
}

static void remove_host_root(const char *top)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", top);
	assert_int_equal(system(command), 0);
}

static int walk_all(const struct live *live, const char *host_root, const uint64_t *list, int count)
{
	pid_t pids[WALKERS];
	int failed = 0, status;

	for (int i = 0; i < count; i++) {
		pids[i] = live_fork();
		if (pids[i] == 0)
			walk_and_exit(live, host_root, list[i], i);
	}
	for (int i = 0; i < count; i++)
		if (waitpid(pids[i], &status, 0) != pids[i] || status)
			failed++;
	return failed;
}

/* All of the trees once more, as a MUK shows them that has just started. */
static int compare_again(const struct live *live, const char *host_root, int count)
{
	struct walker w = { .live = live };
	int failed = live_join(live, "judge") < 0;

	w.muk.data = calloc(1, WALK_DATA_MAX + 1);
	w.host.data = calloc(1, WALK_DATA_MAX + 1);
	w.stubs.cwd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	w.counts_folders = strncmp(host_root, "/dev/shm", 8) == 0;
	snprintf(w.host_root, sizeof(w.host_root), "%s", host_root);
	for (int i = 0; i < count && !failed; i++) {
		snprintf(w.muk_home, sizeof(w.muk_home), "/w%d/p", i);
		failed = tree_compare(&w) < 0;
	}
	close(w.stubs.cwd);
	free(w.muk.data);
	free(w.host.data);
	dvk_close();
	return failed;
}

static void walk_on(const char *runtime, const uint64_t *list, int count)
{
	char top[64], root[128];
	struct live live;
	mode_t before = umask(022);

	make_host_root(top, root);
	assert_int_equal(live_make(&live, runtime, IMAGE_MIB), 0);
	assert_int_equal(live_start(&live), 0);
	assert_int_equal(walk_all(&live, root, list, count), 0);
	assert_int_equal(live_stop(&live), 0);
	assert_int_equal(live_check_image(&live), 0);
	assert_int_equal(live_start(&live), 0);
	assert_int_equal(compare_again(&live, root, count), 0);
	assert_int_equal(live_stop(&live), 0);
	assert_int_equal(live_check_image(&live), 0);
	live_remove(&live);
	remove_host_root(top);
	umask(before);
}

static void walks(void **state)
{
	const char *given = getenv("SEED");
	uint64_t seed = given ? strtoull(given, NULL, 0) : 0;
	size_t runtime = (size_t)(uintptr_t)*state;

	if (given)
		walk_on(live_runtimes[runtime], &seed, 1);
	else
		walk_on(live_runtimes[runtime], seeds[runtime], WALKERS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(walks, (void *)0),
		cmocka_unit_test_prestate(walks, (void *)1),
	};

	alarm(300);
	return cmocka_run_group_tests_name("random walks on a live MUK, as on the host", tests,
					   NULL, NULL);
}
