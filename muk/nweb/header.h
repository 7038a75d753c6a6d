/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * header.h - what stands in headers: types, dates, ranges.
 */
#ifndef MUK_NWEB_HEADER_H
#define MUK_NWEB_HEADER_H

#include <stdint.h>

#define WEB_DATE_BYTES 48

/* The Content-Type of a file by its suffix. */
const char *web_content_type(const char *path);

/* "Mon, 23 Nov 2026 16:22:55 GMT" */
void web_date_format(int64_t seconds, char ret_text[WEB_DATE_BYTES]);

/* The seconds of such a date, -1 when it is none. */
int64_t web_date_parse(const char *text);

#define WEB_TAG_BYTES 56

/* What a file's ETag is made from: it changes when the file does. */
struct web_version {
	uint64_t ino;
	uint64_t size;
	int64_t mtime;
};

/* The ETag of a version, its quotes included. */
void web_tag_format(const struct web_version *version, char ret_text[WEB_TAG_BYTES]);

/* Does an If-None-Match header (NULL: none) name this ETag? "*" names all. */
int web_tag_matches(const char *text, const char *tag);

struct web_range {
	uint64_t from;
	uint64_t bytes;
};

/*
 * Fits a Range header (NULL: none) against a file of size bytes. Returns the
 * status: 200 (all of it; several ranges and what is no range are ignored), 206,
 * 416.
 */
int web_range_parse(const char *text, uint64_t size, struct web_range *ret_range);

#endif
