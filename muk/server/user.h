/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * user.h - with whose rights a server serves a client.
 */
#ifndef SERVER_USER_H
#define SERVER_USER_H

#include <stdint.h>

/*
 * Who a client is, as PM knows it; a server, and anybody where there is no PM, is
 * the superuser. Whom PM does not know is no client: it has been killed, or PM's
 * table is full; then PM's error. EDVSTIMEDOUT, EDVSNOTREADY: PM does not answer.
 */
int server_user(int endpoint, uint32_t *ret_uid, uint32_t *ret_gid);

#endif
