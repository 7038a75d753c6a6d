/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * look_disk.h - looking at the mounted file system from outside, in one state.
 */
#ifndef MUKSHELL_LOOK_DISK_H
#define MUKSHELL_LOOK_DISK_H

#include <minix.h>

#include "look.h"

/*
 * Collects what a command shows: 0 or an EDVS error. It is called again, and begins
 * anew, when FS changed something meanwhile; it prints nothing.
 */
typedef int look_disk_fn(struct minix *minix, void *context);
/*
 * Opens the first FS's disk and collects until that is one state, two seconds at
 * most; then a remark says that it is none. 0, or the printed error.
 */
int look_disk(struct shell *shell, look_disk_fn *collect, void *context);

/* "12", or a path as FS's clients write it: the inode. 0 or an EDVS error. */
int look_disk_inode(struct shell *shell, struct minix *minix, const char *word, uint32_t *ret_nr);

/* What the commands that do this say of themselves. */
#define LOOK_DISK_DETAILS                                                                   \
	"The mounted file system is read from outside: the image, and over it what FS has " \
	"changed and not written yet. FS is not asked, and what is shown is one state. "

/* A grid with these columns; NULL: no memory. */
struct inspect_grid *look_disk_grid(const struct inspect_heading *headings, int count);
void look_disk_number(struct inspect_grid *grid, uint64_t number);
void look_disk_text(struct inspect_grid *grid, const char *text);

#endif
