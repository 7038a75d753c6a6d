/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * is.h - what IS is told by its configuration (muk.cfg).
 */
#ifndef MUK_IS_IS_H
#define MUK_IS_IS_H

#include "server/server.h"

#define IS_NAME_BYTES 512

struct is_config {
	char is_file[IS_NAME_BYTES]; /* on the host; dumps are appended */
	const char *dir;             /* where the DC's segment is, as for dvk_open; NULL: found */
};

/* Its config is a struct is_config. */
extern const struct server_type server_type_is;

#endif
