/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recording_format.h - what is in a recording's file; private to inspect/.
 *
 * A header, then chunks. Each has its checksum and is written as a whole, so that
 * a file whose writer died is good up to its last chunk. Numbers are those of the
 * machine that wrote it, which the header says; sizes of structs too.
 */
#ifndef INSPECT_RECORDING_FORMAT_H
#define INSPECT_RECORDING_FORMAT_H

#include "inspect.h"

#define RECORDING_MAGIC   "MUKTRACE"
#define RECORDING_VERSION 1
#define RECORDING_ORDER   0x01020304u /* reads otherwise on the other kind of machine */

struct recording_header {
	char magic[8];
	uint32_t version;
	uint32_t order;
	uint32_t header_bytes;
	uint32_t event_bytes; /* sizeof(struct dvk_event) and so on */
	uint32_t message_bytes;
	uint32_t dcinfo_bytes;
	uint32_t procinfo_bytes;
	uint32_t table_bytes;
	uint32_t thread_bytes;
	int32_t dcid;
	int32_t node;
	int32_t pad;
	int64_t dc_created_ns; /* CLOCK_MONOTONIC, tells one DC of this number from the next */
	int64_t monotonic_ns;  /* one moment by both clocks */
	int64_t wall_ns;
	char name[DVK_NAME_BYTES]; /* of the DC */
	char release[32];          /* of Linux */
	uint32_t pad2;
	uint32_t crc; /* of all before it */
};

#define CHUNK_MAGIC     0x4b4e4843u /* "CHNK" */
#define CHUNK_BYTES_MAX (16u << 20)

enum chunk_type {
	CHUNK_RECORDS = 1, /* struct records_head, then packed records */
	CHUNK_SNAPSHOT,    /* struct snapshot_head, rows, tables */
	CHUNK_MEMORY,      /* struct memory_head, bytes */
	CHUNK_THREAD,      /* struct thread_head, struct inspect_thread */
	CHUNK_STACK,       /* struct stack_head, text */
	CHUNK_LOSS,        /* struct loss */
	CHUNK_NAME,        /* struct name_head */
	CHUNK_NOTE,        /* text: why the file was made */
	CHUNK_END,         /* struct loss: all that was lost */
};

struct chunk_header {
	uint32_t magic;
	uint32_t type;
	uint32_t bytes; /* of what follows, without the fill up to the next 8 */
	uint32_t crc;   /* of what follows, and before it type and bytes */
};

struct records_head {
	uint64_t first, last; /* sequences */
	int64_t first_ns, last_ns;
	uint64_t count;
};

/*
 * A packed record is its event, whose sequence is replaced by gap << 8 | flags | words,
 * then what of the message is not said by the event or 0: source and type unless
 * PLAIN, and words of the payload. gap: the sequence less the one before, less 1.
 */
#define PACKED_WORDS  0x07
#define PACKED_FULL   0x10 /* a full record: with its message */
#define PACKED_PLAIN  0x20 /* its source and type are the event's */
#define PACKED_SHIFT  8
#define PACKED_MAX    (sizeof(struct dvk_event) + sizeof(message))
#define RECORDS_BYTES (256u << 10) /* a chunk is written when it is so long */

struct snapshot_head {
	struct dvk_dcinfo dc;
	int64_t taken_ns;
	int32_t one_state;
	int32_t lock_stuck;
	int32_t count;
	int32_t table_count;
};

struct memory_head {
	int32_t pid;
	uint32_t pad;
	uint64_t address;
};

struct thread_head {
	int32_t pid;
	int32_t tid;
};

struct stack_head {
	int32_t endpoint;
	int32_t pid;
	int32_t tid;
	int32_t pad;
};

struct loss {
	uint64_t sequence; /* before which they are missing */
	uint64_t count;
};

struct name_head {
	int32_t endpoint;
	int32_t pid;
	uint64_t incarnation;
	char name[INSPECT_NAME_BYTES];
};

#endif
