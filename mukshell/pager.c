/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pager.c - long output goes through $PAGER, short output straight to the terminal.
 *
 * What is written is kept until it fills the screen; only then the pager starts.
 * When the pager is left early, writing fails with EPIPE and the command ends.
 */
#include <stdlib.h>
#include <string.h>

#include "output.h"

struct pager {
	FILE *terminal;
	FILE *program; /* NULL until the screen is full */
	char *text;    /* what is kept until then */
	size_t bytes;
	int lines;
	int rows;
};

static int start_program(struct pager *pager)
{
	const char *name = getenv("PAGER");

	pager->program = popen(name && *name ? name : "less -FRX", "we");
	if (!pager->program)
		return -1;
	return fwrite(pager->text, 1, pager->bytes, pager->program) == pager->bytes ? 0 : -1;
}

static int keep(struct pager *pager, const char *text, size_t bytes)
{
	char *bigger = realloc(pager->text, pager->bytes + bytes);

	if (!bigger)
		return -1;
	pager->text = bigger;
	memcpy(pager->text + pager->bytes, text, bytes);
	pager->bytes += bytes;
	for (size_t i = 0; i < bytes; i++)
		pager->lines += text[i] == '\n';
	return pager->lines >= pager->rows ? start_program(pager) : 0;
}

static ssize_t pager_write(void *cookie, const char *text, size_t bytes)
{
	struct pager *pager = cookie;

	if (!pager->program)
		return keep(pager, text, bytes) ? 0 : (ssize_t)bytes;
	if (fwrite(text, 1, bytes, pager->program) < bytes || fflush(pager->program))
		return 0;
	return (ssize_t)bytes;
}

static int pager_close(void *cookie)
{
	struct pager *pager = cookie;
	int result = 0;

	if (pager->program)
		pclose(pager->program);
	else if (pager->bytes &&
		 fwrite(pager->text, 1, pager->bytes, pager->terminal) < pager->bytes)
		result = -1;
	fflush(pager->terminal);
	free(pager->text);
	free(pager);
	return result;
}

FILE *pager_open(FILE *terminal, int rows)
{
	const cookie_io_functions_t functions = { .write = pager_write, .close = pager_close };
	struct pager *pager = calloc(1, sizeof(*pager));
	FILE *stream;

	if (!pager)
		return NULL;
	pager->terminal = terminal;
	pager->rows = rows > 2 ? rows - 1 : 1;
	stream = fopencookie(pager, "w", functions);
	if (!stream)
		free(pager);
	return stream;
}
