/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_cat.c - the bytes of MUK's files.
 */
#include <stdlib.h>

#include <json.h>

#include "command.h"
#include "files.h"

static int copy_out(struct shell *shell, int fd, char *piece)
{
	long got;

	while ((got = files_read(shell, fd, piece, FILES_PIECE)) > 0) {
		if (fwrite(piece, 1, (size_t)got, shell->out) < (size_t)got)
			return 0;
		if (shell_interrupted(shell))
			return EDVSINTR;
	}
	return (int)got;
}

/* With --json: one object a file, its text as a string. */
static int copy_json(struct shell *shell, int fd, const char *word)
{
	FILE *before = shell->out;
	char *piece = malloc(FILES_PIECE);
	char *text = NULL;
	size_t bytes = 0;
	json_t *object;
	int result = EDVSNOMEM;

	shell->out = open_memstream(&text, &bytes);
	if (shell->out && piece) {
		result = copy_out(shell, fd, piece);
		fclose(shell->out);
	}
	shell->out = before;
	if (!result) {
		json_t *string = json_stringn(text, bytes);

		object = json_object();
		json_object_set_new(object, "path", inspect_json_string(word));
		json_object_set_new(object, "bytes", json_integer((json_int_t)bytes));
		json_object_set_new(object, "text", string ? string : json_null());
		inspect_json_print(object, shell->out);
	}
	free(text);
	free(piece);
	return result;
}

static int cat_file(struct shell *shell, const char *word)
{
	char path[SHELL_PATH_BYTES];
	char *piece;
	int result = files_path(shell, word, path);
	int fd;

	if (result)
		return result;
	fd = files_open(shell, path, FS_OPEN_RDONLY, 0);
	if (fd < 0)
		return shell_error(shell, fd, "%s", word);
	if (shell->json) {
		result = copy_json(shell, fd, word);
	} else {
		piece = malloc(FILES_PIECE);
		result = piece ? copy_out(shell, fd, piece) : EDVSNOMEM;
		free(piece);
	}
	files_close(shell, fd);
	return result ? shell_error(shell, result, "%s", word) : 0;
}

static int cat_run(struct shell *shell, const struct arguments *arguments)
{
	int result = files_begin(shell);
	int failed;

	if (result)
		return result;
	for (int i = 0; i < arguments->count && !shell_interrupted(shell); i++) {
		failed = cat_file(shell, arguments->words[i]);
		result = result ? result : failed;
	}
	return result;
}

const struct command command_cat = {
	.name = "cat",
	.group = GROUP_FILES,
	.arguments = "PATH...",
	.summary = "print MUK's files",
	.example = "cat /index.html",
	.json = "path   as it was given\nbytes  how many\ntext   a string; null when it is no "
		"UTF-8",
	.words_min = 1,
	.words_max = -1,
	.flags = COMMAND_ACTS,
	.complete = complete_muk_path,
	.run = cat_run,
};
