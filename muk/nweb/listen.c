/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * listen.c - the socket that NWEB listens on.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "nweb/web.h"

static int failed(const struct web *web, const char *what)
{
	int error = errno == EADDRINUSE ? EDVSBUSY : errno == EACCES ? EDVSACCES : EDVSIO;

	fprintf(stderr, "nweb: cannot %s %s: %s\n", what, web->listens, strerror(errno));
	return error;
}

static int open_socket(struct web *web, const struct sockaddr_in *address)
{
	int one = 1;

	web->listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (web->listen_fd < 0)
		return failed(web, "open a socket for");
	if (setsockopt(web->listen_fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) < 0 ||
	    bind(web->listen_fd, (const struct sockaddr *)address, sizeof(*address)) < 0 ||
	    listen(web->listen_fd, SOMAXCONN) < 0) {
		int error = failed(web, "listen on");

		close(web->listen_fd);
		return error;
	}
	return 0;
}

static void describe(struct web *web, const struct sockaddr_in *address)
{
	char text[INET_ADDRSTRLEN] = "";

	(void)inet_ntop(AF_INET, &address->sin_addr, text, sizeof(text));
	web->row.port = ntohs(address->sin_port);
	snprintf(web->listens, sizeof(web->listens), "tcp %s:%d", text, web->row.port);
}

int web_listen(struct web *web)
{
	const char *name = web->config->address[0] ? web->config->address : NWEB_ADDRESS_DEFAULT;
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t bytes = sizeof(address);
	int error;

	if (web->config->port < 0 || web->config->port > 65535 ||
	    inet_pton(AF_INET, name, &address.sin_addr) != 1) {
		fprintf(stderr, "nweb: \"%s\" port %d: not an IPv4 address and a port\n", name,
			web->config->port);
		return EDVSINVAL;
	}
	address.sin_port = htons((uint16_t)web->config->port);
	describe(web, &address);
	error = open_socket(web, &address);
	if (error)
		return error;
	if (getsockname(web->listen_fd, (struct sockaddr *)&address, &bytes) < 0) {
		close(web->listen_fd);
		return failed(web, "see");
	}
	describe(web, &address);
	return 0;
}
