/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * errors.h - the error numbers, each declared once with its meaning.
 *
 * Functions return them negative. The classic ones have MINIX's numbers.
 * DVK_ERRORS(X) calls X(name, number, meaning) for each: from it come the
 * constants here and dvk_strerror().
 */
#ifndef DVK_ERRORS_H
#define DVK_ERRORS_H

#define DVK_ERRORS_CLASSIC(X)                                         \
	X(EDVSPERM, 1, "operation not permitted")                     \
	X(EDVSNOENT, 2, "no such file or directory")                  \
	X(EDVSSRCH, 3, "no such process")                             \
	X(EDVSINTR, 4, "interrupted, the message was not taken")      \
	X(EDVSIO, 5, "input/output error")                            \
	X(EDVSNXIO, 6, "no such device or address")                   \
	X(EDVS2BIG, 7, "argument list too long")                      \
	X(EDVSNOEXEC, 8, "not an executable")                         \
	X(EDVSBADF, 9, "bad file descriptor")                         \
	X(EDVSCHILD, 10, "no child process")                          \
	X(EDVSAGAIN, 11, "not now, try again")                        \
	X(EDVSNOMEM, 12, "not enough memory")                         \
	X(EDVSACCES, 13, "permission denied")                         \
	X(EDVSFAULT, 14, "bad address")                               \
	X(EDVSNOTBLK, 15, "not a block device")                       \
	X(EDVSBUSY, 16, "resource busy")                              \
	X(EDVSEXIST, 17, "file exists")                               \
	X(EDVSXDEV, 18, "link across devices")                        \
	X(EDVSNODEV, 19, "no such device")                            \
	X(EDVSNOTDIR, 20, "not a directory")                          \
	X(EDVSISDIR, 21, "is a directory")                            \
	X(EDVSINVAL, 22, "invalid argument")                          \
	X(EDVSNFILE, 23, "file table full")                           \
	X(EDVSMFILE, 24, "too many open files")                       \
	X(EDVSNOTTY, 25, "not a terminal")                            \
	X(EDVSTXTBSY, 26, "text file busy")                           \
	X(EDVSFBIG, 27, "file too large")                             \
	X(EDVSNOSPC, 28, "no space left on device")                   \
	X(EDVSSPIPE, 29, "illegal seek")                              \
	X(EDVSROFS, 30, "read-only file system")                      \
	X(EDVSMLINK, 31, "too many links")                            \
	X(EDVSPIPE, 32, "broken pipe")                                \
	X(EDVSDOM, 33, "argument out of domain")                      \
	X(EDVSRANGE, 34, "out of range")                              \
	X(EDVSDEADLK, 35, "resource deadlock avoided")                \
	X(EDVSNAMETOOLONG, 36, "name too long")                       \
	X(EDVSNOLCK, 37, "no locks available")                        \
	X(EDVSNOSYS, 38, "no such call")                              \
	X(EDVSNOTEMPTY, 39, "directory not empty")                    \
	X(EDVSLOOP, 40, "too many symbolic links")                    \
	X(EDVSTIMEDOUT, 61, "timed out, the request was never taken") \
	X(EDVSNOTCONN, 64, "the node or its proxy is not connected")  \
	X(EDVSMSGSIZE, 73, "message too long")                        \
	X(EDVSGENERIC, 99, "unspecified error")

#define DVK_ERRORS_IPC(X)                                                     \
	X(EDVSLOCKED, 101, "refused: it would close a circle of waits")       \
	X(EDVSBADCALL, 102, "illegal call number")                            \
	X(EDVSBADSRCDST, 103, "bad source or destination")                    \
	X(EDVSCALLDENIED, 104, "this process may not make this call")         \
	X(EDVSDEADSRCDST, 105, "the peer is dead, the request was not taken") \
	X(EDVSNOTREADY, 106, "the request was taken, its outcome is unknown") \
	X(EDVSBADREQUEST, 107, "this may not be requested")                   \
	X(EDVSSRCDIED, 108, "the awaited process died")                       \
	X(EDVSDSTDIED, 109, "the destination died")                           \
	X(EDVSTRAPDENIED, 110, "no right to send to this process")            \
	X(EDVSDONTREPLY, 201, "no reply now, it comes later")

