/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * target_text.c - what a browser sends to NWEB, and what a client sends to the
 * check of its requests: URLs, ranges, dates, payloads by the protocol tables.
 */
#include <string.h>

#include <dvk/errors.h>

#include "input.h"
#include "nweb/header.h"
#include "nweb/path.h"
#include "protocol.h"

/* Nothing that comes out leads above the root. */
static void url(const char *text)
{
	char location[3 * WEB_PATH_BYTES + 2];
	struct web_path path, again;
	int status = web_path_parse("/www", text, &path);
	size_t bytes;

	MUST(status == 0 || status == 400 || status == 403 || status == 414);
	if (status)
		return;
	MUST(path.bytes == strlen(path.text) && strncmp(path.text, "/www/", 5) == 0);
	MUST(!strstr(path.text, "/../") && !strstr(path.text, "//"));
	MUST(strcmp(path.text + path.bytes - 3, "/..") != 0);
	bytes = web_path_location(&path, location, sizeof(location));
	if (bytes) {
		MUST(bytes == strlen(location) && location[0] == '/' && location[1] != '/');
		MUST(web_path_parse("/www", location, &again) == 0 && again.is_folder);
	}
	web_content_type(path.text);
	web_path_index(&path);
	MUST(strlen(path.text) < WEB_PATH_BYTES);
}

static void headers(const char *text, uint64_t size)
{
	struct web_range range;
	char date[WEB_DATE_BYTES];
	int status = web_range_parse(text, size, &range);
	int64_t seconds = web_date_parse(text);

	MUST(status == 200 || status == 206 || status == 416);
	if (status != 416)
		MUST(range.from <= size && range.bytes <= size - range.from);
	if (status == 206)
		MUST(range.bytes > 0);
	if (seconds >= 0) {
		web_date_format(seconds, date);
		MUST(web_date_parse(date) == seconds);
	}
	web_date_format((int64_t)size, date);
}

static void request(struct input *in)
{
	const struct protocol *p = protocols[take_below(in, (uint32_t)protocol_count)];
	const struct protocol_call *call = &p->calls[take_below(in, (uint32_t)p->count)];
	message m;

	take_bytes(in, &m, sizeof(m));
	MUST(protocol_check_request(call, m.payload) <= 0);
	MUST(protocol_call_by_number(p, call->number) == call);
	protocol_call_by_number(p, m.m_type);
	for (int i = 0; i < call->request_count; i++) {
		const struct protocol_field *field = &call->request[i];
		int64_t number = protocol_get_number(field, m.payload);

		if (protocol_is_number(field))
			protocol_set_number(field, m.payload, number);
		MUST(protocol_get_number(field, m.payload) == number);
	}
}

static void names(const char *text)
{
	int matches;

	protocol_find(text);
	protocol_record_find(text);
	for (int i = 0; i < protocol_count; i++)
		if (!protocol_call_find(protocols[i], text, &matches))
			MUST(matches != 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	uint8_t how = (uint8_t)take(&in, 1);
	uint64_t number;
	char *text;

	if (how % 4 == 3) {
		request(&in);
		return 0;
	}
	number = how % 4 == 1 ? take_number(&in) : 0;
	text = take_text(&in);
	if (how % 4 == 0)
		url(text);
	else if (how % 4 == 1)
		headers(text, number);
	else
		names(text);
	free(text);
	return 0;
}
