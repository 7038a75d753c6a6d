/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * respond.c - responses: headers, small bodies whole, large ones piece by piece.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nweb/web.h"

#define URL_BYTES (3 * WEB_PATH_BYTES)

/* The next bytes of a large body; 0: the connection is suspended until they are there. */
static ssize_t read_body(void *argument, uint64_t position, char *ret_data, size_t max)
{
	struct body *body = argument;
	struct worker *owner = body->file->owner;
	uint64_t at = body->from + position;

	if (owner == &owner->web->self) {
		int64_t got = web_file_copy(owner->web, body->file, at, ret_data, max);

		/* The file was cut short: what was announced cannot be kept. */
		return got > 0 ? (ssize_t)got : MHD_CONTENT_READER_END_WITH_ERROR;
	}
	if (body->error)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	if (body->bytes && at >= body->at && at - body->at < body->bytes) {
		uint64_t bytes = body->bytes - (at - body->at);

		if (bytes > max)
			bytes = max;
		memcpy(ret_data, body->piece + (at - body->at), bytes);
		return (ssize_t)bytes;
	}
	body->at = at;
	body->bytes = 0;
	web_submit_read(owner->web, body);
	return 0;
}

static void free_body(void *argument)
{
	web_submit_close(argument);
}

/* Takes the request's reference on the file, also when it fails. */
static struct MHD_Response *create_large(struct request *request)
{
	struct web *web = request->web;
	struct body *body = calloc(1, sizeof(*body));
	struct MHD_Response *response;

	if (!body)
		return NULL;
	body->file = request->file;
	body->connection = request->job.connection;
	body->from = request->range.from;
	if (body->file->owner != &web->self) {
		body->piece = malloc(WEB_PIECE_BYTES);
		if (!body->piece)
			goto no_piece;
	}
	response = web->mhd.create_response_from_callback(request->range.bytes, WEB_PIECE_BYTES,
							  read_body, body, free_body);
	if (!response)
		goto no_response;
	request->file = NULL;
	return response;
no_response:
	free(body->piece);
no_piece:
	free(body);
	return NULL;
}

static ssize_t read_nothing(void *argument, uint64_t position, char *ret_data, size_t max)
{
	(void)argument;
	(void)position;
	(void)ret_data;
	(void)max;
	return MHD_CONTENT_READER_END_WITH_ERROR;
}

static struct MHD_Response *create_content(struct request *request)
{
	struct web *web = request->web;
	struct MHD_Response *response;

	/* HEAD: the size is told, no byte is ever asked for. */
	if (request->is_head)
		return web->mhd.create_response_from_callback(request->range.bytes, 1, read_nothing,
							      NULL, NULL);
	if (request->file)
		return create_large(request);
	response = web->mhd.create_response_from_buffer(request->range.bytes, request->small,
							MHD_RESPMEM_MUST_FREE);
	if (response)
		request->small = NULL;
	return response;
}

static void add_header(const struct web *web, struct MHD_Response *response, const char *name,
		       const char *value)
{
	/* Without memory a header is missing; the body is right all the same. */
	(void)web->mhd.add_response_header(response, name, value);
}

static void add_content_headers(struct request *request, struct MHD_Response *response)
{
	struct web *web = request->web;
	const struct web_version version = { request->stat.ino, request->stat.size,
					     request->stat.mtime };
	char text[80], tag[WEB_TAG_BYTES];

	web_tag_format(&version, tag);
	add_header(web, response, MHD_HTTP_HEADER_ETAG, tag);
	if (!web->date[0] || web->date_of != request->stat.mtime) {
		web->date_of = request->stat.mtime;
		web_date_format(web->date_of, web->date);
	}
	add_header(web, response, MHD_HTTP_HEADER_LAST_MODIFIED, web->date);
	if (request->status != 304)
		add_header(web, response, MHD_HTTP_HEADER_CONTENT_TYPE,
			   web_content_type(request->path.text));
	add_header(web, response, MHD_HTTP_HEADER_ACCEPT_RANGES, "bytes");
	if (request->status == 206) {
		snprintf(text, sizeof(text), "bytes %llu-%llu/%llu",
			 (unsigned long long)request->range.from,
			 (unsigned long long)(request->range.from + request->range.bytes - 1),
			 (unsigned long long)request->stat.size);
		add_header(web, response, MHD_HTTP_HEADER_CONTENT_RANGE, text);
	}
}

static const char *reason_of(int status)
{
	switch (status) {
	case 301:
		return "Moved Permanently";
	case 400:
		return "Bad Request";
	case 403:
		return "Forbidden";
	case 404:
		return "Not Found";
	case 405:
		return "Method Not Allowed";
	case 414:
		return "URI Too Long";
	case 416:
		return "Range Not Satisfiable";
	case 503:
		return "Service Unavailable";
	default:
		return "Internal Server Error";
	}
}

/* A short page that says what the status means. */
static struct MHD_Response *create_page(struct request *request)
{
	const char *reason = reason_of(request->status);
	struct MHD_Response *response;
	int bytes;
	char *page;

	bytes = asprintf(&page,
			 "<!DOCTYPE html>\n<html><head><title>%d %s</title></head>\n"
			 "<body><h1>%d %s</h1></body></html>\n",
			 request->status, reason, request->status, reason);
	if (bytes < 0)
		return NULL;
	response = request->web->mhd.create_response_from_buffer((size_t)bytes, page,
								 MHD_RESPMEM_MUST_FREE);
	if (!response) {
		free(page);
		return NULL;
	}
	request->range.bytes = (uint64_t)bytes;
	add_header(request->web, response, MHD_HTTP_HEADER_CONTENT_TYPE, "text/html");
	return response;
}

static void add_status_headers(struct request *request, struct MHD_Response *response)
{
	struct web *web = request->web;
	char text[URL_BYTES];

	if (request->status == 301 && web_path_location(&request->path, text, sizeof(text)))
		add_header(web, response, MHD_HTTP_HEADER_LOCATION, text);
	if (request->status == 405)
		add_header(web, response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
	if (request->status == 503)
		add_header(web, response, "Retry-After", "1");
	if (request->status == 416) {
		snprintf(text, sizeof(text), "bytes */%llu",
			 (unsigned long long)request->stat.size);
		add_header(web, response, MHD_HTTP_HEADER_CONTENT_RANGE, text);
	}
}

static struct MHD_Response *create_response(struct request *request)
{
	struct MHD_Response *response;

	if (request->status == 200 || request->status == 206) {
		response = create_content(request);
	} else if (request->status == 304) {
		request->range.bytes = 0;
		response = request->web->mhd.create_response_from_buffer(0, NULL,
									 MHD_RESPMEM_PERSISTENT);
	} else {
		response = create_page(request);
		if (response)
			add_status_headers(request, response);
		return response;
	}
	if (response)
		add_content_headers(request, response);
	return response;
}

enum MHD_Result web_respond(struct request *request, struct MHD_Connection *connection)
{
	struct web *web = request->web;
	struct MHD_Response *response = create_response(request);
	enum MHD_Result result;

	if (!response)
		return MHD_NO;
	result = web->mhd.queue_response(connection, (unsigned int)request->status, response);
	web->mhd.destroy_response(response);
	request->sent = request->is_head ? 0 : request->range.bytes;
	return result;
}
