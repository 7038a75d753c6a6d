/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nearest.c - the known name that an unknown one was probably meant to be.
 *
 * Near is: it takes at most a third of the word's letters, and no more than three,
 * to insert, remove, replace or swap.
 */
#include <string.h>
#include <strings.h>
#include <ctype.h>

#include "config.h"

#define NEAREST_LETTERS 32 /* longer words have no near name */

static int smaller(int a, int b)
{
	return a < b ? a : b;
}

static int same_letter(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* How many edits make b of a: Damerau's, of neighbours only. */
static int distance(const char *a, const char *b)
{
	int rows[3][NEAREST_LETTERS + 1];
	int *before = rows[0], *above = rows[1], *row = rows[2], *spare;
	int a_length = (int)strlen(a), b_length = (int)strlen(b);

	for (int j = 0; j <= b_length; j++)
		row[j] = before[j] = j;
	for (int i = 1; i <= a_length; i++) {
		spare = before;
		before = above;
		above = row;
		row = spare;
		row[0] = i;
		for (int j = 1; j <= b_length; j++) {
			row[j] = smaller(above[j], row[j - 1]) + 1;
			row[j] = smaller(row[j], above[j - 1] + !same_letter(a[i - 1], b[j - 1]));
			if (i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) &&
			    same_letter(a[i - 2], b[j - 1]))
				row[j] = smaller(row[j], before[j - 2] + 1);
		}
	}
	return row[b_length];
}

const char *cfg_nearest(const char *word, const char *const *names, int count)
{
	const char *nearest = NULL;
	int length = (int)strlen(word);
	int best = smaller(length / 3 + 1, 3) + 1;

	if (length > NEAREST_LETTERS)
		return NULL;
	for (int i = 0; i < count; i++) {
		int edits;

		if (strlen(names[i]) > NEAREST_LETTERS)
			continue;
		edits = distance(word, names[i]);
		if (edits < best) {
			best = edits;
			nearest = names[i];
		}
	}
	return nearest;
}
