/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * http.h - a client of bare sockets: it sends what it is told and reads responses.
 */
#ifndef TESTS_NWEB_HTTP_H
#define TESTS_NWEB_HTTP_H

#include <stddef.h>

#define HTTP_HEAD_BYTES 4096

struct http_response {
	int status;                 /* 0: the connection ended before there was one */
	char head[HTTP_HEAD_BYTES]; /* status line and headers */
	char *body;                 /* to be freed */
	size_t body_bytes;
	long length; /* Content-Length, -1: none */
};

/* A connection to 127.0.0.1:port. */
int http_connect(int port);
/* Sends text as it is. */
void http_send(int fd, const char *text);
/* Reads one response; is_head: it has no body. Its connection stays open if the server lets it. */
void http_receive(int fd, int is_head, struct http_response *ret_response);
/* "GET path" on a connection of its own. */
void http_get(int port, const char *path, struct http_response *ret_response);
/* The value of a header, good until the next call; NULL when it is not there. */
const char *http_header(const struct http_response *response, const char *name);
/* 1 when the other side has closed within a second. */
int http_is_closed(int fd);

#endif
