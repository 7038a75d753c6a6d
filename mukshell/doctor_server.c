/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * doctor_server.c - what is odd about stacks, open files, devices and the disk, as the
 * tables say that the servers registered.
 */
#include <stdlib.h>
#include <string.h>

#include <minix.h>
#include <protocol/rdisk.h>
#include <protocol/server.h>

#include "doctor.h"

#define TABLE_BYTES_MAX (64u << 20)
#define STACK_FULL      0.75
#define FILES_MANY      64
#define WRITE_LATE_NS   10000000000

/* The rows of a table of that type and size, read now; NULL: none. */
static void *read_rows(struct doctor *doctor, const struct dvk_table *table, const char *type,
		       size_t row_bytes)
{
	size_t bytes = (size_t)table->rows * row_bytes;
	void *rows;

	if (strcmp(table->type, type) != 0 || table->row_bytes != row_bytes ||
	    bytes > TABLE_BYTES_MAX)
		return NULL;
	rows = malloc(bytes + 1);
	if (rows && shell_read(doctor->shell, table->pid, table->address, rows, bytes)) {
		free(rows);
		return NULL;
	}
	return rows;
}

/* How much of a mapping that begins at address has been touched; 0: unknown. */
static uint64_t touched(pid_t pid, uint64_t address)
{
	char path[64], line[512];
	unsigned long long begin, kib;
	int is_there = 0;
	uint64_t bytes = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/smaps", pid);
	file = fopen(path, "re");
	while (file && !bytes && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%llx-", &begin) == 1 && strchr(line, '-'))
			is_there = begin == address;
		else if (is_there && sscanf(line, "Rss: %llu kB", &kib) == 1)
			bytes = kib << 10;
	}
	if (file)
		fclose(file);
	return bytes;
}

static void check_stacks(struct doctor *doctor, const struct dvk_table *table)
{
	struct server_task_row *rows = read_rows(doctor, table, "server.task", sizeof(*rows));

	for (uint32_t i = 0; rows && i < table->rows; i++) {
		const struct server_task_row *row = &rows[i];
		char name[sizeof(row->name) + 1];
		uint64_t used;

		if (row->state == SERVER_TASK_FREE || !row->stack || !row->stack_bytes)
			continue;
		used = touched(table->pid, row->stack);
		if ((double)used < STACK_FULL * (double)row->stack_bytes)
			continue;
		snprintf(name, sizeof(name), "%.*s", (int)sizeof(row->name), row->name);
		doctor_find(doctor, "stack", name, "it has used %llu of %llu KiB of its stack",
			    (unsigned long long)used >> 10,
			    (unsigned long long)row->stack_bytes >> 10);
		doctor_advise(doctor, "`bt %s`", name);
	}
	free(rows);
}

static void check_files(struct doctor *doctor, const struct dvk_table *table)
{
	struct fs_client_row *rows = read_rows(doctor, table, "fs.client", sizeof(*rows));
	char name[INSPECT_NAME_BYTES];

	for (uint32_t i = 0; rows && i < table->rows; i++) {
		if (rows[i].files < FILES_MANY)
			continue;
		inspect_name(doctor->now.in, rows[i].ep, name);
		doctor_find(doctor, "files", name, "it has %d files open", rows[i].files);
		doctor_advise(doctor, "`fs` lists them; `trace from=%s fs.open,fs.close`", name);
	}
	free(rows);
}

static void check_devices(struct doctor *doctor, const struct dvk_table *table)
{
	struct rdisk_device_row *rows = read_rows(doctor, table, "rdisk.device", sizeof(*rows));
	char name[INSPECT_NAME_BYTES];

	for (uint32_t i = 0; rows && i < table->rows; i++) {
		if (!rows[i].active || !rows[i].errors)
			continue;
		inspect_name(doctor->now.in, table->owner_ep, name);
		doctor_find(doctor, "device", name, "%llu errors of device %d (%.96s)",
			    (unsigned long long)rows[i].errors, rows[i].minor, rows[i].image);
		doctor_advise(doctor, "`rd`");
	}
	free(rows);
}

static void check_super(struct doctor *doctor, const struct dvk_table *table)
{
	struct fs_super_row *row = read_rows(doctor, table, "fs.super", sizeof(*row));
	char name[INSPECT_NAME_BYTES], bytes[64];
	struct text text;
	int64_t age;

	if (!row)
		return;
	inspect_name(doctor->now.in, table->owner_ep, name);
	age = doctor->now.snapshot->taken_ns - row->last_commit_ns;
	text_init(&text, bytes, sizeof(bytes));
	text_add_duration(&text, age);
	if (row->state)
		doctor_find(doctor, "disk", name, "the disk contradicts itself; run `fsck`");
	if (row->dirty_blocks && row->last_commit_ns && age > WRITE_LATE_NS)
		doctor_find(doctor, "disk", name, "%llu changed blocks, and none written for %s",
			    (unsigned long long)row->dirty_blocks, bytes);
	free(row);
}

/* FS's own counts against the bitmaps, of one state. */
static void check_counts(struct doctor *doctor, const struct dvk_table *table)
{
	uint64_t inodes = 0, zones = 0;
	struct minix *minix;
	char name[INSPECT_NAME_BYTES];

	if (strcmp(table->type, "fs.disk") != 0 ||
	    minix_open(doctor->shell->patient, doctor->now.in, table->owner_ep, &minix))
		return;
	for (uint32_t nr = 1; nr <= minix->super.inodes; nr++)
		inodes += minix_inode_is_used(minix, nr) == 1;
	for (uint32_t nr = (uint32_t)minix->super.first_data_zone; nr < minix->super.zones; nr++)
		zones += minix_zone_is_used(minix, nr) == 1;
	if (minix_is_one_state(minix) &&
	    (inodes != minix->super.inodes_used || zones != minix->super.zones_used)) {
		doctor_find(doctor, "disk", inspect_name(doctor->now.in, table->owner_ep, name),
			    "it counts %llu inodes and %llu zones in use, the bitmaps have %llu "
			    "and %llu",
			    (unsigned long long)minix->super.inodes_used,
			    (unsigned long long)minix->super.zones_used, (unsigned long long)inodes,
			    (unsigned long long)zones);
		doctor_advise(doctor, "`fsck`");
	}
	minix_close(minix);
}

void doctor_servers(struct doctor *doctor)
{
	const struct dvk_snapshot *s = doctor->now.snapshot;

	for (int i = 0; i < s->table_count && !shell_interrupted(doctor->shell); i++) {
		check_stacks(doctor, &s->tables[i]);
		check_files(doctor, &s->tables[i]);
		check_devices(doctor, &s->tables[i]);
		check_super(doctor, &s->tables[i]);
		check_counts(doctor, &s->tables[i]);
	}
}
