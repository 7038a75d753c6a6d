/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * list.c - which DCs there are, and what each says of itself.
 */
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device.h"
#include "view.h"

static int32_t keeper_pid(struct segment *segment)
{
	for (int i = 0; i < KEEPERS; i++) {
		uint32_t word = __atomic_load_n(keepers_word(segment, i), __ATOMIC_ACQUIRE);
		int member = segment->keepers[i].member;

		if ((word & FUTEX_TID_MASK) && !(word & FUTEX_OWNER_DIED) &&
		    segment_has_member(segment, member))
			return segment->members[member].pid;
	}
	return 0;
}

/* Who holds the lock and since when. */
static void add_lock(const struct mapping *mapping, struct dvk_dcinfo *info)
{
	struct segment *segment = mapping->segment;
	uint32_t word = __atomic_load_n(&segment->lock, __ATOMIC_ACQUIRE);
	struct ticks_line line = view_line(segment);
	int owner = lock_owner(word);

	if (!segment_has_member(segment, owner))
		return;
	info->lock_pid = segment->members[owner].pid;
	info->lock_tid = segment->members[owner].tid;
	info->lock_since_ns = ticks_to_ns(&line, mapping->dc.state->now);
}

void view_dcinfo(const struct mapping *mapping, struct dvk_dcinfo *ret_info)
{
	const struct dc_state *state = mapping->dc.state;
	struct segment *segment = mapping->segment;

	*ret_info = (struct dvk_dcinfo){
		.dcid = mapping->dcid,
		.nr_procs = mapping->dc.nr_procs,
		.nr_tasks = NR_TASKS,
		.node = state->node,
		.owner_uid = state->owner_uid,
		.owner_gid = state->owner_gid,
		.strict = (int32_t)state->strict,
		.kept = (int32_t)segment->kept,
		.bound = state->bound,
		.keeper_pid = keeper_pid(segment),
		.version = segment->version,
		.created_ns = state->created_ns,
		.transitions = state->transitions,
		.events = state->event_next - 1,
		.bytes_mapped = mapping->bytes,
	};
	for (int i = 0; segment_has_member(segment, i); i++)
		if (segment->members[i].state == MEMBER_ATTACHED &&
		    member_is_alive(segment, &segment->members[i]))
			ret_info->members++;
	add_lock(mapping, ret_info);
	memcpy(ret_info->name, state->name, sizeof(ret_info->name) - 1);
	snprintf(ret_info->path, sizeof(ret_info->path), "%.240s/dc%d", mapping->folder.path,
		 mapping->dcid);
}

int dvk_dirs(char ret_dirs[DVK_DIR_MAX][256])
{
	return folder_list(ret_dirs, DVK_DIR_MAX);
}

/* Appends what a folder has. */
static int list_folder(const char *path, struct dvk_dcinfo *ret_list, int max)
{
	struct folder folder, own;
	struct mapping mapping;
	int count = 0;

	if (folder_open(path, 0, &folder) != 0)
		return 0;
	for (int dcid = 0; dcid < NR_DCS && count < max; dcid++) {
		own = folder;
		own.fd = fcntl(folder.fd, F_DUPFD_CLOEXEC, 0);
		if (segment_map(dcid, &own, 1, &mapping) != 0) {
			folder_close(&own);
			continue;
		}
		if (search_is_current(&mapping))
			view_dcinfo(&mapping, &ret_list[count++]);
		segment_unmap(&mapping);
	}
	folder_close(&folder);
	return count;
}

int dvk_list_dcs(const char *dir, struct dvk_dcinfo *ret_list, int max)
{
	char dirs[DVK_DIR_MAX][256];
	int count = 0, folders;

	if (device_serves(dir))
		count = device_list(ret_list, max);
	if (device_is_chosen())
		return count;
	if (dir)
		return list_folder(dir, ret_list, max);
	folders = dvk_dirs(dirs);
	for (int i = 0; i < folders; i++)
		count += list_folder(dirs[i], ret_list + count, max - count);
	return count;
}

int dvk_parse_dc(const char *word, const char *dir)
{
	struct dvk_dcinfo list[NR_DCS];
	const char *digits = strncmp(word, "dc", 2) == 0 ? word + 2 : word;
	char *end;
	long number = strtol(digits, &end, 10);
	int count;

	if (*digits >= '0' && *digits <= '9' && !*end)
		return number < NR_DCS ? (int)number : EDVSBADDCID;
	count = dvk_list_dcs(dir, list, NR_DCS);
	for (int i = 0; i < count; i++)
		if (strcmp(list[i].name, word) == 0)
			return list[i].dcid;
	return EDVSBADDCID;
}

int dvk_parse_group(const char *word, gid_t *ret_group)
{
	struct group group, *found = NULL;
	char names[4096], *end;
	unsigned long number = strtoul(word, &end, 10);

	if (*word >= '0' && *word <= '9' && !*end) {
		if (number >= (gid_t)-1)
			return EDVSBADVALUE;
		*ret_group = (gid_t)number;
		return 0;
	}
	if (getgrnam_r(word, &group, names, sizeof(names), &found) != 0 || !found)
		return EDVSBADVALUE;
	*ret_group = found->gr_gid;
	return 0;
}
