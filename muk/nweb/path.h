/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * path.h - from the path of a URL to a file of FS, and back for redirections.
 *
 * Nothing that a client sends leads above the root folder: percent signs are
 * decoded first, then "." and ".." are taken out, and what is left is appended.
 */
#ifndef MUK_NWEB_PATH_H
#define MUK_NWEB_PATH_H

#include <stddef.h>

#define WEB_PATH_BYTES 1024
#define WEB_INDEX      "index.html"

struct web_path {
	char text[WEB_PATH_BYTES]; /* in FS, with room for WEB_INDEX */
	size_t root_bytes;         /* how much of it is the root folder */
	size_t bytes;
	int is_folder; /* the URL ended in a slash */
};

/*
 * Fills *ret_path for url, whose query is cut off already. 0, or the HTTP status
 * to answer: 400 (no path, a bad escape, a NUL), 403 (above the root), 414.
 */
int web_path_parse(const char *root, const char *url, struct web_path *ret_path);

/* Makes it name the index of its folder. */
void web_path_index(struct web_path *path);

/* The URL of the path, with escapes and a slash at its end. Its length, or 0: no room. */
size_t web_path_location(const struct web_path *path, char *ret_url, size_t bytes);

#endif
