/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_dc.c - the attached DC itself.
 */
#include <string.h>

#include <dvk/manage.h>
#include <json.h>

#include "command.h"
#include "look.h"
#include "session.h"

#define NOT_ZERO(kind, number) ((number) ? (kind) : INSPECT_NOTHING), (number)

/* Adds a column and its value; both are kept until the grid's row is begun. */
struct list {
	int count;
	struct inspect_heading headings[24];
	struct inspect_value values[24];
};

static struct inspect_value *add(struct list *list, const char *key)
{
	list->headings[list->count] = (struct inspect_heading){ key, key, 0 };
	return &list->values[list->count++];
}

static void add_number(struct list *list, const char *key, enum inspect_kind kind, int64_t number)
{
	inspect_value_set_number(add(list, key), kind, number);
}

static void fill(const struct look *look, struct list *list)
{
	const struct dvk_dcinfo *dc = &look->snapshot->dc;
	int64_t now = look->snapshot->taken_ns;
	char bytes[INSPECT_TEXT_BYTES];
	struct text lock;

	inspect_value_set_text(add(list, "dc"), "dc%d", dc->dcid);
	inspect_value_set_text(add(list, "name"), "%.*s", DVK_NAME_BYTES, dc->name);
	add_number(list, "bound", INSPECT_NUMBER, dc->bound);
	add_number(list, "tasks", INSPECT_NUMBER, dc->nr_tasks);
	add_number(list, "procs", INSPECT_NUMBER, dc->nr_procs);
	add_number(list, "members", INSPECT_NUMBER, dc->members);
	add_number(list, "keeper", NOT_ZERO(INSPECT_NUMBER, dc->keeper_pid));
	add_number(list, "lock_pid", NOT_ZERO(INSPECT_NUMBER, dc->lock_pid));
	add_number(list, "lock_tid", NOT_ZERO(INSPECT_NUMBER, dc->lock_tid));
	text_init(&lock, bytes, sizeof(bytes));
	inspect_lock_words(look->in, &lock);
	inspect_value_set_text(add(list, "lock_stuck"), "%s", bytes);
	if (!look->snapshot->lock_stuck)
		list->values[list->count - 1].kind = INSPECT_NOTHING;
	add_number(list, "one_state", INSPECT_BOOLEAN, look->snapshot->one_state);
	add_number(list, "strict", INSPECT_BOOLEAN, dc->strict);
	add_number(list, "kept", INSPECT_BOOLEAN, dc->kept);
	add_number(list, "node", INSPECT_NUMBER, dc->node);
	add_number(list, "owner_uid", INSPECT_NUMBER, dc->owner_uid);
	add_number(list, "owner_gid", INSPECT_NUMBER, dc->owner_gid);
	add_number(list, "version", INSPECT_NUMBER, dc->version);
	add_number(list, "age", INSPECT_DURATION, dc->created_ns ? now - dc->created_ns : 0);
	add_number(list, "transitions", INSPECT_NUMBER, (int64_t)dc->transitions);
	add_number(list, "events", INSPECT_NUMBER, (int64_t)dc->events);
	add_number(list, "tables", INSPECT_NUMBER, look->snapshot->table_count);
	add_number(list, "mapped", INSPECT_BYTES, (int64_t)dc->bytes_mapped);
	inspect_value_set_text(add(list, "path"), "%.*s", (int)sizeof(dc->path), dc->path);
}

static int make_grid(const struct list *list, struct inspect_grid *grid)
{
	int error = 0;

	for (int i = 0; i < list->count && !error; i++)
		error = inspect_grid_column(grid, &list->headings[i]);
	if (!error)
		error = inspect_grid_row(grid);
	for (int i = 0; i < list->count && !error; i++)
		error = inspect_grid_value(grid, &list->values[i]);
	return error;
}

static int show(struct shell *shell)
{
	struct list list = { .count = 0 };
	struct inspect_grid *grid;
	struct look look;
	int error = look_begin(shell, &look);

	if (error)
		return error;
	fill(&look, &list);
	grid = inspect_grid_create();
	error = grid ? make_grid(&list, grid) : EDVSNOMEM;
	if (error)
		shell_error(shell, error, "it could not be shown");
	else if (shell->json)
		inspect_json_print(inspect_grid_json_row(grid, 0), shell->out);
	else
		inspect_grid_print_list(grid, shell->out);
	inspect_grid_destroy(grid);
	look_end(&look);
	return error;
}

static int done(struct shell *shell, int dcid, const char *word, int result)
{
	if (result)
		return shell_error(shell, result, "dc%d: %s", dcid, dvk_open_error());
	if (shell->json)
		fprintf(shell->out, "{\"dc\":\"dc%d\",\"done\":\"%s\"}\n", dcid, word);
	else
		shell_note(shell, "dc%d: %s", dcid, word);
	return 0;
}

