/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pm.h - PM: who is whose child, whose user, and how they end.
 *
 * Every process of the DC has a row: PM learns of one at its first call, or by
 * pm.scan; of its end from SYSTASK. The row of one whose parent is another process
 * than init stays, as a ZOMBIE, until the parent has waited. What is not for others
 * to see is beside the rows, by the same index.
 */
#ifndef MUK_PM_PM_H
#define MUK_PM_PM_H

#include <dvk/dvk.h>

#include "protocol/pm.h"
#include "protocol/systask.h"
#include "server/server.h"

#define PM_PROCESSES 4096  /* rows, zombies included */
#define PM_PID_MAX   30000 /* as in MINIX */
#define PM_INIT_PID  1     /* the parent of those without one; reaps by itself */
#define PM_SLOTS     (NR_TASKS + NR_PROCS_MAX)
#define PM_LINUX_ID  UINT32_MAX /* newproc's uid, gid: what Linux has */

/* pm has no configuration. */
extern const struct server_type server_type_pm;

/* ---- what its files share -------------------------------------------------- */

struct pm_extra {
	uint64_t incarnation;
	uint64_t asked_by;          /* a bit per server that wanted to know whose user it is */
	int32_t wait_pid;           /* WAITING: for whom, as in waitpid */
	struct dvk_request waiting; /* WAITING: what to reply to */
	int64_t user_ms, system_ms; /* its own, known when it has called exit */
	int64_t child_user_ms, child_system_ms;
};

struct pm {
	struct server *server;
	struct pm_process_row *rows; /* a row is free when its pid is 0 */
	struct pm_extra *extra;
	int used; /* all rows from here on are free */
	int last_pid;
	int16_t row_of[PM_SLOTS];    /* index of the slot's row plus 1, 0: none */
	int32_t exited_ep[PM_SLOTS]; /* called exit and is still bound, or NONE */
	uint64_t next_exit;          /* of SYSTASK's */
};

/* ---- table.c: rows ---- */

/* What is known of a process before it has a row. */
struct pm_newcomer {
	struct systask_process process; /* what the DVK knows */
	int32_t parent;                 /* a pid, 0: init */
	uint32_t uid, gid;              /* or PM_LINUX_ID */
	const char *name;               /* "" : what the DVK has */
};

struct pm_extra *pm_extra_of(struct pm *pm, const struct pm_process_row *row);
/* The row of that pid, zombies too; NULL: none. */
struct pm_process_row *pm_find_pid(struct pm *pm, int pid);
/* The row of a process that has not ended; NULL: none is known. */
struct pm_process_row *pm_find_ep(struct pm *pm, int ep);
/* A row for a newcomer. EDVSAGAIN: the table is full. EDVSSRCH: no such parent. EDVSPERM. */
int pm_register(struct pm *pm, const struct pm_newcomer *newcomer, struct pm_process_row **ret_row);
/* The row of ep, made if there is none. EDVSSRCH: it has called exit. */
int pm_know(struct pm *pm, int ep, struct pm_process_row **ret_row);
/* The same for the caller, whose signals are no longer pending. */
int pm_caller(struct pm *pm, const struct server_call *call, struct pm_process_row **ret_row);
void pm_free_row(struct pm *pm, struct pm_process_row *row);

/* ---- life.c: beginning, end, waiting ---- */

int pm_do_newproc(void *state, struct server_call *call, const struct pm_newproc_request *request,
		  struct pm_newproc_reply *reply);
int pm_do_scan(void *state, struct server_call *call, struct pm_scan_reply *reply);
int pm_do_exit(void *state, struct server_call *call, const struct pm_exit_request *request);
int pm_do_waitpid(void *state, struct server_call *call, const struct pm_waitpid_request *request,
		  struct pm_waitpid_reply *reply);
/* SYSTASK has told of ends. */
void pm_take_exits(struct pm *pm);

/* ---- signal.c: signals, alarms ---- */

int pm_do_kill(void *state, struct server_call *call, const struct pm_kill_request *request);
int pm_do_alarm(void *state, struct server_call *call, const struct pm_alarm_request *request,
		struct pm_alarm_reply *reply);
/* CLOCK has told that the next alarm's time has come. */
void pm_take_alarms(struct pm *pm);

/* ---- user.c: users and groups ---- */

int pm_do_setuid(void *state, struct server_call *call, const struct pm_setuid_request *request);
int pm_do_getuid(void *state, struct server_call *call, struct pm_getuid_reply *reply);
int pm_do_setgid(void *state, struct server_call *call, const struct pm_setgid_request *request);
int pm_do_getgid(void *state, struct server_call *call, struct pm_getgid_reply *reply);
int pm_do_setsid(void *state, struct server_call *call, struct pm_setsid_reply *reply);
int pm_do_getpgrp(void *state, struct server_call *call, struct pm_getpgrp_reply *reply);

#endif
