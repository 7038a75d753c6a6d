/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * manage.c - the DVS, its DCs and this node, on a host without a kernel of ours.
 *
 * A DVS is what the folder of a user's DCs says of it; a DC is made to be kept,
 * and ended for all; there is one node, and no proxies.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <dvk/manage.h>

#include "device.h"
#include "search.h"
#include "view.h"

static int open_folder(const char *dir, int make, struct folder *ret_folder)
{
	return dir ? folder_open(dir, make, ret_folder) : folder_open_own(ret_folder);
}

/* How many DCs run in a folder, and how many slots are bound in them. */
static int count_dcs(const char *path, int *ret_bound)
{
	struct dvk_dcinfo *list = calloc(NR_DCS, sizeof(*list));
	int count = list ? dvk_list_dcs(path, list, NR_DCS) : 0, bound = 0;

	for (int i = 0; i < count; i++)
		bound += list[i].bound;
	free(list);
	*ret_bound = bound;
	return count;
}

static int change_dvs(const char *dir, const struct dvs *dvs)
{
	struct folder folder;
	int bound, rc = open_folder(dir, 1, &folder);

	if (rc)
		return rc;
	rc = count_dcs(folder.path, &bound) ? EDVSDVSBUSY : dvs_set(&folder, dvs);
	folder_close(&folder);
	return rc;
}

int dvk_dvs_init(int node, const char *name, const char *dir)
{
	struct dvs dvs = { .node = node, .initialised = 1 };

	if (node < 0 || node >= NR_NODES)
		return EDVSBADNODEID;
	if (!name || !name[0] || strlen(name) >= DVK_NAME_BYTES || strpbrk(name, " \t\n"))
		return EDVSNAMESIZE;
	if (device_serves(dir))
		return device_dvs_init(node, name);
	strcpy(dvs.name, name);
	return change_dvs(dir, &dvs);
}

int dvk_dvs_end(const char *dir)
{
	return device_serves(dir) ? device_dvs_end() : change_dvs(dir, NULL);
}

/* Of the folder dir, or of the user's own; without one, what holds without it. */
static struct dvs read_dvs(const char *dir, int *ret_dcs, int *ret_bound)
{
	struct folder folder;
	struct dvs dvs = { 0 };

	*ret_dcs = *ret_bound = 0;
	if (open_folder(dir, 0, &folder) != 0)
		return dvs;
	dvs = dvs_of(&folder);
	*ret_dcs = count_dcs(folder.path, ret_bound);
	folder_close(&folder);
	return dvs;
}

int dvk_getdvsinfo(struct dvk_dvsinfo *ret_info, const char *dir)
{
	int dcs, bound;
	struct dvs dvs;

	if (device_serves(dir))
		return device_getdvsinfo(ret_info);
	dvs = read_dvs(dir, &dcs, &bound);
	*ret_info = (struct dvk_dvsinfo){ .node = dvs.node,
					  .initialised = dvs.initialised,
					  .nr_nodes = NR_NODES,
					  .nr_dcs = NR_DCS,
					  .nr_tasks = NR_TASKS,
					  .nr_servers = NR_SERVERS,
					  .nr_procs_max = NR_PROCS_MAX,
					  .dcs = dcs,
					  .copy_max = DVK_COPY_MAX };
	memcpy(ret_info->name, dvs.name, sizeof(ret_info->name));
	return dvs.node;
}

int dvk_getnodeinfo(int node, struct dvk_nodeinfo *ret_info, const char *dir)
{
	struct dvk_nodeinfo info = { .node = node, .is_local = 1 };
	struct dvs dvs;

	if (node < 0 || node >= NR_NODES)
		return EDVSBADNODEID;
	if (device_serves(dir))
		return device_getnodeinfo(node, ret_info);
	dvs = read_dvs(dir, &info.dcs, &info.bound);
	if (node != dvs.node)
		return EDVSNONODE;
	if (gethostname(info.name, sizeof(info.name) - 1) != 0)
		info.name[0] = '\0';
	info.name[sizeof(info.name) - 1] = '\0';
	*ret_info = info;
	return 0;
}

int dvk_getproxyinfo(int id, struct dvk_proxyinfo *ret_info)
{
	(void)ret_info;
	return id < 0 || id >= NR_NODES ? EDVSPROXYID : EDVSPROXYFREE;
}

/* A DC that runs, for looking. */
static int map_running(int dcid, const char *dir, struct mapping *ret_mapping)
{
	int rc;

	if (dcid < 0 || dcid >= NR_DCS)
		return refuse(EDVSBADDCID, "a DC's number is 0 to %d", NR_DCS - 1);
	rc = search(dcid, dir, 1, ret_mapping);
	if (rc)
		return rc;
	if (search_is_current(ret_mapping))
		return 0;
	segment_unmap(ret_mapping);
	return refuse(EDVSDCNOTRUN, "dc%d is not running", dcid);
}

int dvk_getdcinfo(int dcid, struct dvk_dcinfo *ret_info, const char *dir)
{
	struct mapping mapping;
	int rc;

	if (device_has(dcid, &(struct dvk_options){ .dir = dir }))
		return device_getdcinfo(dcid, ret_info);
	rc = map_running(dcid, dir, &mapping);
	if (rc)
		return rc;
	view_dcinfo(&mapping, ret_info);
	segment_unmap(&mapping);
	return 0;
}

int dvk_getprocinfo(int nr, struct dvk_procinfo *ret_info)
{
	struct dvk_snapshot *snapshot;
	struct dvk_view *view;
	int rc;

	if (device.open)
		return device_getprocinfo(nr, ret_info);
	if (!host.open)
		return EDVSDVSINIT;
	if (!dc_has_nr(&host.dc, nr))
		return EDVSRANGE;
	rc = dvk_view_open(host.mapping.dcid, host.mapping.folder.path, 0, &view);
	if (rc)
		return rc;
	rc = dvk_view_snapshot(view, &snapshot);
	dvk_view_close(view);
	if (rc)
		return rc;
	rc = EDVSNOTBIND;
	for (int i = 0; i < snapshot->count && rc; i++) {
		if (snapshot->procs[i].nr != nr)
			continue;
		*ret_info = snapshot->procs[i];
		rc = 0;
	}
	dvk_snapshot_free(snapshot);
	return rc;
}

int dvk_dc_init(int dcid, const struct dvk_options *options)
{
	struct dvk_options wanted = options ? *options : (struct dvk_options){ 0 };
	struct mapping mapping;
	int rc;

	wanted.flags |= DVK_CREATE;
	if (device_has(dcid, &wanted))
		return device_dc_init(dcid, &wanted);
	if (map_running(dcid, wanted.dir, &mapping) == 0) {
		segment_unmap(&mapping);
		return refuse(EDVSDCRUN, "dc%d is running", dcid);
	}
	wanted.flags =
		(wanted.flags | DVK_CREATE | DVK_KEEP | SEARCH_NEW) & ~(unsigned int)DVK_SYSTEM;
	rc = host_open(dcid, &wanted);
	return rc ? rc : host_close();
}

int dvk_dc_end(int dcid, const char *dir)
{
	int was_open = host.open && host.mapping.dcid == dcid, rc = 0;

	if (!was_open && device_has(dcid, &(struct dvk_options){ .dir = dir }))
		return device_dc_end(dcid);
	if (!was_open)
		rc = host_open(dcid, &(struct dvk_options){ .dir = dir });
	if (rc)
		return rc;
	rc = host.is_owner ? host_end() : EDVSBADOWNER;
	if (!was_open && host_close() != 0 && rc == 0)
		rc = EDVSBUSY;
	return rc;
}
