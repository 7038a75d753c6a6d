/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rename.c - an entry gets another name, perhaps elsewhere, perhaps in another's place.
 *
 * The checks come in the order of Linux. What can fail for want of room is done
 * before anything is taken away.
 */
#include <unistd.h>

#include "fs/format.h"
#include "fs/operations.h"

struct renaming {
	struct process *process;
	struct walk *from, *to;
	struct inode *ip;     /* what is renamed */
	struct inode *target; /* what has the new name until now, or NULL */
	bool is_dir;
	bool moves; /* to another directory */
};

int is_above(struct inode *above, struct inode *dir)
{
	struct inode *at = inode_hold(dir);
	int result = 0;

	for (int depth = 0; !result; depth++) {
		struct dirent_found parent;
		struct inode *next;

		if (at == above) {
			result = 1;
			break;
		}
		if (at->nr == DISK_ROOT_INODE)
			break;
		result = depth < FS_DEPTH_MAX ? directory_lookup(at, "..", &parent) : EDVSLOOP;
		if (!result)
			result = inode_get(at->fs, parent.nr, &next);
		if (!result) {
			inode_put(at);
			at = next;
		}
	}
	inode_put(at);
	return result;
}

/* A directory does not move into itself, nor take the place of what it is in. */
static int check_circle(const struct renaming *r)
{
	int above = 0;

	if (!r->moves)
		return 0;
	if (r->is_dir)
		above = is_above(r->ip, r->to->dir);
	if (above)
		return above < 0 ? above : EDVSINVAL;
	if (r->target && S_ISDIR(r->target->mode))
		above = is_above(r->target, r->from->dir);
	return above > 0 ? EDVSNOTEMPTY : above;
}

static int check_rights(const struct renaming *r)
{
	int error = may_remove(r->process, r->from->dir, r->ip, r->is_dir);

	if (error)
		return error;
	if (r->target)
		error = may_remove(r->process, r->to->dir, r->target, r->is_dir);
	else
		error = r->to->dir->nlinks ? process_may(r->process, r->to->dir, W_OK | X_OK)
					   : EDVSNOENT;
	if (!error && r->is_dir && r->moves)
		error = process_may(r->process, r->ip, W_OK);
	if (!error && r->is_dir && r->moves && !r->target &&
	    r->to->dir->nlinks >= r->process->fs->super.format->links_max)
		error = EDVSMLINK;
	return error;
}

static int check_empty(const struct renaming *r)
{
	int empty = r->target && r->is_dir ? directory_is_empty(r->target) : 1;

	return empty < 0 ? empty : empty ? 0 : EDVSNOTEMPTY;
}

/* The new name leads to ip, and what had it loses a link. */
static int enter(struct renaming *r)
{
	struct inode *target = r->target;
	int error;

	if (!target)
		return directory_enter(r->to->dir, r->to->name, r->ip->nr);
	error = directory_replace(r->to->dir, r->to->found.slot, r->ip->nr);
	if (error)
		return error;
	if (r->is_dir)
		target->nlinks = 0;
	else if (target->nlinks)
		target->nlinks--;
	inode_touch(target, INODE_CTIME);
	return 0;
}

/* A directory's own link to its parent, and the counts of the parents. */
static int move_parent(struct renaming *r)
{
	struct dirent_found up;
	int error = 0;

	if (!r->is_dir)
		return 0;
	if (r->target)
		r->to->dir->nlinks--;
	if (!r->moves)
		return 0;
	error = directory_lookup(r->ip, "..", &up);
	if (!error)
		error = directory_replace(r->ip, up.slot, r->to->dir->nr);
	r->to->dir->nlinks++;
	r->from->dir->nlinks--;
	return error;
}

static int carry_out(struct renaming *r)
{
	struct fs *fs = r->process->fs;
	int error = fs_begin_change(fs);

	if (!error)
		error = bitmap_reserve(fs, FS_RESERVE);
	if (!error)
		error = enter(r);
	if (!error)
		error = directory_remove(r->from->dir, r->from->found.slot);
	if (!error)
		error = move_parent(r);
	if (!error)
		inode_touch(r->ip, INODE_CTIME);
	return error;
}

static int rename_found(struct renaming *r)
{
	int error = 0;

	r->is_dir = S_ISDIR(r->ip->mode);
	if (!r->is_dir && (r->from->slash || r->to->slash))
		return EDVSNOTDIR;
	error = check_circle(r);
	if (error || r->ip == r->target)
		return error;
	error = check_rights(r);
	if (!error)
		error = check_empty(r);
	return error ? error : carry_out(r);
}

/* Both walks stand at the parents. */
static int rename_walked(struct renaming *r)
{
	int error;

	if (r->from->last != LAST_NAME || r->to->last != LAST_NAME)
		return EDVSBUSY;
	error = walk_last(r->process, r->from, &r->ip);
	if (error)
		return error;
	error = walk_last(r->process, r->to, &r->target);
	if (error == EDVSNOENT) {
		r->target = NULL;
		error = 0;
	}
	if (!error)
		error = rename_found(r);
	inode_put(r->target);
	inode_put(r->ip);
	return error;
}

int fs_rename(struct process *process, const char *old_path, const char *new_path)
{
	struct renaming r = {
		.process = process,
		.from = &process->fs->walks[0],
		.to = &process->fs->walks[1],
	};
	int error = walk_parent(process, old_path, r.from);

	if (error)
		return error;
	error = walk_parent(process, new_path, r.to);
	if (!error) {
		r.moves = r.from->dir != r.to->dir;
		error = rename_walked(&r);
		walk_done(r.to);
	}
	walk_done(r.from);
	return error;
}
