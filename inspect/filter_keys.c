/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * filter_keys.c - the keys of the filter language that are no field's name.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "filter_private.h"

const char *const filter_ops[] = {
#define WORD(name, text) text,
	DVK_TESTS(WORD)
#undef WORD
};

static int parse_kind(const struct inspect *in, const char *value,
		      struct inspect_filter_choice *choice, struct text *reason)
{
	(void)in;
	choice->kind = INSPECT_BY_KIND;
	for (int kind = DVK_EVENT_NONE + 1; kind <= DVK_EVENT_REFUSED; kind++) {
		if (strcmp(inspect_kind_word(kind), value) != 0)
			continue;
		choice->number = kind;
		return 0;
	}
	text_add(reason, "'%s' is no kind:", value);
	for (int kind = DVK_EVENT_NONE + 1; kind <= DVK_EVENT_REFUSED; kind++)
		text_add(reason, " %s", inspect_kind_word(kind));
	return EDVSNOENT;
}

static const struct {
	int code;
	const char *name;
} errors[] = {
#define ERROR(name, number, meaning) { -(number), #name },
	DVK_ERRORS(ERROR)
#undef ERROR
};
#define ERRORS (sizeof(errors) / sizeof(errors[0]))

static int parse_error(const struct inspect *in, const char *value,
		       struct inspect_filter_choice *choice, struct text *reason)
{
	char near[FILTER_NEAR] = "", *end;
	long number = strtol(value, &end, 10);

	(void)in;
	choice->kind = INSPECT_BY_ERROR;
	for (size_t i = 0; i < ERRORS; i++) {
		if (strcasecmp(errors[i].name, value) != 0 &&
		    strcasecmp(errors[i].name + 4, value) != 0 &&
		    !(tolower((unsigned char)value[0]) == 'e' &&
		      strcasecmp(errors[i].name + 4, value + 1) == 0))
			continue;
		choice->number = errors[i].code;
		return 0;
	}
	if (*value && !*end && number && labs(number) < 1000) {
		choice->number = number < 0 ? (int)number : -(int)number;
		return 0;
	}
	for (size_t i = 0; i < ERRORS; i++)
		filter_near(value, errors[i].name, near);
	text_add(reason, "'%.40s' is no error: a name as EDVSNOENT, or its number", value);
	filter_propose(reason, near);
	return EDVSNOENT;
}

static int parse_slower(const struct inspect *in, const char *value,
			struct inspect_filter_choice *choice, struct text *reason)
{
	(void)in;
	choice->kind = INSPECT_BY_SLOWER;
	if (inspect_parse_duration(value, &choice->first) == 0)
		return 0;
	text_add(reason, "'%.40s' is no time: slower=1ms, slower=50us, slower=2s", value);
	return EDVSINVAL;
}

static int parse_type(const struct inspect *in, const char *value,
		      struct inspect_filter_choice *choice, struct text *reason)
{
	char *end;

	(void)in;
	choice->kind = INSPECT_BY_TYPE;
	choice->first = strtoll(value, &end, 0);
	if (end != value && !*end && choice->first >= INT32_MIN && choice->first <= INT32_MAX)
		return 0;
	text_add(reason, "'%.40s' is no message type: a number", value);
	return EDVSINVAL;
}

static int parse_from(const struct inspect *in, const char *value,
		      struct inspect_filter_choice *choice, struct text *reason)
{
	choice->kind = INSPECT_BY_FROM;
	return inspect_resolve(in, value, &choice->endpoint, reason);
}

static int parse_to(const struct inspect *in, const char *value,
		    struct inspect_filter_choice *choice, struct text *reason)
{
	choice->kind = INSPECT_BY_TO;
	return inspect_resolve(in, value, &choice->endpoint, reason);
}

const struct filter_key filter_keys[] = {
	{ "from=", parse_from },
	{ "to=", parse_to },
	{ "kind=", parse_kind },
	{ "error=", parse_error },
	{ "slower=", parse_slower },
	{ "type=", parse_type },
	{ NULL, NULL },
};

const struct filter_key *filter_key_find(const char *key)
{
	for (const struct filter_key *k = filter_keys; k->key; k++)
		if (strcmp(k->key, key) == 0)
			return k;
	return NULL;
}
