/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stack.c - registers to frames, by libdw.
 *
 * libdw is told of one thread, which has the registers that we give it; it reads the
 * process's memory through us and finds unwind tables, names and lines in the files
 * that the process has mapped. Its memory may be garbage: frames are bounded.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

#include <elfutils/libdwfl.h>

#include "stack.h"

#define ANY_TID 1 /* the thread that libdw believes in */

struct symbols {
	Dwfl *dwfl;
	pid_t pid;
	const struct stack_registers *registers; /* of the unwinding under way */
	struct stack_frame *frames;
	int count;
};

static char *debuginfo_path; /* libdw's default */
static const Dwfl_Callbacks process_files = {
	.find_elf = dwfl_linux_proc_find_elf,
	.find_debuginfo = dwfl_standard_find_debuginfo,
	.debuginfo_path = &debuginfo_path,
};

static pid_t next_thread(Dwfl *dwfl, void *context, void **thread)
{
	(void)dwfl;
	if (*thread)
		return 0;
	*thread = context;
	return ANY_TID;
}

static bool get_thread(Dwfl *dwfl, pid_t tid, void *context, void **ret_thread)
{
	(void)dwfl;
	*ret_thread = context;
	return tid == ANY_TID;
}

static bool read_memory(Dwfl *dwfl, Dwarf_Addr address, Dwarf_Word *ret_word, void *context)
{
	const struct symbols *symbols = context;
	uint64_t word;
	struct iovec here = { &word, sizeof(word) };
	struct iovec there = { (void *)(uintptr_t)address, sizeof(word) };

	(void)dwfl;
	if (process_vm_readv(symbols->pid, &here, 1, &there, 1, 0) != sizeof(word))
		return false;
	*ret_word = word;
	return true;
}

static bool set_registers(Dwfl_Thread *thread, void *context)
{
	const struct symbols *symbols = context;
	const struct stack_registers *registers = symbols->registers;

	for (int i = 0; i < STACK_REGISTERS; i++) {
		Dwarf_Word word = registers->values[i];

		if (registers->known >> i & 1 && !dwfl_thread_state_registers(thread, i, 1, &word))
			return false;
	}
	dwfl_thread_state_register_pc(thread, registers->pc);
	return true;
}

static const Dwfl_Thread_Callbacks threads = {
	.next_thread = next_thread,
	.get_thread = get_thread,
	.memory_read = read_memory,
	.set_initial_registers = set_registers,
};

/*
 * Tells libdw what is mapped. Shared mappings are no programs, and libdw gives up at
 * one file under two names, as a segment is.
 */
static int report_files(Dwfl *dwfl, pid_t pid)
{
	char path[64], line[4096], *text = NULL;
	FILE *maps, *kept;
	size_t bytes = 0;
	int error = EDVSNOMEM;

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	maps = fopen(path, "re");
	if (!maps)
		return errno == EACCES || errno == EPERM ? EDVSPERM : EDVSSRCH;
	kept = open_memstream(&text, &bytes);
	while (kept && fgets(line, sizeof(line), maps)) {
		const char *rights = strchr(line, ' ');

		if (rights && strlen(rights) > 4 && rights[4] == 'p')
			fputs(line, kept);
	}
	fclose(maps);
	if (!kept || fclose(kept) || !bytes)
		goto out;
	kept = fmemopen(text, bytes, "r");
	if (!kept)
		goto out;
	error = dwfl_linux_proc_maps_report(dwfl, kept) ? EDVSSRCH : 0;
	fclose(kept);
out:
	free(text);
	return error;
}

int symbols_open(pid_t pid, struct symbols **ret_symbols)
{
	struct symbols *symbols = calloc(1, sizeof(*symbols));
	int error = EDVSNOMEM;

	if (!symbols)
		return error;
	symbols->pid = pid;
	symbols->dwfl = dwfl_begin(&process_files);
	if (!symbols->dwfl)
		goto fail;
	error = report_files(symbols->dwfl, pid);
	if (error)
		goto fail;
	error = EDVSNOMEM;
	if (dwfl_report_end(symbols->dwfl, NULL, NULL) == 0 &&
	    dwfl_attach_state(symbols->dwfl, NULL, pid, &threads, symbols)) {
		*ret_symbols = symbols;
		return 0;
	}
fail:
	symbols_close(symbols);
	return error;
}

void symbols_close(struct symbols *symbols)
{
	if (!symbols)
		return;
	if (symbols->dwfl)
		dwfl_end(symbols->dwfl);
	free(symbols);
}

/* Names and lines belong to the call, which stands before where it returns to. */
static void name_frame(const struct symbols *symbols, uint64_t at, struct stack_frame *frame)
{
	Dwfl_Module *module = dwfl_addrmodule(symbols->dwfl, at);
	const char *function, *file;
	Dwfl_Line *line;
	GElf_Sym symbol;
	GElf_Off offset;

	if (!module)
		return;
	function = dwfl_module_addrinfo(module, at, &offset, &symbol, NULL, NULL, NULL);
	if (function) {
		snprintf(frame->function, sizeof(frame->function), "%s", function);
		frame->offset = offset + (frame->pc - at);
	}
	line = dwfl_module_getsrc(module, at);
	file = line ? dwfl_lineinfo(line, NULL, &frame->line, NULL, NULL, NULL) : NULL;
	if (!file)
		file = dwfl_module_info(module, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
	snprintf(frame->file, sizeof(frame->file), "%s", file ? file : "");
}

static int add_frame(Dwfl_Frame *state, void *context)
{
	struct symbols *symbols = context;
	struct stack_frame *frame = &symbols->frames[symbols->count];
	bool is_activation;
	Dwarf_Addr pc;

	if (!dwfl_frame_pc(state, &pc, &is_activation))
		return DWARF_CB_ABORT;
	memset(frame, 0, sizeof(*frame));
	frame->pc = pc;
	name_frame(symbols, is_activation ? pc : pc - 1, frame);
	symbols->count++;
	return symbols->count < STACK_FRAMES_MAX ? DWARF_CB_OK : DWARF_CB_ABORT;
}

int stack_unwind(struct symbols *symbols, const struct stack_registers *registers,
		 struct stack_frame ret_frames[STACK_FRAMES_MAX])
{
	symbols->registers = registers;
	symbols->frames = ret_frames;
	symbols->count = 0;
	/* -1 at the end of what can be unwound; the frames until there are good. */
	(void)dwfl_getthread_frames(symbols->dwfl, ANY_TID, add_frame, symbols);
	return symbols->count;
}
