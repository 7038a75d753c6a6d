/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * call.c - finding calls, fields and values in the descriptors of a server.
 *
 * Reads constant data only; any thread may call anything here.
 */
#include <string.h>
#include <strings.h>

#include <dvk/endpoint.h>
#include "protocol.h"
#include "protocol/server.h"

/* An exact name is the one match, whatever it is a prefix of. */
static const struct protocol_call *match(const struct protocol *protocol, const char *name,
					 int *matches)
{
	const struct protocol_call *found = NULL;
	size_t length = strlen(name);

	for (int i = 0; i < protocol->count; i++) {
		const struct protocol_call *call = &protocol->calls[i];

		if (strncmp(call->name, name, length) != 0)
			continue;
		found = call;
		if (call->name[length] == '\0') {
			*matches = 1;
			return call;
		}
		++*matches;
	}
	return found;
}

const struct protocol_call *protocol_call_find(const struct protocol *protocol, const char *name,
					       int *ret_matches)
{
	int matches = 0;
	const struct protocol_call *call = match(protocol, name, &matches);

	if (matches == 0 && protocol != &protocol_server)
		call = match(&protocol_server, name, &matches);
	if (ret_matches)
		*ret_matches = matches;
	return matches == 1 ? call : NULL;
}

static const struct protocol_call *by_number(const struct protocol *protocol, int number)
{
	int place = protocol->index[(unsigned int)number % PROTOCOL_INDEX];

	if (place == 0 || protocol->calls[place - 1].number != number)
		return NULL;
	return &protocol->calls[place - 1];
}

const struct protocol_call *protocol_call_by_number(const struct protocol *protocol, int number)
{
	const struct protocol_call *call = by_number(protocol, number);

	return call ? call : by_number(&protocol_server, number);
}

const struct protocol_field *protocol_field_find(const struct protocol_field *fields, int count,
						 const char *name)
{
	for (int i = 0; i < count; i++)
		if (strcmp(fields[i].name, name) == 0)
			return &fields[i];
	return NULL;
}

const struct protocol_value *protocol_value_find(const struct protocol_set *set, const char *name)
{
	for (int i = 0; i < set->count; i++)
		if (strcasecmp(set->values[i].name, name) == 0)
			return &set->values[i];
	return NULL;
}
