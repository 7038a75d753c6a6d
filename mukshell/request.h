/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * request.h - a call's request made of words field=value, by the protocol tables.
 *
 * Texts and buffers stay in the request's memory until request_deinit(), since
 * the message carries their addresses.
 */
#ifndef MUKSHELL_REQUEST_H
#define MUKSHELL_REQUEST_H

#include <inspect.h>
#include <protocol/protocol.h>

#define REQUEST_FIELDS  16
#define REQUEST_ENTRIES 64   /* of a record that may come many times, by default */
#define REQUEST_ROOM    4096 /* of an out buffer of bytes, by default */

/* What words may refer to. */
struct request_names {
	int (*endpoint)(void *context, const char *word, int *ret_endpoint, struct text *reason);
	void *context;
};

struct request {
	const struct request_names *names; /* set by the caller after request_init() */
	const struct protocol *protocol;
	const struct protocol_call *call;
	message m;
	int is_set[REQUEST_FIELDS];
	void *memory[REQUEST_FIELDS]; /* text, in and out buffers */
	size_t bytes[REQUEST_FIELDS];
};

/* "fs.open": finds the call. EDVSNOENT with the nearest ones in reason. */
int request_init(struct request *request, const char *name, struct text *reason);
void request_deinit(struct request *request);

/* "field=value". EDVSINVAL, EDVSRANGE, EDVSNAMETOOLONG, EDVSNOMEM; reason says what was expected. */
int request_word(struct request *request, const char *word, struct text *reason);

/* Gives out buffers their room and checks that nothing is missing. EDVSINVAL. */
int request_finish(struct request *request, struct text *reason);

/* "fs.open path=PATH [flags=RDONLY|WRONLY|...] [mode=OCTAL] -> fd: open a file ...". */
void request_signature(const struct protocol *protocol, const struct protocol_call *call,
		       struct text *out);

/* "PATH", "OCTAL", "NUMBER", "RDONLY|WRONLY": what a field takes. */
void request_expects(const struct protocol_field *field, struct text *out);
/* 1 when it has no default. */
int request_must_have(const struct protocol_field *field);

/* request_number.c: a number by its kind, endpoints aside. EDVSINVAL, EDVSRANGE. */
int request_number(const struct protocol_field *field, const char *value, int64_t *ret_number);

#endif
