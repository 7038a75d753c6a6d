/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * walk.h - one walker: steps that a seed decides, each done in a MUK and on the host.
 *
 * A step is an operation with its arguments; three doers carry it out: stubs (the
 * calls of this process), shell (lines of a mukshell), host (Linux). Their answers
 * must be the same. What cannot be the same is said here, once:
 *
 *   MINIX V3                       tmpfs                  how the walk compares
 *   names of at most 60 bytes      255                    a name of 61 here is one of 256 there
 *   paths of at most 1024 bytes    4095                   one of 1100 here is one of 4200 there
 *   files below 2 GiB              larger                 RLIMIT_FSIZE is the same there;
 *                                                         lseek goes no further
 *   times in seconds               in ns                  in seconds, SLACK for what is "now"
 *   a folder's size, its times,    as they like           left out
 *   atime, blocks, inode numbers
 *   a path that is empty or too    after other arguments  either error, where both
 *   long is told first                                    are wrong
 *   65530 links                    no bound               never reached here
 */
#ifndef TESTS_WALK_WALK_H
#define TESTS_WALK_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "protocol/fs.h"
#include "../live/live.h"

#define WALK_FDS        12
#define WALK_DEPTH      8            /* folders above where a walker works */
#define WALK_DATA_MAX   (96u << 10)  /* of one read or write */
#define WALK_FILE_MAX   2147483647LL /* V3 */
#define WALK_SLACK      5            /* seconds between the two sides of a step */
#define WALK_PATH_BYTES 4400

/* X(name, weight): the operations, how often of all. */
/* clang-format off */
#define WALK_OPS(X) \
	X(OPEN, 14) X(CREAT, 4) X(CLOSE, 8) X(READ, 4) X(WRITE, 6) X(PREAD, 4) X(PWRITE, 5) \
	X(LSEEK, 4) X(TRUNCATE, 2) X(FTRUNCATE, 2) X(FSYNC, 1) X(SYNC, 1) X(DUP, 2) X(FSTAT, 2) \
	X(FCHMOD, 1) X(MKDIR, 6) X(RMDIR, 5) X(UNLINK, 7) X(LINK, 4) X(RENAME, 6) X(SYMLINK, 3) \
	X(READLINK, 3) X(STAT, 4) X(LSTAT, 3) X(CHMOD, 2) X(CHOWN, 1) X(UTIME, 2) X(ACCESS, 2) \
	X(MKNOD, 1) X(CHDIR, 1) X(GETCWD, 1) X(UMASK, 1) X(LIST, 3) X(GET, 2) X(PUT, 2)
/* clang-format on */

enum walk_op {
#define WALK_OP(name, weight) OP_##name,
	WALK_OPS(WALK_OP)
#undef WALK_OP
		OP_COUNT,
};

/* The same path as both sides spell it. */
struct path {
	char muk[WALK_PATH_BYTES];
	char host[WALK_PATH_BYTES];
};

struct step {
	enum walk_op op;
	struct path path, to;
	int fd;
	uint32_t flags; /* of open; a mode; of access; whence; a uid */
	uint32_t mode;  /* of open; a gid */
	int64_t place;  /* an offset, a size, a time */
	uint32_t bytes; /* of data */
	char *data;     /* WALK_DATA_MAX: what is written */
};

struct answer {
	int64_t result; /* 0 or more, or a negative error */
	uint32_t bytes;
	char *data; /* WALK_DATA_MAX and a NUL: what was read */
	struct fs_stat stat;
};

/* A process that FS serves, and its shadow on the host. */
struct client {
	bool is_shell;
	int fds[WALK_FDS]; /* the host's descriptor of each of the MUK's, or -1 */
	int cwd;           /* on the host, a descriptor */
	mode_t umask;
};

struct walker {
	const struct live *live;
	uint64_t seed, state;
	unsigned int steps, step, counts[OP_COUNT], shell_steps, failures;
	char muk_home[64];   /* "/w1/p/p/p...": the MUK's folder of this walker */
	char host_root[128]; /* stands for the MUK's / */
	bool counts_folders; /* the host counts a folder's links as MINIX does */
	struct client stubs, mukshell;
	struct live_shell shell;
	FILE *shell_out;
	char file[160]; /* what put takes and get makes */
	struct step now;
	struct answer muk, host;
};

/* ---- pick.c: what the seed decides ---- */
uint32_t pick(struct walker *w, uint32_t below);
/* The whole next step, for that client. */
void pick_step(struct walker *w, const struct client *client, struct step *step);

/* ---- the doers ---- */
void stubs_do(struct walker *w, const struct step *step, struct answer *answer);
void shell_do(struct walker *w, const struct step *step, struct answer *answer);
void host_do(struct walker *w, struct client *client, const struct step *step,
	     struct answer *answer);
/* Starts the mukshell and takes it to where we work; 0, -1. */
int shell_begin(struct walker *w);
int shell_end(struct walker *w);

/* ---- list.c: a folder's names and types, sorted, a line each ---- */
struct list {
	char *text;
	uint32_t used;
};
void list_add(struct list *list, const char *name, uint32_t type);
/* Sorts the lines. */
void list_finish(struct list *list);

/* ---- tree.c ---- */
/* Both trees are the same; how many names they have, or -1. */
int tree_compare(struct walker *w);

/* ---- compare.c ---- */
extern const char *const walk_names[OP_COUNT];
/* 0, or -1 and it is said what differs. */
int compare(struct walker *w, const struct step *step);
/* The same for what stat tells. */
int compare_stat(struct walker *w, const char *path, const struct fs_stat *muk,
		 const struct fs_stat *host);
void stat_of_host(const void *host_stat, struct fs_stat *ret_stat);
/* Tells of a failure, with the seed that shows it again. */
void tell(struct walker *w, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