static int create(struct shell *shell, const struct arguments *arguments, int dcid)
{
	static const long long range[2] = { NR_PROCS_MIN, NR_PROCS_MAX };
	struct dvk_options wanted = { .dir = shell->dir,
				      .name = argument_option(arguments, "name") };
	const char *procs = argument_option(arguments, "procs");
	const char *group = argument_option(arguments, "group");
	long long number = 0;

	if (procs && shell_number(shell, procs, range, &number))
		return EDVSRANGE;
	wanted.nr_procs = (int)number;
	wanted.flags = argument_option(arguments, "strict") ? DVK_STRICT : 0;
	if (group && dvk_parse_group(group, &wanted.group))
		return shell_error(shell, EDVSBADVALUE, "there is no group '%s' here", group);
	if (group)
		wanted.flags |= DVK_GROUP;
	return done(shell, dcid, "created", dvk_dc_init(dcid, &wanted));
}

/* create DC, end [DC] */
static int manage(struct shell *shell, const struct arguments *arguments)
{
	const char *verb = arguments->words[0];
	int ends = strcmp(verb, "end") == 0, dcid = shell->view ? shell->dcid : EDVSBADDCID;

	if (!ends && strcmp(verb, "create") != 0)
		return shell_error(shell, 0, "'%s': create DC, end [DC], or nothing", verb);
	if (shell->read_only)
		return shell_error(shell, EDVSPERM, "this shell only looks (--read-only)");
	if (arguments->count > 1)
		dcid = dvk_parse_dc(arguments->words[1], shell->dir);
	else if (!ends)
		dcid = EDVSBADDCID;
	if (dcid < 0)
		return shell_error(shell, dcid, "which one? dc0 to dc%d", NR_DCS - 1);
	if (shell->own_ep != NONE && (!ends || dcid != shell->dcid))
		return shell_error(shell, EDVSDCRUN,
				   "this shell is a process of %s; `detach` first",
				   session_name(shell));
	return ends ? done(shell, dcid, "ended", dvk_dc_end(dcid, shell->dir))
		    : create(shell, arguments, dcid);
}

static int dc_run(struct shell *shell, const struct arguments *arguments)
{
	return arguments->count ? manage(shell, arguments) : show(shell);
}

static void complete_verb(struct shell *shell, struct completion *completion)
{
	(void)shell;
	if (completion->count)
		return;
	completion_add(completion, "create");
	completion_add(completion, "end");
}

static const struct command_option options[] = {
	{ "name", 0, "NAME", "of the DC to create", NULL },
	{ "procs", 0, "NUMBER", "slots from 0 on of the DC to create", NULL },
	{ "group", 0, "GROUP", "whose members may enter the DC to create", NULL },
	{ "strict", 0, NULL, "in the DC to create, users call servers only", NULL },
	{ 0 },
};

const struct command command_dc = {
	.name = "dc",
	.group = GROUP_LOOK,
	.arguments = "[create DC | end [DC]]",
	.summary = "show the attached DC: its lock, keeper, members, sizes; create or end one",
	.details = "A DC that was created stays until it is ended. `dc end` ends all of it: every "
		   "call of its processes returns EDVSDCNOTRUN, also those that wait, so "
		   "servers cannot write any more: end a MUK by SIGTERM first.\n"
		   "A DC of a group is in /run/dvk, or in the folder of --dir, which must let the "
		   "group in: mode 1775, the group's. Only its owner and root can end it.\n"
		   "one_state says whether the state is that of one moment; when the lock's holder "
		   "did not let go within 50 ms, rows are read one by one, and lock_stuck says who "
		   "holds it and what he does.",
	.example = "dc",
	.json = "one object:\n"
		"dc, name, path            which one it is\n"
		"bound, tasks, procs       slots in use, below 0, from 0 on\n"
		"members                   threads attached to it\n"
		"keeper                    pid of who watches for deaths, or null\n"
		"lock_pid, lock_tid        who holds its lock, or null\n"
		"lock_stuck                who keeps the lock and why, or null\n"
		"one_state                 the snapshot is of one moment\n"
		"strict, kept              how it was made\n"
		"node, owner_uid, owner_gid, version, tables\n"
		"age                       seconds since it was made\n"
		"transitions, events       so far\n"
		"mapped                    bytes of its segment\n"
		"of create and end: dc, and done",
	.options = options,
	.words_max = 2,
	.flags = COMMAND_WITHOUT_DC,
	.complete = complete_verb,
	.run = dc_run,
};
