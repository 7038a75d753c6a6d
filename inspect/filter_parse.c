/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * filter_parse.c - words of the filter language into terms and their choices.
 *
 * Fields come last: which there are depends on the calls that the other terms name.
 */
#include <ctype.h>
#include <string.h>

#include <protocol/protocol.h>

#include "filter_private.h"

/* A word on its way: what it is part of, and the key that its first choice had. */
struct parse {
	const struct inspect *in;
	struct inspect_filter *filter;
	struct text *reason;
	char key[48]; /* "error=", "" */
};

static int refuse(struct parse *parse, int code, const char *what, const char *word)
{
	text_add(parse->reason, "'%.80s' %s", word, what);
	return code;
}

void filter_near(const char *word, const char *name, char near[FILTER_NEAR])
{
	int limit = near[0] ? inspect_distance(word, near) : strlen(word) > 3 ? 3 : 2;

	if (inspect_distance(word, name) < limit)
		snprintf(near, FILTER_NEAR, "%s", name);
}

void filter_propose(struct text *reason, const char near[FILTER_NEAR])
{
	if (near[0])
		text_add(reason, "; did you mean %s?", near);
}

/* ---- SERVER.CALL ---- */

static int find_server(struct parse *parse, const char *server,
		       struct inspect_filter_choice *choice)
{
	char bytes[16], near[FILTER_NEAR] = "";
	struct text nobody;

	text_init(&nobody, bytes, sizeof(bytes));
	if (inspect_resolve(parse->in, server, &choice->endpoint, &nobody) == 0)
		choice->protocol = inspect_protocol(parse->in, choice->endpoint);
	if (choice->protocol)
		return 0;
	choice->endpoint = NONE;
	choice->protocol = protocol_find(server);
	if (choice->protocol)
		return 0;
	for (int i = 0; i < protocol_count; i++)
		filter_near(server, protocols[i]->name, near);
	text_add(parse->reason, "no server is called %s", server);
	filter_propose(parse->reason, near);
	return EDVSNOENT;
}

static int parse_call(struct parse *parse, const char *word, struct inspect_filter_choice *choice)
{
	const char *dot = strrchr(word, '.');
	const struct protocol_call *call;
	char server[64], near[FILTER_NEAR] = "";
	int matches;

	snprintf(server, sizeof(server), "%.*s", (int)(dot - word), word);
	choice->kind = INSPECT_BY_CALL;
	choice->endpoint = NONE;
	if (find_server(parse, server, choice))
		return EDVSNOENT;
	if (strcmp(dot, ".*") == 0)
		return 0;
	call = protocol_call_find(choice->protocol, dot + 1, &matches);
	if (call) {
		choice->number = call->number;
		return 0;
	}
	for (int i = 0; i < choice->protocol->count; i++)
		filter_near(dot + 1, choice->protocol->calls[i].name, near);
	text_add(parse->reason,
		 matches ? "%s has several calls that begin with %s" : "%s has no call %s", server,
		 dot + 1);
	filter_propose(parse->reason, near);
	return matches ? EDVSRANGE : EDVSNOENT;
}

/* Somebody wrote `open`: says whose call it is; 0 when it is nobody's. */
static int propose_calls(struct parse *parse, const char *word)
{
	int count = 0;

	for (int i = 0; i < protocol_count; i++) {
		if (protocols[i]->endpoint == NONE || !protocol_call_find(protocols[i], word, NULL))
			continue;
		if (!count++)
			text_add(parse->reason, "no process is called %s, but calls:", word);
		text_add(parse->reason, " %s.%s", protocols[i]->name, word);
	}
	return count;
}

/* A word without an operator: `failed`, a process, or a call. */
static int parse_bare(struct parse *parse, const char *word, struct inspect_filter_choice *choice)
{
	char bytes[8];
	struct text nobody;

	text_init(&nobody, bytes, sizeof(bytes));
	choice->kind = INSPECT_BY_PROCESS;
	if (inspect_resolve(parse->in, word, &choice->endpoint, &nobody) == 0)
		return 0;
	if (strcmp(word, "failed") == 0) {
		choice->kind = INSPECT_BY_FAILED;
		return 0;
	}
	if (strchr(word, '.'))
		return parse_call(parse, word, choice);
	if (propose_calls(parse, word))
		return EDVSNOENT;
	return inspect_resolve(parse->in, word, &choice->endpoint, parse->reason);
}

/* ---- KEY=VALUE ---- */

/* The operator at the beginning of text, the longest that fits; 0: none. */
static size_t find_operator(const char *text, enum dvk_test_op *ret_op)
{
	size_t longest = 0;

	for (int op = 0; op < DVK_TEST_COUNT; op++) {
		size_t length = strlen(filter_ops[op]);

		if (strncmp(text, filter_ops[op], length) != 0 || length <= longest)
			continue;
		longest = length;
		*ret_op = (enum dvk_test_op)op;
	}
	return longest;
}

/* FIELD and what is said of it, to be looked up when all calls are known. */
static int parse_field(struct parse *parse, const char *word, size_t length,
		       struct inspect_filter_choice *choice)
{
	const char *at = word + length;
	size_t op = find_operator(at, &choice->op);

	if (length >= sizeof(choice->field))
		return refuse(parse, EDVSNOENT, "is no field: its name is too long", word);
	choice->kind = INSPECT_BY_NUMBER;
	choice->is_pattern = *at == '~';
	choice->is_range = *at == ':';
	snprintf(choice->field, sizeof(choice->field), "%.*s", (int)length, word);
	at += op ? op : 1;
	if (strlen(at) >= sizeof(choice->text))
		return refuse(parse, EDVSRANGE, "is too long", word);
	if (!*at)
		return refuse(parse, EDVSINVAL, "says no value", word);
	snprintf(choice->text, sizeof(choice->text), "%s", at);
	return 0;
}

