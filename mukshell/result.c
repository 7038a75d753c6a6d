/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * result.c - what the last command printed as JSON is kept while it is printed.
 *
 * The value of a command that prints one, the array of those that a stream printed, or
 * the error. Without --json there is nothing to keep but that: {"ok": true}, or the error.
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "result.h"

/* Doubles the room; 0, or the text is too long to be kept. */
static int grow(struct result *result, size_t bytes)
{
	size_t capacity = result->capacity ? result->capacity : 4096;
	char *text;

	while (capacity < result->bytes + bytes)
		capacity *= 2;
	text = capacity <= RESULT_BYTES ? realloc(result->text, capacity) : NULL;
	if (!text)
		return EDVS2BIG;
	result->text = text;
	result->capacity = capacity;
	return 0;
}

/* What does not fit is still printed. */
static ssize_t write_both(void *cookie, const char *text, size_t bytes)
{
	struct result *result = cookie;

	if (!result->is_too_long && result->bytes + bytes > result->capacity)
		result->is_too_long = grow(result, bytes) != 0;
	if (!result->is_too_long) {
		memcpy(result->text + result->bytes, text, bytes);
		result->bytes += bytes;
	}
	if (fwrite(text, 1, bytes, result->before) != bytes || fflush(result->before)) {
		result->shell->out_error = errno;
		return 0;
	}
	return (ssize_t)bytes;
}

void result_begin(struct shell *shell, struct result *ret_result)
{
	static const cookie_io_functions_t both = { .write = write_both };
	FILE *out;

	memset(ret_result, 0, sizeof(*ret_result));
	if (!shell->json)
		return;
	out = fopencookie(ret_result, "w", both);
	if (!out)
		return;
	ret_result->before = shell->out;
	ret_result->shell = shell;
	if (!shell->beneath)
		shell->beneath = shell->out;
	shell->out = out;
}

/* All values of the text. */
static json_t *values_of(const struct result *result)
{
	size_t flags = JSON_DISABLE_EOF_CHECK | JSON_DECODE_ANY, at = 0;
	json_t *values = json_array(), *value;
	json_error_t problem;

	while (at < result->bytes &&
	       (value = json_loadb(result->text + at, result->bytes - at, flags, &problem))) {
		json_array_append_new(values, value);
		at += (size_t)problem.position;
	}
	return values;
}

void result_end(struct shell *shell, const struct command *command, struct result *result,
		int failed)
{
	json_t *values;

	if (result->before) {
		fclose(shell->out);
		shell->out = result->before;
		if (shell->beneath == shell->out)
			shell->beneath = NULL;
	}
	if (!failed && !(command->flags & COMMAND_KEEPS)) {
		values = result->is_too_long ? json_array() : values_of(result);
		if (command->flags & COMMAND_STREAM && result->before)
			result_set(shell, values);
		else if (json_array_size(values) == 1)
			result_set(shell, json_incref(json_array_get(values, 0)));
		else
			result_set(shell, json_pack("{sb}", "ok", 1));
		if (shell->result != values)
			json_decref(values);
	}
	free(result->text);
}

void result_set(struct shell *shell, json_t *value)
{
	json_decref(shell->result);
	shell->result = value;
}

/* ---- fields ---- */

static int find_in_array(json_t *array, const char *path, result_found_fn *found, void *context)
{
	char *end;
	long i = strtol(path, &end, 10);
	json_t *member, *count;
	size_t at;
	int result = 0;

	if (strcmp(path, "count") == 0) {
		count = json_integer((json_int_t)json_array_size(array));
		result = found(context, count);
		json_decref(count);
		return result;
	}
	if (end != path && (*end == '.' || !*end)) {
		if (i < 0)
			i += (long)json_array_size(array);
		member = i < 0 ? NULL : json_array_get(array, (size_t)i);
		return member ? result_find(member, *end ? end + 1 : end, found, context) : 0;
	}
	json_array_foreach(array, at, member)
	{
		result = result_find(member, path, found, context);
		if (result)
			break;
	}
	return result;
}

int result_find(json_t *value, const char *path, result_found_fn *found, void *context)
{
	size_t length = strcspn(path, ".");
	char key[128];
	json_t *member;

	if (!*path)
		return found(context, value);
	if (json_is_array(value))
		return find_in_array(value, path, found, context);
	if (!json_is_object(value) || length >= sizeof(key))
		return 0;
	/* A key may have dots of its own. */
	member = json_object_get(value, path);
	if (member)
		return found(context, member);
	memcpy(key, path, length);
	key[length] = '\0';
	member = json_object_get(value, key);
	return member ? result_find(member, path + length + (path[length] == '.'), found, context)
		      : 0;
}

/* ---- comparing ---- */

enum order { LESS = 1, EQUAL = 2, MORE = 4 };

static int orders_of(const char *op)
{
	static const struct {
		const char *op;
		int orders;
	} table[] = { { "=", EQUAL },         { "!=", LESS | MORE }, { "<", LESS },
		      { "<=", LESS | EQUAL }, { ">", MORE },         { ">=", MORE | EQUAL } };

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(table[i].op, op) == 0)
			return table[i].orders;
	return 0;
}

static enum order order_of(double difference)
{
	return difference < 0 ? LESS : difference > 0 ? MORE : EQUAL;
}

/* A value as a text: strings as they are, others as JSON. The caller frees it. */
static char *text_of(const json_t *value)
{
	return json_is_string(value) ? strdup(json_string_value(value))
				     : json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
}

int result_compare(const json_t *value, const char *op, const char *word)
{
	int orders = orders_of(op), is_pattern = strcmp(op, "~") == 0, holds;
	char *end, *text;
	double number = strtod(word, &end);

	if (!orders && !is_pattern)
		return EDVSINVAL;
	if (orders && json_is_number(value) && end != word && !*end)
		return (orders & order_of(json_number_value(value) - number)) != 0;
	text = text_of(value);
	if (!text)
		return 0;
	if (is_pattern)
		holds = fnmatch(word, text, 0) == 0;
	else
		holds = (orders & order_of(strcmp(text, word))) != 0;
	free(text);
	return holds;
}