#define DVK_ERRORS_DVS(X)                                             \
	X(EDVSERRCODE, 300, "errors of the DVS begin here")           \
	X(EDVSBADNODEID, 301, "no such node number")                  \
	X(EDVSBADDCID, 302, "no such DC")                             \
	X(EDVSDCNOTRUN, 303, "the DC is not running")                 \
	X(EDVSBADPROC, 304, "no such slot")                           \
	X(EDVSBADPID, 305, "wrong pid, or another PID namespace")     \
	X(EDVSENDPOINT, 306, "stale endpoint, or the caller's own")   \
	X(EDVSNOPROXY, 307, "no proxy for this node")                 \
	X(EDVSRMTPROC, 308, "the process is remote")                  \
	X(EDVSLCLPROC, 309, "the process is local")                   \
	X(EDVSNOTBIND, 310, "not bound")                              \
	X(EDVSPROXYRUN, 311, "the proxy is running")                  \
	X(EDVSNODEBUSY, 315, "the node is in use")                    \
	X(EDVSNONODE, 316, "the node is not of this DVS")             \
	X(EDVSDVSBUSY, 317, "the DVS is in use")                      \
	X(EDVSDVSINIT, 318, "the DVS is not initialised")             \
	X(EDVSNODCNODE, 319, "the DC is not on this node")            \
	X(EDVSPROCRUN, 320, "the process is running")                 \
	X(EDVSNOMSG, 321, "no message")                               \
	X(EDVSDCRUN, 323, "the DC is running")                        \
	X(EDVSPROCSTS, 324, "the process is not in a state for this") \
	X(EDVSNODEFREE, 325, "the node is free")                      \
	X(EDVSDCNODE, 326, "the DC is on this node")                  \
	X(EDVSBADPROXY, 327, "not a proxy")                           \
	X(EDVSONCOPY, 328, "in another copy")                         \
	X(EDVSENQUEUED, 329, "already queued")                        \
	X(EDVSOVERRUN, 330, "overrun")                                \
	X(EDVSBADOWNER, 331, "not the owner")                         \
	X(EDVSMIGRATE, 332, "the process is migrating")               \
	X(EDVSPROXYFREE, 333, "the proxy's slot is free")             \
	X(EDVSGRPLEADER, 334, "not the group's leader")               \
	X(EDVSPRIVILEGES, 335, "not enough privileges")               \
	X(EDVSBINDTYPE, 336, "wrong kind of binding")                 \
	X(EDVSSLOTUSED, 337, "the slot is in use")                    \
	X(EDVSBADRANGE, 338, "outside the allowed range")             \
	X(EDVSBADVALUE, 339, "bad value")                             \
	X(EDVSRSCBUSY, 342, "no free slot, the table is full")        \
	X(EDVSNAMESIZE, 343, "the name is empty or too long")         \
	X(EDVSALLOCMEM, 344, "memory could not be allocated")         \
	X(EDVSPROXYID, 345, "bad proxy number")                       \
	X(EDVSREPLPROC, 346, "the process is a replica")              \
	X(EDVSWOKENUP, 348, "woken up")                               \
	X(EDVSPRIMARY, 401, "not the primary")                        \
	X(EDVSNOREPLICA, 402, "no replica")                           \
	X(EDVSRESTARTSYS, 512, "try the call again")

#define DVK_ERRORS(X) DVK_ERRORS_CLASSIC(X) DVK_ERRORS_IPC(X) DVK_ERRORS_DVS(X)

enum dvk_error {
#define DVK_ERROR(name, number, meaning) name = -(number),
	DVK_ERRORS(DVK_ERROR)
#undef DVK_ERROR
};

/*
 * The constant's name ("EDVSNOENT") of a negative code; NULL when there is none.
 * A program need not free it.
 */
const char *dvk_errname(int code);

/* The meaning of a negative code in words; never NULL. */
const char *dvk_strerror(int code);

#endif
