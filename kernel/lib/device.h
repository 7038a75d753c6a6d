/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * device.h - the kernel module as the host of this process's DC.
 *
 * A call finds out that it is on the module where it would otherwise be refused: the
 * embedded host's thread has no slot then, call_begin() returns CALL_DEVICE, and the
 * call becomes one entry. So the paths of the embedded host pay nothing.
 */
#ifndef LIB_DEVICE_H
#define LIB_DEVICE_H

#include <dvk/device.h>
#include <dvk/dvk.h>

/* Of call_begin(): the DC is on the module. No call's own result. */
#define CALL_DEVICE 0x40000003

/* An entry of operation name with the fields given. */
#define DEVICE_ENTRY(name, ...) (&(struct dvk_entry){ .op = DVK_OP_##name, __VA_ARGS__ })

/* The DC that this process has open on the module. */
struct device {
	int open;
	int fd;
	unsigned int epoch; /* changes at each open, close and fork */
	int dcid;
	int nr_procs;
	int is_owner;
	int is_system;
	struct device_slot *slots; /* from -NR_TASKS on */
};
extern struct device device;

/*
 * Carries out an entry of the current slot, and waits as the thread's parker does:
 * m is what it sends or NULL, *ret_m (NULL is fine) what it gives back with result 0.
 */
int device_call(struct dvk_entry *entry, const message *m, message *ret_m);
/* The same without a slot, without a message, and on any file; never waits. */
int device_enter(int fd, struct dvk_entry *entry);

/* ---- device_open.c ---- */
/* 1 when DVK_HOST says that all DCs are on the module. */
int device_is_chosen(void);
/* 1 when dir, or that choice, leaves DCs to the module. */
int device_serves(const char *dir);
/* 1 when DC dcid is there, or with CREATE is to be made there. */
int device_has(int dcid, const struct dvk_options *options);
/* A new file of the device; -1: it is not there, or not for this user. */
int device_file(void);
/* As dvk_open(), for a DC that runs there, or with CREATE is made. */
int device_open(int dcid, const struct dvk_options *options);
int device_close(void);
/* DVK_OP_OPEN or DVK_OP_DC_INIT on a file. */
int device_enter_open(int fd, int op, int dcid, const struct dvk_options *options,
		      struct dvk_device_open *ret_open);

/* ---- device_life.c ---- */
int device_bind(int nr, pid_t tid, const struct dvk_device_names *names);
int device_unbind(int endpoint, int code);
int device_getep(pid_t pid);
int device_wait_bind(int endpoint, int64_t deadline_ns);
int device_cancel(int endpoint);
int device_sleep_note(const char *text);
struct dvk_exit;
int device_take_exits(uint64_t *next, struct dvk_exit *ret_exits, int max, uint64_t *ret_lost);
int device_refusal(void);

/* ---- device_runtime.c ---- */
int device_current(void);
void device_set_current(int nr);
void device_set_parker(const struct dvk_parker *parker);
void device_end_wait(void);
int device_take_ready(int *ret_nrs, int max);
void device_park(int64_t deadline_ns);
int device_park_prepare(void);
void device_park_done(void);
struct dvk_request device_request(void);

/* ---- device_manage.c: as the calls of dvk/manage.h ---- */
int device_dvs_init(int node, const char *name);
int device_dvs_end(void);
int device_getdvsinfo(struct dvk_dvsinfo *ret_info);
int device_getnodeinfo(int node, struct dvk_nodeinfo *ret_info);
int device_getdcinfo(int dcid, struct dvk_dcinfo *ret_info);
int device_getprocinfo(int nr, struct dvk_procinfo *ret_info);
int device_dc_init(int dcid, const struct dvk_options *options);
int device_dc_end(int dcid);

/* ---- device_view.c ---- */
struct dvk_view;
struct dvk_snapshot;
int device_view_open(int dcid, int read_only, struct dvk_view *view);
void device_view_close(struct dvk_view *view);
int device_view_snapshot(const struct dvk_view *view, struct dvk_snapshot *snapshot);
int device_view_trace(struct dvk_view *view, int on);
int device_view_alive(const struct dvk_view *view);
void device_view_wait(struct dvk_view *view, int64_t deadline_ns);
/* Appends the DCs of the module. Returns how many. */
int device_list(struct dvk_dcinfo *ret_list, int max);

#endif
