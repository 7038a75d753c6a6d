/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * segment.h - the shared memory of one DC: the host's part, then the engine's.
 *
 * The file DIR/dcN is mapped by every member. All that is read from it may be
 * garbage that somebody wrote: indices are checked before they are used. Fields
 * stand under what guards them: the DC's lock, a member's life, or nothing (words
 * that are changed atomically).
 */
#ifndef EMBEDDED_SEGMENT_H
#define EMBEDDED_SEGMENT_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "dc.h"
#include "ticks.h"

#define SEGMENT_MAGIC   0x6765534b5644756dULL /* "muDVKSeg" */
#define SEGMENT_VERSION 4
#define SEGMENT_PAGE    4096

/* One per slot, and some that keep and that look. */
#define MEMBERS_EXTRA 128
#define MEMBERS_MAX   (NR_TASKS + NR_PROCS_MAX + MEMBERS_EXTRA)

/* How many members one watcher watches: futex_waitv's limit less its own words. */
#define WATCH_MEMBERS 120
#define WATCHES_MAX   ((MEMBERS_MAX + WATCH_MEMBERS - 1) / WATCH_MEMBERS)

enum member_state {
	MEMBER_FREE,
	MEMBER_ATTACHED,
	MEMBER_LOOKING, /* a view: it does not keep the DC alive */
	MEMBER_LEFT,    /* closed by another thread of its process */
	MEMBER_DYING,   /* dead, being buried by who holds its life */
};

enum park_state {
	PARK_AWAKE,
	PARK_FUTEX,
	PARK_FD,
};

/*
 * A Linux thread at this DC. It holds life as long as it is attached; the kernel
 * marks life when the thread ends in whatever way.
 */
struct member {
	pthread_mutex_t life; /* robust; guards the six below */
	uint32_t state;       /* enum member_state; only 0 to 1 and back by its owner */
	uint32_t epoch;       /* which attachment of this member it is */
	int32_t pid;
	int32_t tid;
	uint32_t has_fifo; /* wakers can open DIR/dcN.wake.<member> */
	uint32_t guard;    /* lock word of its process's keeper thread; 0: it has none */

	/* the DC's lock */
	int32_t ready_head __attribute__((aligned(64)));
	int32_t ready_tail;
	uint32_t listed; /* it takes ready slots from its list: a runtime */
	uint32_t traces; /* it asked for full records */

	/* atomic */
	uint32_t park; /* enum park_state, a futex */

	/* written by the thread itself, read by lookers */
	int32_t current; /* the slot that its task has, NONE */
	int32_t cpu;     /* where it ran when it last entered */

	/* atomic */
	uint32_t attention; /* enum attention: what others ask of the thread when it waits */

	/* written by its last waker */
	int64_t woken_ns; /* CLOCK_MONOTONIC */
} __attribute__((aligned(64)));

enum attention {
	ATTENTION_CANCEL = 1, /* a slot of its own is cancelled */
	ATTENTION_COPY = 2,   /* a copy asks for its bytes (bounce.c) */
};

/* Through which bytes go that Linux does not let others touch. */
#define BOUNCES      8
#define BOUNCE_BYTES (16u << 10)

struct bounce {
	uint32_t state;      /* futex: enum bounce_state and the copier, see bounce.c */
	int32_t party;       /* the member whose bytes they are */
	uint32_t into_party; /* 1: from the buffer to its memory */
	int32_t result;
	uint64_t address; /* in the party's memory */
	uint64_t bytes;
	unsigned char data[BOUNCE_BYTES];
} __attribute__((aligned(64)));

/* Who has the mutex buries the dead; the second is for when the first is stopped. */
#define KEEPERS 2
struct keeper_seat {
	pthread_mutex_t mutex; /* robust; guards member */
	int32_t member;
};

struct segment {
	uint64_t magic;
	uint32_t version;
	uint32_t head_bytes;  /* sizeof(struct segment) of who made it */
	uint64_t bytes_total; /* of the file */
	int32_t nr_procs;
	int32_t nr_members;
	char boot_id[40]; /* of the kernel; another boot's segment is stale */
	uint64_t pid_namespace;
	uint32_t kept;       /* 1: stays when the last member leaves */
	uint32_t ticks_kind; /* enum ticks_kind */
	struct ticks_pair made;

	/* owner's member + 1, its epoch, LOCK_WAITERS; 0: free */
	uint32_t lock __attribute__((aligned(64)));
	uint32_t armed; /* 1: a view sleeps until the next transition */

