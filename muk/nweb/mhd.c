/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mhd.c - finds libmicrohttpd and its functions; see mhd.h.
 */
#include "nweb/mhd.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include <dvk/errors.h>

#define MHD_LIBRARY "libmicrohttpd.so.12"

int mhd_load(struct mhd *ret_mhd, char *ret_reason, size_t reason_bytes)
{
	static const char *const names[] = {
#define MHD_NAME(name) "MHD_" #name,
		MHD_FUNCTIONS(MHD_NAME)
#undef MHD_NAME
	};
	void *library = dlopen(MHD_LIBRARY, RTLD_LAZY | RTLD_LOCAL);
	void *functions[sizeof(names) / sizeof(names[0])];

	if (!library) {
		snprintf(ret_reason, reason_bytes,
			 "%s cannot be loaded (package libmicrohttpd12): %s", MHD_LIBRARY,
			 dlerror());
		return EDVSNOSYS;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		functions[i] = dlsym(library, names[i]);
		if (!functions[i]) {
			snprintf(ret_reason, reason_bytes, "%s is too old: it has no %s",
				 MHD_LIBRARY, names[i]);
			return EDVSNOSYS;
		}
	}
	memcpy(ret_mhd, functions, sizeof(functions));
	return 0;
}
