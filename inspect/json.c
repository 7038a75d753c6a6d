/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json.c - grids and trace lines as JSON, by jansson.
 *
 * Apart from the rest so that a program that shows only text needs no jansson.
 * Bytes that are no UTF-8 become '?': a value is never left out for them.
 */
#include <string.h>

#include "grid.h"
#include "json.h"

#define JSON_HOW (JSON_COMPACT | JSON_REAL_PRECISION(12))

json_t *inspect_json_string(const char *text)
{
	json_t *string = json_string(text);
	char plain[4 * INSPECT_TEXT_BYTES];
	size_t i;

	if (string)
		return string;
	for (i = 0; i < sizeof(plain) - 1 && text[i]; i++)
		plain[i] = (unsigned char)text[i] < 0x80 ? text[i] : '?';
	plain[i] = '\0';
	return json_string(plain);
}

static json_t *words_array(const char *words)
{
	json_t *array = json_array();

	while (*words && strcmp(words, "-") != 0) {
		size_t length = strcspn(words, "|");

		json_array_append_new(array, json_stringn(words, length));
		words += length + (words[length] == '|');
	}
	return array;
}

static json_t *cell_json(const struct grid_cell *cell)
{
	const char *text = cell->text ? cell->text : "";

	switch (cell->kind) {
	case INSPECT_NOTHING:
		return json_null();
	case INSPECT_NUMBER:
	case INSPECT_BYTES:
	case INSPECT_HEX:
		return json_integer(cell->number);
	case INSPECT_BOOLEAN:
		return json_boolean(cell->number);
	case INSPECT_DURATION:
		return json_real((double)cell->number / 1e9);
	case INSPECT_TEXT:
		return inspect_json_string(text);
	case INSPECT_WORDS:
		return words_array(text);
	}
	return json_null();
}

json_t *inspect_grid_json_row(const struct inspect_grid *grid, int row)
{
	json_t *object = json_object();

	for (int j = 0; j < grid->columns; j++)
		json_object_set_new(object, grid->keys[j], cell_json(&grid->cells[row][j]));
	return object;
}

void inspect_json_print(json_t *value, FILE *out)
{
	json_dumpf(value, out, JSON_HOW | JSON_ENCODE_ANY);
	fputc('\n', out);
	json_decref(value);
}

json_t *inspect_grid_json(const struct inspect_grid *grid)
{
	json_t *array = json_array();

	for (int i = 0; i < grid->rows; i++)
		json_array_append_new(array, inspect_grid_json_row(grid, i));
	return array;
}

void inspect_grid_print_json(const struct inspect_grid *grid, FILE *out)
{
	inspect_json_print(inspect_grid_json(grid), out);
}

void inspect_grid_print_json_lines(const struct inspect_grid *grid, FILE *out)
{
	for (int i = 0; i < grid->rows; i++)
		inspect_json_print(inspect_grid_json_row(grid, i), out);
}

static json_t *seconds(int64_t ns)
{
	return ns < 0 ? json_null() : json_real((double)ns / 1e9);
}

json_t *inspect_why_json(const struct inspect_why *why)
{
	json_t *chain = json_array();
	json_t *object = json_object();

	for (int i = 0; i < why->count; i++) {
		json_t *hop = json_object();

		json_object_set_new(hop, "ep", json_integer(why->hops[i].endpoint));
		json_object_set_new(hop, "tid", json_integer(why->hops[i].tid));
		json_object_set_new(hop, "age",
				    seconds(why->hops[i].age_ns ? why->hops[i].age_ns : -1));
		json_object_set_new(hop, "name", inspect_json_string(why->hops[i].name));
		json_object_set_new(hop, "sentence", inspect_json_string(why->hops[i].sentence));
		json_array_append_new(chain, hop);
	}
	json_object_set_new(object, "chain", chain);
	json_object_set_new(object, "cause", inspect_json_string(inspect_cause_word(why->cause)));
	json_object_set_new(object, "at_fault",
			    why->at_fault_ep == NONE ? json_null()
						     : json_integer(why->at_fault_ep));
	json_object_set_new(object, "pid", why->pid ? json_integer(why->pid) : json_null());
	json_object_set_new(object, "tid", why->tid ? json_integer(why->tid) : json_null());
	json_object_set_new(object, "verdict", inspect_json_string(why->verdict));
	json_object_set_new(object, "advice", inspect_json_string(why->advice));
	json_object_set_new(object, "host_time", seconds(why->host_ns ? why->host_ns : -1));
	return object;
}

void inspect_line_json(const struct inspect_line *line, FILE *out)
{
	json_t *object = json_object();

	json_object_set_new(object, "seq", json_integer((json_int_t)line->sequence));
	json_object_set_new(object, "time", json_real((double)line->time_ns / 1e9));
	json_object_set_new(object, "kind", inspect_json_string(inspect_kind_word(line->kind)));
	json_object_set_new(object, "src", inspect_json_string(line->src));
	json_object_set_new(object, "src_ep", json_integer(line->src_ep));
	json_object_set_new(object, "dst", inspect_json_string(line->dst));
	json_object_set_new(object, "dst_ep", json_integer(line->dst_ep));
	json_object_set_new(object, "type", json_integer(line->m_type));
	json_object_set_new(object, "name", inspect_json_string(line->name));
	json_object_set_new(object, "request", inspect_json_string(line->request));
	json_object_set_new(object, "reply", inspect_json_string(line->reply));
	json_object_set_new(object, "result", json_integer(line->result));
	json_object_set_new(object, "open", json_boolean(line->is_open));
	json_object_set_new(object, "took", seconds(line->took_ns));
	json_object_set_new(object, "queue", seconds(line->queue_ns));
	json_object_set_new(object, "service", seconds(line->service_ns));
	json_object_set_new(object, "others", seconds(line->others_ns));
	json_object_set_new(object, "bytes",
			    line->bytes < 0 ? json_null() : json_integer(line->bytes));
	json_object_set_new(object, "call", json_integer((json_int_t)line->call));
	inspect_json_print(object, out);
}
