/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * echo.h - a server for tests of the server loop.
 */
#ifndef TESTS_ECHO_H
#define TESTS_ECHO_H

#include "protocol/fs.h"
#include "server/server.h"

/* Its configuration is a text; "fail" makes its start fail with EDVSNODEV. */
extern const struct server_type echo_type;

#endif
