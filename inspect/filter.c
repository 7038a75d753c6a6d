/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * filter.c - whether a line of a trace is one of those that a filter means.
 *
 * Rule: three values. What is not known (how an open call will end, fields of which
 * only a header was kept) fits neither a term nor its `not`; so a line that fits
 * while it is open still fits when it is over.
 */
#include <fnmatch.h>
#include <string.h>

#include <protocol/protocol.h>

#include "filter_private.h"

enum fit { NO, YES, UNKNOWN };

static enum fit fit(int yes)
{
	return yes ? YES : NO;
}

static int is_request(const struct inspect_line *line)
{
	return line->m_type > 0 && line->m_type != NOTIFY_MESSAGE && line->kind != DVK_EVENT_REPLY;
}

static enum fit call_fits(const struct inspect_filter_choice *choice,
			  const struct inspect_line *line)
{
	if (!is_request(line) || (choice->number && choice->number != line->m_type))
		return NO;
	return fit(choice->endpoint != NONE ? line->dst_ep == choice->endpoint
					    : line->protocol == choice->protocol);
}

static enum fit number_fits(const struct inspect_filter_choice *choice, int64_t number)
{
	if (choice->is_range)
		return fit(number >= choice->first && number <= choice->last);
	switch (choice->op) {
	case DVK_TEST_EQ:
		return fit(number == choice->first);
	case DVK_TEST_NE:
		return fit(number != choice->first);
	case DVK_TEST_LT:
		return fit(number < choice->first);
	case DVK_TEST_LE:
		return fit(number <= choice->first);
	case DVK_TEST_GT:
		return fit(number > choice->first);
	case DVK_TEST_GE:
		return fit(number >= choice->first);
	case DVK_TEST_BITS:
		return fit((number & choice->first) != 0);
	case DVK_TEST_COUNT:
		break;
	}
	return NO;
}

/* How much of a text is known: all, or its beginning. */
struct known {
	const char *bytes;
	size_t count;
	int is_whole;
};

static void know_text(const struct inspect_line *line, const struct protocol_field *field,
		      const char *payload, struct known *ret_known)
{
	size_t head = offsetof(struct protocol_path, text);
	uint32_t bytes;

	for (int i = 0; i < line->data_count; i++) {
		if (line->data[i].field != field)
			continue;
		*ret_known = (struct known){ line->data[i].bytes, line->data[i].count,
					     line->data[i].is_whole };
		return;
	}
	if (field->kind == PROTOCOL_TEXT) {
		*ret_known = (struct known){ payload + field->offset,
					     strnlen(payload + field->offset, field->bytes), 1 };
		return;
	}
	memcpy(&bytes, payload + field->offset + offsetof(struct protocol_path, bytes),
	       sizeof(bytes));
	ret_known->bytes = payload + field->offset + head;
	ret_known->is_whole = bytes < field->bytes - head;
	ret_known->count = ret_known->is_whole ? bytes : field->bytes - head;
}

/* Letters before the first that is a pattern's. */
static size_t plain_length(const struct inspect_filter_choice *choice)
{
	return choice->is_pattern ? strcspn(choice->text, "*?[\\") : strlen(choice->text);
}

static enum fit beginning_fits(const struct inspect_filter_choice *choice,
			       const struct known *known)
{
	size_t plain = plain_length(choice);
	size_t common = plain < known->count ? plain : known->count;

	if (memcmp(choice->text, known->bytes, common) != 0)
		return NO;
	if (choice->is_pattern && plain <= known->count && strcmp(choice->text + plain, "*") == 0)
		return YES;
	return UNKNOWN;
}

static enum fit text_fits(const struct inspect_filter_choice *choice, const struct known *known)
{
	char text[INSPECT_PATTERN_MAX + 1024];
	enum fit found;

	if (!known->is_whole || known->count >= sizeof(text)) {
		found = beginning_fits(choice, known);
	} else {
		memcpy(text, known->bytes, known->count);
		text[known->count] = '\0';
		found = fit(choice->is_pattern ? fnmatch(choice->text, text, 0) == 0
					       : strcmp(choice->text, text) == 0);
	}
	if (found == UNKNOWN || choice->op != DVK_TEST_NE)
		return found;
	return fit(found == NO);
}

static enum fit field_fits(const struct inspect_filter_choice *choice,
			   const struct inspect_line *line, const struct protocol_field *field,
			   const message *m)
{
	struct protocol_buffer buffer;
	struct known known;

	if ((choice->kind == INSPECT_BY_TEXT) != filter_is_text(field))
		return NO;
	if (choice->kind == INSPECT_BY_TEXT) {
		know_text(line, field, (const char *)m->payload, &known);
		return text_fits(choice, &known);
	}
	if (field->kind == PROTOCOL_IN || field->kind == PROTOCOL_OUT) {
		memcpy(&buffer, m->payload + field->offset, sizeof(buffer));
		return number_fits(choice, buffer.bytes);
	}
	return number_fits(choice, protocol_get_number(field, m->payload));
}

