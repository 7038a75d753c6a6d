/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * minix_check.c - does the file system contradict itself? As fsck.minix asks, of a
 * mounted one.
 *
 * What is open without a name is no fault while FS lives: it is freed at its last
 * close. Everything else must be as on a disk at rest.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "minix.h"

struct check {
	struct minix *minix;
	minix_problem_fn *fn;
	void *context;
	int problems;
	uint16_t *links;  /* by inode: names that were found */
	uint32_t *owners; /* by zone: the inode that has it, 0: none */
	uint32_t nr;      /* the inode whose zones are looked at */
};

static void __attribute__((format(printf, 2, 3))) say(struct check *check, const char *format, ...)
{
	char bytes[256];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(bytes, sizeof(bytes), format, arguments);
	va_end(arguments);
	check->fn(check->context, bytes);
	check->problems++;
}

static int check_entry(void *context, const struct minix_walk *walk,
		       const struct minix_entry *entry)
{
	struct check *check = context;
	char bytes[512];
	struct text path;

	text_init(&path, bytes, sizeof(bytes));
	minix_path(walk, entry, &path);
	if (entry->nr > check->minix->super.inodes) {
		say(check, "%.200s names inode %u, there are %llu", bytes, entry->nr,
		    (unsigned long long)check->minix->super.inodes);
		return 0;
	}
	if (minix_inode_is_used(check->minix, entry->nr) == 0)
		say(check, "%.200s names inode %u, which is marked as free", bytes, entry->nr);
	if (strcmp(entry->name, ".") == 0 && entry->nr != entry->dir)
		say(check, "%.200s names inode %u and not its directory's, %u", bytes, entry->nr,
		    entry->dir);
	check->links[entry->nr]++;
	return 0;
}

static int check_zone(void *context, uint32_t zone, uint64_t index, int level)
{
	struct check *check = context;

	if (!minix_is_data_zone(check->minix, zone)) {
		say(check, "inode %u has zone %u at %llu%s, which is outside the data", check->nr,
		    zone, (unsigned long long)index, level ? " (indirect)" : "");
		return 0;
	}
	if (minix_zone_is_used(check->minix, zone) == 0)
		say(check, "zone %u of inode %u is marked as free", zone, check->nr);
	if (check->owners[zone])
		say(check, "zone %u belongs to the inodes %u and %u", zone, check->owners[zone],
		    check->nr);
	else
		check->owners[zone] = check->nr;
	return 0;
}

static int is_of_a_type(uint16_t mode)
{
	return S_ISREG(mode) || S_ISDIR(mode) || S_ISLNK(mode) || S_ISCHR(mode) || S_ISBLK(mode) ||
	       S_ISFIFO(mode) || S_ISSOCK(mode);
}

static int check_inode(struct check *check, uint32_t nr)
{
	struct minix_inode inode;
	int error = minix_inode(check->minix, nr, &inode);

	if (error)
		return error;
	check->nr = nr;
	if (!is_of_a_type(inode.mode))
		say(check, "inode %u is in use and of no type (mode 0%o)", nr, inode.mode);
	if (!check->links[nr] && !(check->minix->references[nr] && !inode.nlinks))
		say(check, "inode %u is in use and has no name", nr);
	else if (check->links[nr] != inode.nlinks)
		say(check, "inode %u has %u names and says %u", nr, check->links[nr], inode.nlinks);
	return minix_zones(check->minix, &inode, check_zone, check);
}

static int check_zones(struct check *check)
{
	const struct fs_super_row *super = &check->minix->super;

	for (uint32_t zone = (uint32_t)super->first_data_zone; zone < super->zones; zone++) {
		int is_used = minix_zone_is_used(check->minix, zone);

		if (is_used < 0)
			return is_used;
		if (is_used && !check->owners[zone])
			say(check, "zone %u is marked as in use and belongs to nobody", zone);
	}
	return 0;
}

int minix_check(struct minix *minix, minix_problem_fn *fn, void *context)
{
	struct check check = { .minix = minix, .fn = fn, .context = context };
	int error = EDVSNOMEM;

	check.links = calloc(minix->super.inodes + 1, sizeof(check.links[0]));
	check.owners = calloc(minix->super.zones + 1, sizeof(check.owners[0]));
	if (check.links && check.owners)
		error = minix_tree(minix, check_entry, &check);
	for (uint32_t nr = 1; nr <= minix->super.inodes && !error; nr++) {
		int is_used = minix_inode_is_used(minix, nr);

		if (is_used)
			error = is_used < 0 ? is_used : check_inode(&check, nr);
	}
	if (!error)
		error = check_zones(&check);
	free(check.links);
	free(check.owners);
	return error ? error : check.problems;
}
