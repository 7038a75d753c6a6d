/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dvs.c - which node of which DVS this machine is.
 */
#include <linux/capability.h>
#include <linux/utsname.h>

#include "op.h"

static int check_name(const char *name)
{
	size_t bytes = strnlen(name, DVK_NAME_BYTES);

	if (!bytes || bytes == DVK_NAME_BYTES || strpbrk(name, " \t\n"))
		return EDVSNAMESIZE;
	return 0;
}

static int dvs_init_run(struct call *call)
{
	struct dvs dvs = { .is_initialised = 1, .node = call->entry->ep };
	int rc;

	if (!capable(CAP_SYS_ADMIN))
		return EDVSACCES;
	if (dvs.node < 0 || dvs.node >= NR_NODES)
		return EDVSBADNODEID;
	rc = check_name(call->data);
	if (rc)
		return rc;
	strscpy(dvs.name, call->data, sizeof(dvs.name));
	return containers_set_dvs(&dvs);
}

const struct op op_DVS_INIT = { .needs = OP_IN, .bytes = DVK_NAME_BYTES, .run = dvs_init_run };

static int dvs_end_run(struct call *call)
{
	return capable(CAP_SYS_ADMIN) ? containers_set_dvs(NULL) : EDVSACCES;
}

const struct op op_DVS_END = { .run = dvs_end_run };

static int dvs_info_run(struct call *call)
{
	struct dvk_dvsinfo *info = call->data;
	struct dvs dvs;
	int bound;

	info->dcs = containers_count(&bound, &dvs);
	info->node = dvs.node;
	info->initialised = dvs.is_initialised;
	info->nr_nodes = NR_NODES;
	info->nr_dcs = NR_DCS;
	info->nr_tasks = NR_TASKS;
	info->nr_servers = NR_SERVERS;
	info->nr_procs_max = NR_PROCS_MAX;
	info->copy_max = DVK_COPY_MAX;
	memcpy(info->name, dvs.name, sizeof(info->name));
	return 0;
}

const struct op op_DVS_INFO = { .needs = OP_OUT,
				.bytes = sizeof(struct dvk_dvsinfo),
				.run = dvs_info_run };

static int node_info_run(struct call *call)
{
	struct dvk_nodeinfo *info = call->data;
	struct dvs dvs;

	if (call->entry->ep < 0 || call->entry->ep >= NR_NODES)
		return EDVSBADNODEID;
	info->dcs = containers_count(&info->bound, &dvs);
	if (call->entry->ep != dvs.node)
		return EDVSNONODE;
	info->node = dvs.node;
	info->is_local = 1;
	strscpy(info->name, utsname()->nodename, sizeof(info->name));
	return 0;
}

const struct op op_NODE_INFO = { .needs = OP_OUT,
				 .bytes = sizeof(struct dvk_nodeinfo),
				 .run = node_info_run };
