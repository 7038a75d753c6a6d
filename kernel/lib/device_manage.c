/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * device_manage.c - the DVS and its DCs, as the module knows them.
 *
 * Each is one entry on a file of its own, which is at no DC.
 */
#include <string.h>
#include <unistd.h>

#include "device.h"
#include "segment.h"

/* An entry on a file that is opened for it. */
static int enter_alone(struct dvk_entry *entry)
{
	int fd = device_file(), rc;

	if (fd < 0)
		return EDVSDVSINIT;
	entry->slot_nr = NONE;
	rc = device_enter(fd, entry);
	close(fd);
	return rc;
}

int device_dvs_init(int node, const char *name)
{
	char text[DVK_NAME_BYTES] = "";

	strcpy(text, name);
	return enter_alone(DEVICE_ENTRY(DVS_INIT, .ep = node, .data = dvk_address(text)));
}

int device_dvs_end(void)
{
	return enter_alone(DEVICE_ENTRY(DVS_END));
}

int device_getdvsinfo(struct dvk_dvsinfo *ret_info)
{
	int rc = enter_alone(DEVICE_ENTRY(DVS_INFO, .data = dvk_address(ret_info)));

	return rc ? rc : ret_info->node;
}

int device_getnodeinfo(int node, struct dvk_nodeinfo *ret_info)
{
	return enter_alone(DEVICE_ENTRY(NODE_INFO, .ep = node, .data = dvk_address(ret_info)));
}

int device_getdcinfo(int dcid, struct dvk_dcinfo *ret_info)
{
	struct dvk_dcinfo list[NR_DCS];
	int count = device_list(list, NR_DCS);

	if (dcid < 0 || dcid >= NR_DCS)
		return refuse(EDVSBADDCID, "a DC's number is 0 to %d", NR_DCS - 1);
	for (int i = 0; i < count; i++) {
		if (list[i].dcid != dcid)
			continue;
		*ret_info = list[i];
		return 0;
	}
	return refuse(EDVSDCNOTRUN, "dc%d is not running; looked in " DVK_DEVICE_PATH, dcid);
}

int device_getprocinfo(int nr, struct dvk_procinfo *ret_info)
{
	return device_enter(device.fd, DEVICE_ENTRY(PROCINFO, .slot_nr = NONE, .ep = nr,
						    .data = dvk_address(ret_info)));
}

int device_dc_init(int dcid, const struct dvk_options *options)
{
	struct dvk_options wanted = options ? *options : (struct dvk_options){ 0 };
	int fd = device_file(), rc;

	if (fd < 0)
		return refuse(EDVSACCES, DVK_DEVICE_PATH " cannot be opened: %m");
	wanted.flags = (wanted.flags | DVK_CREATE | DVK_KEEP) & ~(unsigned int)DVK_SYSTEM;
	rc = device_enter_open(fd, DVK_OP_DC_INIT, dcid, &wanted, NULL);
	close(fd);
	if (rc == EDVSDCRUN)
		return refuse(rc, "dc%d is running", dcid);
	return rc;
}

int device_dc_end(int dcid)
{
	return enter_alone(DEVICE_ENTRY(DC_END, .ep = dcid));
}
