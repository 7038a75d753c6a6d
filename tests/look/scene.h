/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scene.h - a MUK in which something hangs, and a client that waits for FS.
 *
 * The client is a process of its own, bound as "client"; it asks FS for what it does
 * not get. Whoever is at fault is there when begin() returns.
 */
#ifndef TESTS_LOOK_SCENE_H
#define TESTS_LOOK_SCENE_H

#include "../servers/world.h"
#include "../live/live.h"

struct scene {
	struct live live;
	struct world world;
	pid_t client;
	pid_t kicker;    /* who made a task spin */
	pid_t culprit;   /* whose thread it is */
	bool is_threads; /* the MUK's tasks are threads */
};

struct scene_type {
	const char *name;
	/* Assert what goes wrong. */
	void (*begin)(struct scene *scene);
	/* What hung goes on, or is killed; then FS answers, where it is left. */
	void (*end)(struct scene *scene);
};

extern const struct scene_type scene_stopped;  /* the MUK's process is stopped */
extern const struct scene_type scene_spinning; /* a task of the MUK does not give up its thread */
extern const struct scene_type scene_locked;   /* who holds the DC's lock is stopped */

#endif
