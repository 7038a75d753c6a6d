/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * values.c - words that a person typed, as endpoints, times and numbers.
 *
 * On failure the error has been printed and says what was expected.
 */
#include <errno.h>
#include <stdlib.h>

#include <inspect.h>

#include "shell.h"

int shell_endpoint(struct shell *shell, const char *word, int *ret_endpoint)
{
	struct dvk_snapshot *snapshot;
	struct inspect *in;
	char bytes[512];
	struct text reason;
	int result;

	result = shell_snapshot(shell, &snapshot);
	if (result)
		return result;
	in = inspect_create(snapshot, NULL);
	if (!in) {
		result = shell_error(shell, EDVSNOMEM, "%s", word);
		goto out;
	}
	text_init(&reason, bytes, sizeof(bytes));
	result = inspect_resolve(in, word, ret_endpoint, &reason);
	if (result)
		result = shell_error(shell, 0, "%s", reason.bytes);
	inspect_destroy(in);
out:
	dvk_snapshot_free(snapshot);
	return result;
}

int shell_duration(struct shell *shell, const char *word, long *ret_ms)
{
	int64_t ns;

	if (inspect_parse_duration(word, &ns) || ns < 0 || ns / 1000000 > DVK_TIMEOUT_MAX_MS)
		return shell_error(shell, 0, "'%s' is no time: 500ms, 2s, 1.5, 1m", word);
	*ret_ms = (long)((ns + 999999) / 1000000);
	return 0;
}

int shell_number(struct shell *shell, const char *word, const long long range[2],
		 long long *ret_number)
{
	long long number;
	char *end;

	errno = 0;
	number = strtoll(word, &end, 0);
	if (errno || end == word || *end)
		return shell_error(shell, 0, "'%s' is no number", word);
	if (number < range[0] || number > range[1])
		return shell_error(shell, EDVSRANGE, "%s is not from %lld to %lld", word, range[0],
				   range[1]);
	*ret_number = number;
	return 0;
}
