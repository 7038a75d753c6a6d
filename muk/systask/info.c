/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * info.c - what the DVK knows of processes, from a snapshot, and what Linux knows.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "systask/systask.h"

static int take_snapshot(struct systask *systask, struct dvk_snapshot **ret_snapshot)
{
	return dvk_view_snapshot(systask->view, ret_snapshot);
}

static const struct dvk_procinfo *find_ep(const struct dvk_snapshot *snapshot, int ep)
{
	for (int i = 0; i < snapshot->count; i++)
		if (snapshot->procs[i].endpoint == ep)
			return &snapshot->procs[i];
	return NULL;
}

int systask_look(struct systask *systask, int ep, struct dvk_procinfo *ret_info)
{
	struct dvk_snapshot *snapshot;
	const struct dvk_procinfo *info;
	int result = take_snapshot(systask, &snapshot);

	if (result < 0)
		return result;
	info = find_ep(snapshot, ep);
	if (info)
		*ret_info = *info;
	dvk_snapshot_free(snapshot);
	return info ? 0 : EDVSSRCH;
}

static int endpoint_of(const struct server_call *call, int ep)
{
	return ep == SELF ? call->client_ep : ep;
}

static void to_record(const struct dvk_procinfo *info, struct systask_process *ret_process)
{
	*ret_process = (struct systask_process){
		.nr = info->nr,
		.ep = info->endpoint,
		.rts = info->rts,
		.misc = info->misc,
		.level = info->level,
		.node = info->node,
		.pid = info->pid,
		.tid = info->tid,
		.incarnation = info->incarnation,
		.messages_sent = info->messages_sent,
		.messages_received = info->messages_received,
		.bytes_copied = info->bytes_copied,
	};
	memcpy(ret_process->name, info->name, sizeof(ret_process->name));
	memcpy(ret_process->muk, info->muk, sizeof(ret_process->muk));
}

int systask_do_getinfo(void *state, struct server_call *call,
		       const struct systask_getinfo_request *request)
{
	struct dvk_procinfo info;
	struct systask_process process;
	int result = systask_look(state, endpoint_of(call, request->ep), &info);

	if (result < 0)
		return result;
	to_record(&info, &process);
	return server_copy_out(call, &request->buffer, 0, &process, sizeof(process));
}

int systask_do_processes(void *state, struct server_call *call,
			 const struct systask_processes_request *request,
			 struct systask_processes_reply *reply)
{
	struct dvk_snapshot *snapshot;
	struct systask_process process;
	int room = (int)(request->buffer.bytes / sizeof(process));
	int result = take_snapshot(state, &snapshot);

	if (result < 0)
		return result;
	for (int i = 0; i < snapshot->count && i < room && result == 0; i++) {
		to_record(&snapshot->procs[i], &process);
		result = server_copy_out(call, &request->buffer, i * sizeof(process), &process,
					 sizeof(process));
	}
	reply->count = snapshot->count;
	reply->bytes =
		(uint64_t)(snapshot->count < room ? snapshot->count : room) * sizeof(process);
	dvk_snapshot_free(snapshot);
	return result;
}

/* "fs" or, when several MUKs have one, "server1/fs". */
static int has_name(const struct dvk_procinfo *info, const char *name)
{
	const char *slash = strchr(name, '/');
	size_t muk = slash ? (size_t)(slash - name) : 0;

	if (slash && (strlen(info->muk) != muk || strncasecmp(info->muk, name, muk) != 0))
		return 0;
	return strcasecmp(info->name, slash ? slash + 1 : name) == 0;
}

int systask_do_find(void *state, struct server_call *call,
		    const struct systask_find_request *request, struct systask_find_reply *reply)
{
	struct dvk_snapshot *snapshot;
	char name[sizeof(request->name) + 1] = "";
	int matches = 0, result = take_snapshot(state, &snapshot);

	(void)call;
	if (result < 0)
		return result;
	memcpy(name, request->name, sizeof(request->name));
	for (int i = 0; i < snapshot->count; i++) {
		if (!has_name(&snapshot->procs[i], name))
			continue;
		reply->ep = snapshot->procs[i].endpoint;
		matches++;
	}
	dvk_snapshot_free(snapshot);
	return matches == 1 ? 0 : matches ? EDVSRANGE : EDVSSRCH;
}

int systask_do_getep(void *state, struct server_call *call,
		     const struct systask_getep_request *request, struct systask_getep_reply *reply)
{
	int ep = dvk_getep(request->pid);

	(void)state;
	(void)call;
	if (!dvk_is_endpoint(ep))
		return ep;
	reply->ep = ep;
	return 0;
}

int systask_do_rights(void *state, struct server_call *call,
		      const struct systask_rights_request *request)
{
	struct dvk_procinfo info;
	struct systask_rights rights = { 0 };
	int result = systask_look(state, endpoint_of(call, request->ep), &info);

	if (result < 0)
		return result;
	rights.ep = info.endpoint;
	rights.level = info.level;
	rights.calls = info.calls_allowed;
	rights.targets = info.targets;
	return server_copy_out(call, &request->buffer, 0, &rights, sizeof(rights));
}

/* Processor time of a Linux process in ms, from the 14th and 15th field of its stat. */
static int linux_times(int pid, int64_t *ret_user_ms, int64_t *ret_system_ms)
{
	char path[64], line[1024], *after;
	unsigned long long user, system;
	long ticks = sysconf(_SC_CLK_TCK);
	FILE *in;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	in = fopen(path, "re");
	if (!in)
		return EDVSSRCH;
	after = fgets(line, sizeof(line), in) ? strrchr(line, ')') : NULL;
	fclose(in);
	if (!after || sscanf(after + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu",
			     &user, &system) != 2)
		return EDVSSRCH;
	*ret_user_ms = (int64_t)(user * 1000 / (unsigned long long)ticks);
	*ret_system_ms = (int64_t)(system * 1000 / (unsigned long long)ticks);
	return 0;
}

int systask_do_times(void *state, struct server_call *call,
		     const struct systask_times_request *request, struct systask_times_reply *reply)
{
	struct systask *systask = state;
	struct dvk_procinfo info;
	int result = systask_look(systask, endpoint_of(call, request->ep), &info);

	if (result < 0)
		return result;
	reply->uptime_ms = (server_now_ns() - systask->started_ns) / 1000000;
	return linux_times(info.pid, &reply->user_ms, &reply->system_ms);
}
