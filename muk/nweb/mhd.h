/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mhd.h - libmicrohttpd, loaded when a web server is configured.
 *
 * The muk executable does not need the library to start: what is called of it is a
 * table of pointers, each with the type that its own header declares.
 */
#ifndef MUK_NWEB_MHD_H
#define MUK_NWEB_MHD_H

#include <sys/types.h>
#include <microhttpd.h>

/* X(name): the functions that we call, without their MHD_. */
/* clang-format off */
#define MHD_FUNCTIONS(X)					\
	X(start_daemon) X(stop_daemon) X(run) X(get_timeout)	\
	X(get_daemon_info) X(get_connection_info)		\
	X(suspend_connection) X(resume_connection)		\
	X(lookup_connection_value) X(queue_response)		\
	X(create_response_from_buffer)				\
	X(create_response_from_callback)			\
	X(add_response_header) X(destroy_response)
/* clang-format on */

struct mhd {
#define MHD_POINTER(name) __typeof__(&MHD_##name) name;
	MHD_FUNCTIONS(MHD_POINTER)
#undef MHD_POINTER
};

/*
 * Loads the library, or finds it loaded; it stays. The table is the caller's. 0, or
 * EDVSNOSYS; then ret_reason says what is missing.
 */
int mhd_load(struct mhd *ret_mhd, char *ret_reason, size_t reason_bytes);

#endif
