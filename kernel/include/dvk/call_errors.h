/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * call_errors.h - which errors each call can return, each pair once.
 *
 * DVK_CALL_ERRORS(X) calls X(call, error) for each, in the order in which a call
 * checks them. From it come what documents the calls, and the tests that no call
 * returns anything else and that each pair has a case. EDVSPROCSTS is also what a
 * slot gets that waits already, which only a program's mistake makes.
 */
#ifndef DVK_CALL_ERRORS_H
#define DVK_CALL_ERRORS_H

/* clang-format off */
#define DVK_ERRORS_CALLER(X, call)						\
	X(call, EDVSDVSINIT) X(call, EDVSNOTBIND) X(call, EDVSDCNOTRUN)

#define DVK_ERRORS_TARGET(X, call)						\
	X(call, EDVSRANGE) X(call, EDVSENDPOINT)

#define DVK_ERRORS_WAIT(X, call)						\
	X(call, EDVSAGAIN) X(call, EDVSTIMEDOUT) X(call, EDVSINTR)

#define DVK_ERRORS_SENDS(X, call)						\
	DVK_ERRORS_CALLER(X, call) DVK_ERRORS_TARGET(X, call)			\
	X(call, EDVSTRAPDENIED) X(call, EDVSCALLDENIED) X(call, EDVSBADREQUEST)	\
	X(call, EDVSPROCSTS) X(call, EDVSLOCKED) X(call, EDVSBADPROC)

#define DVK_CALL_ERRORS_TALK(X)							\
	DVK_ERRORS_SENDS(X, send) DVK_ERRORS_WAIT(X, send)			\
	X(send, EDVSDSTDIED)							\
	DVK_ERRORS_SENDS(X, sendrec) DVK_ERRORS_WAIT(X, sendrec)		\
	X(sendrec, EDVSDEADSRCDST) X(sendrec, EDVSSRCDIED)			\
	X(sendrec, EDVSNOTREADY)						\
	DVK_ERRORS_SENDS(X, relay)						\
	X(relay, EDVSDEADSRCDST) X(relay, EDVSDSTDIED)				\
	DVK_ERRORS_CALLER(X, receive) DVK_ERRORS_TARGET(X, receive)		\
	X(receive, EDVSSRCDIED) X(receive, EDVSTRAPDENIED)			\
	X(receive, EDVSCALLDENIED) X(receive, EDVSPROCSTS)			\
	X(receive, EDVSWOKENUP) X(receive, EDVSLOCKED) X(receive, EDVSBADPROC)	\
	DVK_ERRORS_WAIT(X, receive)						\
	DVK_ERRORS_CALLER(X, rcvrqst) X(rcvrqst, EDVSCALLDENIED)		\
	X(rcvrqst, EDVSPROCSTS) X(rcvrqst, EDVSWOKENUP) X(rcvrqst, EDVSBADPROC)	\
	DVK_ERRORS_WAIT(X, rcvrqst) X(rcvrqst, EDVSRANGE)			\
	DVK_ERRORS_CALLER(X, reply) DVK_ERRORS_TARGET(X, reply)			\
	X(reply, EDVSDSTDIED) X(reply, EDVSCALLDENIED)				\
	X(reply, EDVSBADREQUEST) X(reply, EDVSPROCSTS)				\
	DVK_ERRORS_CALLER(X, notify) DVK_ERRORS_TARGET(X, notify)		\
	X(notify, EDVSDSTDIED) X(notify, EDVSCALLDENIED)			\
	X(notify, EDVSPRIVILEGES) X(notify, EDVSBADVALUE) X(notify, EDVSPROCSTS)	\
	DVK_ERRORS_CALLER(X, vcopy) DVK_ERRORS_TARGET(X, vcopy)			\
	X(vcopy, EDVSSRCDIED) X(vcopy, EDVSDSTDIED) X(vcopy, EDVSCALLDENIED)	\
	X(vcopy, EDVSPRIVILEGES) X(vcopy, EDVSPROCSTS) X(vcopy, EDVSONCOPY)	\
	X(vcopy, EDVSFAULT) X(vcopy, EDVSPERM)

