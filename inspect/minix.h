/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * minix.h - the file system that FS has mounted, read from outside as it is now.
 *
 * What FS sees is the image, over it the blocks that it has changed and not written
 * yet, over these the inodes that it has changed. The table fs.disk says where they
 * lie; FS is not asked. Nothing on the disk is believed: numbers are checked
 * before they are used, and walks are bounded.
 */
#ifndef INSPECT_MINIX_H
#define INSPECT_MINIX_H

#include <protocol/fs.h>

#include "inspect.h"
#include "patient.h"

#define MINIX_ZONES    10
#define MINIX_NAME_MAX 60
#define MINIX_ROOT     1

struct minix_inode {
	uint16_t mode, nlinks, uid, gid;
	uint32_t size, atime, mtime, ctime;
	uint32_t zones[MINIX_ZONES]; /* 7 direct, single, double, triple indirect */
};

struct minix {
	struct patient *patient;
	struct fs_disk_row disk;
	struct fs_super_row super;
	pid_t fs_pid;
	uint64_t changes; /* FS's number when it was opened */
	uint32_t nr_blocks;
	unsigned char **blocks;      /* those that were read or are changed, by number */
	struct minix_inode *changed; /* in FS's memory */
	int32_t *changed_at;         /* by inode: its place there, or -1 */
	uint16_t *references;        /* by inode: who uses it now */
};

/*
 * Opens the file system of owner_ep (ANY: of the first FS). EDVSNOENT (no FS, or one
 * without the table), EDVSBADVALUE (its numbers contradict themselves), EDVSFAULT,
 * EDVSPERM, EDVSSRCH, EDVSNOMEM.
 */
int minix_open(struct patient *patient, const struct inspect *in, int owner_ep,
	       struct minix **ret_minix);
void minix_close(struct minix *minix);
/* 1 when nothing has changed since it was opened: all that was read is one state. */
int minix_is_one_state(const struct minix *minix);

/* The block as FS sees it; NULL when there is none, or it cannot be read. */
const unsigned char *minix_block(struct minix *minix, uint32_t nr);
/* EDVSRANGE, EDVSFAULT. */
int minix_inode(struct minix *minix, uint32_t nr, struct minix_inode *ret_inode);
/* 1 when the bitmap says that it is in use; negative: it cannot be read. */
int minix_inode_is_used(struct minix *minix, uint32_t nr);
int minix_zone_is_used(struct minix *minix, uint32_t zone);

/* ---- minix_walk.c ---- */

/* index: the zone's place in the file; level 0: data, 1 to 3: indirect. Not 0: stop. */
typedef int minix_zone_fn(void *context, uint32_t zone, uint64_t index, int level);
/* All zones of a file, an indirect one before those it names; holes are left out.
 * What fn returned, EDVSFAULT, or EDVSBADVALUE when there is no end of them. */
int minix_zones(struct minix *minix, const struct minix_inode *inode, minix_zone_fn *fn,
		void *context);
/* Zones from first_data_zone to the last that the zone number may be. */
int minix_is_data_zone(const struct minix *minix, uint32_t zone);

/* An entry of a directory: the directory's own inode, and the entry's. Not 0: stop. */
struct minix_entry {
	uint32_t dir, nr;
	int dir_place; /* of the directory in the walk, for minix_path() */
	char name[MINIX_NAME_MAX + 1];
};
struct minix_walk;
typedef int minix_entry_fn(void *context, const struct minix_walk *walk,
			   const struct minix_entry *entry);
/* All entries of one directory. */
int minix_directory(struct minix *minix, uint32_t nr, minix_entry_fn *fn, void *context);
/* All entries of all directories, the root's first, each directory once. */
int minix_tree(struct minix *minix, minix_entry_fn *fn, void *context);
/* Adds the path of an entry of a walk. */
void minix_path(const struct minix_walk *walk, const struct minix_entry *entry, struct text *out);
/* The inode of a path from the root; symbolic links are not followed. EDVSNOENT. */
int minix_lookup(struct minix *minix, const char *path, uint32_t *ret_nr);

/* ---- minix_check.c ---- */

typedef void minix_problem_fn(void *context, const char *text);
/* Counts what is wrong, and says each. Negative: it could not be checked. */
int minix_check(struct minix *minix, minix_problem_fn *fn, void *context);

#endif
