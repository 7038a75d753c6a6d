/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * list.c - a folder's names and types as sorted text, so that two lists compare as bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "walk.h"

#define LINES_MAX 256

void list_add(struct list *list, const char *name, uint32_t type)
{
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return;
	list->used += (uint32_t)sprintf(list->text + list->used, "%s %u\n", name, type);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void list_finish(struct list *list)
{
	char *lines[LINES_MAX], *copy = strndup(list->text, list->used), *rest = copy, *line;
	int count = 0;

	while (copy && count < LINES_MAX && (line = strsep(&rest, "\n")) && *line)
		lines[count++] = line;
	qsort(lines, (size_t)count, sizeof(lines[0]), by_text);
	list->used = 0;
	list->text[0] = '\0';
	for (int i = 0; i < count; i++)
		list->used += (uint32_t)sprintf(list->text + list->used, "%s\n", lines[i]);
	free(copy);
}
