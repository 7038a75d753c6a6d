/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * path.c - URL paths; see path.h.
 *
 * web_path.text is always the root folder, a slash, and segments with one slash
 * between them.
 */
#include "nweb/path.h"

#include <string.h>

#define WEB_PATH_ROOM (WEB_PATH_BYTES - sizeof(WEB_INDEX) - 1)

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The next byte of *url, decoded; 0 at its end, -1 when it cannot be decoded. */
static int next_byte(const char **url)
{
	const char *at = *url;
	int high, low;

	if (*at != '%') {
		*url += *at != '\0';
		return (unsigned char)*at;
	}
	high = hex_digit(at[1]);
	low = high < 0 ? -1 : hex_digit(at[2]);
	if (low < 0 || !(high << 4 | low))
		return -1;
	*url += 3;
	return high << 4 | low;
}

/* The segment that ends here begins at start: takes out "." and "..". 0 or a status. */
static int end_segment(struct web_path *path, size_t start)
{
	const char *segment = path->text + start;
	size_t bytes = path->bytes - start;

	if (bytes == 1 && segment[0] == '.') {
		path->bytes = start;
	} else if (bytes == 2 && segment[0] == '.' && segment[1] == '.') {
		/* start is behind a slash; the root's own slash is at root_bytes. */
		if (start == path->root_bytes + 1)
			return 403;
		path->bytes = start - 1;
		while (path->text[path->bytes - 1] != '/')
			path->bytes--;
	}
	return 0;
}

/* Appends the decoded segments of url; the path ends in a slash if the URL did. */
static int append(struct web_path *path, const char *url)
{
	size_t start = path->bytes;
	int byte, status;

	do {
		byte = next_byte(&url);
		if (byte < 0)
			return 400;
		if (byte && byte != '/') {
			if (path->bytes >= WEB_PATH_ROOM)
				return 414;
			path->text[path->bytes++] = (char)byte;
			continue;
		}
		status = end_segment(path, start);
		if (status)
			return status;
		if (byte && path->text[path->bytes - 1] != '/')
			path->text[path->bytes++] = '/';
		start = path->bytes;
	} while (byte);
	return 0;
}

int web_path_parse(const char *root, const char *url, struct web_path *ret_path)
{
	int status;

	ret_path->root_bytes = strlen(root);
	while (ret_path->root_bytes && root[ret_path->root_bytes - 1] == '/')
		ret_path->root_bytes--;
	if (url[0] != '/')
		return 400;
	if (ret_path->root_bytes >= WEB_PATH_ROOM)
		return 414;
	memcpy(ret_path->text, root, ret_path->root_bytes);
	ret_path->bytes = ret_path->root_bytes;
	ret_path->text[ret_path->bytes++] = '/';
	status = append(ret_path, url + 1);
	ret_path->text[ret_path->bytes] = '\0';
	ret_path->is_folder = ret_path->text[ret_path->bytes - 1] == '/';
	return status;
}

void web_path_index(struct web_path *path)
{
	memcpy(path->text + path->bytes, WEB_INDEX, sizeof(WEB_INDEX));
	path->bytes += sizeof(WEB_INDEX) - 1;
}

static int is_plain(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("-_.~!$&'()*+,;=:@/", c));
}

size_t web_path_location(const struct web_path *path, char *ret_url, size_t bytes)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t used = 0;

	for (size_t i = path->root_bytes; i < path->bytes; i++) {
		unsigned char c = (unsigned char)path->text[i];

		if (used + 5 > bytes)
			return 0;
		if (is_plain(c)) {
			ret_url[used++] = (char)c;
			continue;
		}
		ret_url[used++] = '%';
		ret_url[used++] = digits[c >> 4];
		ret_url[used++] = digits[c & 15];
	}
	if (used + 2 > bytes)
		return 0;
	if (!used || ret_url[used - 1] != '/')
		ret_url[used++] = '/';
	ret_url[used] = '\0';
	return used;
}
