/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * find.c - the servers that are linked in; only this needs the table of them.
 */
#include <string.h>

#include "server/server.h"

const struct server_type *server_type_find(const char *name)
{
	for (int i = 0; i < server_type_count; i++)
		if (strcmp(server_types[i]->name, name) == 0)
			return server_types[i];
	return NULL;
}
