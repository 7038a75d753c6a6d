/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * walker.c - the steps of the walk: one call on MUK's file system and on the host's, and
 * the same result. Which one, a seed decides.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "walker.h"

#define FDS 12

static uint32_t pick(struct walker *w, uint32_t below)
{
	w->seed ^= w->seed << 13;
	w->seed ^= w->seed >> 7;
	w->seed ^= w->seed << 17;
	return (uint32_t)((w->seed >> 20) % below);
}

static const char *pick_name(struct walker *w)
{
	static const char *const names[] = {
		"a", "b", "c", "d", "e", "f", "file", ".", "..", "a-name-of-thirty-characters-ab",
	};
	uint32_t i = pick(w, 40);

	if (i < 7 * 5)
		return names[i % 7];
	return names[7 + i % 3];
}

static void pick_path(struct walker *w, char *ret_path, size_t room)
{
	uint32_t depth = 1 + pick(w, 100) % 4 % 3, special = pick(w, 60);
	size_t used = 0;

	ret_path[0] = '\0';
	if (!special)
		return;
	for (uint32_t i = 0; i < depth; i++)
		used += (size_t)snprintf(ret_path + used, room - used, "%s%s", i ? "/" : "",
					 pick_name(w));
	if (special == 1)
		snprintf(ret_path + used, room - used, "/");
	else if (special == 2)
		snprintf(ret_path + used, room - used, "//.");
	else if (special == 3)
		memset(ret_path, 'n', 280), ret_path[280] = '\0';
}

int64_t walker_host(int64_t result)
{
	return result < 0 ? -errno : result;
}

void walker_same(struct walker *w, const char *what, int64_t ours, int64_t theirs)
{
	if (ours != theirs)
		fail_msg("%s, step %u: %s gives %lld, the host %lld", w->what, w->step, what,
			 (long long)ours, (long long)theirs);
}

static int pick_fd(struct walker *w)
{
	return (int)pick(w, FDS + 1);
}

static void do_open(struct walker *w)
{
	static const int flags[] = { O_RDONLY, O_WRONLY, O_RDWR, O_RDWR, O_RDWR };
	static const int more[] = { 0,
				    O_CREAT,
				    O_CREAT,
				    O_CREAT,
				    O_CREAT | O_EXCL,
				    O_CREAT | O_TRUNC,
				    O_TRUNC,
				    O_APPEND | O_CREAT,
				    O_NOFOLLOW,
				    O_NOFOLLOW | O_CREAT,
				    O_DIRECTORY };
	char path[512];
	int how = flags[pick(w, 5)] | more[pick(w, 11)], ours, theirs;

	pick_path(w, path, sizeof(path));
	ours = fs_open(&w->fixture.process, path, how, 0666);
	theirs = open(path, how | O_CLOEXEC, 0666);
	if (ours >= 0 && theirs >= 0) {
		if (ours >= FDS) {
			close(theirs);
			assert_int_equal(fs_close(&w->fixture.process, ours), 0);
			return;
		}
		w->fds[ours] = theirs;
		return;
	}
	if (ours != (theirs < 0 ? -errno : theirs))
		fail_msg("step %u: open %s %o gives %d, the host %d %s", w->step, path, how, ours,
			 theirs, strerror(errno));
}

static void do_close(struct walker *w)
{
	int fd = pick_fd(w);

	walker_same(w, "close", fs_close(&w->fixture.process, fd), walker_host(close(w->fds[fd])));
	w->fds[fd] = -1;
}

static size_t pick_size(struct walker *w)
{
	static const uint32_t most[] = { 10, 100, 1024, 5000, 70000, BYTES_MAX };

	return pick(w, most[pick(w, 6)]);
}

static int64_t pick_place(struct walker *w)
{
	static const uint32_t most[] = { 3, 3000, 20000, 400000, 5000000, 90000000 };

	return (int64_t)pick(w, most[pick(w, pick(w, 8) ? 4 : 6)]) - 1;
}

static void do_write(struct walker *w)
{
	int fd = pick_fd(w);
	size_t bytes = pick_size(w);
	int64_t ours, theirs;

	for (size_t i = 0; i < bytes; i += 64)
		w->bytes[i] = (char)pick(w, 256);
	if (pick(w, 2)) {
		ours = write_at(&w->fixture.process, fd, w->bytes, bytes, -1);
		theirs = walker_host(write(w->fds[fd], w->bytes, bytes));
	} else {
		int64_t place = pick_place(w);

		if (place < 0)
			place = 0;
		ours = write_at(&w->fixture.process, fd, w->bytes, bytes, place);
		theirs = walker_host(pwrite(w->fds[fd], w->bytes, bytes, place));
	}
	walker_same(w, "write", ours, theirs);
}

static void do_read(struct walker *w)
{
	int fd = pick_fd(w);
	size_t bytes = pick_size(w);
	int64_t ours, theirs;

	if (pick(w, 2)) {
		ours = read_at(&w->fixture.process, fd, w->bytes, bytes, -1);
		theirs = walker_host(read(w->fds[fd], w->other, bytes));
	} else {
		int64_t place = pick_place(w);

		if (place < 0)
			place = 0;
		ours = read_at(&w->fixture.process, fd, w->bytes, bytes, place);
		theirs = walker_host(pread(w->fds[fd], w->other, bytes, place));
	}
	walker_same(w, "read", ours, theirs);
	if (ours > 0)
		assert_memory_equal(w->bytes, w->other, (size_t)ours);
}

static void do_seek(struct walker *w)
{
	int fd = pick_fd(w), whence = (int)pick(w, 3);
	int64_t place = pick_place(w);
	struct stat st;

	if (w->fds[fd] >= 0 && !fstat(w->fds[fd], &st) && S_ISDIR(st.st_mode))
		return;
	walker_same(w, "lseek", fs_lseek(&w->fixture.process, fd, place, whence),
		    walker_host(lseek(w->fds[fd], place, whence)));
}

