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
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "nweb/web.h"

#define LOG_BUFFER_BYTES (64u << 10)

int web_log_open(struct web *web)
{
	const char *name = web->config->log_file;

	if (!name[0])
		return 0;
	web->log = fopen(name, "ae");
	if (!web->log) {
		fprintf(stderr, "nweb: %s: cannot be opened: %s\n", name, strerror(errno));
		return errno == ENOENT ? EDVSNOENT : EDVSACCES;
	}
	/* Without a buffer of this size it uses one of its own. */
	(void)setvbuf(web->log, NULL, _IOFBF, LOG_BUFFER_BYTES);
	return 0;
}

void web_log_close(struct web *web)
{
	if (web->log && fclose(web->log))
		fprintf(stderr, "nweb: %s: %s\n", web->config->log_file, strerror(errno));
	web->log = NULL;
}

/* A quote or a control character would make a line say what was not asked. */
static void clean(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == '"' || *text == 0x7f)
			*text = '?';
}

char *web_log_line(struct web *web, const char *method, const char *url, const char *version)
{
	char *line;

	if (!web->log || asprintf(&line, "%s %s %s", method, url, version) < 0)
		return NULL;
	clean(line);
	return line;
}

static const char *date(struct web *web)
{
	time_t now = time(NULL);
	struct tm tm;

	if (now != web->log_second && localtime_r(&now, &tm)) {
		strftime(web->log_date, sizeof(web->log_date), "%d/%b/%Y:%H:%M:%S %z", &tm);
		web->log_second = now;
	}
	return web->log_date;
}

static void give_up(struct web *web)
{
	fprintf(stderr, "nweb: %s: %s; requests are no longer logged\n", web->config->log_file,
		strerror(errno));
	fclose(web->log);
	web->log = NULL;
}

void web_log(struct web *web, struct MHD_Connection *connection, const struct request *request)
{
	const union MHD_ConnectionInfo *info;
	char client[INET_ADDRSTRLEN] = "-";

	if (!web->log || !request->line)
		return;
	info = web->mhd.get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	if (info && info->client_addr->sa_family == AF_INET)
		(void)inet_ntop(
			AF_INET,
			&((const struct sockaddr_in *)(const void *)info->client_addr)->sin_addr,
			client, sizeof(client));
	if (fprintf(web->log, "%s - - [%s] \"%s\" %d %llu\n", client, date(web), request->line,
		    request->status, (unsigned long long)request->sent) < 0)
		give_up(web);
}

void web_log_flush(struct web *web)
{
	if (web->log && fflush(web->log))
		give_up(web);
}