/* How many letters a key has: up to an operator, ~ or :. 0: there is no key. */
static size_t key_length(const char *word)
{
	size_t length = 0;

	while (isalnum((unsigned char)word[length]) || word[length] == '_' || word[length] == '-')
		length++;
	return word[length] && strchr("=!<>&~:", word[length]) ? length : 0;
}

static int parse_choice(struct parse *parse, const char *word, int is_first)
{
	struct inspect_filter_choice *choice = &parse->filter->choices[parse->filter->choice_count];
	char whole[INSPECT_PATTERN_MAX + 64];
	size_t length = key_length(word);
	const struct filter_key *key;
	enum dvk_test_op op;

	if (parse->filter->choice_count == INSPECT_CHOICES_MAX)
		return refuse(parse, EDVSRANGE, "is one choice too many, at most 64", word);
	if (!length && !is_first && parse->key[0]) {
		snprintf(whole, sizeof(whole), "%s%s", parse->key, word);
		return parse_choice(parse, whole, 1);
	}
	if (!*word)
		return refuse(parse, EDVSINVAL, "is no term: something is missing", word);
	memset(choice, 0, sizeof(*choice));
	parse->filter->choice_count++;
	parse->key[0] = '\0';
	if (!length)
		return parse_bare(parse, word, choice);
	op = DVK_TEST_EQ;
	snprintf(parse->key, sizeof(parse->key), "%.*s",
		 (int)(length + find_operator(word + length, &op)), word);
	if (strchr("~:", word[length]))
		snprintf(parse->key, sizeof(parse->key), "%.*s", (int)length + 1, word);
	key = filter_key_find(parse->key);
	if (key)
		return key->parse(parse->in, word + length + 1, choice, parse->reason);
	return parse_field(parse, word, length, choice);
}

/* ---- terms ---- */

/* The next part up to a comma, quotes taken off; returns what follows, NULL: an end is missing. */
static const char *take_part(const char *word, char *ret_part, size_t size)
{
	size_t used = 0;
	int quoted = 0;

	for (; *word && (quoted || *word != ','); word++) {
		if (*word == '"')
			quoted = !quoted;
		else if (used < size - 1)
			ret_part[used++] = *word;
	}
	ret_part[used] = '\0';
	return quoted ? NULL : word;
}

/* The term of calls alone that calls of their own join; NULL: none. */
static struct inspect_filter_term *joins(struct inspect_filter *filter,
					 const struct inspect_filter_term *term)
{
	struct inspect_filter_term *last =
		term - 1 >= filter->terms ? &filter->terms[filter->term_count - 1] : NULL;

	if (!last || last->is_not || term->is_not)
		return NULL;
	for (int i = last->first; i < term->first + term->count; i++)
		if (filter->choices[i].kind != INSPECT_BY_CALL)
			return NULL;
	return last;
}

static int parse_term(struct parse *parse, const char *word, int is_not)
{
	struct inspect_filter *filter = parse->filter;
	struct inspect_filter_term *term = &filter->terms[filter->term_count], *last;
	char part[INSPECT_PATTERN_MAX + 48];
	int error;

	if (filter->term_count == INSPECT_TERMS_MAX)
		return refuse(parse, EDVSRANGE, "is one term too many, at most 16", word);
	*term = (struct inspect_filter_term){ is_not, filter->choice_count, 0 };
	parse->key[0] = '\0';
	for (;;) {
		const char *rest = take_part(word, part, sizeof(part));

		if (!rest)
			return refuse(parse, EDVSINVAL, "has a quote without its end", word);
		error = parse_choice(parse, part, !term->count);
		if (error)
			return error;
		term->count++;
		if (!*rest)
			break;
		word = rest + 1;
	}
	last = filter->term_count ? joins(filter, term) : NULL;
	if (last)
		last->count += term->count;
	else
		filter->term_count++;
	return 0;
}

/* Terms that everything fits are none: "any". */
static void drop_any(struct inspect_filter *filter)
{
	int kept = 0;

	for (int i = 0; i < filter->term_count; i++) {
		const struct inspect_filter_term *term = &filter->terms[i];
		const struct inspect_filter_choice *choice = &filter->choices[term->first];

		if (term->count == 1 && !term->is_not && choice->kind == INSPECT_BY_PROCESS &&
		    choice->endpoint == ANY)
			continue;
		filter->terms[kept++] = *term;
	}
	filter->term_count = kept;
}

int inspect_filter_parse(const struct inspect *in, char *const *words, int count,
			 struct inspect_filter *ret_filter, struct text *ret_reason)
{
	struct parse parse = { .in = in, .filter = ret_filter, .reason = ret_reason };
	int is_not = 0, error = 0;

	memset(ret_filter, 0, sizeof(*ret_filter));
	for (int i = 0; i < count && !error; i++) {
		const char *word = words[i];

		if (strcmp(word, "not") == 0 && i + 1 < count) {
			is_not = !is_not;
			continue;
		}
		if (strncmp(word, "not ", 4) == 0) {
			is_not = !is_not;
			word += 4;
		}
		error = parse_term(&parse, word, is_not);
		is_not = 0;
	}
	if (!error)
		error = filter_resolve_fields(in, ret_filter, ret_reason);
	if (!error)
		error = filter_check_possible(in, ret_filter, ret_reason);
	if (!error)
		drop_any(ret_filter);
	return error;
}
