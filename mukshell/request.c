/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * request.c - words field=value fill a request, each by its field's kind.
 *
 * Nothing is sent here, and nothing here knows a single call: fields, sets and
 * sizes come from the tables. What is wrong is told with the whole signature.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "request.h"

/* ---- what a call looks like --------------------------------------------- */

void request_expects(const struct protocol_field *field, struct text *out)
{
	switch (field->kind) {
	case PROTOCOL_PATH:
	case PROTOCOL_NAME:
		text_add(out, "PATH");
		return;
	case PROTOCOL_IN:
		text_add(out, "TEXT|@HOSTFILE");
		return;
	case PROTOCOL_OUT:
		text_add(out, "BYTES");
		return;
	case PROTOCOL_TEXT:
		text_add(out, "TEXT");
		return;
	case PROTOCOL_MODE:
		text_add(out, "OCTAL");
		return;
	case PROTOCOL_ENDPOINT:
		text_add(out, "ENDPOINT");
		return;
	case PROTOCOL_BOOL:
		text_add(out, "yes|no");
		return;
	case PROTOCOL_FLAGS:
	case PROTOCOL_ENUM:
		for (int i = 0; i < field->set->count; i++)
			text_add(out, "%s%s", i ? "|" : "", field->set->values[i].name);
		return;
	case PROTOCOL_DEV:
		text_add(out, "MAJOR,MINOR");
		return;
	case PROTOCOL_TIME:
		text_add(out, "SECONDS|now");
		return;
	case PROTOCOL_MS:
		text_add(out, "MS");
		return;
	default:
		text_add(out, "NUMBER");
	}
}

int request_must_have(const struct protocol_field *field)
{
	switch (field->kind) {
	case PROTOCOL_PATH:
	case PROTOCOL_NAME:
	case PROTOCOL_IN:
	case PROTOCOL_TEXT:
	case PROTOCOL_ENDPOINT:
	case PROTOCOL_FD:
	case PROTOCOL_ENUM:
		return 1;
	default:
		return 0;
	}
}

void request_signature(const struct protocol *protocol, const struct protocol_call *call,
		       struct text *out)
{
	text_add(out, "%s.%s", protocol->name, call->name);
	for (int i = 0; i < call->request_count; i++) {
		const struct protocol_field *field = &call->request[i];
		int optional = !request_must_have(field);

		text_add(out, " %s%s=", optional ? "[" : "", field->name);
		request_expects(field, out);
		text_add(out, "%s", optional ? "]" : "");
	}
	for (int i = 0; i < call->reply_count; i++)
		text_add(out, "%s%s", i ? " " : " -> ", call->reply[i].name);
	text_add(out, ": %s", call->summary);
}

/* Adds the signature to a reason. */
static int explain(const struct request *request, int code, struct text *reason)
{
	text_add(reason, "; ");
	request_signature(request->protocol, request->call, reason);
	return code;
}

/* ---- which call ------------------------------------------------------------ */

static void list_protocols(struct text *out)
{
	for (int i = 0; i < protocol_count; i++)
		text_add(out, " %s", protocols[i]->name);
}

static void list_calls(const struct protocol *protocol, const char *beginning, struct text *out)
{
	for (int i = 0; i < protocol->count; i++)
		if (!strncmp(protocol->calls[i].name, beginning, strlen(beginning)))
			text_add(out, " %s", protocol->calls[i].name);
}

static int find_call(const struct protocol *protocol, const char *name, struct text *reason,
		     const struct protocol_call **ret_call)
{
	const struct protocol *common = protocol_find("server");
	int matches;

	*ret_call = protocol_call_find(protocol, name, &matches);
	if (!*ret_call && matches == 0 && common)
		*ret_call = protocol_call_find(common, name, NULL);
	if (*ret_call)
		return 0;
	text_add(reason,
		 matches ? "'%s' fits several calls of %s:" : "there is no call '%s' of %s:", name,
		 protocol->name);
	list_calls(protocol, matches ? name : "", reason);
	return EDVSNOENT;
}

