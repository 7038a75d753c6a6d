/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * search.c - which folder has the DC, and is it still one that runs.
 *
 * A segment of an earlier boot, or one whose members are all dead and that nobody
 * asked to keep, is left over: it counts as none, and making the DC replaces it.
 */
#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "search.h"

#define SEARCH_TRIES 100 /* somebody removes or makes it at the same time */

/* Appends the DCs of a folder to a sentence. */
static void describe_folder(const char *path, char *text, size_t bytes)
{
	size_t used = strlen(text);
	DIR *listing = opendir(path);
	struct dirent *entry;
	int number, end, count = 0;

	snprintf(text + used, bytes - used, "%s%s (", used ? ", " : "", path);
	while (listing && (entry = readdir(listing))) {
		end = 0;
		if (sscanf(entry->d_name, "dc%d%n", &number, &end) != 1 || entry->d_name[end])
			continue;
		used = strlen(text);
		snprintf(text + used, bytes - used, "%s%s", count++ ? " " : "", entry->d_name);
	}
	used = strlen(text);
	snprintf(text + used, bytes - used, "%s)", !listing ? "not there" : count ? "" : "empty");
	if (listing)
		closedir(listing);
}

static int not_found(int dcid, char paths[][256], int count)
{
	char text[800] = "";

	for (int i = 0; i < count; i++)
		describe_folder(paths[i], text, sizeof(text));
	return refuse(EDVSDCNOTRUN, "dc%d is not running; looked in %s", dcid, text);
}

/* The folders to look in; a path that is too long is cut, and then not found. */
static int folders_of(const char *dir, char paths[][256])
{
	if (!dir)
		return folder_list(paths, DVK_DIR_MAX);
	snprintf(paths[0], 256, "%s", dir);
	return 1;
}

/* Another user's DC of the same number, and one cannot be made in its place. */
static int is_strangers(const struct folder *folder, int rc)
{
	struct stat status;

	if (rc != EDVSACCES || fstat(folder->fd, &status) != 0)
		return 0;
	return faccessat(folder->fd, ".", W_OK | X_OK, AT_EACCESS) != 0 ||
	       ((status.st_mode & S_ISVTX) && status.st_uid != geteuid());
}

static int not_yours(int dcid, const char *path)
{
	struct group group, *found = NULL;
	char file[300], names[1024];
	struct stat status;

	snprintf(file, sizeof(file), "%s/dc%d", path, dcid);
	if (lstat(file, &status) != 0 || !(status.st_mode & 060))
		return refuse(EDVSACCES,
			      "dc%d in %s belongs to another user; only they and root can attach "
			      "to it",
			      dcid, path);
	getgrgid_r(status.st_gid, &group, names, sizeof(names), &found);
	if (!found)
		snprintf(names, sizeof(names), "%u", (unsigned int)status.st_gid);
	return refuse(EDVSACCES,
		      "dc%d in %s belongs to another user and group %.32s; only they and root can "
		      "attach to it",
		      dcid, path, found ? found->gr_name : names);
}

/* Another user's DC in a folder that is for all hides none that is this user's. */
int search(int dcid, const char *dir, int read_only, struct mapping *ret_mapping)
{
	char paths[DVK_DIR_MAX][256];
	int count = folders_of(dir, paths), strangers = -1;
	struct folder folder;
	int rc;

	for (int i = 0; i < count; i++) {
		rc = folder_open(paths[i], 0, &folder);
		if (rc == EDVSACCES && dir)
			return rc;
		if (rc)
			continue;
		rc = segment_map(dcid, &folder, read_only, ret_mapping);
		if (rc == 0)
			return 0;
		if (is_strangers(&folder, rc))
			strangers = i;
		folder_close(&folder);
		if (rc != EDVSDCNOTRUN && strangers != i)
			return rc;
	}
	return strangers < 0 ? not_found(dcid, paths, count) : not_yours(dcid, paths[strangers]);
}

int search_is_current(const struct mapping *mapping)
{
	struct segment *segment = mapping->segment;

	return segment_of_this_boot(segment) && mapping->dc.state->running &&
	       (segment->kept || segment_alive(segment, 0));
}

static int not_to_remove(const struct mapping *mapping)
{
	return refuse(
		EDVSACCES,
		"dc%d in %s was left behind; only its owner, user %u, and root can replace it",
		mapping->dcid, mapping->folder.path, mapping->dc.state->owner_uid);
}

/* One try: 0, or EDVSAGAIN when it changed meanwhile. */
static int find_held(int dcid, const struct dvk_options *options, struct mapping *ret_mapping)
{
	struct mapping mapping;
	int rc = search(dcid, options->dir, 0, &mapping);

	if (rc)
		return rc;
	rc = segment_hold(&mapping);
	if (rc) {
		segment_unmap(&mapping);
		return rc == EDVSDCNOTRUN ? EDVSAGAIN : rc;
	}
	if (search_is_current(&mapping)) {
		*ret_mapping = mapping;
		return 0;
	}
	rc = refuse(EDVSDCNOTRUN, "dc%d in %s was left behind, its processes are all dead", dcid,
		    mapping.folder.path);
	if (options->flags & DVK_CREATE)
		rc = segment_remove(&mapping) ? not_to_remove(&mapping) : EDVSAGAIN;
	segment_release(&mapping);
	segment_unmap(&mapping);
	return rc;
}

static int create(int dcid, const struct dvk_options *options, struct mapping *ret_mapping)
{
	struct folder folder;
	int rc;

	if (options->flags & DVK_GROUP)
		rc = folder_open_group(options->dir, options->group, &folder);
	else if (options->dir)
		rc = folder_open(options->dir, 1, &folder);
	else
		rc = folder_open_own(&folder);
	if (rc)
		return rc;
	rc = segment_create(dcid, &folder, options, ret_mapping);
	if (rc)
		folder_close(&folder);
	return rc == EDVSEXIST ? EDVSAGAIN : rc;
}

/* Somebody else's, where it was to be made. */
static int is_running(int dcid, struct mapping *mapping)
{
	segment_release(mapping);
	segment_unmap(mapping);
	return refuse(EDVSDCRUN, "dc%d is running", dcid);
}

int search_or_create(int dcid, const struct dvk_options *options, struct mapping *ret_mapping)
{
	int may_create = options->flags & DVK_CREATE;
	int rc = EDVSAGAIN;

	for (int i = 0; i < SEARCH_TRIES && rc == EDVSAGAIN; i++) {
		rc = find_held(dcid, options, ret_mapping);
		if (rc == 0 && (options->flags & SEARCH_NEW))
			return is_running(dcid, ret_mapping);
		if (rc == EDVSDCNOTRUN && may_create)
			rc = create(dcid, options, ret_mapping);
		else if (rc == EDVSACCES && may_create && create(dcid, options, ret_mapping) == 0)
			return 0;
	}
	if (rc == EDVSAGAIN)
		return refuse(EDVSBUSY, "dc%d is made and removed all the time", dcid);
	return rc;
}
