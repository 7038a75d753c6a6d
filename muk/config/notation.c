/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * notation.c - the published notation, translated to libconfig's syntax.
 *
 *	file:	{ WORD WORD '{' { WORD value ';' } '}' [';'] }
 *	value:	WORD or "TEXT"; a WORD that is a number is one, else it is a text
 *	#	begins a comment
 *
 * Every token is written as soon as it is read, and every line's end with it, so
 * that a line of the translation is the same line of the file.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <dvk/errors.h>

#include "notation.h"

enum token_kind {
	TOKEN_END,
	TOKEN_WORD,
	TOKEN_TEXT,      /* in quotes, which are not part of it */
	TOKEN_MARK,      /* one of { } ; */
	TOKEN_OPEN_TEXT, /* a quote that does not close on its line */
};

struct token {
	enum token_kind kind;
	const char *start;
	int length;
	int line;
};

struct scanner {
	const char *path;
	const char *at;
	int line;
	int blocks;
	FILE *out;
	struct cfg_error *error;
	struct token token; /* the one in hand */
};

static int is_mark(char c)
{
	return c == '{' || c == '}' || c == ';';
}

static int is_word_char(char c)
{
	return c && !isspace((unsigned char)c) && !is_mark(c) && c != '"' && c != '#';
}

static void skip_space(struct scanner *s)
{
	for (;;) {
		if (*s->at == '#')
			s->at += strcspn(s->at, "\n");
		if (!isspace((unsigned char)*s->at))
			return;
		if (*s->at == '\n') {
			s->line++;
			fputc('\n', s->out);
		}
		s->at++;
	}
}

static void take_token(struct scanner *s, enum token_kind kind, size_t length, size_t skip)
{
	s->token.kind = kind;
	s->token.start = s->at;
	s->token.length = (int)length;
	s->at += length + skip;
}

static void next_token(struct scanner *s)
{
	size_t length = 0;

	skip_space(s);
	s->token.line = s->line;
	if (!*s->at) {
		take_token(s, TOKEN_END, 0, 0);
	} else if (is_mark(*s->at)) {
		take_token(s, TOKEN_MARK, 1, 0);
	} else if (*s->at == '"') {
		s->at++;
		length = strcspn(s->at, "\"\n");
		if (s->at[length] == '"')
			take_token(s, TOKEN_TEXT, length, 1);
		else
			take_token(s, TOKEN_OPEN_TEXT, length, 0);
	} else {
		while (is_word_char(s->at[length]))
			length++;
		take_token(s, TOKEN_WORD, length, 0);
	}
}

static int token_is(const struct scanner *s, char mark)
{
	return s->token.kind == TOKEN_MARK && *s->token.start == mark;
}

/* Says what was found instead of what was expected. */
static int unexpected(struct scanner *s, const char *expected)
{
	const struct token *t = &s->token;

	switch (t->kind) {
	case TOKEN_END:
		return cfg_fail(s->error, s->path, t->line, "the file ends here; expected %s",
				expected);
	case TOKEN_OPEN_TEXT:
		return cfg_fail(s->error, s->path, t->line,
				"the text \"%.*s has no end: close it with \" on the same line",
				t->length, t->start);
	case TOKEN_TEXT:
		return cfg_fail(s->error, s->path, t->line, "found \"%.*s\"; expected %s",
				t->length, t->start, expected);
	case TOKEN_WORD:
	case TOKEN_MARK:
		break;
	}
	return cfg_fail(s->error, s->path, t->line, "found '%.*s'; expected %s", t->length,
			t->start, expected);
}

/* A name that libconfig takes too. */
static int is_name(const struct token *t)
{
	if (t->kind != TOKEN_WORD || !isalpha((unsigned char)t->start[0]))
		return 0;
	for (int i = 1; i < t->length; i++)
		if (!isalnum((unsigned char)t->start[i]) && !strchr("_-", t->start[i]))
			return 0;
	return 1;
}

static void write_text(struct scanner *s)
{
	fputc('"', s->out);
	for (int i = 0; i < s->token.length; i++) {
		if (s->token.start[i] == '\\')
			fputc('\\', s->out);
		fputc(s->token.start[i], s->out);
	}
	fputc('"', s->out);
}

/* 64 bits wide: what is out of range must be seen so. */
static int write_number(struct scanner *s)
{
	char digits[32], *end;
	long long number;

	if (s->token.length >= (int)sizeof(digits))
		return 0;
	memcpy(digits, s->token.start, s->token.length);
	digits[s->token.length] = '\0';
	number = strtoll(digits, &end, 0);
	if (end == digits || *end)
		return 0;
	fprintf(s->out, "%lldL", number);
	return 1;
}

