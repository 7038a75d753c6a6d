/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scene.c - see scene.h.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <dvk/dvk.h>
#include <dvk/state.h>

#include "embedded.h"
#include "undo.h"
#include "fs/fs.h"
#include "protocol/fs.h"
#include "protocol/is.h"
#include "rdisk/rdisk.h"
#include "scene.h"
#include "systask/systask.h"

#define PATIENCE_MS 5000
#define SPINNER_NR  40
#define SPIN_MS     150 /* longer than what counts as a spin */
#define IMAGE_MIB   16

/* ---- processes beside the MUK ---- */

static pid_t start(struct scene *scene, const char *name, void (*body)(void))
{
	pid_t pid = live_fork();

	assert_true(pid >= 0);
	if (pid)
		return pid;
	alarm(60);
	if (live_join(&scene->live, name) < 0)
		_exit(1);
	body();
	_exit(0);
}

static void ask_fs(void)
{
	struct fs_stat st;

	_exit(fs_call_stat(FS_PROC_NR, "/", &st, sizeof(st)) ? 2 : 0);
}

static void ask_spinner(void)
{
	struct is_dump_reply reply;

	_exit(is_call_dump(SPINNER_NR, &reply) ? 2 : 0);
}

static bool has_flags(struct scene *scene, const char *name, uint32_t rts)
{
	struct dvk_snapshot *snapshot;
	struct dvk_view *view;
	bool has = false;

	assert_int_equal(dvk_view_open(scene->live.dcid, scene->live.muk.folder, 1, &view), 0);
	assert_int_equal(dvk_view_snapshot(view, &snapshot), 0);
	for (int i = 0; i < snapshot->count; i++)
		if (strcmp(snapshot->procs[i].name, name) == 0)
			has |= rts ? (snapshot->procs[i].rts & rts) != 0 : !snapshot->procs[i].rts;
	dvk_snapshot_free(snapshot);
	dvk_view_close(view);
	return has;
}

/* Until the process waits in one of these, or with 0 until it runs. */
static void wait_for(struct scene *scene, const char *name, uint32_t rts)
{
	int64_t deadline = live_now_ns() + PATIENCE_MS * 1000000LL;

	while (!has_flags(scene, name, rts)) {
		if (live_now_ns() > deadline)
			fail_msg("%s is not in its wait", name);
		sleep_ms(1);
	}
}

static void wait_for_stop(pid_t pid)
{
	siginfo_t info;

	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WSTOPPED | WNOWAIT), 0);
}

static void start_client(struct scene *scene)
{
	scene->client = start(scene, "client", ask_fs);
	wait_for(scene, "client", DVK_RTS_SENDING | DVK_RTS_RECEIVING);
}

static void end_client(struct scene *scene, int want)
{
	int status;

	assert_int_equal(waitpid(scene->client, &status, 0), scene->client);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), want);
}