	struct keeper_seat keepers[KEEPERS] __attribute__((aligned(64)));
	uint32_t kick[WATCHES_MAX]; /* changes when a watcher must look anew */

	struct bounce bounces[BOUNCES];
	struct member members[MEMBERS_MAX];
};

#define SEGMENT_STATE_OFFSET \
	((sizeof(struct segment) + SEGMENT_PAGE - 1) / SEGMENT_PAGE * SEGMENT_PAGE)

/* The life word of a member: the kernel's view of its mutex. */
static inline uint32_t *member_life_word(struct member *member)
{
	return (uint32_t *)&member->life.__data.__lock;
}

static inline uint32_t *keepers_word(struct segment *segment, int which)
{
	return (uint32_t *)&segment->keepers[which].mutex.__data.__lock;
}

/* 1 when index names a member of the segment. */
static inline int segment_has_member(const struct segment *segment, int index)
{
	int count = segment->nr_members < MEMBERS_MAX ? segment->nr_members : MEMBERS_MAX;

	return index >= 0 && index < count;
}

/* Where DCs live: an open folder. */
struct folder {
	int fd; /* -1: none */
	char path[256];
};

/* One mapping of a segment. */
struct mapping {
	struct segment *segment;
	uint64_t bytes;
	int fd; /* of the file */
	int dcid;
	int read_only;
	struct folder folder;
	struct dc dc;
};

/* ---- folder.c ---- */
/* The folders of DESIGN, in order; returns how many. */
int folder_list(char ret_paths[][256], int max);
/* Opens a folder to look for DCs in it (make 1: makes it). 0 or EDVSNOENT, EDVSACCES. */
int folder_open(const char *path, int make, struct folder *ret_folder);
/* Opens the first folder of the list in which this user can make DCs. */
int folder_open_own(struct folder *ret_folder);
/*
 * Opens path (NULL: /run/dvk) for a DC of a group; makes it if it is not there. EDVSACCES:
 * the group cannot make files in it.
 */
int folder_open_group(const char *path, gid_t group, struct folder *ret_folder);
void folder_close(struct folder *folder);

/* ---- segment.c ---- */
/*
 * Maps dcid of folder after all checks. EDVSDCNOTRUN (no file), EDVSBADVALUE (not
 * ours), EDVSBADPID, EDVSACCES. The folder is copied, and owned by the mapping
 * from then on; on failure it stays the caller's.
 */
int segment_map(int dcid, const struct folder *folder, int read_only, struct mapping *ret_mapping);
void segment_unmap(struct mapping *mapping);
/* Holds the file for opening and closing, 2 s at most. EDVSBUSY, EDVSDCNOTRUN (removed). */
int segment_hold(const struct mapping *mapping);
void segment_release(const struct mapping *mapping);
/* 1 when a member lives that keeps the DC running; those of process except_pid aside. */
int segment_alive(struct segment *segment, int except_pid);
/* 1 when it was made by this boot of the kernel. */
int segment_of_this_boot(const struct segment *segment);
/*
 * Removes the file and the FIFOs, unless another DC has that number by now. Held.
 * EDVSACCES: in a folder of several users it is for its owner to remove.
 */
int segment_remove(struct mapping *mapping);
/* "dcN" and "dcN.wake.M" */
void segment_file_name(int dcid, char ret_name[32]);
void segment_fifo_name(int dcid, int member, char ret_name[48]);
/* What tells one boot and one PID namespace from another. */
void segment_boot_id(char ret_id[40]);
uint64_t segment_pid_namespace(void);

/* ---- dvs.c ---- */
/* Which node of which DVS a folder is of; initialised 0: nobody has said. */
struct dvs {
	int32_t node;
	int32_t initialised;
	char name[DVK_NAME_BYTES];
};
struct dvs dvs_of(const struct folder *folder);
/* Says it, or with NULL forgets it. EDVSACCES, EDVSNOSPC; EDVSDVSINIT: there is nothing. */
int dvs_set(const struct folder *folder, const struct dvs *dvs);

/* ---- create.c ---- */
struct dvk_options;
/* Makes dcid in folder, held. EDVSEXIST: somebody was faster. Folder as in segment_map. */
int segment_create(int dcid, const struct folder *folder, const struct dvk_options *options,
		   struct mapping *ret_mapping);

/* 0: a mutex is none that this library made; nobody could ever have it. */
int segment_has_sound_mutexes(const struct segment *segment);

/* ---- refusal.c ---- */
/* Keeps the sentence for dvk_open_error() and returns code. */
int refuse(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *refusal(void);

#endif
