/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_inode.c - one inode, as FS has it in use.
 *
 * By number it is read from outside. A path has a number only for FS: it is asked,
 * for a short time; that alone needs a slot and an FS that answers.
 */
#include <stdlib.h>
#include <string.h>

#include <json.h>

#include "command.h"
#include "files.h"
#include "look.h"

#define ASK_MS 500

struct inode {
	struct shell *shell;
	struct look look;
	int fs_ep; /* ANY: whoever has it */
	uint64_t ino;
	struct fs_stat stat; /* what FS told of a path; ino 0: it was not asked */
};

static int is_number(const char *word)
{
	return word[0] && strspn(word, "0123456789") == strlen(word);
}

/* What FS says of the path. */
static int ask(struct inode *inode, const char *word)
{
	struct shell *shell = inode->shell;
	long timeout_ms = shell->timeout_ms;
	char path[SHELL_PATH_BYTES];
	int error = files_begin(shell);

	if (!error)
		error = files_path(shell, word, path);
	if (error)
		return error;
	shell->timeout_ms = ASK_MS;
	error = files_lstat(shell, path, &inode->stat);
	shell->timeout_ms = timeout_ms;
	if (error == EDVSTIMEDOUT || error == EDVSNOTREADY)
		return shell_error(shell, error,
				   "FS has not answered in %d ms (`why %s`); by its "
				   "number an inode is found without FS",
				   ASK_MS, shell->fs_name);
	if (error)
		return shell_error(shell, error, "%s", word);
	inode->ino = inode->stat.ino;
	inode->fs_ep = shell->fs_ep;
	return 0;
}

/* Prints one row of a record of this type. */
static int print_row(struct inode *inode, const struct dvk_table *table, const void *row)
{
	struct dvk_table one = *table;
	struct inspect_grid *grid;
	int error;

	one.rows = 1;
	error = inspect_table_rows(inode->look.in, &one, row, &grid);
	if (error)
		return shell_error(inode->shell, error, "inode %llu",
				   (unsigned long long)inode->ino);
	if (inode->shell->json)
		inspect_json_print(inspect_grid_json_row(grid, 0), inode->shell->out);
	else
		inspect_grid_print_list(grid, inode->shell->out);
	inspect_grid_destroy(grid);
	return 0;
}

/* 1 when the table has the inode; it was printed then, or *ret_error says why not. */
static int find_in(struct inode *inode, const struct dvk_table *table, int *ret_error)
{
	size_t bytes = (size_t)table->rows * table->row_bytes;
	struct fs_inode_row *rows;
	int found = 0;

	if (table->row_bytes != sizeof(*rows) || table->rows > (1u << 20))
		return 0;
	rows = malloc(bytes + 1);
	*ret_error = rows ? shell_read(inode->shell, table->pid, table->address, rows, bytes)
			  : EDVSNOMEM;
	for (uint32_t i = 0; i < table->rows && !*ret_error && !found; i++) {
		found = rows[i].ino == inode->ino;
		if (found)
			*ret_error = print_row(inode, table, &rows[i]);
	}
	free(rows);
	return found;
}

static int find(struct inode *inode)
{
	static const struct dvk_table told = { .type = "fs.stat",
					       .version = FS_STAT_VERSION,
					       .row_bytes = sizeof(struct fs_stat) };
	const struct dvk_snapshot *s = inode->look.snapshot;
	int error = 0;

	for (int i = 0; i < s->table_count; i++) {
		if (strcmp(s->tables[i].type, "fs.inode") != 0 ||
		    (inode->fs_ep != ANY && inode->fs_ep != s->tables[i].owner_ep))
			continue;
		if (find_in(inode, &s->tables[i], &error))
			return error;
	}
	if (inode->stat.ino)
		return print_row(inode, &told, &inode->stat);
	if (error)
		return shell_error(inode->shell, error, "FS's table of inodes cannot be read");
	return shell_error(inode->shell, 0, "inode %llu is not in use; `inode PATH` asks FS for it",
			   (unsigned long long)inode->ino);
}

static int inode_run(struct shell *shell, const struct arguments *arguments)
{
	const char *word = arguments->words[0];
	struct inode inode = { .shell = shell, .fs_ep = ANY };
	int error = 0;

	if (is_number(word))
		inode.ino = strtoull(word, NULL, 10);
	if (is_number(word) && inode.ino == 0)
		error = shell_error(shell, 0, "inodes begin at 1, which is the root folder");
	else if (!is_number(word))
		error = ask(&inode, word);
	if (!error)
		error = look_begin(shell, &inode.look);
	if (error)
		return error;
	error = find(&inode);
	look_end(&inode.look);
	return error;
}

const struct command command_inode = {
	.name = "inode",
	.group = GROUP_LOOK,
	.arguments = "PATH|NUMBER",
	.summary = "show an inode as FS has it in use",
	.details = "A NUMBER is looked up in FS's table of inodes, which is read from outside and "
		   "so works also when FS hangs and with --read-only. For a PATH FS is asked, half "
		   "a second long; when nobody uses the inode, what FS told of it is shown.",
	.example = "inode /",
	.json = "one object: the fields of the table fs.inode (ino dev mode nlink uid gid "
		"references size zones dirty atime mtime ctime) or, of a path whose inode nobody "
		"uses, of the record fs.stat",
	.words_min = 1,
	.words_max = 1,
	.complete = complete_muk_path,
	.run = inode_run,
};