static void kill_and_reap(pid_t pid)
{
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void begin_live(struct scene *scene)
{
	assert_int_equal(live_make(&scene->live, live_runtimes[scene->is_threads], IMAGE_MIB), 0);
	assert_int_equal(live_start(&scene->live), 0);
}

static void end_live(struct scene *scene)
{
	assert_int_equal(live_stop(&scene->live), 0);
	assert_int_equal(live_check_image(&scene->live), 0);
	live_remove(&scene->live);
}

/* ---- the MUK's process is stopped ---- */

static void stopped_begin(struct scene *scene)
{
	begin_live(scene);
	scene->culprit = scene->live.muk.pid;
	kill(scene->culprit, SIGSTOP);
	wait_for_stop(scene->culprit);
	start_client(scene);
}

static void stopped_end(struct scene *scene)
{
	kill(scene->culprit, SIGCONT);
	end_client(scene, 0);
	end_live(scene);
}

const struct scene_type scene_stopped = { "the MUK is stopped", stopped_begin, stopped_end };

/* ---- the holder of the lock is stopped ---- */

/* A transition that has begun to change things and stops there. */
static void stop_in_transition(void)
{
	struct proc *fs = dc_proc(&host.dc, FS_PROC_NR);

	host_enter(&host.dc, &host_self.seat);
	SET(&host.dc, fs->notify_pending[0], 0xdeadull);
	raise(SIGSTOP);
}

static void locked_begin(struct scene *scene)
{
	begin_live(scene);
	scene->culprit = start(scene, "holder", stop_in_transition);
	wait_for_stop(scene->culprit);
	/* It cannot even be bound: it waits for the lock, outside of any state. */
	scene->client = start(scene, "client", ask_fs);
}

static void locked_end(struct scene *scene)
{
	kill_and_reap(scene->culprit);
	end_client(scene, 0);
	end_live(scene);
}

const struct scene_type scene_locked = { "the lock's holder is stopped", locked_begin, locked_end };

/* ---- a task spins ---- */

static int spin(void *state, struct server_call *call, struct is_dump_reply *reply)
{
	volatile uint64_t rounds = 0;

	(void)call;
	(void)reply;
	/* There always is a state. */
	while (state)
		rounds++;
	return 0;
}

static int spinner_start(struct server *server, void **ret_state)
{
	*ret_state = server;
	return 0;
}

static const struct is_handlers spinner_handlers = { .dump = spin };

static const struct server_type server_type_spinner = {
	.name = "spinner",
	.protocol = &protocol_is,
	.nr = SPINNER_NR,
	.handlers = &spinner_handlers,
	.dispatch = is_dispatch,
	.start = spinner_start,
};

static void begin_world(struct scene *scene)
{
	static struct systask_config systask;
	static struct rdisk_config rdisk;
	static struct fs_config fs;
	const struct world_server servers[] = { { &server_type_systask, &systask },
						{ &server_type_rdisk, &rdisk },
						{ &server_type_fs, &fs },
						{ &server_type_spinner, NULL },
						{ NULL, NULL } };

	world_init(&scene->world);
	world_make_image(&scene->world, "disk", "-3", 2);
	systask.dir = scene->world.dir;
	rdisk = (struct rdisk_config){ .count = 1 };
	rdisk.devices[0] = (struct rdisk_device_config){ .type = RDISK_FILE_IMAGE, .active = 1 };
	snprintf(rdisk.devices[0].image_file, RDISK_NAME_BYTES, "%s",
		 world_path(&scene->world, "disk"));
	fs = (struct fs_config){ .count = 1, .rdisk_ep = RDISK_PROC_NR };
	fs.devices[0] = (struct fs_device_config){ .type = FS_RDISK_IMG, .root_dev = 1 };
	assert_int_equal(world_start(&scene->world,
				     scene->is_threads ? RUNTIME_THREADS : RUNTIME_COROUTINES,
				     servers),
			 0);
	snprintf(scene->live.muk.folder, sizeof(scene->live.muk.folder), "%s", scene->world.dir);
	scene->live.dcid = WORLD_DCID;
}

static void spinning_begin(struct scene *scene)
{
	begin_world(scene);
	scene->culprit = scene->world.pid;
	scene->kicker = start(scene, "kicker", ask_spinner);
	wait_for(scene, "kicker", DVK_RTS_RECEIVING);
	wait_for(scene, "spinner", 0);
	/* With threads FS answers as ever. */
	scene->client = start(scene, "client", scene->is_threads ? ask_spinner : ask_fs);
	wait_for(scene, "client", DVK_RTS_SENDING | DVK_RTS_RECEIVING);
	sleep_ms(SPIN_MS);
}

static void spinning_end(struct scene *scene)
{
	kill_and_reap(scene->world.pid);
	/* They are told that their servers have died. */
	end_client(scene, 2);
	scene->client = scene->kicker;
	end_client(scene, 2);
	close(scene->world.stop_fd);
	world_deinit(&scene->world);
}

const struct scene_type scene_spinning = { "a task spins", spinning_begin, spinning_end };