/* By one of the names that every message has fields by. */
static enum fit raw_fits(const struct inspect_filter_choice *choice,
			 const struct inspect_line *line, const struct filter_accessor *accessor)
{
	const message *m = is_request(line) ? line->request_m : line->reply_m;
	int64_t number = 0;
	int32_t word;
	int16_t half;

	if (!m)
		return UNKNOWN;
	if (accessor->bytes == 8) {
		memcpy(&number, m->payload + accessor->offset, 8);
	} else if (accessor->bytes == 4) {
		memcpy(&word, m->payload + accessor->offset, 4);
		number = word;
	} else {
		memcpy(&half, m->payload + accessor->offset, sizeof(half));
		number = half;
	}
	return number_fits(choice, number);
}

static enum fit named_fits(const struct inspect_filter_choice *choice,
			   const struct inspect_line *line)
{
	const struct protocol_call *call = line->declared;
	const struct filter_accessor *accessor = filter_accessor_find(choice->field);
	const struct protocol_field *field;

	if (accessor)
		return raw_fits(choice, line, accessor);
	field = call ? protocol_field_find(call->request, call->request_count, choice->field)
		     : NULL;
	if (field)
		return line->request_m ? field_fits(choice, line, field, line->request_m) : UNKNOWN;
	field = call ? protocol_field_find(call->reply, call->reply_count, choice->field) : NULL;
	if (field && line->reply_m)
		return line->reply_m->m_type < 0 ? NO
						 : field_fits(choice, line, field, line->reply_m);
	if (strcmp(choice->field, "bytes") == 0 && line->bytes >= 0 && !line->is_open)
		return number_fits(choice, line->bytes);
	return field ? UNKNOWN : NO;
}

/* How it ended; of what is still open, what its age says already. */
static enum fit end_fits(const struct inspect_filter_choice *choice,
			 const struct inspect_line *line)
{
	if (choice->kind == INSPECT_BY_SLOWER) {
		if (line->age_ns >= choice->first)
			return YES;
		return line->is_open ? UNKNOWN : NO;
	}
	if (line->is_open)
		return UNKNOWN;
	return fit(choice->kind == INSPECT_BY_FAILED ? line->result < 0
						     : line->result == choice->number);
}

static enum fit choice_fits(const struct inspect_filter_choice *choice,
			    const struct inspect_line *line)
{
	switch (choice->kind) {
	case INSPECT_BY_PROCESS:
		return fit(choice->endpoint == ANY || line->src_ep == choice->endpoint ||
			   line->dst_ep == choice->endpoint);
	case INSPECT_BY_CALL:
		return call_fits(choice, line);
	case INSPECT_BY_FROM:
		return fit(choice->endpoint == ANY || line->src_ep == choice->endpoint);
	case INSPECT_BY_TO:
		return fit(choice->endpoint == ANY || line->dst_ep == choice->endpoint);
	case INSPECT_BY_KIND:
		return fit(line->kind == choice->number);
	case INSPECT_BY_FAILED:
	case INSPECT_BY_ERROR:
	case INSPECT_BY_SLOWER:
		return end_fits(choice, line);
	case INSPECT_BY_TYPE:
		return fit(line->m_type == choice->first);
	case INSPECT_BY_NUMBER:
	case INSPECT_BY_TEXT:
		return named_fits(choice, line);
	}
	return NO;
}

static enum fit term_fits(const struct inspect_filter *filter,
			  const struct inspect_filter_term *term, const struct inspect_line *line)
{
	enum fit found = NO;

	for (int i = term->first; i < term->first + term->count && found != YES; i++) {
		enum fit one = choice_fits(&filter->choices[i], line);

		if (one != NO)
			found = one;
	}
	if (found == UNKNOWN || !term->is_not)
		return found;
	return fit(found == NO);
}

int inspect_filter_fits(const struct inspect_filter *filter, const struct inspect_line *line)
{
	for (int i = 0; i < filter->term_count; i++)
		if (term_fits(filter, &filter->terms[i], line) != YES)
			return 0;
	return 1;
}

int inspect_filter_needs_fields(const struct inspect_filter *filter)
{
	for (int i = 0; i < filter->choice_count; i++) {
		const struct inspect_filter_choice *choice = &filter->choices[i];

		if (choice->kind == INSPECT_BY_TEXT)
			return 1;
		if (choice->kind == INSPECT_BY_NUMBER && strcmp(choice->field, "bytes") != 0)
			return 1;
	}
	return 0;
}