static void do_truncate(struct walker *w)
{
	int64_t size = pick_place(w);
	char path[512];
	int fd = pick_fd(w);

	if (pick(w, 2)) {
		walker_same(w, "ftruncate", fs_ftruncate(&w->fixture.process, fd, size),
			    walker_host(ftruncate(w->fds[fd], size)));
		return;
	}
	pick_path(w, path, sizeof(path));
	walker_same(w, path, fs_truncate(&w->fixture.process, path, size),
		    walker_host(truncate(path, size)));
}

static void do_one_path(struct walker *w)
{
	static const struct {
		const char *name;
		int (*ours)(struct process *process, const char *path, mode_t mode);
		int (*theirs)(const char *path, mode_t mode);
	} calls[] = {
		{ "mkdir", fs_mkdir, mkdir },
		{ "chmod", fs_chmod, chmod },
	};
	static const mode_t modes[] = { 0755, 0700, 0644, 01777 };
	uint32_t i = pick(w, 3) ? 0 : 1;
	mode_t mode = modes[pick(w, 4)];
	char path[512];
	int ours, theirs;

	pick_path(w, path, sizeof(path));
	ours = calls[i].ours(&w->fixture.process, path, mode);
	theirs = (int)walker_host(calls[i].theirs(path, mode));
	if (ours != theirs)
		fail_msg("step %u: %s %s gives %d, the host %d", w->step, calls[i].name, path, ours,
			 theirs);
}

static void do_remove(struct walker *w)
{
	char path[512];
	bool dir = pick(w, 2);
	int ours, theirs;

	pick_path(w, path, sizeof(path));
	ours = dir ? fs_rmdir(&w->fixture.process, path) : fs_unlink(&w->fixture.process, path);
	theirs = (int)walker_host(dir ? rmdir(path) : unlink(path));
	if (ours != theirs)
		fail_msg("step %u: %s %s gives %d, the host %d", w->step, dir ? "rmdir" : "unlink",
			 path, ours, theirs);
}

static void do_two_paths(struct walker *w)
{
	static const struct {
		const char *name;
		int (*ours)(struct process *process, const char *from, const char *to);
		int (*theirs)(const char *from, const char *to);
	} calls[] = {
		{ "link", fs_link, link },
		{ "rename", fs_rename, rename },
		{ "symlink", fs_symlink, symlink },
	};
	uint32_t i = pick(w, 5) % 3;
	char from[512], to[512];
	int ours, theirs;

	pick_path(w, from, sizeof(from));
	pick_path(w, to, sizeof(to));
	ours = calls[i].ours(&w->fixture.process, from, to);
	theirs = (int)walker_host(calls[i].theirs(from, to));
	if (ours != theirs)
		fail_msg("step %u: %s %s %s gives %d, the host %d", w->step, calls[i].name, from,
			 to, ours, theirs);
}

void walker_same_status(struct walker *w, const char *path, const struct stat *ours,
			const struct stat *theirs)
{
	walker_same(w, path, ours->st_mode, theirs->st_mode);
	if (S_ISDIR(ours->st_mode))
		return;
	walker_same(w, path, ours->st_size, theirs->st_size);
	walker_same(w, path, (int64_t)ours->st_nlink, (int64_t)theirs->st_nlink);
}

static void do_stat(struct walker *w)
{
	bool follow = pick(w, 2);
	struct stat a, b;
	char path[512];
	int ours, theirs;

	pick_path(w, path, sizeof(path));
	ours = fs_stat(&w->fixture.process, path, follow ? PATH_FOLLOW : 0, &a);
	theirs = (int)walker_host(follow ? stat(path, &b) : lstat(path, &b));
	walker_same(w, path, ours, theirs);
	if (!ours)
		walker_same_status(w, path, &a, &b);
	walker_same(w, path, fs_access(&w->fixture.process, path, R_OK),
		    walker_host(access(path, R_OK)));
}

static void do_readlink(struct walker *w)
{
	char path[512], a[512], b[512];
	int64_t ours;

	pick_path(w, path, sizeof(path));
	ours = fs_readlink(&w->fixture.process, path, a, sizeof(a));
	walker_same(w, path, ours, walker_host(readlink(path, b, sizeof(b))));
	if (ours > 0)
		assert_memory_equal(a, b, (size_t)ours);
}

static void do_dup(struct walker *w)
{
	int fd = pick_fd(w), to = fs_dup(&w->fixture.process, fd, 0);
	int theirs = dup(w->fds[fd]);

	if (to < 0 || theirs < 0) {
		walker_same(w, "dup", to, walker_host(theirs));
	} else if (to >= FDS) {
		fs_close(&w->fixture.process, to);
		close(theirs);
	} else {
		w->fds[to] = theirs;
	}
}

static void do_sync(struct walker *w)
{
	if (!pick(w, 20))
		assert_int_equal(fs_sync(w->fixture.fs), 0);
}

void walker_walk(struct walker *w, unsigned int steps)
{
	static void (*const actions[])(struct walker *) = {
		do_open,      do_open,     do_open,     do_open,   do_close,  do_close,
		do_write,     do_write,    do_write,    do_read,   do_read,   do_seek,
		do_truncate,  do_one_path, do_one_path, do_remove, do_remove, do_two_paths,
		do_two_paths, do_stat,     do_readlink, do_dup,    do_sync,
	};

	for (w->step = 0; w->step < steps; w->step++)
		actions[pick(w, sizeof(actions) / sizeof(actions[0]))](w);
}
