/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * protocol.c - finding servers and records in the list of all.
 *
 * Who calls none of this links only the servers that it names.
 */
#include <string.h>

#include <dvk/endpoint.h>
#include "protocol.h"

const struct protocol *protocol_find(const char *server)
{
	for (int i = 0; i < protocol_count; i++)
		if (strcmp(protocols[i]->name, server) == 0)
			return protocols[i];
	return NULL;
}

const struct protocol *protocol_at(int nr)
{
	for (int i = 0; i < protocol_count; i++)
		if (protocols[i]->endpoint == nr && nr != NONE)
			return protocols[i];
	return NULL;
}

const struct protocol_record *protocol_record_find(const char *name)
{
	for (int i = 0; i < protocol_record_count; i++)
		if (strcmp(protocol_records[i]->name, name) == 0)
			return protocol_records[i];
	return NULL;
}
