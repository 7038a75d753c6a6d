/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * print.c - a grid as text: columns as wide as what is in them.
 *
 * The last column is not padded, so that lines end where their text ends. A line
 * is cut at the terminal's width, never in the middle of a character.
 */
#include <string.h>

#include "grid.h"

#define CELL_BYTES (INSPECT_TEXT_BYTES + 8)

/* How many columns of a terminal a UTF-8 text takes; one a character. */
static int width_of(const char *text)
{
	int width = 0;

	for (; *text; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

/* The words for a cell; what a terminal would obey becomes '?'. */
static const char *cell_text(const struct grid_cell *cell, char ret_text[CELL_BYTES])
{
	struct inspect_value value;
	struct text t;

	grid_value(cell, &value);
	text_init(&t, ret_text, CELL_BYTES);
	inspect_value_text(&value, &t);
	for (char *p = ret_text; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = '?';
	return ret_text;
}

static void add_cell(struct text *line, const char *text, int width, int right)
{
	int pad = width - width_of(text);

	text_add(line, "%*s%s%*s", right && pad > 0 ? pad : 0, "", text,
		 !right && pad > 0 ? pad : 0, "");
}

/* Prints a line without its trailing blanks, at most width characters of it. */
static void put_line(struct text *line, FILE *out, int width)
{
	char *end = line->bytes + line->used;
	char *p = line->bytes;
	int column = 0;

	while (end > p && end[-1] == ' ')
		end--;
	for (; p < end; p++) {
		column += ((unsigned char)*p & 0xc0) != 0x80;
		if (width > 0 && column > width)
			break;
	}
	fprintf(out, "%.*s\n", (int)(p - line->bytes), line->bytes);
}

void inspect_grid_print(const struct inspect_grid *grid, FILE *out, int width)
{
	int widths[GRID_COLUMNS_MAX];
	char text[CELL_BYTES];
	char bytes[8192];
	struct text line;

	for (int j = 0; j < grid->columns; j++) {
		widths[j] = width_of(grid->headings[j]);
		for (int i = 0; i < grid->rows; i++) {
			int wide = width_of(cell_text(&grid->cells[i][j], text));

			widths[j] = wide > widths[j] ? wide : widths[j];
		}
	}
	for (int i = -1; i < grid->rows; i++) {
		text_init(&line, bytes, sizeof(bytes));
		for (int j = 0; j < grid->columns; j++) {
			const char *cell =
				i < 0 ? grid->headings[j] : cell_text(&grid->cells[i][j], text);

			text_add(&line, "%s", j ? "  " : "");
			add_cell(&line, cell, widths[j], grid->right[j]);
		}
		put_line(&line, out, width);
	}
}

void inspect_grid_print_list(const struct inspect_grid *grid, FILE *out)
{
	char text[CELL_BYTES];
	int width = 0;

	for (int j = 0; j < grid->columns; j++)
		if (width_of(grid->keys[j]) > width)
			width = width_of(grid->keys[j]);
	for (int i = 0; i < grid->rows; i++) {
		if (i)
			fputc('\n', out);
		for (int j = 0; j < grid->columns; j++)
			fprintf(out, "%-*s  %s\n", width, grid->keys[j],
				cell_text(&grid->cells[i][j], text));
	}
}