static int translate_entry(struct scanner *s)
{
	if (!is_name(&s->token))
		return unexpected(s, "an entry, as in 'dcid 0;', or the block's end '}'");
	fprintf(s->out, "%.*s = ", s->token.length, s->token.start);
	next_token(s);
	if (s->token.kind != TOKEN_TEXT && s->token.kind != TOKEN_WORD)
		return unexpected(s, "a value");
	if (s->token.kind == TOKEN_TEXT || !write_number(s))
		write_text(s);
	next_token(s);
	if (!token_is(s, ';'))
		return unexpected(s, "';' after the entry's value");
	fputc(';', s->out);
	next_token(s);
	return 0;
}

static int translate_block(struct scanner *s)
{
	int result;

	if (!is_name(&s->token))
		return unexpected(s, "a block, as in 'muk SERVER1 {'");
	fprintf(s->out, "%.*s%c%d : { name = ", s->token.length, s->token.start, NOTATION_MARK,
		++s->blocks);
	next_token(s);
	if (s->token.kind != TOKEN_WORD && s->token.kind != TOKEN_TEXT)
		return unexpected(s, "the block's name, as in 'muk SERVER1 {'");
	write_text(s);
	fputc(';', s->out);
	next_token(s);
	if (!token_is(s, '{'))
		return unexpected(s, "'{' after the block's name");
	next_token(s);
	while (!token_is(s, '}')) {
		result = translate_entry(s);
		if (result < 0)
			return result;
	}
	fputs("};", s->out);
	next_token(s);
	if (token_is(s, ';'))
		next_token(s);
	return 0;
}

int notation_translate(const char *path, const char *text, char **ret_text,
		       struct cfg_error *ret_error)
{
	struct scanner s = { .path = path, .at = text, .line = 1, .error = ret_error };
	char *translation = NULL;
	size_t bytes;
	int result = 0;

	s.out = open_memstream(&translation, &bytes);
	if (!s.out)
		return EDVSNOMEM;
	next_token(&s);
	while (s.token.kind != TOKEN_END && result == 0)
		result = translate_block(&s);
	if (fclose(s.out) != 0 && result == 0)
		result = EDVSNOMEM;
	if (result < 0) {
		free(translation);
		return result;
	}
	*ret_text = translation;
	return 0;
}

/* Past white space and comments of either notation. */
static const char *skip_comments(const char *at)
{
	const char *end;

	for (;;) {
		at += strspn(at, " \t\r\n\f\v");
		if (*at == '#' || strncmp(at, "//", 2) == 0) {
			at += strcspn(at, "\n");
		} else if (strncmp(at, "/*", 2) == 0) {
			end = strstr(at + 2, "*/");
			at = end ? end + 2 : at + strlen(at);
		} else {
			return at;
		}
	}
}

int notation_is_published(const char *text)
{
	const char *at = skip_comments(text);

	if (!isalpha((unsigned char)*at))
		return *at != '@' && *at != '\0';
	while (isalnum((unsigned char)*at) || strchr("_-*", *at)) {
		if (!*at)
			return 1;
		at++;
	}
	at = skip_comments(at);
	return *at != '=' && *at != ':';
}

/* The length of a text in quotes, with them and what is escaped in it. */
static size_t text_length(const char *at)
{
	size_t length = 1;

	while (at[length] && at[length] != '"')
		length += at[length] == '\\' && at[length + 1] ? 2 : 1;
	return length + (at[length] == '"');
}

/* A whole number, and no part of a name, a hexadecimal number or a fraction. */
static int is_plain_number(const char *word, size_t length)
{
	size_t i = word[0] == '-' || word[0] == '+';

	if (i == length)
		return 0;
	for (; i < length; i++)
		if (!isdigit((unsigned char)word[i]))
			return 0;
	return 1;
}

int notation_widen(const char *text, char **ret_text)
{
	char *copy = NULL;
	size_t bytes, length;
	FILE *out = open_memstream(&copy, &bytes);

	if (!out)
		return EDVSNOMEM;
	while (*text) {
		const char *after = skip_comments(text);
		int number = 0;

		length = (size_t)(after - text);
		if (!length && *text == '"')
			length = text_length(text);
		else if (!length)
			length = strcspn(text, " \t\r\n\f\v\"#=:;,(){}[]/");
		if (!length)
			length = 1;
		number = is_plain_number(text, length);
		fprintf(out, "%.*s%s", (int)length, text, number ? "L" : "");
		text += length;
	}
	if (fclose(out) != 0) {
		free(copy);
		return EDVSNOMEM;
	}
	*ret_text = copy;
	return 0;
}
