/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * core.h - the file system without messages: its state and what its files offer.
 *
 * One thread at a time. An operation begins with fs_begin() or
 * fs_begin_change(), which may write things out; between there and its end
 * nothing is written out behind its back, so pointers to blocks stay good and the
 * disk never sees half an operation. Functions return 0 or more, or an EDVS code.
 */
#ifndef MUK_FS_CORE_H
#define MUK_FS_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>
#include <sys/stat.h>

#include <dvk/errors.h>

#include "fs/device.h"
#include "fs/disk.h"

#define FS_INODES        2048         /* in core */
#define FS_FILES         2048         /* open at once, over all processes */
#define FS_OPEN_MAX      512          /* descriptors of one process */
#define FS_PATH_MAX      4096         /* with its NUL */
#define FS_SYMLINK_MAX   40           /* followed in one path */
#define FS_DEPTH_MAX     4096         /* directories above one another */
#define FS_OVERLAY_BYTES (8u << 20)   /* changed blocks held before they are written */
#define FS_RESERVE       64           /* blocks that an operation finds ready */
#define FS_CHUNK_BYTES   (256u << 10) /* moved between two looks at the overlay */
#define FS_DIRECT_BYTES  (64u << 10)  /* from here on a write goes by the overlay */
#define FS_AHEAD_BLOCKS  256          /* read ahead of who reads on, from a device without map */
#define FS_NEIGHBOURS    16           /* blocks read at once when one is needed, likewise */
#define FS_INDEX_BYTES   (16u << 20)  /* for the indexes of directories */

struct fs;
struct inode;
struct format;

/* ---- block.c: changed blocks (and, if the device is not mapped, a cache) -- */

enum block_kind { BLOCK_CLEAN, BLOCK_DATA, BLOCK_META };

struct block {
	uint32_t nr;
	enum block_kind kind;
	struct block *hash_next;
	TAILQ_ENTRY(block) link; /* on the list of its kind; the spare ones too */
	unsigned char bytes[];
};
TAILQ_HEAD(block_list, block);

struct blocks {
	struct device *device;
	uint32_t block_bytes;
	uint32_t nr_blocks; /* of the device */
	struct block **hash;
	uint32_t hash_mask;
	struct block_list lists[3]; /* by kind */
	uint32_t counts[3];
	struct block_list spare; /* what was written once leaves its memory for the next */
	uint32_t nr_spare;
	uint32_t limit;       /* how many before they are written or dropped */
	unsigned char *ahead; /* a device that is not mapped is read into this */
};

int blocks_init(struct blocks *blocks, struct device *device, uint32_t block_bytes);
void blocks_deinit(struct blocks *blocks);
/* At least FS_RESERVE spare blocks are at hand when it returns 0; EDVSNOMEM. */
int blocks_reserve(struct blocks *blocks);
/* The block's bytes to read; NULL when it cannot be read. */
const unsigned char *block_get(struct fs *fs, uint32_t nr);
/* The same to change; its bytes are written as kind at the next chance. */
unsigned char *block_change(struct fs *fs, uint32_t nr, enum block_kind kind);
/* A block of zeros, whatever the disk has. */
unsigned char *block_fresh(struct fs *fs, uint32_t nr, enum block_kind kind);
/* The same for one who writes all of its bytes himself. */
unsigned char *block_replace(struct fs *fs, uint32_t nr, enum block_kind kind);
/* These will be replaced at once: their copies here are fetched into the cache meanwhile. */
void blocks_expect(const struct fs *fs, uint32_t nr, uint32_t count);
/* Its bytes no longer matter: a change of it is not written. */
void block_forget(struct fs *fs, uint32_t nr);
/* Reads count blocks from nr on at once, if the device is not mapped. */
int blocks_fetch(struct fs *fs, uint32_t nr, uint32_t count);
typedef int blocks_writer(struct device *device, const struct image_piece *pieces, int count);
/* Writes the changed blocks of that kind in the order of the disk. */
int blocks_write(struct blocks *blocks, enum block_kind kind, blocks_writer *writer);
/* Drops clean copies beyond the limit. */
void blocks_trim(struct blocks *blocks);
/* Frees what is spare, but for what the next operation finds ready. */
void blocks_release(struct blocks *blocks);
/* The bytes of the block, and of how many after it (at most max) they go on. */
const unsigned char *blocks_span(struct fs *fs, uint32_t nr, uint32_t max, uint32_t *ret_count);
/* Where the device's own bytes of the block are; NULL: not mapped, or changed. */
const unsigned char *block_mapped(struct fs *fs, uint32_t nr);

/* ---- commit.c: changes reach the disk in order --------------------------- */

/* Writes changed data (not yet what refers to it). */
int commit_data(struct fs *fs);
/* Writes all changes: data first, then everything else, all or nothing. */
int fs_commit(struct fs *fs);
/* The same, and it is on the medium when it returns 0. */
int fs_sync(struct fs *fs);
/* Is there anything that fs_commit would write? */
bool fs_is_changed(const struct fs *fs);
/* Begins an operation that only reads / that changes things (EDVSROFS ...). */
int fs_begin(struct fs *fs);
int fs_begin_change(struct fs *fs);

