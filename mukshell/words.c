/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * words.c - quotes, comments, pipes and files of a command line.
 *
 * Blanks part words. '...' is literal, "..." knows \n \t \\ \" and \xHH, outside
 * of quotes a backslash takes the next character as it is. | > >> begin wherever
 * they stand, except within a word that has a `=` before them: flags=CREAT|TRUNC
 * is one word; expect's second one is an operator.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <dvk/errors.h>

#include "words.h"

/* A word that grows; text is NULL after memory was short. */
struct builder {
	char *text;
	size_t length;
	int assigns;         /* an unquoted = was seen and it is no option */
	const char *problem; /* why it is no word, or NULL */
};

static void builder_add(struct builder *b, char c)
{
	b->text[b->length++] = c;
	b->text[b->length] = '\0';
}

static int hex_digit(char c)
{
	const char *digits = "0123456789abcdef";
	const char *at = c ? strchr(digits, tolower((unsigned char)c)) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* What follows a backslash in "..."; returns how many characters it took. */
static int escape(const char *s, char *ret_c)
{
	static const char names[] = "ntr", values[] = "\n\t\r";
	const char *at = *s ? strchr(names, *s) : NULL;

	if (at) {
		*ret_c = values[at - names];
		return 1;
	}
	if (*s == 'x' && hex_digit(s[1]) >= 0 && hex_digit(s[2]) >= 0) {
		*ret_c = (char)(hex_digit(s[1]) * 16 + hex_digit(s[2]));
		return 3;
	}
	*ret_c = *s;
	return *s ? 1 : 0;
}

static const char no_end[] = "a quote has no end";
static const char no_nul[] = "\\x00 cannot be in a word; bytes go into a file: FIELD=@FILE";

/* Takes the quoted part that begins at s (its quote); returns its end or NULL. */
static const char *take_quoted(struct builder *b, const char *s)
{
	char quote = *s++;
	char c;

	for (; *s && *s != quote; s++) {
		if (*s == '\\' && quote == '"') {
			if (s[1] == '\0')
				break;
			s += escape(s + 1, &c);
			if (c == '\0')
				b->problem = no_nul;
			builder_add(b, c);
		} else {
			builder_add(b, *s);
		}
	}
	if (*s != quote)
		b->problem = no_end;
	return b->problem ? NULL : s + 1;
}

static int ends_word(const struct builder *b, char c)
{
	if (isspace((unsigned char)c) || c == '\0')
		return 1;
	return (c == '|' || c == '>') && !b->assigns;
}

/* expect FIELD > VALUE: there a > is no file. */
static int is_operator_place(const struct line *line)
{
	return line->count == 2 && strcmp(line->words[0], "expect") == 0;
}

/* One word; returns what follows it, or NULL when a quote has no end. */
static const char *take_word(struct builder *b, const char *s)
{
	while (s && !ends_word(b, *s)) {
		if (*s == '\'' || *s == '"') {
			s = take_quoted(b, s);
			continue;
		}
		if (*s == '\\' && s[1])
			s++;
		else if (*s == '=' && b->length && b->text[0] != '-')
			b->assigns = 1;
		builder_add(b, *s++);
	}
	return s;
}

/* A word on the heap; *s moves behind it. A word is never longer than its text. */
static char *next_word(const char **s, int is_operator, const char **ret_problem)
{
	struct builder b = { .text = calloc(1, strlen(*s) + 1), .assigns = is_operator };

	if (!b.text)
		return NULL;
	*s = take_word(&b, *s);
	if (!*s) {
		*ret_problem = b.problem;
		free(b.text);
		return NULL;
	}
	return b.text;
}

static const char *skip_blanks(const char *s)
{
	while (isspace((unsigned char)*s))
		s++;
	return s;
}

/* s stands at | or >. */
static int take_target(struct line *line, const char *s, const char **ret_problem)
{
	int appends = s[0] == '>' && s[1] == '>';

	line->target = *s == '|' ? LINE_TO_PROGRAM : appends ? LINE_APPENDS : LINE_TO_FILE;
	s = skip_blanks(s + 1 + appends);
	if (*s == '\0' || *s == '#') {
		*ret_problem = line->target == LINE_TO_PROGRAM ? "a program is missing after |"
							       : "a file name is missing after >";
		return EDVSINVAL;
	}
	if (line->target == LINE_TO_PROGRAM) {
		line->target_text = strdup(s);
		return line->target_text ? 0 : EDVSNOMEM;
	}
	line->target_text = next_word(&s, 0, ret_problem);
	if (!line->target_text)
		return EDVSINVAL;
	s = skip_blanks(s);
	if (*s && *s != '#') {
		*ret_problem = "only one file name can follow >";
		return EDVSINVAL;
	}
	return 0;
}

static int take_words(struct line *line, const char *s, const char **ret_problem)
{
	char *word;

	for (s = skip_blanks(s); *s && *s != '#'; s = skip_blanks(s)) {
		if ((*s == '|' || *s == '>') && !is_operator_place(line)) {
			if (line->count == 0) {
				*ret_problem = "a command is missing before | or >";
				return EDVSINVAL;
			}
			return take_target(line, s, ret_problem);
		}
		if (line->count == COMMAND_WORDS - 1) {
			*ret_problem = "too many words";
			return EDVS2BIG;
		}
		word = next_word(&s, is_operator_place(line), ret_problem);
		if (!word)
			return EDVSINVAL;
		line->words[line->count++] = word;
	}
	return 0;
}

int line_init(struct line *line, const char *text, const char **ret_problem)
{
	memset(line, 0, sizeof(*line));
	*ret_problem = "out of memory";
	text = skip_blanks(text);
	if (*text == '-') {
		line->may_fail = 1;
		text = skip_blanks(text + 1);
	}
	if (*text == '!') {
		line->host_command = strdup(skip_blanks(text + 1));
		return line->host_command ? 0 : EDVSNOMEM;
	}
	return take_words(line, text, ret_problem);
}

void line_deinit(struct line *line)
{
	for (int i = 0; i < line->count; i++)
		free(line->words[i]);
	free(line->target_text);
	free(line->host_command);
	memset(line, 0, sizeof(*line));
}

int line_last_word(const char *text, int length, char *ret_quote)
{
	char quote = 0;
	int start = 0;

	for (int i = 0; i < length; i++) {
		if (quote) {
			if (text[i] == '\\' && quote == '"')
				i++;
			else if (text[i] == quote)
				quote = 0;
		} else if (text[i] == '\'' || text[i] == '"') {
			quote = text[i];
		} else if (text[i] == '\\') {
			i++;
		} else if (isspace((unsigned char)text[i])) {
			start = i + 1;
		}
	}
	*ret_quote = quote;
	return start;
}

char *word_quote(const char *word)
{
	char *quoted = malloc(4 * strlen(word) + 3);
	char *at = quoted;

	if (!quoted)
		return NULL;
	if (*word && !word[strcspn(word, " \t\r\n\f\v'\"\\|>#!")])
		return strcpy(quoted, word);
	*at++ = '\'';
	for (; *word; word++) {
		if (*word == '\'')
			at = stpcpy(at, "'\\'");
		*at++ = *word;
	}
	strcpy(at, "'");
	return quoted;
}
