/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * http.c - see http.h.
 */
#include "http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cmocka.h>

int http_connect(int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)port),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct timeval patience = { .tv_sec = 20 };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

void http_send(int fd, const char *text)
{
	size_t bytes = strlen(text), done = 0;

	while (done < bytes) {
		ssize_t now = send(fd, text + done, bytes - done, MSG_NOSIGNAL);

		/* The server may close before it has read everything. */
		if (now <= 0)
			return;
		done += (size_t)now;
	}
}

/* Reads byte by byte, so that nothing of the next response is taken. */
static size_t read_head(int fd, char *ret_head)
{
	size_t bytes = 0;

	while (bytes < HTTP_HEAD_BYTES - 1 && recv(fd, ret_head + bytes, 1, 0) == 1) {
		ret_head[++bytes] = '\0';
		if (bytes >= 4 && !memcmp(ret_head + bytes - 4, "\r\n\r\n", 4))
			return bytes;
	}
	return 0;
}

const char *http_header(const struct http_response *response, const char *name)
{
	static char value[1024];
	const char *line = strstr(response->head, "\r\n");
	size_t bytes = strlen(name);

	for (; line; line = strstr(line + 2, "\r\n")) {
		if (strncasecmp(line + 2, name, bytes) || line[2 + bytes] != ':')
			continue;
		if (sscanf(line + 3 + bytes, " %1023[^\r]", value) != 1)
			value[0] = '\0';
		return value;
	}
	return NULL;
}

void http_receive(int fd, int is_head, struct http_response *ret_response)
{
	struct http_response *response = ret_response;
	const char *length;

	memset(response, 0, sizeof(*response));
	response->length = -1;
	if (!read_head(fd, response->head) ||
	    sscanf(response->head, "HTTP/1.%*d %d ", &response->status) != 1) {
		response->status = 0;
		return;
	}
	length = http_header(response, "Content-Length");
	if (length)
		response->length = atol(length);
	if (is_head || response->length <= 0)
		return;
	response->body = malloc((size_t)response->length);
	assert_non_null(response->body);
	while (response->body_bytes < (size_t)response->length) {
		ssize_t now = recv(fd, response->body + response->body_bytes,
				   (size_t)response->length - response->body_bytes, 0);

		if (now <= 0)
			break;
		response->body_bytes += (size_t)now;
	}
}

void http_get(int port, const char *path, struct http_response *ret_response)
{
	int fd = http_connect(port);
	char text[2048];

	snprintf(text, sizeof(text), "GET %s HTTP/1.1\r\nHost: test\r\n\r\n", path);
	http_send(fd, text);
	http_receive(fd, 0, ret_response);
	close(fd);
}

int http_is_closed(int fd)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	char byte;

	return poll(&wait, 1, 1000) == 1 && recv(fd, &byte, 1, MSG_DONTWAIT) <= 0;
}
