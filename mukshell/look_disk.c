/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * look_disk.c - what the commands that look at the disk share.
 *
 * FS counts its changes: who read between two equal, even numbers has read one state.
 */
#include <stdlib.h>
#include <string.h>

#include "look_disk.h"

#define TRY_MS  20
#define TRY_FOR 2000

static int fail(struct shell *shell, int error)
{
	if (error == EDVSNOENT)
		return shell_error(shell, error, "nobody here has a file system's disk to show");
	if (error == EDVSFAULT && patient_recording(shell->patient))
		return shell_error(shell, 0, "a file keeps tables, and not the disk");
	if (error == EDVSBADVALUE)
		return shell_error(shell, error, "the disk's numbers contradict themselves");
	return shell_error(shell, error, "the disk");
}

/* One try; *ret_settled: what was collected is one state. */
static int collect_once(struct shell *shell, look_disk_fn *collect, void *context, int *ret_settled)
{
	struct minix *minix;
	struct look look;
	int error = look_begin(shell, &look);

	if (error)
		return error;
	error = minix_open(shell->patient, look.in, ANY, &minix);
	look_end(&look);
	if (error)
		return fail(shell, error);
	error = collect(minix, context);
	*ret_settled = minix_is_one_state(minix);
	minix_close(minix);
	/* What is torn may contradict itself. */
	return error && *ret_settled ? fail(shell, error) : 0;
}

int look_disk(struct shell *shell, look_disk_fn *collect, void *context)
{
	int settled = 0;

	for (int ms = 0; ms < TRY_FOR; ms += TRY_MS) {
		int error = collect_once(shell, collect, context, &settled);

		if (error || settled)
			return error;
		if (shell_sleep(shell, TRY_MS))
			break;
	}
	shell_note(shell, "FS is in the middle of a change, or goes on changing: this is not "
			  "one state");
	return 0;
}

int look_disk_inode(struct shell *shell, struct minix *minix, const char *word, uint32_t *ret_nr)
{
	char path[SHELL_PATH_BYTES * 2];
	unsigned long long nr;

	if (word[0] && strspn(word, "0123456789") == strlen(word)) {
		nr = strtoull(word, NULL, 10);
		if (!nr || nr > minix->super.inodes)
			return EDVSRANGE;
		*ret_nr = (uint32_t)nr;
		return 0;
	}
	snprintf(path, sizeof(path), "%s/%s", word[0] == '/' ? "" : shell->cwd, word);
	return minix_lookup(minix, path, ret_nr);
}

struct inspect_grid *look_disk_grid(const struct inspect_heading *headings, int count)
{
	struct inspect_grid *grid = inspect_grid_create();

	for (int i = 0; grid && i < count; i++) {
		if (!inspect_grid_column(grid, &headings[i]))
			continue;
		inspect_grid_destroy(grid);
		return NULL;
	}
	return grid;
}

void look_disk_number(struct inspect_grid *grid, uint64_t number)
{
	struct inspect_value value;

	inspect_value_set_number(&value, INSPECT_NUMBER, (int64_t)number);
	(void)inspect_grid_value(grid, &value);
}

void look_disk_text(struct inspect_grid *grid, const char *text)
{
	struct inspect_value value;

	inspect_value_set_text(&value, "%s", text);
	(void)inspect_grid_value(grid, &value);
}
