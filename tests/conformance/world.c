/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * world.c - the tester tells actors what to do, and sees what comes of it.
 *
 * It takes no slot of the DC: that somebody waits it sees by looking.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "forms.h"
#include "world.h"

#define PATIENCE_NS 5000000000LL
#define SERVER_SLOT 20
#define TASK_SLOT   (-20)

static struct dvk_view *view;
static char told[256];
static int began[ACTORS]; /* a call of an actor is under way */
static enum conf_call begun[ACTORS];

static const char *const call_names[] = {
#define CONF_NAME(name, ...) #name,
	DVK_CALL_ERRORS(CONF_NAME)
#undef CONF_NAME
		"PEEK",
	"SET_SOURCES",
	"SET_TARGETS",
	"DENY",
	"KEEP_REQUEST",
	"AS",
	"end"
};

#define CONF_LIST(name, ...) static const int errors_of_##name[] = { __VA_ARGS__ };
DVK_CALL_ERRORS(CONF_LIST)
#undef CONF_LIST

const char *call_name(enum conf_call call)
{
	return call_names[call];
}

int call_may_return(enum conf_call call, int error)
{
	static const struct {
		const int *list;
		size_t count;
	} rows[] = {
#define CONF_ROW(name, ...) { errors_of_##name, sizeof(errors_of_##name) / sizeof(int) },
		DVK_CALL_ERRORS(CONF_ROW)
#undef CONF_ROW
	};

	for (size_t i = 0; call < CALLS && i < rows[call].count; i++)
		if (rows[call].list[i] == error)
			return 1;
	return call >= CALLS;
}

static int64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void pause_briefly(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 50000 }, NULL);
}

__attribute__((format(printf, 1, 2))) static const char *tell(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vsnprintf(told, sizeof(told), format, list);
	va_end(list);
	return told;
}

/* A number of a row as the actors have it. */
static int resolve(int value)
{
	const struct mailbox *boxes = stage->boxes;
	int name = (PEER_BASE - value) % 10;

	if (value > PEER_BASE || value < PEER_BASE - 39 || name >= ACTORS)
		return value;
	switch ((PEER_BASE - value) / 10) {
	case 0:
		return boxes[name].endpoint;
	case 1:
		return boxes[name].was;
	case 2:
		return dvk_endpoint_nr(boxes[name].endpoint);
	default:
		return boxes[name].tid;
	}
}

static struct step resolved(const struct step *s)
{
	struct step step = *s;

	step.ep = resolve(s->ep);
	step.from = resolve(s->from);
	return step;
}

