/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_mem.c - the memory of a process: bytes, or rows of a type of the protocol.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <json.h>
#include <protocol/protocol.h>

#include "command.h"
#include "look.h"

#define MEM_BYTES_MAX (1u << 20)
#define LINE_BYTES    16

struct mem {
	struct shell *shell;
	struct look look;
	const struct dvk_procinfo *process;
	uint64_t address;
	size_t bytes;
	const struct protocol_record *type; /* NULL: bytes */
	unsigned char *data;
};

static int parse(const char *word, uint64_t *ret_number)
{
	char *end;

	*ret_number = strtoull(word, &end, 0);
	return !isdigit((unsigned char)word[0]) || *end ? EDVSINVAL : 0;
}

/* A number, or the type of a table that the process has registered: where it lies. */
static int find_address(struct mem *mem, const char *word)
{
	const struct dvk_table *table;

	if (!parse(word, &mem->address))
		return 0;
	table = inspect_table(mem->look.in, word, mem->process->endpoint);
	if (!table)
		return shell_error(mem->shell, 0, "%s is no address, and no table of that process",
				   word);
	mem->address = table->address;
	return 0;
}

static int find_size(struct mem *mem, const char *word, const char *type)
{
	uint64_t bytes;

	if (parse(word, &bytes) || bytes > MEM_BYTES_MAX || (!bytes && !type))
		return shell_error(mem->shell, 0, "a length is a number from 1 to %u",
				   MEM_BYTES_MAX);
	mem->bytes = bytes;
	if (!type)
		return 0;
	mem->type = protocol_record_find(type);
	if (!mem->type)
		return shell_error(mem->shell, 0, "there is no type %s", type);
	if (mem->bytes < mem->type->bytes)
		mem->bytes = mem->type->bytes;
	return 0;
}

static void print_bytes(const struct mem *mem)
{
	FILE *out = mem->shell->out;

	for (size_t at = 0; at < mem->bytes; at += LINE_BYTES) {
		size_t count = mem->bytes - at < LINE_BYTES ? mem->bytes - at : LINE_BYTES;

		fprintf(out, "%012llx ", (unsigned long long)(mem->address + at));
		for (size_t i = 0; i < LINE_BYTES; i++) {
			if (i < count)
				fprintf(out, "%s%02x", i == 8 ? "  " : " ", mem->data[at + i]);
			else
				fprintf(out, "%s  ", i == 8 ? "  " : " ");
		}
		fprintf(out, "  ");
		for (size_t i = 0; i < count; i++)
			fputc(isprint(mem->data[at + i]) ? mem->data[at + i] : '.', out);
		fputc('\n', out);
	}
}

static int print_json(const struct mem *mem)
{
	char *hex = malloc(2 * mem->bytes + 1);
	json_t *object = json_object();

	if (!hex) {
		json_decref(object);
		return shell_error(mem->shell, EDVSNOMEM, "the bytes");
	}
	for (size_t i = 0; i < mem->bytes; i++)
		snprintf(hex + 2 * i, 3, "%02x", mem->data[i]);
	json_object_set_new(object, "pid", json_integer(mem->process->pid));
	json_object_set_new(object, "address", json_integer((json_int_t)mem->address));
	json_object_set_new(object, "bytes", json_string(hex));
	inspect_json_print(object, mem->shell->out);
	free(hex);
	return 0;
}

static int print_rows(const struct mem *mem)
{
	struct dvk_table table = { .owner_ep = mem->process->endpoint,
				   .version = mem->type->version,
				   .address = mem->address,
				   .rows = (uint32_t)(mem->bytes / mem->type->bytes),
				   .row_bytes = mem->type->bytes,
				   .pid = mem->process->pid };
	struct inspect_grid *grid;
	int error;

	snprintf(table.type, sizeof(table.type), "%s", mem->type->name);
	error = inspect_table_rows(mem->look.in, &table, mem->data, &grid);
	if (error)
		return shell_error(mem->shell, error, "%s", mem->type->name);
	if (!mem->shell->json && inspect_grid_rows(grid) == 1) {
		inspect_grid_print_list(grid, mem->shell->out);
		inspect_grid_destroy(grid);
		return 0;
	}
	return look_print(mem->shell, grid, 0);
}

static int read_memory(struct mem *mem)
{
	int error;

	mem->data = malloc(mem->bytes + 1);
	if (!mem->data)
		return shell_error(mem->shell, EDVSNOMEM, "%zu bytes", mem->bytes);
	error = shell_read(mem->shell, mem->process->pid, mem->address, mem->data, mem->bytes);
	if (error)
		return shell_error(mem->shell, error, "%zu bytes at 0x%llx of pid %d", mem->bytes,
				   (unsigned long long)mem->address, mem->process->pid);
	return 0;
}

static int mem_run(struct shell *shell, const struct arguments *arguments)
{
	struct mem mem = { .shell = shell };
	const char *type = arguments->count == 5 ? arguments->words[4] : NULL;
	int error;

	if (arguments->count == 4 || (type && strcmp(arguments->words[3], "as") != 0))
		return shell_error(shell, 0, "after the length comes `as TYPE`, or nothing");
	error = look_begin(shell, &mem.look);
	if (error)
		return error;
	error = look_process(shell, &mem.look, arguments->words[0], &mem.process);
	if (!error)
		error = find_address(&mem, arguments->words[1]);
	if (!error)
		error = find_size(&mem, arguments->words[2], type);
	if (!error)
		error = read_memory(&mem);
	if (!error && mem.type)
		error = print_rows(&mem);
	else if (!error && shell->json)
		error = print_json(&mem);
	else if (!error)
		print_bytes(&mem);
	free(mem.data);
	look_end(&mem.look);
	return error;
}

static void complete(struct shell *shell, struct completion *completion)
{
	if (completion->count == 0)
		complete_endpoint(shell, completion);
	for (int i = 0; i < protocol_record_count && completion->count != 0; i++)
		if (completion->count == 1 || completion->count == 4)
			completion_add(completion, protocol_records[i]->name);
	if (completion->count == 3)
		completion_add(completion, "as");
}

const struct command command_mem = {
	.name = "mem",
	.group = GROUP_LOOK,
	.arguments = "ENDPOINT ADDRESS LENGTH [as TYPE]",
	.summary = "show the memory of a process, as bytes or as rows of a type",
	.details = "ADDRESS is a number, or the type of a table that the process has registered, "
		   "such as fs.super: where that lies. LENGTH is in bytes; as TYPE, a record or "
		   "table of the protocol, shows as many as fit, and at least one. Nobody is "
		   "stopped or asked.",
	.example = "mem fs fs.super 64",
	.json = "one object, or as TYPE an array of objects with the fields of the type:\n"
		"pid, address  where\n"
		"bytes         in hexadecimal",
	.words_min = 3,
	.words_max = 5,
	.complete = complete,
	.run = mem_run,
};
