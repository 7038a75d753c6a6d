/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * folder.c - the folders that DCs live in.
 *
 * The one below /tmp, where anybody could have made it, is believed only when it
 * is a folder of this user's that nobody else can enter, and no link. Files are
 * then opened relative to the folder's descriptor, so it cannot be swapped. A folder
 * for a group is sticky: nobody removes another's DC. Others may look who is there.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "segment.h"

#define RUN_FOLDER "/run/dvk"
#define GROUP_MODE 01775

static void tmp_path(char ret_path[256])
{
	snprintf(ret_path, 256, "/tmp/dvk-%u", (unsigned int)geteuid());
}

int folder_list(char ret_paths[][256], int max)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	int count = 0;

	if (runtime && runtime[0] == '/' && strlen(runtime) < 240 && count < max)
		snprintf(ret_paths[count++], 256, "%s/dvk", runtime);
	if (count < max)
		snprintf(ret_paths[count++], 256, "%s", RUN_FOLDER);
	if (count < max)
		tmp_path(ret_paths[count++]);
	return count;
}

/* 1 when others cannot have put it there, and cannot enter it. */
static int is_private(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && status.st_uid == geteuid() && (status.st_mode & 077) == 0;
}

static int code_of(int error)
{
	return error == EACCES || error == EPERM || error == ELOOP ? EDVSACCES : EDVSNOENT;
}

int folder_open(const char *path, int make, struct folder *ret_folder)
{
	char tmp[256];
	int is_tmp, fd;

	if (strlen(path) >= sizeof(ret_folder->path))
		return refuse(EDVSNAMETOOLONG, "the folder's name is longer than 255 bytes");
	tmp_path(tmp);
	is_tmp = strcmp(path, tmp) == 0;
	if (make && mkdir(path, strcmp(path, RUN_FOLDER) == 0 ? 0755 : 0700) != 0 &&
	    errno != EEXIST)
		return refuse(code_of(errno), "%s cannot be made: %s", path, strerror(errno));
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (is_tmp ? O_NOFOLLOW : 0));
	if (fd < 0)
		return refuse(code_of(errno), "%s cannot be opened: %s", path, strerror(errno));
	if (is_tmp && !is_private(fd)) {
		close(fd);
		return refuse(EDVSACCES, "%s is not a folder of yours alone (mode 0700)", path);
	}
	ret_folder->fd = fd;
	snprintf(ret_folder->path, sizeof(ret_folder->path), "%s", path);
	return 0;
}

int folder_open_own(struct folder *ret_folder)
{
	char paths[3][256];
	int count = folder_list(paths, 3);
	int rc = EDVSNOENT;

	for (int i = 0; i < count; i++) {
		if (strcmp(paths[i], RUN_FOLDER) == 0 && geteuid() != 0)
			continue;
		rc = folder_open(paths[i], 1, ret_folder);
		if (rc == 0 && faccessat(ret_folder->fd, ".", W_OK | X_OK, AT_EACCESS) == 0)
			return 0;
		if (rc == 0)
			folder_close(ret_folder);
	}
	return rc ? rc : refuse(EDVSACCES, "no folder in which you could make a DC");
}

/* 1 when it is root's, and nobody else was let in yet. */
static int is_roots_alone(const struct stat *status)
{
	return geteuid() == 0 && status->st_uid == 0 && (status->st_mode & 022) == 0;
}

/* 1 when members of the group can make files in it. */
static int lets_in(const struct stat *status, gid_t group)
{
	return (status->st_mode & 03) == 03 ||
	       (status->st_gid == group && (status->st_mode & 030) == 030);
}

int folder_open_group(const char *path, gid_t group, struct folder *ret_folder)
{
	struct folder folder;
	struct stat status;
	int made, rc;

	if (!path)
		path = RUN_FOLDER;
	made = mkdir(path, 0700) == 0;
	rc = folder_open(path, 0, &folder);
	if (rc)
		return rc;
	rc = EDVSACCES;
	if (fstat(folder.fd, &status) != 0)
		goto close_folder;
	if (made || (strcmp(path, RUN_FOLDER) == 0 && is_roots_alone(&status)))
		rc = fchown(folder.fd, (uid_t)-1, group) || fchmod(folder.fd, GROUP_MODE)
			     ? EDVSACCES
			     : 0;
	else if (lets_in(&status, group))
		rc = 0;
	if (rc == 0) {
		*ret_folder = folder;
		return 0;
	}
	if (made)
		rmdir(path);
close_folder:
	folder_close(&folder);
	return refuse(rc,
		      "%s does not let group %u in: its owner can give it to that group (chgrp) "
		      "with mode 1775",
		      path, (unsigned int)group);
}

void folder_close(struct folder *folder)
{
	if (folder->fd >= 0)
		close(folder->fd);
	folder->fd = -1;
}