static void give(const struct step *s)
{
	struct mailbox *box = &stage->boxes[s->actor];
	uint64_t one = 1;

	box->step = resolved(s);
	__atomic_add_fetch(&box->given, 1, __ATOMIC_RELEASE);
	syscall(SYS_futex, &box->given, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
	if (stage->form == COROUTINES && write(stage->doorbell, &one, sizeof(one)) < 0)
		abort();
}

static int is_done(const struct mailbox *box)
{
	return __atomic_load_n(&box->done, __ATOMIC_ACQUIRE) == box->given;
}

/* 1: the step is over. */
static int await(const struct mailbox *box)
{
	int64_t deadline = monotonic_ns() + PATIENCE_NS;
	struct timespec slice = { .tv_nsec = 100000000 };

	while (!is_done(box)) {
		uint32_t done = box->done;

		if (monotonic_ns() > deadline)
			return 0;
		if (done != box->given)
			syscall(SYS_futex, &box->done, FUTEX_WAIT, done, &slice, NULL, 0);
	}
	return 1;
}

/* The rts flags of a slot; SLOT_FREE when nobody is there, or nothing can be seen. */
static uint32_t rts_of(int nr)
{
	struct dvk_snapshot *snapshot;
	uint32_t rts = DVK_RTS_SLOT_FREE;

	if (!view && dvk_view_open(CONF_DCID, stage->dir, 0, &view) != 0)
		return rts;
	if (dvk_view_snapshot(view, &snapshot) != 0)
		return rts;
	for (int i = 0; i < snapshot->count; i++)
		if (snapshot->procs[i].nr == nr)
			rts = snapshot->procs[i].rts;
	dvk_snapshot_free(snapshot);
	return rts;
}

#define WAITS                                                                          \
	(DVK_RTS_SENDING | DVK_RTS_RECEIVING | DVK_RTS_WAITBIND | DVK_RTS_WAITUNBIND | \
	 DVK_RTS_STOPPED | DVK_RTS_ONCOPY)

static const char *step_begins(const struct step *s)
{
	const struct mailbox *box = &stage->boxes[s->actor];
	int64_t deadline = monotonic_ns() + PATIENCE_NS;
	int nr = dvk_endpoint_nr(box->endpoint);

	give(s);
	began[s->actor] = 1;
	begun[s->actor] = s->call;
	while (box->bound && !(rts_of(nr) & WAITS)) {
		if (is_done(box))
			return tell("does not wait but returns %d", box->rc);
		if (monotonic_ns() > deadline)
			return tell("does not wait");
		pause_briefly();
	}
	return NULL;
}

static const char *check(const struct step *s)
{
	const struct mailbox *box = &stage->boxes[s->actor];
	int want = resolve(s->want);

	if (want == FINE ? box->rc < DVK_ENDPOINT_MIN : box->rc != want)
		return tell("returns %d (%s), not %d", box->rc, dvk_strerror(box->rc), want);
	if (box->rc < DVK_ENDPOINT_MIN && !call_may_return(s->call, box->rc))
		return tell("%s is not in the table of errors", dvk_strerror(box->rc));
	if (s->got && box->m.m_type != s->got)
		return tell("gets type %d, not %d", box->m.m_type, s->got);
	if (s->by && box->m.m_source != resolve(s->by))
		return tell("gets it from %d, not %d", box->m.m_source, resolve(s->by));
	if (s->map && box->m.m9_i1 != s->map)
		return tell("gets map %x, not %x", (unsigned int)box->m.m9_i1,
			    (unsigned int)s->map);
	return NULL;
}

static const char *step_does(const struct step *s)
{
	const char *wrong;
	int times = 0;

	if (began[s->actor])
		return tell("has not ended its call");
	do {
		give(s);
		if (!await(&stage->boxes[s->actor])) {
			began[s->actor] = 1;
			return tell("does not return");
		}
		wrong = check(s);
	} while (!wrong && ++times < s->times);
	return wrong;
}

static const char *step_ends(const struct step *s)
{
	if (!began[s->actor] || begun[s->actor] != s->call)
		return tell("has begun no such call");
	if (!await(&stage->boxes[s->actor]))
		return tell("does not return");
	began[s->actor] = 0;
	return check(s);
}

static const char *step_cancels(const struct step *s)
{
	struct mailbox *box = &stage->boxes[s->actor];
	int64_t deadline = monotonic_ns() + PATIENCE_NS;
	uint32_t before = box->signals;

	box->signal_step = resolved(s);
	if (syscall(SYS_tgkill, box->pid, box->tid, SIGUSR1) != 0)
		return tell("cannot be signalled");
	while (__atomic_load_n(&box->signals, __ATOMIC_ACQUIRE) == before) {
		if (monotonic_ns() > deadline)
			return tell("takes no signal");
		pause_briefly();
	}
	if (box->signal_rc != s->want)
		return tell("returns %d in a handler, not %d", box->signal_rc, s->want);
	return NULL;
}

/* Its slot is free within the time. */
static const char *step_dies(const struct step *s)
{
	struct mailbox *box = &stage->boxes[s->actor];
	int64_t deadline = monotonic_ns() + PATIENCE_NS;

	if (stage->form == PROCESSES) {
		forms_kill(s->actor);
	} else {
		box->signal_step = *s;
		syscall(SYS_tgkill, box->pid, box->tid, SIGUSR1);
	}
	while (!(rts_of(dvk_endpoint_nr(box->endpoint)) & DVK_RTS_SLOT_FREE)) {
		if (monotonic_ns() > deadline)
			return tell("is dead and still bound");
		pause_briefly();
	}
	box->signal_step.verb = END;
	return NULL;
}

static const char *run_step(const struct step *s)
{
	switch (s->verb) {
	case DOES:
		return step_does(s);
	case BEGINS:
		return step_begins(s);
	case ENDS:
		return step_ends(s);
	case CANCELS:
		return step_cancels(s);
	case DIES:
		return step_dies(s);
	case FREEZES:
		return kill(stage->boxes[s->actor].pid, SIGSTOP) ? tell("does not stop") : NULL;
	case THAWS:
		return kill(stage->boxes[s->actor].pid, SIGCONT) ? tell("does not go on") : NULL;
	case END:
		break;
	}
	return tell("is no step");
}

/* ---- the world ---- */

static void clear_dir(void)
{
	DIR *listing = opendir(stage->dir);
	struct dirent *entry;

	while (listing && (entry = readdir(listing)))
		unlinkat(dirfd(listing), entry->d_name, 0);
	if (listing)
		closedir(listing);
}

static void leave_dc(void)
{
	forms_stop();
	if (view)
		dvk_view_close(view);
	view = NULL;
	clear_dir();
	memset(began, 0, sizeof(began));
}

static int enter_dc(unsigned int flags)
{
	stage->flags = DVK_CREATE | flags;
	if (forms_start() != 0)
		return -1;
	for (int i = 0; i < ACTORS; i++) {
		struct step open = { DOES, (enum actor_name)i, OPEN, .ep = CONF_DCID };

		/* Actors of one process: the first opens it for all. */
		if (step_does(&open))
			return -1;
	}
	return 0;
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
	stage->form = form;
	stage->apart = apart;
	stage->doorbell = eventfd(0, EFD_NONBLOCK);
	strcpy(stage->dir, "/tmp/dvk-conf-XXXXXX");
	if (!mkdtemp(stage->dir))
		return errno;
	/* Also for those who are somebody else. */
	if (apart == NOT_DUMPABLE && geteuid() == 0 && chown(stage->dir, 65534, 65534) != 0)
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
		wrong = step_does(&(struct step){ DOES, (enum actor_name)i, UNBIND, .ep = SELF });
		if (stage->boxes[i].rc == EDVSNOTBIND)
			wrong = NULL;
	}
	for (int i = 0; i < ACTORS && !wrong; i++)
		if (seats[i] != NO_SLOT)
			wrong = step_does(&(struct step){ DOES, (enum actor_name)i, BIND,
							  .ep = seats[i], .want = FINE });
	return wrong;
}

/* After a case that went wrong, or left nothing: anew. */
static int is_worn(const struct conf_case *c, const char *wrong)
{
	unsigned int left = 0;

	for (int i = 0; i < ACTORS; i++)
		left |= (unsigned int)began[i];
	for (const struct step *s = c->steps; s->verb != END; s++)
		left |= s->verb == DIES;
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
	wrong = seat(c);
	for (i = 0; !wrong && i < STEPS_MAX && c->steps[i].verb != END; i++)
		wrong = run_step(&c->steps[i]);
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
