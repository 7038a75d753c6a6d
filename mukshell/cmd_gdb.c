/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_gdb.c - gdb on a MUK, with its tasks as threads.
 *
 * gdb gets a script: where the rows of its tasks lie and what is in them, as the
 * protocol's table says, then the text of gdb_tasks.py. It lives as long as gdb does.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <json.h>
#include <protocol/protocol.h>

#include "command.h"
#include "look.h"

/* gdb_tasks.py, by the Makefile. */
extern const char gdb_tasks[];

#define OUTPUT_MAX (1u << 20)

static const struct command_option options[] = {
	{ "batch", 'b', NULL, "print all tasks with their stacks, and end", NULL },
	{ NULL, 0, NULL, NULL, NULL },
};

static void write_table(const struct look *look, const struct dvk_table *table, FILE *file)
{
	const struct protocol_record *record = protocol_record_find("server.task");
	const struct dvk_snapshot *s = look->snapshot;

	fprintf(file, "MUK = {'address': %llu, 'rows': %u, 'bytes': %u, 'fields': {",
		(unsigned long long)table->address, table->rows, table->row_bytes);
	for (int i = 0; i < record->count; i++)
		fprintf(file, "'%s': (%u, %u), ", record->fields[i].name, record->fields[i].offset,
			record->fields[i].bytes);
	fprintf(file, "}, 'threads': {");
	for (int i = 0; i < s->count; i++)
		if (s->procs[i].pid == table->pid)
			fprintf(file, "%d: %d, ", s->procs[i].nr, s->procs[i].tid);
	fprintf(file, "}}\n%s", gdb_tasks);
}

/* The script in a file; 0, or the printed error. */
static int write_script(struct shell *shell, const struct look *look, const struct dvk_table *table,
			char *path)
{
	int fd = mkstemps(path, 3);
	FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;

	if (!file)
		return shell_error(shell, 0, "%s: %s", path, strerror(errno));
	write_table(look, table, file);
	if (fclose(file)) {
		unlink(path);
		return shell_error(shell, 0, "%s: %s", path, strerror(errno));
	}
	return 0;
}

/* Runs it without a terminal of its own; what it said goes to the output. */
static int run_batch(struct shell *shell, const char *command)
{
	char *text = malloc(OUTPUT_MAX + 1);
	size_t used = 0, got;
	FILE *gdb;
	int status;

	fflush(NULL);
	gdb = text ? popen(command, "re") : NULL;
	if (!gdb) {
		free(text);
		return shell_error(shell, EDVSNOMEM, "gdb");
	}
	while (used < OUTPUT_MAX && (got = fread(text + used, 1, OUTPUT_MAX - used, gdb)) > 0)
		used += got;
	text[used] = '\0';
	status = pclose(gdb);
	if (shell->json && !status) {
		json_t *object = json_object();

		json_object_set_new(object, "output", json_stringn(text, used));
		inspect_json_print(object, shell->out);
	} else if (!status) {
		fwrite(text, 1, used, shell->out);
	}
	free(text);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return shell_error(shell, 0, "there is no gdb on this machine");
	return status ? shell_error(shell, 0, "gdb failed") : 0;
}

static int run_gdb(struct shell *shell, pid_t pid, const char *path, int is_batch)
{
	char command[512];

	if (is_batch) {
		snprintf(command, sizeof(command),
			 "gdb -q -nx -batch -p %d -x %s -ex 'info muk-tasks' -ex muk-bt "
			 "2>/dev/null </dev/null",
			 pid, path);
		return run_batch(shell, command);
	}
	snprintf(command, sizeof(command), "gdb -q -p %d -x %s", pid, path);
	fflush(NULL);
	return system(command) == 0 ? 0 : shell_error(shell, 0, "gdb ended with an error");
}

/* The MUK of the process, or the first one there is. */
static const struct dvk_table *find_table(const struct look *look, const struct dvk_procinfo *p)
{
	const struct dvk_snapshot *s = look->snapshot;

	for (int i = 0; i < s->table_count; i++)
		if (strcmp(s->tables[i].type, "server.task") == 0 &&
		    s->tables[i].row_bytes == protocol_record_find("server.task")->bytes &&
		    (!p || p->pid == s->tables[i].pid))
			return &s->tables[i];
	return NULL;
}

static int gdb_run(struct shell *shell, const struct arguments *arguments)
{
	int is_batch = argument_option(arguments, "batch") != NULL;
	char path[] = "/tmp/muk-gdb-XXXXXX.py";
	const struct dvk_procinfo *p = NULL;
	const struct dvk_table *table;
	struct look look;
	int error = shell_alive(shell);

	if (!error && !is_batch && !isatty(STDIN_FILENO))
		error = shell_error(shell, 0, "gdb needs a terminal; `gdb --batch` does not");
	if (!error)
		error = look_begin(shell, &look);
	if (error)
		return error;
	if (arguments->count)
		error = look_process(shell, &look, arguments->words[0], &p);
	table = error ? NULL : find_table(&look, p);
	if (!error && !table)
		error = shell_error(shell, 0, "there is no MUK with tasks");
	if (!error)
		error = write_script(shell, &look, table, path);
	if (!error) {
		error = run_gdb(shell, table->pid, path, is_batch);
		unlink(path);
	}
	look_end(&look);
	return error;
}

const struct command command_gdb = {
	.name = "gdb",
	.group = GROUP_LOOK,
	.arguments = "[ENDPOINT]",
	.summary = "start gdb on the MUK, with its tasks as threads",
	.details = "On the MUK of ENDPOINT, or the first one. In gdb, `info muk-tasks` lists the "
		   "tasks, `muk-task ID|NAME COMMAND` runs a command as if that task were the "
		   "selected thread (bt without a command), and `muk-bt` shows all stacks. gdb "
		   "stops the whole MUK until it is left; `bt` stops nobody.",
	.example = "-gdb --batch fs",
	.json = "one object, with --batch only:\noutput  what gdb printed",
	.options = options,
	.words_max = 1,
	.flags = COMMAND_STREAM,
	.complete = complete_endpoint,
	.run = gdb_run,
};
