/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * error.c - what went wrong, said once, on standard error, in words or as JSON.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <json.h>

#include "command.h"
#include "interrupt.h"
#include "result.h"
#include "shell.h"

static json_t *error_object(const struct shell *shell, int code, const char *text)
{
	const char *name = code ? dvk_errname(code) : NULL;
	json_t *object;
	char *whole = NULL;

	if (code && asprintf(&whole, "%s: %s", text, dvk_strerror(code)) < 0)
		whole = NULL;
	object = json_object();
	json_object_set_new(object, "error", inspect_json_string(whole ? whole : text));
	json_object_set_new(object, "code", name ? json_string(name) : json_null());
	json_object_set_new(object, "command",
			    shell->running ? json_string(shell->running->name) : json_null());
	if (shell->script) {
		json_object_set_new(object, "script", inspect_json_string(shell->script));
		json_object_set_new(object, "line", json_integer(shell->script_line));
	}
	free(whole);
	return object;
}

static void print_text(const struct shell *shell, int code, const char *text)
{
	const char *name = code ? dvk_errname(code) : NULL;

	if (shell->interactive && interrupt_pending())
		fputc('\n', stderr);
	if (shell->script)
		fprintf(stderr, "%s:%d: ", shell->script, shell->script_line);
	else if (!shell->running)
		fprintf(stderr, "mukshell: ");
	if (shell->running)
		fprintf(stderr, "%s: ", shell->running->name);
	fputs(text, stderr);
	if (code)
		fprintf(stderr, ": %s", dvk_strerror(code));
	if (name)
		fprintf(stderr, " (%s)", name);
	fputc('\n', stderr);
}

int shell_error(struct shell *shell, int code, const char *format, ...)
{
	char *text = NULL;
	json_t *object;
	va_list ap;

	va_start(ap, format);
	if (vasprintf(&text, format, ap) < 0)
		text = NULL;
	va_end(ap);
	fflush(shell->out);
	object = error_object(shell, code, text ? text : format);
	if (shell->json && !shell->silent)
		inspect_json_print(json_incref(object), stderr);
	else if (!shell->silent)
		print_text(shell, code, text ? text : format);
	if (!shell->running || !(shell->running->flags & COMMAND_KEEPS))
		result_set(shell, json_incref(object));
	json_decref(object);
	free(text);
	if (shell->status < SHELL_FAILED)
		shell->status = SHELL_FAILED;
	return code ? code : EDVSGENERIC;
}

void shell_note(struct shell *shell, const char *format, ...)
{
	va_list ap;

	if (shell->json || shell->quiet || shell->silent)
		return;
	fflush(shell->out);
	if (shell->at_prompt)
		fputc('\n', stderr);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
}
