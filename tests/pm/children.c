/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * children.c - Linux processes in the MUK's DC, as applications would be.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <dvk/dvk.h>
#include <dvk/state.h>

#include "children.h"
#include "protocol/pm.h"

struct muk_process muk;

static void end_child(enum ending ending, int code)
{
	if (ending == EXITS || ending == EXITS_BOUND)
		if (pm_call_exit(PM, code) != 0)
			_exit(98);
	if (ending == EXITS || ending == UNBINDS)
		dvk_unbind(SELF, code);
	if (ending == IS_KILLED)
		kill(getpid(), SIGKILL);
	_exit(0);
}

struct birth {
	int pid;
	int ep;
};

/* A process of the DC whose parent is pid parent; tells both numbers to tell. */
static void live(int parent, const int pipes[2], enum ending ending, int code)
{
	struct dvk_options open = { .dir = muk.folder };
	struct pm_newproc_reply reply = { 0 };
	struct birth birth;
	int tell = pipes[1], go = pipes[0];
	char byte;

	if (dvk_open(0, &open) < 0)
		_exit(96);
	birth.ep = dvk_bind(NONE, "child");
	if (!dvk_is_endpoint(birth.ep) || pm_call_newproc(PM, parent, SAME, SAME, "", &reply) != 0)
		_exit(97);
	birth.pid = reply.pid;
	if (write(tell, &birth, sizeof(birth)) != sizeof(birth) || read(go, &byte, 1) < 0)
		_exit(99);
	end_child(ending, code);
}

struct child bear(int parent, enum ending ending, int code)
{
	struct child child = { 0 };
	struct birth birth;
	int tell[2], go[2];

	assert_int_equal(pipe(tell), 0);
	assert_int_equal(pipe(go), 0);
	child.linux_pid = fork();
	assert_true(child.linux_pid >= 0);
	if (child.linux_pid == 0) {
		close(go[1]);
		live(parent, (int[]){ go[0], tell[1] }, ending, code);
	}
	close(go[0]);
	close(tell[1]);
	assert_int_equal(read(tell[0], &birth, sizeof(birth)), sizeof(birth));
	close(tell[0]);
	child.pid = birth.pid;
	child.ep = birth.ep;
	child.go = go[1];
	return child;
}

/* Lets it end as it was born to, and Linux forget it. */
void let_end(struct child *child)
{
	assert_int_equal(write(child->go, "", 1), 1);
	close(child->go);
	assert_int_equal(waitpid(child->linux_pid, NULL, 0), child->linux_pid);
}

int own_pid(void)
{
	struct pm_getpid_reply reply = { 0 };

	assert_int_equal(pm_call_getpid(PM, &reply), 0);
	return reply.pid;
}

/* ---- what PM shows to those who look ----------------------------------------- */

int count_rows(const char *type, size_t key)
{
	struct dvk_view *view;
	struct dvk_snapshot *snapshot;
	char *rows = NULL;
	int count = 0;

	assert_int_equal(dvk_view_open(0, muk.folder, 1, &view), 0);
	assert_int_equal(dvk_view_snapshot(view, &snapshot), 0);
	for (int i = 0; i < snapshot->table_count; i++) {
		const struct dvk_table *table = &snapshot->tables[i];

		if (strcmp(table->type, type) != 0)
			continue;
		rows = malloc((size_t)table->rows * table->row_bytes);
		assert_non_null(rows);
		assert_int_equal(dvk_view_read(view, table->pid, table->address, rows,
					       (size_t)table->rows * table->row_bytes),
				 0);
		for (unsigned int j = 0; j < table->rows; j++)
			count += *(int32_t *)(rows + (size_t)j * table->row_bytes + key) != 0;
	}
	assert_non_null(rows);
	free(rows);
	dvk_snapshot_free(snapshot);
	dvk_view_close(view);
	return count;
}

int count_processes(void)
{
	return count_rows("pm.process", offsetof(struct pm_process_row, pid));
}
