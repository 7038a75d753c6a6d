/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * protocol.h - the calls of all servers as data: what decodes, completes, checks
 * and explains messages reads these descriptors.
 *
 * Everything is made from the .proto tables (generate.awk) and is constant. A
 * request's or reply's fields lie in message.payload, a record's in a row of a
 * registered table or in a buffer; offsets count from there. Needs nothing of
 * MUK: it links into any program.
 */
#ifndef PROTOCOL_PROTOCOL_H
#define PROTOCOL_PROTOCOL_H

#include <stddef.h>
#include <stdint.h>

#include <dvk/message.h>

#include "protocol/kinds.h" /* enum protocol_kind, made from kinds.proto */

#define PROTOCOL_PATH_MAX   1024        /* bytes of a path without its NUL */
#define PROTOCOL_BUFFER_MAX (16u << 20) /* bytes of one in or out buffer */
#define PROTOCOL_PATH_TEXT  28
#define PROTOCOL_NAME_TEXT  12

/*
 * A path in a request. bytes is its length without the NUL; text holds its first
 * bytes, and all of it with a NUL when bytes < sizeof(text), so that no copy is
 * needed; else it is read from address.
 */
struct protocol_path {
	uint64_t address;
	uint32_t bytes;
	char text[PROTOCOL_PATH_TEXT];
};

/* The same, for calls with two paths. */
struct protocol_name {
	uint64_t address;
	uint32_t bytes;
	char text[PROTOCOL_NAME_TEXT];
};

/* A buffer of the caller that the server reads (in) or fills (out). */
struct protocol_buffer {
	uint64_t address;
	uint32_t bytes;
	uint32_t pad;
};

/* A name of a set: v has it when (v & mask) == value. */
struct protocol_value {
	const char *name;
	uint32_t value;
	uint32_t mask;
};

/* The names of a field's values: flags (any of them) or an enum (one of them). */
struct protocol_set {
	const char *name; /* "fs.open" */
	int is_flags;     /* 0: an enum */
	uint32_t all;     /* every bit that some flag has */
	int count;
	const struct protocol_value *values;
};

struct protocol_record;

struct protocol_field {
	const char *name;
	enum protocol_kind kind;
	uint16_t offset;
	uint16_t bytes;
	const struct protocol_set *set;       /* flags, enum; else NULL */
	const struct protocol_record *record; /* in, out: what is in it; NULL: bytes */
};

/* A call of a server. */
struct protocol_call {
	const char *name; /* "open" */
	const char *summary;
	int number; /* m_type of its request */
	uint16_t request_bytes;
	uint16_t reply_bytes;
	int request_count;
	int reply_count;
	const struct protocol_field *request;
	const struct protocol_field *reply;
};

/* The rows of a registered table, or what a call puts into a buffer. */
struct protocol_record {
	const char *name; /* "pm.process" */
	const char *summary;
	uint32_t version;
	int is_table;   /* 0: only found in buffers */
	uint32_t bytes; /* of one row */
	int count;
	const struct protocol_field *fields;
};

#define PROTOCOL_INDEX 512 /* numbers of one server differ modulo this */

/* The calls of one server, sorted by number. */
struct protocol {
	const char *name; /* "fs" */
	const char *summary;
	int endpoint; /* where it is by convention */
	int count;
	const struct protocol_call *calls;
	const uint8_t *index; /* [number % PROTOCOL_INDEX]: place in calls + 1, 0: none */
};

/* All servers; the calls that every server answers ("server") come last. */
extern const struct protocol *const protocols[];
extern const int protocol_count;

/* Every record and table. */
extern const struct protocol_record *const protocol_records[];
extern const int protocol_record_count;

/* The words for kinds ("path") and what each means, by enum protocol_kind. */
extern const char *const protocol_kind_names[];
extern const char *const protocol_kind_summaries[];

/* The server of that name; NULL when there is none. */
const struct protocol *protocol_find(const char *server);

/* The server whose endpoint by convention is nr; NULL when there is none. */
const struct protocol *protocol_at(int nr);

/*
 * The call of that name, or of which name is the only prefix. NULL: *ret_matches
 * (may be NULL) says how many calls begin with name, 0 or several.
 */
const struct protocol_call *protocol_call_find(const struct protocol *protocol, const char *name,
					       int *ret_matches);

/*
 * The call with that number, the common ones of protocol_server included when
 * protocol has none; NULL when there is none.
 */
const struct protocol_call *protocol_call_by_number(const struct protocol *protocol, int number);

/* The field of that name among count; NULL when there is none. */
const struct protocol_field *protocol_field_find(const struct protocol_field *fields, int count,
						 const char *name);

/* The record or table called "server.name"; NULL when there is none. */
const struct protocol_record *protocol_record_find(const char *name);

/* The value of a set by its name (upper or lower case); NULL when there is none. */
const struct protocol_value *protocol_value_find(const struct protocol_set *set, const char *name);

/*
 * Reads a whole-number field of at most 8 bytes from data (a payload, a row),
 * with its sign; 0 for kinds that are no number (protocol_is_number()).
 */
int64_t protocol_get_number(const struct protocol_field *field, const void *data);
void protocol_set_number(const struct protocol_field *field, void *data, int64_t value);
int protocol_is_number(const struct protocol_field *field);

/* Fills a path or name field of data: text must stay where it is until the call is over. */
void protocol_put_path(struct protocol_path *ret_path, const char *text);
void protocol_put_name(struct protocol_name *ret_name, const char *text);

/* Fills a text field: cut to fit, and always with a NUL. */
void protocol_put_text(char *ret_text, size_t bytes, const char *text);

/*
 * Fits request fields against the call's table, as a server does before it looks
 * at them: lengths of paths and buffers, values of sets, ends of texts. 0, or
 * EDVSNOENT (empty path), EDVSNAMETOOLONG, EDVSFAULT (no address), EDVSRANGE
 * (buffer too large), EDVSINVAL.
 */
int protocol_check_request(const struct protocol_call *call, const void *payload);

#endif
