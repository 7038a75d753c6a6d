/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * files.h - the files of MUK, through FS's calls, for the commands that use them.
 *
 * All return 0 or more, or a negative EDVS code, and print nothing, unless said
 * otherwise; shell_slot() comes first. FS counts relative paths from where `cd`
 * went as well, but these functions get absolute ones from files_path().
 */
#ifndef MUKSHELL_FILES_H
#define MUKSHELL_FILES_H

#include <protocol/fs.h>

#include "shell.h"

#define FILES_PIECE 65536 /* read or written at once */

/* word, as seen from the shell's folder, without . and .. ; the error is printed. */
int files_path(struct shell *shell, const char *word, char ret_path[SHELL_PATH_BYTES]);
/* The same without a message: 0 or EDVSNAMETOOLONG. */
int files_join(const char *folder, const char *word, char ret_path[SHELL_PATH_BYTES]);

/* What a command starts with: our slot, and FS's endpoint into the shell; prints. */
int files_begin(struct shell *shell);

int files_open(struct shell *shell, const char *path, uint32_t flags, uint32_t mode);
int files_close(struct shell *shell, int fd);
/* Returns how many bytes; 0 at the end. */
long files_read(struct shell *shell, int fd, void *ret_data, size_t bytes);
int files_stat(struct shell *shell, const char *path, struct fs_stat *ret_stat);
int files_lstat(struct shell *shell, const char *path, struct fs_stat *ret_stat);
int files_statfs(struct shell *shell, const char *path, struct fs_statfs *ret_statfs);
/* The target, with a NUL. */
int files_readlink(struct shell *shell, const char *path, char ret_target[SHELL_PATH_BYTES]);
/* unlink, rmdir, chdir by number. */
int files_simple(struct shell *shell, int number, const char *path);
int files_mkdir(struct shell *shell, const char *path, uint32_t mode);
int files_rename(struct shell *shell, const char *old, const char *new);

/* A folder's entries, sorted by name, without . and .. */
struct files_list {
	int count;
	struct fs_dirent *entries;
};
int files_list(struct shell *shell, const char *path, struct files_list *ret_list);
void files_list_deinit(struct files_list *list);

#endif
