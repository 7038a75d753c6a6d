/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reply.c - a reply and the buffers that the server filled, by the tables.
 *
 * The server's word for how much it filled is believed only up to the buffer's
 * size. Bytes that are printable UTF-8 are shown as text, others as a dump.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include <inspect.h>
#include <json.h>

#include "reply.h"

static int is_text(const unsigned char *data, size_t bytes)
{
	mbstate_t state = { 0 };
	size_t at = 0;

	while (at < bytes) {
		wchar_t c;
		size_t used = mbrtowc(&c, (const char *)data + at, bytes - at, &state);

		if (used == 0 || used > bytes - at)
			return 0;
		if (!iswprint((wint_t)c) && c != L'\n' && c != L'\t' && c != L'\r')
			return 0;
		at += used;
	}
	return 1;
}

static void show_dump_line(FILE *out, const unsigned char *data, size_t offset, size_t count)
{
	fprintf(out, "%08zx ", offset);
	for (size_t i = 0; i < 16; i++) {
		if (i < count)
			fprintf(out, "%s%02x", i == 8 ? "  " : " ", data[i]);
		else
			fputs(i == 8 ? "    " : "   ", out);
	}
	fputs("  ", out);
	for (size_t i = 0; i < count; i++)
		fputc(isprint(data[i]) && data[i] < 0x80 ? data[i] : '.', out);
	fputc('\n', out);
}

void reply_show_bytes(FILE *out, const void *data, size_t bytes)
{
	const unsigned char *at = data;

	if (is_text(at, bytes)) {
		fwrite(at, 1, bytes, out);
		if (bytes && at[bytes - 1] != '\n')
			fputc('\n', out);
		return;
	}
	for (size_t i = 0; i < bytes; i += 16)
		show_dump_line(out, at + i, i, bytes - i < 16 ? bytes - i : 16);
}

/* How much of out buffer i the server has filled. */
static size_t filled(const struct request *request, int i)
{
	const struct protocol_call *call = request->call;
	const struct protocol_field *field;
	int64_t told;

	field = protocol_field_find(call->reply, call->reply_count, "bytes");
	if (field) {
		told = protocol_get_number(field, request->m.payload);
		return told < 0                             ? 0
		       : (uint64_t)told > request->bytes[i] ? request->bytes[i]
							    : (size_t)told;
	}
	if (call->request[i].record && call->request[i].record->bytes <= request->bytes[i])
		return call->request[i].record->bytes;
	return request->bytes[i];
}

/* The entries of a filled buffer as a grid; NULL when they are just bytes. */
static struct inspect_grid *entries(const struct request *request, int i)
{
	const struct protocol_record *record = request->call->request[i].record;
	struct inspect_grid *grid = NULL;
	struct dvk_table table = { 0 };

	if (!record || filled(request, i) < record->bytes)
		return NULL;
	table.version = record->version;
	table.row_bytes = record->bytes;
	table.rows = (uint32_t)(filled(request, i) / record->bytes);
	snprintf(table.type, sizeof(table.type), "%s", record->name);
	return inspect_table_rows(NULL, &table, request->memory[i], &grid) ? NULL : grid;
}

static void show_buffer(struct shell *shell, const struct request *request, int i)
{
	struct inspect_grid *grid = entries(request, i);

	if (!grid) {
		reply_show_bytes(shell->out, request->memory[i], filled(request, i));
		return;
	}
	if (inspect_grid_rows(grid) == 1)
		inspect_grid_print_list(grid, shell->out);
	else
		inspect_grid_print(grid, shell->out, shell->columns);
	inspect_grid_destroy(grid);
}

static json_t *hex_json(const unsigned char *data, size_t bytes)
{
	json_t *object = json_object();
	char *text = malloc(2 * bytes + 1);

	if (text) {
		text[0] = '\0';
		for (size_t i = 0; i < bytes; i++)
			sprintf(text + 2 * i, "%02x", data[i]);
		json_object_set_new(object, "hex", json_string(text));
	}
	free(text);
	return object;
}

static json_t *buffer_json(const struct request *request, int i)
{
	struct inspect_grid *grid = entries(request, i);
	json_t *value;

	if (grid) {
		value = inspect_grid_json(grid);
		inspect_grid_destroy(grid);
		return value;
	}
	value = json_stringn(request->memory[i], filled(request, i));
	return value ? value : hex_json(request->memory[i], filled(request, i));
}

static json_t *fields_json(const struct request *request)
{
	struct inspect_grid *grid = inspect_grid_create();
	json_t *object = NULL;
	int failed = grid == NULL;

	for (int i = 0; !failed && i < request->call->reply_count; i++) {
		const char *name = request->call->reply[i].name;

		failed = inspect_grid_column(grid, &(struct inspect_heading){ name, name, 0 });
	}
	failed = failed || inspect_grid_row(grid);
	for (int i = 0; !failed && i < request->call->reply_count; i++) {
		struct inspect_value value;

		inspect_field_value(NULL, &request->call->reply[i], request->m.payload, &value);
		failed = inspect_grid_value(grid, &value);
	}
	if (!failed)
		object = inspect_grid_json_row(grid, 0);
	inspect_grid_destroy(grid);
	return object ? object : json_object();
}

static void show_json(struct shell *shell, const struct request *request, int endpoint,
		      int64_t took_ns)
{
	json_t *object = json_object();
	char name[64];

	snprintf(name, sizeof(name), "%s.%s", request->protocol->name, request->call->name);
	json_object_set_new(object, "call", json_string(name));
	json_object_set_new(object, "endpoint", json_integer(endpoint));
	json_object_set_new(object, "result", json_integer(request->m.m_type));
	json_object_set_new(object, "took", json_real((double)took_ns / 1e9));
	json_object_set_new(object, "reply", fields_json(request));
	for (int i = 0; i < request->call->request_count; i++)
		if (request->call->request[i].kind == PROTOCOL_OUT)
			json_object_set_new(object, request->call->request[i].name,
					    buffer_json(request, i));
	inspect_json_print(object, shell->out);
}

int reply_show(struct shell *shell, const struct request *request, int endpoint, int64_t took_ns)
{
	char bytes[512];
	struct text out;

	if (shell->json) {
		show_json(shell, request, endpoint, took_ns);
		return 0;
	}
	text_init(&out, bytes, sizeof(bytes));
	for (int i = 0; i < request->call->reply_count; i++) {
		struct inspect_value value;

		inspect_field_value(NULL, &request->call->reply[i], request->m.payload, &value);
		text_add(&out, "%s%s=", i ? " " : "", request->call->reply[i].name);
		inspect_value_text(&value, &out);
	}
	if (request->call->reply_count == 0)
		text_add(&out, "ok");
	if (shell->terminal) {
		text_add(&out, "  <");
		text_add_duration(&out, took_ns);
		text_add(&out, ">");
	}
	fprintf(shell->out, "%s\n", bytes);
	for (int i = 0; i < request->call->request_count; i++)
		if (request->call->request[i].kind == PROTOCOL_OUT)
			show_buffer(shell, request, i);
	return 0;
}
