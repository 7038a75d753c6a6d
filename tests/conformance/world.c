/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * world.c - a DC of its own, actors in it, one case after another.
 *
 * Actors and DC are kept from case to case, unless one is killed, or a case goes wrong.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "forms.h"
#include "steps.h"
#include "world.h"

#define SERVER_SLOT 20
#define TASK_SLOT   (-20)
#define NOBODY      65534

static void clear_folder(void)
{
	DIR *listing = opendir(stage->dir);
	struct dirent *entry;

	while (listing && (entry = readdir(listing)))
		unlinkat(dirfd(listing), entry->d_name, 0);
	if (listing)
		closedir(listing);
}

/* What the dead have left: where there is a folder, in it, else the DC itself. */
static void clear_dir(void)
{
	if (stage->host == MODULE) {
		(void)dvk_dc_end(CONF_DCID, NULL);
		return;
	}
	clear_folder();
}

static void leave_dc(void)
{
	forms_stop();
	steps_forget();
	clear_dir();
}

static int enter_dc(unsigned int flags)
{
	stage->flags = DVK_CREATE | flags;
	if (forms_start() != 0)
		return -1;
	for (int i = 0; i < ACTORS; i++) {
		struct step open = { DOES, (enum actor_name)i, OPEN, .ep = CONF_DCID };

		/* Actors of one process: the first opens it for all. */
		if (step_run(&open))
			return -1;
	}
	return 0;
}

static enum host_kind host_of_environment(void)
{
	const char *host = getenv("DVK_HOST");

	return host && strcmp(host, "module") == 0 ? MODULE : EMBEDDED;
}

int world_begin(enum form form, enum apart apart)
{
	int rc = forms_can(apart);

	if (rc)
		return rc;
	stage = mmap(NULL, sizeof(*stage), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		     0);
	if (stage == MAP_FAILED)
		return errno;
	stage->host = host_of_environment();
	stage->form = form;
	stage->apart = apart;
	stage->doorbell = eventfd(0, EFD_NONBLOCK);
	strcpy(stage->dir, "/tmp/dvk-conf-XXXXXX");
	if (!mkdtemp(stage->dir))
		return errno;
	/* Also for those who are somebody else. */
	if (apart == NOT_DUMPABLE && geteuid() == 0 && chown(stage->dir, NOBODY, NOBODY) != 0)
		return errno;
	return enter_dc(0) == 0 ? 0 : EIO;
}

void world_end(void)
{
	leave_dc();
	rmdir(stage->dir);
	close(stage->doorbell);
	munmap(stage, sizeof(*stage));
}

static const char *seat(const struct conf_case *c)
{
	static const int usual[ACTORS] = { ANY_SLOT, SERVER_SLOT, ANY_SLOT, TASK_SLOT };
	static const int none[ACTORS];
	const int *seats = memcmp(c->seats, none, sizeof(none)) ? c->seats : usual;
	const char *wrong = NULL;

	for (int i = 0; i < ACTORS && !wrong; i++) {
		/* It may have been unbound by another. */
		if (!stage->boxes[i].bound)
			continue;
		wrong = step_run(&(struct step){ DOES, (enum actor_name)i, UNBIND, .ep = SELF });
		if (stage->boxes[i].rc == EDVSNOTBIND)
			wrong = NULL;
	}
	for (int i = 0; i < ACTORS && !wrong; i++)
		if (seats[i] != NO_SLOT)
			wrong = step_run(&(struct step){ DOES, (enum actor_name)i, BIND,
							 .ep = seats[i], .want = FINE });
	return wrong;
}

/* After a case that went wrong, or left nothing: anew. */
static int is_worn(const struct conf_case *c, const char *wrong)
{
	int left = steps_left();

	for (const struct step *s = c->steps; s->verb != END; s++)
		left |= s->verb == DIES || s->verb == EXITS || s->verb == EXECS;
	return wrong || left || c->flags & ENDS_DC;
}

const char *world_run(const struct conf_case *c)
{
	unsigned int flags = c->flags & STRICT ? DVK_STRICT : 0;
	const char *wrong;
	static char at[320];
	int i = 0;

	if ((stage->flags & DVK_STRICT) != flags) {
		leave_dc();
		if (enter_dc(flags) != 0)
			return "the DC cannot be made";
	}
	stage->resting = 0;
	wrong = seat(c);
	for (i = 0; !wrong && i < STEPS_MAX && c->steps[i].verb != END; i++)
		wrong = step_run(&c->steps[i]);
	if (wrong) {
		const struct step *s = &c->steps[i ? i - 1 : 0];

		snprintf(at, sizeof(at), "step %d, %c's %s: %s", i, 'A' + (int)s->actor,
			 call_name(s->call), wrong);
		wrong = at;
	}
	if (is_worn(c, wrong)) {
		leave_dc();
		if (enter_dc(flags) != 0 && !wrong)
			wrong = "the DC cannot be made anew";
	}
	return wrong;
}
