/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * help.c - a table of entries as text: what may stand in a block.
 */
#include "value.h"

void cfg_print_help(FILE *out, const struct cfg_block *block)
{
	fprintf(out, "%s, blocks '%s NAME { entry value; ... };':\n", block->file, block->kind);
	for (int i = 0; i < block->count; i++) {
		const struct cfg_entry *entry = &block->entries[i];

		fprintf(out, "  %-12s %s; ", entry->name, entry->meaning);
		cfg_describe(out, entry);
		if (entry->required)
			fputs("; required", out);
		else if (entry->kind == CFG_INT && entry->preset)
			fprintf(out, "; else %d", entry->preset);
		else if (entry->preset_text)
			fprintf(out, "; else %s", entry->preset_text);
		fputc('\n', out);
	}
}