#define DVK_CALL_ERRORS_LIFE(X)							\
	X(bind, EDVSDVSINIT) X(bind, EDVSDCNOTRUN) X(bind, EDVSNAMESIZE)	\
	X(bind, EDVSRANGE) X(bind, EDVSPRIVILEGES) X(bind, EDVSSLOTUSED)	\
	X(bind, EDVSRSCBUSY) X(bind, EDVSBADPROC)				\
	X(lclbind, EDVSBADPID) X(lclbind, EDVSPROCRUN)				\
	DVK_ERRORS_CALLER(X, unbind) DVK_ERRORS_TARGET(X, unbind)		\
	X(unbind, EDVSPRIVILEGES) X(unbind, EDVSPROCSTS)			\
	DVK_ERRORS_CALLER(X, wait4bind) DVK_ERRORS_TARGET(X, wait4bind)		\
	X(wait4bind, EDVSCALLDENIED) DVK_ERRORS_WAIT(X, wait4bind)		\
	DVK_ERRORS_CALLER(X, wait4unbind) DVK_ERRORS_TARGET(X, wait4unbind)	\
	X(wait4unbind, EDVSCALLDENIED) DVK_ERRORS_WAIT(X, wait4unbind)		\
	DVK_ERRORS_CALLER(X, wakeup) DVK_ERRORS_TARGET(X, wakeup)		\
	X(wakeup, EDVSDSTDIED) X(wakeup, EDVSPRIVILEGES)			\
	X(wakeup, EDVSCALLDENIED)						\
	X(cancel, EDVSDVSINIT) X(cancel, EDVSNOTBIND)				\
	DVK_ERRORS_TARGET(X, cancel) X(cancel, EDVSPRIVILEGES)			\
	X(cancel, EDVSBADPID)							\
	DVK_ERRORS_CALLER(X, getpriv) DVK_ERRORS_TARGET(X, getpriv)		\
	X(getpriv, EDVSCALLDENIED)						\
	DVK_ERRORS_CALLER(X, setpriv) DVK_ERRORS_TARGET(X, setpriv)		\
	X(setpriv, EDVSPRIVILEGES) X(setpriv, EDVSCALLDENIED)			\
	X(setpriv, EDVSBADVALUE)

#define DVK_CALL_ERRORS_DEBUG(X)						\
	DVK_ERRORS_CALLER(X, stop) DVK_ERRORS_TARGET(X, stop)			\
	X(stop, EDVSPRIVILEGES) X(stop, EDVSCALLDENIED)				\
	DVK_ERRORS_CALLER(X, cont) DVK_ERRORS_TARGET(X, cont)			\
	X(cont, EDVSPRIVILEGES) X(cont, EDVSCALLDENIED) X(cont, EDVSPROCSTS)	\
	DVK_ERRORS_CALLER(X, hold) X(hold, EDVSPRIVILEGES)			\
	X(hold, EDVSCALLDENIED) X(hold, EDVSBADVALUE) X(hold, EDVSRSCBUSY)	\
	DVK_ERRORS_CALLER(X, unhold) X(unhold, EDVSPRIVILEGES)			\
	X(unhold, EDVSCALLDENIED) X(unhold, EDVSNOENT)				\
	DVK_ERRORS_CALLER(X, held) X(held, EDVSPRIVILEGES)			\
	X(held, EDVSCALLDENIED) X(held, EDVSNOMSG) X(held, EDVSPROCSTS)		\
	X(held, EDVSBADREQUEST) X(held, EDVSBADVALUE) X(held, EDVSDSTDIED)	\
	X(held, EDVSRSCBUSY)

#define DVK_CALL_ERRORS(X) \
	DVK_CALL_ERRORS_TALK(X) DVK_CALL_ERRORS_LIFE(X) DVK_CALL_ERRORS_DEBUG(X)
/* clang-format on */

#endif
