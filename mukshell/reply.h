/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reply.h - what came back, shown.
 */
#ifndef MUKSHELL_REPLY_H
#define MUKSHELL_REPLY_H

#include "request.h"
#include "shell.h"

/* Shows the reply to a request in words or JSON; its m_type is 0 or more. */
int reply_show(struct shell *shell, const struct request *request, int endpoint, int64_t took_ns);

/* Text as it is, anything else as a dump with offsets. */
void reply_show_bytes(FILE *out, const void *data, size_t bytes);

#endif