int request_init(struct request *request, const char *name, struct text *reason)
{
	const char *dot = strchr(name, '.');
	char server[DVK_NAME_BYTES] = "";

	memset(request, 0, sizeof(*request));
	if (dot && (size_t)(dot - name) < sizeof(server))
		memcpy(server, name, (size_t)(dot - name));
	request->protocol = protocol_find(server);
	if (!dot || !request->protocol) {
		text_add(reason, "'%s' is no SERVER.CALL; servers:", name);
		list_protocols(reason);
		return EDVSNOENT;
	}
	if (find_call(request->protocol, dot + 1, reason, &request->call))
		return EDVSNOENT;
	request->m.m_type = request->call->number;
	return 0;
}

void request_deinit(struct request *request)
{
	for (int i = 0; i < REQUEST_FIELDS; i++)
		free(request->memory[i]);
	memset(request, 0, sizeof(*request));
}

/* ---- values ------------------------------------------------------------------ */

static int set_path(struct request *request, int i, const char *value, struct text *reason)
{
	const struct protocol_field *field = &request->call->request[i];
	void *at = request->m.payload + field->offset;

	if (strlen(value) > PROTOCOL_PATH_MAX) {
		text_add(reason, "%s: a path has at most %d bytes, this one has %zu", field->name,
			 PROTOCOL_PATH_MAX, strlen(value));
		return EDVSNAMETOOLONG;
	}
	request->memory[i] = strdup(value);
	if (!request->memory[i])
		return EDVSNOMEM;
	if (field->kind == PROTOCOL_PATH)
		protocol_put_path(at, request->memory[i]);
	else
		protocol_put_name(at, request->memory[i]);
	return 0;
}

static void set_buffer(struct request *request, int i)
{
	struct protocol_buffer *buffer;

	buffer = (void *)(request->m.payload + request->call->request[i].offset);
	buffer->address = (uint64_t)(uintptr_t)request->memory[i];
	buffer->bytes = (uint32_t)request->bytes[i];
}

/* Reads up to the largest buffer; one byte more than that is an error. */
static int read_host_file(struct request *request, int i, const char *path, struct text *reason)
{
	FILE *file = fopen(path, "re");
	char *memory = malloc(PROTOCOL_BUFFER_MAX + 1);
	size_t bytes = 0;
	int result = 0;

	if (file && memory)
		bytes = fread(memory, 1, PROTOCOL_BUFFER_MAX + 1, file);
	if (!file || !memory || ferror(file)) {
		text_add(reason, "%s: %s", path, strerror(errno));
		result = EDVSINVAL;
	} else if (bytes > PROTOCOL_BUFFER_MAX) {
		text_add(reason, "%s is larger than a buffer may be (%u bytes)", path,
			 PROTOCOL_BUFFER_MAX);
		result = EDVSRANGE;
	}
	if (file)
		fclose(file);
	if (result) {
		free(memory);
		return result;
	}
	request->memory[i] = memory;
	request->bytes[i] = bytes;
	return 0;
}

static int set_in(struct request *request, int i, const char *value, struct text *reason)
{
	int result = 0;

	if (*value == '@') {
		result = read_host_file(request, i, value + 1, reason);
	} else {
		request->memory[i] = strdup(value);
		request->bytes[i] = strlen(value);
		if (!request->memory[i])
			result = EDVSNOMEM;
	}
	if (!result)
		set_buffer(request, i);
	return result;
}

static int set_out(struct request *request, int i, int64_t bytes, struct text *reason)
{
	if (bytes < 0 || bytes > PROTOCOL_BUFFER_MAX) {
		text_add(reason, "%s: a buffer has from 0 to %u bytes",
			 request->call->request[i].name, PROTOCOL_BUFFER_MAX);
		return EDVSRANGE;
	}
	request->memory[i] = calloc(1, (size_t)bytes + 1);
	request->bytes[i] = (size_t)bytes;
	if (!request->memory[i])
		return EDVSNOMEM;
	set_buffer(request, i);
	return 0;
}

