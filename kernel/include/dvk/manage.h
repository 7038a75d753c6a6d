/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * manage.h - rights, and the DVS, its DCs and its node (M3-IPC sections 5 and 7).
 */
#ifndef DVK_MANAGE_H
#define DVK_MANAGE_H

#include <dvk/dvk.h>
#include <dvk/state.h>

/* ---- rights ---------------------------------------------------------------- */

/* What a process may do. Bit i of a set of slots is slot i - NR_TASKS. */
struct dvk_priv {
	int32_t level;                    /* enum dvk_level */
	uint32_t calls;                   /* a bit for each of DVK_CALLS */
	uint64_t targets[DVK_SLOT_WORDS]; /* slots that it may send to */
	uint64_t sources[DVK_SLOT_WORDS]; /* slots that may send to it, and it receive from */
};

/* Of a process, SELF: one's own. EDVSRANGE, EDVSENDPOINT, EDVSNOTBIND. */
int dvk_getpriv(int endpoint, struct dvk_priv *ret_priv);
/* For SYSTEM (EDVSPRIVILEGES). EDVSBADVALUE: a level that is not given away. */
int dvk_setpriv(int endpoint, const struct dvk_priv *priv);

/* ---- the DVS and its DCs ----------------------------------------------------- */

/* The DVS as this node knows it. */
struct dvk_dvsinfo {
	int32_t node;        /* ours */
	int32_t initialised; /* 1: by dvk_dvs_init(); 0: what holds without it */
	int32_t nr_nodes;    /* limits */
	int32_t nr_dcs;
	int32_t nr_tasks;
	int32_t nr_servers;
	int32_t nr_procs_max;
	int32_t dcs;      /* DCs that run here, in this folder */
	int32_t copy_max; /* bytes of one vcopy */
	int32_t pad;
	char name[DVK_NAME_BYTES];
};

/* A node of the DVS. */
struct dvk_nodeinfo {
	int32_t node;
	int32_t is_local;
	int32_t dcs;   /* that run on it */
	int32_t bound; /* slots in use in all of them */
	char name[DVK_NAME_BYTES];
};

/* Proxies carry messages to other nodes. */
struct dvk_proxyinfo {
	int32_t id;
	int32_t pid;
	char name[DVK_NAME_BYTES];
};

/*
 * Says which node of which DVS this is, for the folder dir (NULL: this user's); DCs
 * made from then on are of this node. Without it the node is 0 and the DVS has no
 * name. EDVSBADNODEID, EDVSNAMESIZE, EDVSDVSBUSY (a DC runs there), EDVSACCES.
 */
int dvk_dvs_init(int node, const char *name, const char *dir);
/* Forgets it. EDVSDVSINIT: it was not said; EDVSDVSBUSY: a DC runs there. */
int dvk_dvs_end(const char *dir);

/*
 * Makes a DC that stays until dvk_dc_end(); this process does not enter it. options
 * as for dvk_open(). EDVSDCRUN: it runs; and the errors of dvk_open().
 */
int dvk_dc_init(int dcid, const struct dvk_options *options);
/*
 * Ends a DC and all in it: every call of its members gives EDVSDCNOTRUN, also those
 * that wait. For its owner. EDVSBADDCID, EDVSDCNOTRUN, EDVSBADOWNER, EDVSBUSY (the
 * holder of its lock does not let go).
 */
int dvk_dc_end(int dcid, const char *dir);

/* ---- what is known ------------------------------------------------------------ */

/* Returns the number of this node. */
int dvk_getdvsinfo(struct dvk_dvsinfo *ret_info, const char *dir);
/* EDVSBADDCID, EDVSDCNOTRUN, EDVSACCES. */
int dvk_getdcinfo(int dcid, struct dvk_dcinfo *ret_info, const char *dir);
/* EDVSBADNODEID (out of range), EDVSNONODE (not known here). */
int dvk_getnodeinfo(int node, struct dvk_nodeinfo *ret_info, const char *dir);
/* EDVSPROXYID (out of range), EDVSPROXYFREE (none of that number runs here). */
int dvk_getproxyinfo(int id, struct dvk_proxyinfo *ret_info);
/* Of the DC that is open, slot nr. EDVSDVSINIT, EDVSRANGE, EDVSNOTBIND. */
int dvk_getprocinfo(int nr, struct dvk_procinfo *ret_info);

#endif