/* From here on who looks from outside waits; fs_show() ends it. */
void fs_hide(struct fs *fs);
/* Between operations: what lies in memory is whole. */
void fs_show(struct fs *fs);

/* ---- super.c ------------------------------------------------------------- */

struct super {
	const struct format *format;
	uint32_t ninodes;
	uint32_t zones;      /* zone numbers are below this */
	uint32_t first_zone; /* of the data */
	uint32_t log_zone;   /* a zone has 1 << this blocks */
	uint32_t block_bytes;
	uint64_t max_size;
	uint32_t imap_block; /* where the bitmaps and the inodes begin */
	uint32_t zmap_block;
	uint32_t inode_block;
	uint32_t inodes_per_block;
	uint32_t zones_per_block; /* zone numbers in an indirect block */
	uint32_t free_inodes;
	uint32_t free_zones;
	uint32_t inode_search; /* no free bit is below these */
	uint32_t zone_search;
	bool read_only;
	bool corrupt; /* something on the disk contradicts itself */
};

#define FS_REASON_BYTES 320

/* Reads and checks the super block; what is wrong in words goes to ret_reason. */
int super_read(struct super *super, struct device *device, char ret_reason[FS_REASON_BYTES]);
uint32_t super_zone_bytes(const struct super *super);

/* ---- bitmap.c ------------------------------------------------------------ */

/* Counts what is free. */
int bitmap_count(struct fs *fs);
/* A free inode number; EDVSNOSPC. */
int bitmap_alloc_inode(struct fs *fs, uint32_t *ret_nr);
int bitmap_free_inode(struct fs *fs, uint32_t nr);
/* The first inode at or after nr that is in use; 0: none. */
uint32_t bitmap_next_inode(struct fs *fs, uint32_t nr);
/* A free zone, at or after near if there is one; EDVSNOSPC. */
int bitmap_alloc_zone(struct fs *fs, uint32_t near, uint32_t *ret_zone);
int bitmap_free_zone(struct fs *fs, uint32_t zone);
/*
 * Sees to it that up to count zones can be allocated without a commit: a zone
 * that was freed is not used anew before the commit that frees it.
 */
int bitmap_reserve(struct fs *fs, uint32_t count);
/* The commit is done: what was freed may be used, unless it is pinned. */
void bitmap_release_held(struct fs *fs);
/* Somebody reads the zone, just freed, where it lies: it is not used anew meanwhile. */
void bitmap_pin_zone(struct fs *fs, uint32_t zone);
/* Nobody does any more; the next commit releases what was pinned. */
void bitmap_unpin_all(struct fs *fs);

/* ---- inode.c ------------------------------------------------------------- */

struct directory_index;

struct inode {
	struct fs *fs;
	uint32_t nr;
	uint32_t refs;
	bool changed;
	bool marked; /* in fs->marked: who looks from outside sees it soon */
	bool stale;  /* more of it is to be seen than another refs */
	uint16_t mode;
	uint16_t nlinks;
	uint16_t uid, gid;
	uint32_t size;
	uint32_t atime, mtime, ctime;
	uint32_t zones[DISK_ZONES_MAX];
	uint32_t last_zone;  /* where the next one is looked for */
	uint32_t next_read;  /* block index behind the last read */
	uint32_t nr_maps;    /* processes that were told where its bytes lie */
	int64_t nr_zones;    /* that it has, the indirect ones too; -1: not counted */
	uint32_t shown_refs; /* as it was seen last */
	struct directory_index *index;
	struct inode *hash_next;
	TAILQ_ENTRY(inode) link; /* unused ones, least recently used first */
};
TAILQ_HEAD(inode_list, inode);

int inodes_init(struct fs *fs);
void inodes_deinit(struct fs *fs);
/* Each inode that these give is put back by inode_put. EDVSNFILE, EDVSIO. */
int inode_get(struct fs *fs, uint32_t nr, struct inode **ret_inode);
int inode_create(struct fs *fs, mode_t mode, struct inode **ret_inode);
/* The last one to put an inode without links frees it. NULL is fine. */
void inode_put(struct inode *ip);
struct inode *inode_hold(struct inode *ip);
/* The mode of inode nr without taking it into core; 0 when it cannot be read. */
uint16_t inode_mode(struct fs *fs, uint32_t nr);
/* Writes all changed inodes into their blocks. */
int inodes_store(struct fs *fs);
/* Frees the inodes that a crash left without links. */
int inodes_free_orphans(struct fs *fs);

/* What is known of it from outside changed. */
void inode_mark(struct inode *ip);

enum inode_times { INODE_ATIME = 1, INODE_MTIME = 2, INODE_CTIME = 4 };
/* Sets the times and marks the inode changed. */
void inode_touch(struct inode *ip, int times);

/* ---- zone.c: which blocks a file has -------------------------------------- */

