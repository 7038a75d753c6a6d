/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * answer.c - a request from its headers to its end, as libmicrohttpd calls us.
 *
 * It calls web_answer() once with the headers, then for the body (which we throw
 * away), then again for the response: at once, and if the connection was suspended
 * then, once more when it has been resumed.
 */
#include <stdlib.h>
#include <string.h>

#include "nweb/web.h"

static struct request *create_request(struct web *web, struct MHD_Connection *connection)
{
	struct request *request = malloc(sizeof(*request));

	if (!request)
		return NULL;
	memset(request, 0, offsetof(struct request, path));
	request->web = web;
	request->job.connection = connection;
	request->since = -1;
	return request;
}

/* Reads the headers and finds out what is asked for. 0, or the status to answer. */
static int understand(struct request *request, const char *url)
{
	struct web *web = request->web;
	struct MHD_Connection *connection = request->job.connection;
	const char *since;

	since = web->mhd.lookup_connection_value(connection, MHD_HEADER_KIND,
						 MHD_HTTP_HEADER_IF_MODIFIED_SINCE);
	request->since = web_date_parse(since);
	request->tags = web->mhd.lookup_connection_value(connection, MHD_HEADER_KIND,
							 MHD_HTTP_HEADER_IF_NONE_MATCH);
	request->range_header = web->mhd.lookup_connection_value(connection, MHD_HEADER_KIND,
								 MHD_HTTP_HEADER_RANGE);
	if (web->stopping)
		return 503;
	return web_path_parse(web->config->rootdir, url, &request->path);
}

enum MHD_Result web_answer(void *argument, struct MHD_Connection *connection, const char *url,
			   const char *method, const char *version, const char *upload,
			   size_t *upload_bytes, void **ret_request)
{
	struct web *web = argument;
	struct request *request = *ret_request;

	(void)upload;
	if (!request) {
		request = create_request(web, connection);
		if (!request)
			return MHD_NO;
		*ret_request = request;
		request->method = method;
		request->url = url;
		request->version = version;
		request->is_head = !strcmp(method, MHD_HTTP_METHOD_HEAD);
		if (request->is_head || !strcmp(method, MHD_HTTP_METHOD_GET))
			return MHD_YES;
		request->status = 405;
		return web_respond(request, connection);
	}
	if (*upload_bytes) {
		*upload_bytes = 0;
		return MHD_YES;
	}
	if (request->state == REQUEST_NEW) {
		request->state = REQUEST_WORKING;
		request->status = understand(request, url);
		if (!request->status && !web_submit_open(web, request))
			return MHD_YES;
	}
	return web_respond(request, connection);
}

void web_completed(void *argument, struct MHD_Connection *connection, void **ret_request,
		   enum MHD_RequestTerminationCode code)
{
	struct request *request = *ret_request;
	struct web *web = argument;

	if (!request)
		return;
	if (code == MHD_REQUEST_TERMINATED_COMPLETED_OK)
		web_count(&web->row.bytes, request->sent);
	else
		request->sent = 0;
	web_count(&web->row.requests, 1);
	if (request->status >= 400)
		web_count(&web->row.errors, 1);
	web_log(web, connection, request);
	*ret_request = NULL;
	web_submit_drop(web, request);
}
