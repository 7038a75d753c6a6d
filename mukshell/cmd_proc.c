/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_proc.c - all that is known of one process.
 */
#include <string.h>

#include <json.h>

#include "command.h"
#include "look.h"

/* What ps has no column for. */
static const struct inspect_heading extra[] = {
	{ "letter", "letter", 0 },
	{ "linux", "linux", 0 },
	{ "tables", "tables", 0 },
};

/* The message that it sends, or was given last. */
static void letter_words(const struct look *look, const struct dvk_procinfo *p,
			 struct inspect_value *value)
{
	struct text t;

	value->kind = INSPECT_TEXT;
	text_init(&t, value->text, sizeof(value->text));
	if (p->letter.m_type == NOTIFY_MESSAGE) {
		inspect_decode_notification(look->in, &p->letter, &t);
	} else if (p->rts & DVK_RTS_SENDING) {
		inspect_decode_request(look->in, p->sendto_ep, &p->letter, &t);
	} else if (p->letter.m_type > 0 && p->call) {
		inspect_decode_request(look->in, p->getfrom_ep, &p->letter, &t);
	} else if (p->letter.m_type > 0) {
		inspect_decode_request(look->in, p->endpoint, &p->letter, &t);
	} else {
		char name[INSPECT_NAME_BYTES];

		text_add(&t, "reply of %s: ", inspect_name(look->in, p->letter.m_source, name));
		inspect_decode_reply(look->in, p->letter.m_source, p->call_type, &p->letter, &t);
	}
	if (!p->messages_sent && !p->messages_received)
		value->kind = INSPECT_NOTHING;
}

static void linux_words(const struct dvk_procinfo *p, struct inspect_value *value)
{
	struct inspect_thread thread;
	struct text t;

	value->kind = INSPECT_TEXT;
	text_init(&t, value->text, sizeof(value->text));
	inspect_thread_read(p->pid, p->tid, &thread);
	inspect_thread_words(&thread, &t);
}

static void table_words(const struct look *look, const struct dvk_procinfo *p,
			struct inspect_value *value)
{
	const struct dvk_snapshot *s = look->snapshot;
	struct text t;

	value->kind = INSPECT_WORDS;
	text_init(&t, value->text, sizeof(value->text));
	for (int i = 0; i < s->table_count; i++)
		if (s->tables[i].owner_ep == p->endpoint)
			text_add(&t, "%s%.*s", t.used ? "|" : "", (int)sizeof(s->tables[i].type),
				 s->tables[i].type);
}

static int make_grid(struct inspect_grid *grid, const struct look *look,
		     const struct dvk_procinfo *p)
{
	struct inspect_value values[sizeof(extra) / sizeof(extra[0])];
	struct inspect_choice choice;
	struct text nothing;
	char bytes[8];
	int error;

	text_init(&nothing, bytes, sizeof(bytes));
	error = inspect_choose("all", &choice, &nothing);
	if (!error)
		error = inspect_grid_choose(grid, &choice);
	for (size_t i = 0; i < sizeof(extra) / sizeof(extra[0]) && !error; i++)
		error = inspect_grid_column(grid, &extra[i]);
	if (!error)
		error = inspect_grid_process(grid, look->in, &choice, p);
	letter_words(look, p, &values[0]);
	linux_words(p, &values[1]);
	table_words(look, p, &values[2]);
	for (size_t i = 0; i < sizeof(extra) / sizeof(extra[0]) && !error; i++)
		error = inspect_grid_value(grid, &values[i]);
	return error;
}

static int proc_run(struct shell *shell, const struct arguments *arguments)
{
	const struct dvk_procinfo *p;
	struct inspect_grid *grid;
	struct look look;
	int error = look_begin(shell, &look);

	if (error)
		return error;
	grid = inspect_grid_create();
	error = look_process(shell, &look, arguments->words[0], &p);
	if (error)
		goto end;
	error = grid ? make_grid(grid, &look, p) : EDVSNOMEM;
	if (error)
		shell_error(shell, error, "it could not be shown");
	else if (shell->json)
		inspect_json_print(inspect_grid_json_row(grid, 0), shell->out);
	else
		inspect_grid_print_list(grid, shell->out);
end:
	inspect_grid_destroy(grid);
	look_end(&look);
	return error;
}

const struct command command_proc = {
	.name = "proc",
	.group = GROUP_LOOK,
	.arguments = "ENDPOINT",
	.summary = "show all that is known of a process",
	.details = "All columns of ps and three more: letter is the message that it sends or was "
		   "given last, decoded; linux is what Linux says of its thread; tables are those "
		   "it has registered.",
	.example = "proc fs",
	.json = "one object: the keys of ps -o all, and\n"
		"letter  the message that it sends or was given last, decoded\n"
		"linux   what Linux says of its thread\n"
		"tables  array of the types of its tables",
	.words_min = 1,
	.words_max = 1,
	.complete = complete_endpoint,
	.run = proc_run,
};