/*
 * The blocks from block index on that lie one after the other on the disk:
 * *ret_block is the first (0: a hole), *ret_count how many, at most max.
 */
int zone_run(struct inode *ip, uint32_t index, uint32_t max, uint32_t *ret_block,
	     uint32_t *ret_count);
/* The block at index; allocated if it is a hole, then *ret_new is true. */
int zone_ensure(struct inode *ip, uint32_t index, uint32_t *ret_block, bool *ret_new);
/* Frees all zones that lie wholly at or beyond size. */
int zone_truncate(struct inode *ip, uint64_t size);
int zone_count(struct inode *ip);

/* ---- directory.c ---------------------------------------------------------- */

struct dirent_found {
	uint32_t slot;
	uint32_t nr;
};

/* name has no slash and at most FS_PATH_MAX bytes. EDVSNOENT, EDVSNAMETOOLONG. */
int directory_lookup(struct inode *dir, const char *name, struct dirent_found *ret_found);
int directory_enter(struct inode *dir, const char *name, uint32_t nr);
int directory_remove(struct inode *dir, uint32_t slot);
/* Lets the entry in slot name another inode. */
int directory_replace(struct inode *dir, uint32_t slot, uint32_t nr);
int directory_is_empty(struct inode *dir);
/*
 * The first entry at or after *slot: its number and name (at least
 * DISK_NAME_MAX + 1 bytes); *slot is then its place. Returns 1, 0 at the end.
 */
int directory_next(struct inode *dir, uint32_t *slot, uint32_t *ret_nr, char *ret_name);
uint32_t directory_slots(const struct inode *dir);

/* ---- process.c, file ------------------------------------------------------ */

struct file {
	uint32_t refs;
	int flags; /* O_... of open */
	uint64_t position;
	struct inode *inode;
};

struct process {
	struct fs *fs;
	int endpoint;
	uint32_t uid, gid;
	mode_t mask;
	struct inode *cwd;
	struct inode *mapped; /* held: it may read its bytes where they lie */
	struct file *files[FS_OPEN_MAX];
};

int process_init(struct process *process, struct fs *fs);
/* Closes its files and lets its directory go. */
void process_deinit(struct process *process);
/* A copy of a parent for its child: the same files, directory, mask, user. */
int process_fork(const struct process *parent, struct process *ret_child);
/* The open file behind a descriptor; EDVSBADF. */
int process_file(struct process *process, int fd, struct file **ret_file);
/* May the process do what (a set of R_OK, W_OK, X_OK) with the inode? EDVSACCES. */
int process_may(const struct process *process, const struct inode *ip, int what);
/* Is it the inode's owner, or the superuser? EDVSPERM. */
int process_owns(const struct process *process, const struct inode *ip);

/* ---- path.c --------------------------------------------------------------- */

enum walk_last { LAST_NAME, LAST_DOT, LAST_DOTDOT, LAST_ROOT };

/* Where a path's last component is to be found or made. */
struct walk {
	struct inode *dir; /* held by the walk; walk_done() puts it */
	enum walk_last last;
	bool slash;                /* something like name/ */
	struct dirent_found found; /* after walk_last(): the entry */
	char name[FS_PATH_MAX];
	char rest[FS_PATH_MAX]; /* working space: what is still to be walked */
	int links;              /* followed until now */
};

enum path_flags { PATH_FOLLOW = 1 };

int path_inode(struct process *process, const char *path, int flags, struct inode **ret_inode);
/* Everything but the last component. */
int walk_parent(struct process *process, const char *path, struct walk *walk);
/* The walk stands at a symbolic link ip: goes on to the parent of what it names. */
int walk_follow(struct process *process, struct walk *walk, struct inode *ip);
/* The inode that the last component names, not followed; EDVSNOENT ... */
int walk_last(struct process *process, struct walk *walk, struct inode **ret_inode);
void walk_done(struct walk *walk);
/* The text of a symbolic link, with a NUL; returns its length. */
int symlink_text(struct inode *ip, char *ret_text, size_t room);

/* ---- the file system, all of it ------------------------------------------------------ */

struct fs {
	struct device *device;
	struct super super;
	struct blocks blocks;
	struct inode *inodes; /* FS_INODES of them */
	uint32_t nr_inodes;   /* those from here on were never used */
	struct inode **inode_hash;
	struct inode_list unused;
	uint32_t changed_inodes;
	uint16_t *marked; /* places in inodes whose rows are out of date */
	uint32_t nr_marked;
	uint64_t *held; /* a bit per zone that the next commit frees */
	uint32_t nr_held;
	uint64_t *pinned; /* those of held that no commit releases */
	uint32_t nr_pinned;
	uint32_t nr_maps; /* of all inodes */
	size_t index_bytes;
	struct file files[FS_FILES];
	int file_search;
	uint64_t commits;
	uint64_t changes; /* odd while what lies in memory changes; for who looks from outside */
	unsigned char *staging; /* FS_CHUNK_BYTES */
	struct walk walks[2];   /* too large for a task's stack */
	uint32_t (*now)(void);  /* seconds since 1970 */
};

#endif
