/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * folders.c - where DCs are looked for, and what there is none.
 *
 * Who does not find his DC learns where it was looked for, and of what lies there
 * why it is not his DC: another version, another user's, no segment at all.
 */
#include <dvk/state.h>
#include <unistd.h>

#include "folders.h"

static void add_folder(struct text *out, const char *path, int is_first)
{
	text_add(out, "%s%s%s", is_first ? "" : ", ", path,
		 access(path, F_OK) == 0 ? "" : " (not there)");
}

void folders_add(const struct shell *shell, struct text *out)
{
	char dirs[DVK_DIR_MAX][256];
	int count = shell->dir ? 0 : dvk_dirs(dirs);

	if (shell->dir)
		add_folder(out, shell->dir, 1);
	for (int i = 0; i < count; i++)
		add_folder(out, dirs[i], i == 0);
}

void folders_say_unusable(struct shell *shell)
{
	for (int dcid = 0; dcid < NR_DCS; dcid++) {
		struct dvk_view *view;
		int result = dvk_view_open(dcid, shell->dir, 1, &view);

		if (result == 0)
			dvk_view_close(view);
		else if (result != EDVSDCNOTRUN)
			shell_note(shell, "dc%d: %s", dcid, dvk_open_error());
	}
}
