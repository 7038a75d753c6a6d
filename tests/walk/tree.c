/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tree.c - what the MUK has below a walker's folder beside what the host has.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "walk.h"

static int compare_bytes(struct walker *w, const char *path, int fd, int host_fd)
{
	for (int64_t place = 0;; place += w->host.bytes) {
		struct fs_pread_reply reply = { 0 };
		ssize_t got = pread(host_fd, w->host.data, WALK_DATA_MAX, place);
		int result =
			fs_call_pread(FS_PROC_NR, fd, place, w->muk.data, WALK_DATA_MAX, &reply);

		w->host.bytes = got > 0 ? (uint32_t)got : 0;
		if (result || got < 0 || reply.bytes != w->host.bytes ||
		    memcmp(w->muk.data, w->host.data, w->host.bytes) != 0) {
			tell(w, "%s differs after byte %lld", path, (long long)place);
			return -1;
		}
		if (got == 0)
			return 0;
	}
}

static int compare_file(struct walker *w, const char *path, const char *host)
{
	struct fs_open_reply reply = { .fd = -1 };
	int host_fd = open(host, O_RDONLY | O_CLOEXEC);
	int result = fs_call_open(FS_PROC_NR, path, FS_OPEN_RDONLY, 0, &reply);

	if (result || host_fd < 0) {
		tell(w, "%s cannot be opened: %d, on the host %d", path, result, host_fd);
		result = -1;
	} else {
		result = compare_bytes(w, path, reply.fd, host_fd);
		if (fs_call_close(FS_PROC_NR, reply.fd))
			result = -1;
	}
	if (host_fd >= 0)
		close(host_fd);
	return result;
}

static int compare_link(struct walker *w, const char *path, const char *host)
{
	struct fs_readlink_reply reply = { 0 };
	int result = fs_call_readlink(FS_PROC_NR, path, w->muk.data, WALK_DATA_MAX, &reply);
	ssize_t length = readlink(host, w->host.data, WALK_DATA_MAX);

	if (!result && length == (ssize_t)reply.bytes &&
	    memcmp(w->muk.data, w->host.data, reply.bytes) == 0)
		return 0;
	tell(w, "%s names something else than on the host", path);
	return -1;
}

static int compare_below(struct walker *w, const char *path);

/* Returns how many names it and what is below it have, or -1. */
static int compare_entry(struct walker *w, const char *path)
{
	char host[WALK_PATH_BYTES];
	struct fs_stat muk_stat, host_stat;
	struct stat st;
	int below;

	if (snprintf(host, sizeof(host), "%s%s", w->host_root, path) >= (int)sizeof(host))
		return -1;
	if (lstat(host, &st) || fs_call_lstat(FS_PROC_NR, path, &muk_stat, sizeof(muk_stat))) {
		tell(w, "%s is not on both sides", path);
		return -1;
	}
	stat_of_host(&st, &host_stat);
	if (compare_stat(w, path, &muk_stat, &host_stat))
		return -1;
	if (S_ISREG(st.st_mode))
		return compare_file(w, path, host) ? -1 : 1;
	if (S_ISLNK(st.st_mode))
		return compare_link(w, path, host) ? -1 : 1;
	below = compare_below(w, path);
	return below < 0 ? -1 : below + 1;
}

/* The names of a folder on both sides; text is the caller's to free. */
static char *same_names(struct walker *w, const char *path)
{
	struct step step = { .op = OP_LIST };

	snprintf(step.path.muk, sizeof(step.path.muk), "%s", path);
	snprintf(step.path.host, sizeof(step.path.host), "%s%s", w->host_root, path);
	stubs_do(w, &step, &w->muk);
	host_do(w, &w->stubs, &step, &w->host);
	return compare(w, &step) ? NULL : strndup(w->host.data, w->host.bytes);
}

static int compare_below(struct walker *w, const char *path)
{
	char *names = same_names(w, path), *rest = names, *line, below[WALK_PATH_BYTES];
	int all = 0, some;

	if (!names)
		return -1;
	while ((line = strsep(&rest, "\n")) && *line) {
		*strrchr(line, ' ') = '\0';
		snprintf(below, sizeof(below), "%s/%s", path, line);
		some = compare_entry(w, below);
		if (some < 0) {
			all = -1;
			break;
		}
		all += some;
	}
	free(names);
	return all;
}

int tree_compare(struct walker *w)
{
	char top[64];

	snprintf(top, sizeof(top), "%s", w->muk_home);
	*strchr(top + 1, '/') = '\0';
	return compare_below(w, top);
}
