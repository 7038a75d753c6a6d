/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * header.c - types, dates, ranges; see header.h.
 */
#include "nweb/header.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

const char *web_content_type(const char *path)
{
	static const struct {
		const char *suffix;
		const char *type;
	} types[] = {
		{ "html", "text/html" },
		{ "htm", "text/html" },
		{ "css", "text/css" },
		{ "js", "application/javascript" },
		{ "mjs", "application/javascript" },
		{ "json", "application/json" },
		{ "xml", "text/xml" },
		{ "txt", "text/plain" },
		{ "md", "text/plain" },
		{ "csv", "text/csv" },
		{ "svg", "image/svg+xml" },
		{ "png", "image/png" },
		{ "jpg", "image/jpeg" },
		{ "jpeg", "image/jpeg" },
		{ "gif", "image/gif" },
		{ "webp", "image/webp" },
		{ "ico", "image/x-icon" },
		{ "woff", "font/woff" },
		{ "woff2", "font/woff2" },
		{ "ttf", "font/ttf" },
		{ "pdf", "application/pdf" },
		{ "wasm", "application/wasm" },
		{ "zip", "application/zip" },
		{ "gz", "application/gzip" },
		{ "mp3", "audio/mpeg" },
		{ "mp4", "video/mp4" },
		{ "webm", "video/webm" },
	};
	const char *dot = strrchr(path, '.');

	if (dot && !strchr(dot, '/'))
		for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
			if (!strcasecmp(dot + 1, types[i].suffix))
				return types[i].type;
	return "application/octet-stream";
}

void web_date_format(int64_t seconds, char ret_text[WEB_DATE_BYTES])
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t time = (time_t)seconds;
	struct tm tm;

	if (!gmtime_r(&time, &tm) || tm.tm_year > 9999 - 1900) {
		time = 0;
		(void)gmtime_r(&time, &tm);
	}
	snprintf(ret_text, WEB_DATE_BYTES, "%.3s, %02d %.3s %d %02d:%02d:%02d GMT",
		 days + 3 * tm.tm_wday, tm.tm_mday % 100, months + 3 * tm.tm_mon, tm.tm_year + 1900,
		 tm.tm_hour % 100, tm.tm_min % 100, tm.tm_sec % 100);
}

int64_t web_date_parse(const char *text)
{
	struct tm tm = { 0 };
	const char *end;

	if (!text)
		return -1;
	end = strptime(text, "%a, %d %b %Y %H:%M:%S GMT", &tm);
	return end && !*end ? (int64_t)timegm(&tm) : -1;
}

/* Reads digits; returns 0 when there are none or they are too many. */
static int read_number(const char **text, uint64_t *ret_number)
{
	char *end;

	if (**text < '0' || **text > '9')
		return 0;
	errno = 0;
	*ret_number = strtoull(*text, &end, 10);
	*text = end;
	return !errno;
}

void web_tag_format(const struct web_version *version, char ret_text[WEB_TAG_BYTES])
{
	snprintf(ret_text, WEB_TAG_BYTES, "\"%llx-%llx-%llx\"", (unsigned long long)version->ino,
		 (unsigned long long)version->size, (unsigned long long)version->mtime);
}

/* A weak one (W/) is as good here: it is the same version of the file. */
int web_tag_matches(const char *text, const char *tag)
{
	size_t bytes = strlen(tag);

	while (text && *text) {
		text += strspn(text, " \t,");
		if (*text == '*')
			return 1;
		if (strncmp(text, "W/", 2) == 0)
			text += 2;
		if (strncmp(text, tag, bytes) == 0)
			return 1;
		text = strchr(text, ',');
	}
	return 0;
}

int web_range_parse(const char *text, uint64_t size, struct web_range *ret_range)
{
	uint64_t first = 0, last = UINT64_MAX;
	int has_first;

	*ret_range = (struct web_range){ 0, size };
	if (!text || strncmp(text, "bytes=", 6))
		return 200;
	text += 6;
	has_first = read_number(&text, &first);
	if (*text++ != '-')
		return 200;
	if (!read_number(&text, &last) && !has_first)
		return 200;
	if (*text || (has_first && last < first))
		return 200;
	if (!has_first) {
		/* The last bytes of the file. */
		first = last < size ? size - last : 0;
		if (!last)
			return 416;
		last = UINT64_MAX;
	}
	if (first >= size)
		return 416;
	if (last >= size)
		last = size - 1;
	*ret_range = (struct web_range){ first, last - first + 1 };
	return 206;
}
