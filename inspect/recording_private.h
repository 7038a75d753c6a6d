/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recording_private.h - an open recording; private to inspect/.
 */
#ifndef INSPECT_RECORDING_PRIVATE_H
#define INSPECT_RECORDING_PRIVATE_H

#include "crc32c.h"
#include "recording.h"
#include "recording_format.h"

/* A chunk that was found to be whole. */
struct span {
	uint64_t offset; /* of its contents */
	uint32_t bytes;
	uint32_t type;        /* enum chunk_type */
	uint64_t first, last; /* RECORDS: sequences; MEMORY: addresses; LOSS: sequence, count */
	int32_t pid;          /* MEMORY */
};

struct spans {
	struct span *list;
	int count;
	int room;
};

/* Where the next record is taken from. */
struct place {
	int chunk;         /* of recording.records; -1: none is in memory */
	uint32_t at;       /* in its contents */
	uint64_t sequence; /* of the one before */
};

struct recording {
	int fd;
	uint64_t file_bytes;
	struct recording_header header;
	struct recording_info info;
	struct inspect_host host;
	struct crc32c crc;
	struct spans records; /* by sequence, none overlap */
	struct spans others;  /* in the order in which they were written */
	struct place place;
	unsigned char *chunk; /* the one in memory; as long as any of the file */
	int damaged;          /* chunks left out */
	char path[256];
	char problem[256];
};

/* The contents of a chunk into recording->chunk, checked. EDVSIO. */
int recording_fetch(struct recording *recording, const struct span *span);

/* recording_index.c: finds all chunks; what is wrong goes to problem. EDVSNOMEM. */
int recording_index(struct recording *recording);

#endif
