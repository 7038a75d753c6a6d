/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * names.c - the word for an endpoint, and the endpoint for a word.
 *
 * A name is the shortest of NAME, MUK/NAME and NAME.NR that names one process;
 * what inspect_name() says, inspect_resolve() understands, as long as the
 * snapshot is the same.
 */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "index.h"

#define CANDIDATES_SHOWN 8

const char *inspect_word(const char name[DVK_NAME_BYTES], char ret_word[DVK_NAME_BYTES])
{
	int i;

	for (i = 0; i < DVK_NAME_BYTES - 1 && name[i]; i++) {
		unsigned char c = (unsigned char)name[i];

		ret_word[i] = c > ' ' && c < 0x7f ? (char)c : '?';
	}
	ret_word[i] = '\0';
	return ret_word;
}

static const char *special_name(int endpoint)
{
	switch (endpoint) {
	case ANY:
		return "any";
	case NONE:
		return "none";
	case SELF:
		return "self";
	case HARDWARE:
		return "hardware";
	}
	return NULL;
}

static void name_process(const struct inspect *in, const struct dvk_procinfo *p, struct text *out)
{
	const struct inspect_row *row = inspect_row(in, p);
	char name[DVK_NAME_BYTES], muk[DVK_NAME_BYTES];

	inspect_word(p->name, name);
	if (!name[0])
		text_add(out, "%d", p->endpoint);
	else if (row->bare_is_unique)
		text_add(out, "%s", name);
	else if (row->qualified_is_unique && p->muk[0])
		text_add(out, "%s/%s", inspect_word(p->muk, muk), name);
	else
		text_add(out, "%s.%d", name, p->nr);
}

const char *inspect_name(const struct inspect *in, int endpoint, char ret_name[INSPECT_NAME_BYTES])
{
	const struct dvk_procinfo *p = inspect_find(in, endpoint);
	const char *special = special_name(endpoint);
	struct text t;

	text_init(&t, ret_name, INSPECT_NAME_BYTES);
	if (p)
		name_process(in, p, &t);
	else if (special)
		text_add(&t, "%s", special);
	else
		text_add(&t, "%d", endpoint);
	return ret_name;
}

/* 1 when word is one of the ways to name p, in any case, whether it names others too or not. */
static int is_called(const struct dvk_procinfo *p, const char *word)
{
	char name[DVK_NAME_BYTES], muk[DVK_NAME_BYTES];
	char full[3 * DVK_NAME_BYTES];

	inspect_word(p->name, name);
	inspect_word(p->muk, muk);
	if (!name[0])
		return 0;
	if (strcasecmp(word, name) == 0)
		return 1;
	snprintf(full, sizeof(full), "%s.%d", name, p->nr);
	if (strcasecmp(word, full) == 0)
		return 1;
	snprintf(full, sizeof(full), "%s/%s", muk, name);
	if (strcasecmp(word, full) == 0)
		return 1;
	snprintf(full, sizeof(full), "%s/%s.%d", muk, name, p->nr);
	return strcasecmp(word, full) == 0;
}

int inspect_distance(const char *a, const char *b)
{
	int row[33];
	int columns = (int)strnlen(b, 32);

	for (int j = 0; j <= columns; j++)
		row[j] = j;
	for (int i = 1; a[i - 1] && i < 32; i++) {
		int diagonal = row[0];

		row[0] = i;
		for (int j = 1; j <= columns; j++) {
			int best = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[columns];
}

static int refuse_unknown(const struct inspect *in, const char *word, struct text *ret_reason)
{
	const struct dvk_snapshot *s = in->snapshot;
	int limit = strlen(word) > 3 ? 3 : 2;
	char name[INSPECT_NAME_BYTES];
	char nearest[INSPECT_NAME_BYTES] = "";

	for (int i = 0; i < s->count; i++) {
		int differ = inspect_distance(word, inspect_name(in, s->procs[i].endpoint, name));

		if (differ >= limit)
			continue;
		limit = differ;
		memcpy(nearest, name, sizeof(nearest));
	}
	text_add(ret_reason, "no process is called %.40s", word);
	if (nearest[0])
		text_add(ret_reason, "; did you mean %s?", nearest);
	return EDVSNOENT;
}

static int refuse_ambiguous(const struct inspect *in, const char *word, struct text *ret_reason)
{
	const struct dvk_snapshot *s = in->snapshot;
	char name[INSPECT_NAME_BYTES];
	int count = 0;

	text_add(ret_reason, "%.40s could be", word);
	for (int i = 0; i < s->count; i++) {
		if (!is_called(&s->procs[i], word))
			continue;
		if (count++ < CANDIDATES_SHOWN)
			text_add(ret_reason, "%s %s", count > 1 ? "," : "",
				 inspect_name(in, s->procs[i].endpoint, name));
	}
	if (count > CANDIDATES_SHOWN)
		text_add(ret_reason, " and %d more", count - CANDIDATES_SHOWN);
	return EDVSRANGE;
}

static int resolve_number(const struct inspect *in, const char *word, int *ret_endpoint)
{
	const struct dvk_procinfo *p;
	char *end;
	long number;

	if (!isdigit((unsigned char)word[0]) && word[0] != '-')
		return EDVSNOENT;
	errno = 0;
	number = strtol(word, &end, 0);
	if (errno || *end || end == word || number < INT_MIN || number > INT_MAX)
		return EDVSNOENT;
	p = inspect_find_nr(in, (int)number);
	*ret_endpoint = p ? p->endpoint : (int)number;
	return 0;
}

int inspect_resolve(const struct inspect *in, const char *word, int *ret_endpoint,
		    struct text *ret_reason)
{
	const struct dvk_snapshot *s = in->snapshot;
	const struct dvk_procinfo *found = NULL;
	char name[INSPECT_NAME_BYTES];
	int count = 0;

	if (strcasecmp(word, "any") == 0) {
		*ret_endpoint = ANY;
		return 0;
	}
	for (int i = 0; i < s->count; i++) {
		if (!is_called(&s->procs[i], word))
			continue;
		found = &s->procs[i];
		count++;
		if (strcmp(inspect_name(in, found->endpoint, name), word) == 0) {
			*ret_endpoint = found->endpoint;
			return 0;
		}
	}
	if (count == 1) {
		*ret_endpoint = found->endpoint;
		return 0;
	}
	if (count > 1)
		return refuse_ambiguous(in, word, ret_reason);
	if (resolve_number(in, word, ret_endpoint) == 0)
		return 0;
	return refuse_unknown(in, word, ret_reason);
}
