/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * log.c - a line for each request, in the format that web servers share.
 *
 * Lines gather in a buffer and go out when the web task is about to sleep: with few
 * requests at once, with many in large writes. A log that cannot be written is said
 * once and given up; requests are served all the same.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "nweb/web.h"

/* The longest line: what is asked fits into a connection's memory. */
#define LOG_LINE_BYTES (WEB_MEMORY_BYTES + 256)

int web_log_open(struct web *web)
{
	const char *name = web->config->log_file;

	web->log_fd = -1;
	if (!name[0])
		return 0;
	web->log = malloc(WEB_LOG_BYTES);
	if (!web->log)
		return EDVSNOMEM;
	web->log_fd = open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
	if (web->log_fd < 0) {
		fprintf(stderr, "nweb: %s: cannot be opened: %s\n", name, strerror(errno));
		return errno == ENOENT ? EDVSNOENT : EDVSACCES;
	}
	return 0;
}

void web_log_flush(struct web *web)
{
	size_t done = 0;

	while (web->log_fd >= 0 && done < web->log_used) {
		ssize_t now = write(web->log_fd, web->log + done, web->log_used - done);

		if (now < 0 && errno == EINTR)
			continue;
		if (now < 0) {
			fprintf(stderr, "nweb: %s: %s; requests are no longer logged\n",
				web->config->log_file, strerror(errno));
			close(web->log_fd);
			web->log_fd = -1;
			break;
		}
		done += (size_t)now;
	}
	web->log_used = 0;
}

void web_log_close(struct web *web)
{
	web_log_flush(web);
	if (web->log_fd >= 0)
		close(web->log_fd);
	web->log_fd = -1;
	free(web->log);
}

/* A quote or a control character would make a line say what was not asked. */
static void add(struct web *web, const char *text)
{
	char *to = web->log + web->log_used;
	const char *end = web->log + WEB_LOG_BYTES;

	for (; *text && to < end; text++)
		*to++ = (unsigned char)*text < ' ' || *text == '"' || *text == 0x7f ? '?' : *text;
	web->log_used = (size_t)(to - web->log);
}

static void add_char(struct web *web, char c)
{
	if (web->log_used < WEB_LOG_BYTES)
		web->log[web->log_used++] = c;
}

static void add_number(struct web *web, uint64_t number)
{
	char digits[21];
	char *at = digits + sizeof(digits);

	*--at = '\0';
	do
		*--at = (char)('0' + number % 10);
	while (number /= 10);
	add(web, at);
}

static const char *date(struct web *web)
{
	time_t now = time(NULL);
	struct tm tm;

	if (now != web->log_second && localtime_r(&now, &tm)) {
		strftime(web->log_date, sizeof(web->log_date), " - - [%d/%b/%Y:%H:%M:%S %z] ", &tm);
		web->log_second = now;
	}
	return web->log_date;
}

static void add_client(struct web *web, struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info;
	char client[INET_ADDRSTRLEN] = "-";

	info = web->mhd.get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	if (info && info->client_addr->sa_family == AF_INET)
		(void)inet_ntop(
			AF_INET,
			&((const struct sockaddr_in *)(const void *)info->client_addr)->sin_addr,
			client, sizeof(client));
	add(web, client);
}

void web_log(struct web *web, struct MHD_Connection *connection, const struct request *request)
{
	if (web->log_fd < 0)
		return;
	if (WEB_LOG_BYTES - web->log_used < LOG_LINE_BYTES)
		web_log_flush(web);
	add_client(web, connection);
	add(web, date(web));
	add_char(web, '"');
	add(web, request->method);
	add_char(web, ' ');
	add(web, request->url);
	add_char(web, ' ');
	add(web, request->version);
	add_char(web, '"');
	add_char(web, ' ');
	add_number(web, (uint64_t)request->status);
	add_char(web, ' ');
	add_number(web, request->sent);
	add_char(web, '\n');
}