static int set_text(struct request *request, int i, const char *value, struct text *reason)
{
	const struct protocol_field *field = &request->call->request[i];

	if (strlen(value) >= field->bytes) {
		text_add(reason, "%s takes at most %d characters", field->name, field->bytes - 1);
		return EDVSRANGE;
	}
	strcpy((char *)request->m.payload + field->offset, value);
	return 0;
}

static int bad_value(const struct request *request, int i, const char *value, struct text *reason)
{
	const struct protocol_field *field = &request->call->request[i];

	text_add(reason, "%s: '%s' is wrong, it takes %s", field->name, value,
		 protocol_kind_summaries[field->kind]);
	return EDVSINVAL;
}

static int set_number(struct request *request, int i, const char *value, struct text *reason)
{
	const struct protocol_field *field = &request->call->request[i];
	int64_t number;
	int result = request_number(field, value, &number);

	if (result == EDVSRANGE && field->kind == PROTOCOL_OUT)
		return set_out(request, i, -1, reason);
	if (result == EDVSRANGE) {
		text_add(reason, "%s: %s does not fit in %d bytes", field->name, value,
			 field->bytes);
		return result;
	}
	if (result)
		return bad_value(request, i, value, reason);
	if (field->kind == PROTOCOL_OUT)
		return set_out(request, i, number, reason);
	protocol_set_number(field, request->m.payload, number);
	return 0;
}

static int set_field(struct request *request, int i, const char *value, struct text *reason)
{
	const struct request_names *names = request->names;
	const struct protocol_field *field = &request->call->request[i];
	int endpoint;
	int result;

	switch (field->kind) {
	case PROTOCOL_PATH:
	case PROTOCOL_NAME:
		return set_path(request, i, value, reason);
	case PROTOCOL_IN:
		return set_in(request, i, value, reason);
	case PROTOCOL_TEXT:
		return set_text(request, i, value, reason);
	case PROTOCOL_ENDPOINT:
		result = names->endpoint(names->context, value, &endpoint, reason);
		if (!result)
			protocol_set_number(field, request->m.payload, endpoint);
		return result;
	default:
		return set_number(request, i, value, reason);
	}
}

/* The field of that name, or the only one whose name begins with it; -1. */
static int find_field(const struct protocol_call *call, const char *word, size_t length)
{
	int found = -1;

	for (int i = 0; i < call->request_count; i++) {
		if (strncmp(call->request[i].name, word, length))
			continue;
		if (call->request[i].name[length] == '\0')
			return i;
		found = found == -1 ? i : -2;
	}
	return found < 0 || length == 0 ? -1 : found;
}

int request_word(struct request *request, const char *word, struct text *reason)
{
	const char *equals = strchr(word, '=');
	size_t length = equals ? (size_t)(equals - word) : strlen(word);
	int i = find_field(request->call, word, length);
	int result = EDVSINVAL;

	if (!equals) {
		text_add(reason, "'%s' is not FIELD=VALUE", word);
	} else if (i < 0) {
		text_add(reason, "%s.%s has no field '%.*s'", request->protocol->name,
			 request->call->name, (int)length, word);
	} else if (request->is_set[i]) {
		text_add(reason, "%s was given before", request->call->request[i].name);
	} else {
		result = set_field(request, i, equals + 1, reason);
		request->is_set[i] = 1;
	}
	return result ? explain(request, result, reason) : 0;
}

static size_t default_room(const struct protocol_field *field)
{
	if (!field->record)
		return REQUEST_ROOM;
	return field->record->bytes * (size_t)REQUEST_ENTRIES;
}

int request_finish(struct request *request, struct text *reason)
{
	for (int i = 0; i < request->call->request_count; i++) {
		const struct protocol_field *field = &request->call->request[i];

		if (request->is_set[i])
			continue;
		if (request_must_have(field)) {
			text_add(reason, "%s is missing", field->name);
			return explain(request, EDVSINVAL, reason);
		}
		if (field->kind == PROTOCOL_OUT &&
		    set_out(request, i, (int64_t)default_room(field), reason))
			return EDVSNOMEM;
	}
	return 0;
}
