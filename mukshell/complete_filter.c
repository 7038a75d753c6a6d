/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * complete_filter.c - words of the filter language at the cursor.
 */
#include <string.h>

#include "complete.h"
#include "trace_command.h"

static void add(void *context, const char *word, int open)
{
	struct completion *completion = context;
	const struct completion_list *list = completion->list;

	for (int i = 0; i < list->count; i++)
		if (strcmp(list->texts[i], word) == 0)
			return;
	if (open)
		completion_add_open(completion, word);
	else
		completion_add(completion, word);
}

void complete_filter(struct shell *shell, struct completion *completion)
{
	static const struct dvk_snapshot nobody;
	struct inspect *in = inspect_create(shell->last ? shell->last : &nobody, NULL);

	if (!in)
		return;
	inspect_filter_complete(in, completion->word, add, completion);
	inspect_destroy(in);
}
