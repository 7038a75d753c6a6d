/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell.c - a mukshell that runs all the time: a line goes in, JSON comes back.
 *
 * Each line begins with "-", so that the shell goes on after an error, which comes
 * as JSON too, on standard error: both streams are one pipe here.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shell.h"

#define ERROR_NUMBER_MAX 600

/* The number of "EDVSNOENT". */
static int error_number(const char *name)
{
	for (int number = 1; name && number < ERROR_NUMBER_MAX; number++) {
		const char *known = dvk_errname(-number);

		if (known && strcmp(known, name) == 0)
			return -number;
	}
	return EDVSGENERIC;
}

json_t *shell_ask(struct walker *w, int64_t *ret_result, const char *format, ...)
{
	char *line = NULL;
	size_t room = 0;
	json_t *answer;
	va_list ap;

	va_start(ap, format);
	if (vdprintf(w->shell.in, format, ap) < 0)
		abort();
	va_end(ap);
	if (write(w->shell.in, "\n", 1) != 1 || getline(&line, &room, w->shell_out) < 0) {
		tell(w, "the shell has gone");
		*ret_result = EDVSGENERIC;
		free(line);
		return NULL;
	}
	answer = json_loads(line, JSON_ALLOW_NUL, NULL);
	*ret_result = 0;
	if (!answer || json_object_get(answer, "error")) {
		*ret_result = error_number(json_string_value(json_object_get(answer, "code")));
		if (*ret_result == EDVSGENERIC)
			tell(w, "the shell says: %s", line);
		json_decref(answer);
		answer = NULL;
	}
	free(line);
	return answer;
}

static int64_t reply_number(const json_t *answer, const char *name)
{
	const json_t *value = json_object_get(json_object_get(answer, "reply"), name);
	const char *text = json_string_value(value);

	/* Modes are octal text. */
	return text ? strtoll(text, NULL, 8) : json_integer_value(value);
}

int64_t shell_finish(json_t *answer, int64_t result, const char *name)
{
	if (answer && name)
		result = reply_number(answer, name);
	json_decref(answer);
	return result;
}

static void take_hex(const char *text, struct answer *answer)
{
	char pair[3] = "";

	for (answer->bytes = 0; text[0] && text[1]; text += 2) {
		memcpy(pair, text, 2);
		answer->data[answer->bytes++] = (char)strtol(pair, NULL, 16);
	}
}

int64_t shell_take_buffer(json_t *reply, int64_t result, struct answer *answer)
{
	const json_t *buffer = json_object_get(reply, "buffer");
	const char *hex = json_string_value(json_object_get(buffer, "hex"));

	if (!reply)
		return result;
	if (hex) {
		take_hex(hex, answer);
	} else {
		answer->bytes = (uint32_t)json_string_length(buffer);
		memcpy(answer->data, json_string_value(buffer), answer->bytes);
	}
	result = reply_number(reply, "bytes");
	json_decref(reply);
	return result;
}

int64_t shell_field(const json_t *record, const char *name)
{
	return json_integer_value(json_object_get(record, name));
}

int64_t shell_take_stat(json_t *reply, int64_t result, struct answer *answer)
{
	const json_t *record = json_array_get(json_object_get(reply, "buffer"), 0);
	struct fs_stat *st = &answer->stat;

	if (!reply)
		return result;
	st->mode = (uint32_t)shell_field(record, "mode");
	st->nlink = (int32_t)shell_field(record, "nlink");
	st->uid = (uint32_t)shell_field(record, "uid");
	st->gid = (uint32_t)shell_field(record, "gid");
	st->size = (uint64_t)shell_field(record, "size");
	st->mtime = shell_field(record, "mtime");
	json_decref(reply);
	return 0;
}

int shell_begin(struct walker *w)
{
	static const char *const arguments[] = { "--json", NULL };
	int64_t result;

	snprintf(w->file, sizeof(w->file), "%s/%s/file", w->live->muk.folder, w->muk_home + 1);
	*strchr(w->file + strlen(w->live->muk.folder) + 1, '/') = '\0';
	if (mkdir(w->file, 0700))
		return -1;
	strcat(w->file, "/file");
	if (live_shell_start(w->live, LIVE_PIPES, arguments, &w->shell) < 0)
		return -1;
	w->shell_out = fdopen(w->shell.out, "r");
	if (!w->shell_out)
		return -1;
	json_decref(shell_ask(w, &result, "-call fs.umask mask=022"));
	if (!result)
		json_decref(shell_ask(w, &result, "-call fs.chdir path=%s", w->muk_home));
	return result ? -1 : 0;
}

int shell_end(struct walker *w)
{
	int status;

	w->shell.out = -1;
	status = live_shell_end(&w->shell, false);
	fclose(w->shell_out);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}
