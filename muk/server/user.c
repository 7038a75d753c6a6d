/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * user.c - asks PM who a client is; a PM that hangs holds nobody for ever.
 */
#include "server/user.h"

#include <dvk/dvk.h>

#include "protocol/pm.h"

#define PM_PATIENCE_MS 1000

int server_user(int endpoint, uint32_t *ret_uid, uint32_t *ret_gid)
{
	message m = { .m_type = PM_CALL_GETPROC };
	struct pm_getproc_request *request = (void *)m.payload;
	const struct pm_getproc_reply *reply = (const void *)m.payload;
	int error;

	*ret_uid = *ret_gid = 0;
	if (endpoint < NR_SERVERS)
		return 0;
	request->ep = endpoint;
	error = dvk_sendrec_T(PM_PROC_NR, &m, PM_PATIENCE_MS);
	if (error)
		return error == EDVSTIMEDOUT || error == EDVSNOTREADY ? error : 0;
	if (m.m_type < 0)
		return m.m_type;
	*ret_uid = (uint32_t)reply->uid;
	*ret_gid = (uint32_t)reply->gid;
	return 0;
}
