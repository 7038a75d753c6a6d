/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * actor.c - an actor makes one call of libdvk, as its box says.
 */
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "actor.h"

struct stage *stage;

unsigned char actor_buffers[ACTORS][CONF_BUFFER];
struct dvk_request actor_kept[ACTORS];
static __thread struct mailbox *own_box;
/* In this process: one comes after another, as the tester gives them. */
static uint32_t steps_made;

/* The number of a held message. */
static uint64_t held_id(int value)
{
	static struct dvk_held held[DVK_HELD];
	uint64_t newest = 0;
	int count;

	if (value != NEWEST && value != NEWEST_QUEUED)
		return (uint64_t)value;
	count = dvk_held(held, DVK_HELD);
	for (int i = 0; i < count; i++)
		if (held[i].id > newest && (value == NEWEST || held[i].kind != DVK_HELD_COPY))
			newest = held[i].id;
	return newest;
}

/* Calls that never wait. */
static int answers(struct mailbox *box)
{
	const struct step *s = &box->step;
	message *m = &box->m;

	switch (s->call) {
	case REPLY:
		return dvk_reply(s->ep, m);
	case REPLY_TO:
		return dvk_reply_to(s->bad ? (struct dvk_request){ s->ep, 0, s->value }
					   : actor_kept[box - stage->boxes],
				    m);
	case RELAY:
		m->m_type = s->type ? s->type : 1;
		return dvk_relay(s->ep, m);
	case HELD_EDIT:
		return dvk_held_edit(held_id(s->value), m);
	case HELD_ANSWER:
		return dvk_held_answer(held_id(s->value), m);
	default:
		return NOT_MINE;
	}
}

static int with_message(struct mailbox *box)
{
	const struct step *s = &box->step;
	message *m = &box->m;
	int timed = s->ms != 0;
	long ms = s->ms == POLL ? 0 : s->ms;

	memset(m, 0, sizeof(*m));
	m->m_type = s->type;
	m->m_source = s->from;
	switch (s->call) {
	case SEND:
		m->m_type = s->type ? s->type : 1;
		return timed ? dvk_send_T(s->ep, m, ms) : dvk_send(s->ep, m);
	case SENDREC:
		m->m_type = s->type ? s->type : 1;
		m->m1_i1 = 77;
		return timed ? dvk_sendrec_T(s->ep, m, ms) : dvk_sendrec(s->ep, m);
	case RECEIVE:
		return timed ? dvk_receive_T(s->ep, m, ms) : dvk_receive(s->ep, m);
	case RCVRQST:
		return timed ? dvk_rcvrqst_T(m, ms) : dvk_rcvrqst(m);
	case REPLY_RECEIVE:
		return timed ? dvk_reply_receive_T(s->from, m, s->ep, m, ms)
			     : dvk_reply_receive(s->from, m, s->ep, m);
	default:
		return answers(box);
	}
}

static const char *name_of(const struct step *s)
{
	return s->bad ? "a name of far too many bytes" : "actor";
}

static int life(const struct step *s)
{
	long ms = s->ms == POLL ? 0 : s->ms;

	switch (s->call) {
	case BIND:
		return dvk_bind(s->ep, name_of(s));
	case TBIND:
		return dvk_tbind(s->ep, name_of(s));
	case LCLBIND:
		return dvk_lclbind(s->from, s->ep, name_of(s));
	case UNBIND:
		return dvk_unbind(s->ep, s->value);
	case GETEP:
		return dvk_getep(s->ep);
	case WAIT4BIND:
		return s->ms ? dvk_wait4bind_T(s->ep, ms) : dvk_wait4bind(s->ep);
	case WAIT4UNBIND:
		return s->ms ? dvk_wait4unbind_T(s->ep, ms) : dvk_wait4unbind(s->ep);
	case NOTIFY:
		return dvk_notify(s->ep);
	case SRC_NOTIFY:
		return dvk_src_notify(s->from, s->ep);
	case NTFY_VALUE:
		return dvk_ntfy_value(s->from, s->ep, s->value);
	case WAKEUP:
		return dvk_wakeup(s->ep);
	case CANCEL:
		return dvk_cancel(s->ep);
	case CANCEL_THREAD:
		return dvk_cancel_thread(s->ep);
	default:
		return NOT_MINE;
	}
}

static int debug(const struct step *s)
{
	struct dvk_hold rule = { .src_ep = s->from ? s->from : ANY,
				 .dst_ep = s->ep ? s->ep : ANY,
				 .m_type = DVK_ANY_TYPE,
				 .call_type = DVK_ANY_TYPE,
				 .kinds = s->bad ? 0 : (uint32_t)s->value };
	struct dvk_priv priv = { .level = DVK_LEVEL_PROXY };

	switch (s->call) {
	case SETPRIV:
		if (!s->bad && dvk_getpriv(s->ep, &priv))
			memset(&priv, 0, sizeof(priv));
		return dvk_setpriv(s->ep, &priv);
	case STOP:
		return dvk_stop(s->ep);
	case CONT:
		return dvk_cont(s->ep);
	case HOLD:
		return dvk_hold(&rule);
	case UNHOLD:
		return dvk_unhold((uint32_t)s->value);
	case HELD_RELEASE:
		return dvk_held_release(held_id(s->value));
	case HELD_DROP:
		return dvk_held_drop(held_id(s->value), s->bad ? 1 : EDVSTIMEDOUT);
	case HELD_DUPLICATE:
		return dvk_held_duplicate(held_id(s->value));
	default:
		return NOT_MINE;
	}
}

const char *conf_dir(void)
{
	return stage->host == EMBEDDED ? stage->dir : NULL;
}

struct dvk_options conf_options(const struct step *s)
{
	unsigned int flags = stage->flags;

	if (s->bad)
		flags &= ~(unsigned int)DVK_CREATE;
	if (s->call == OPEN)
		flags |= (unsigned int)s->value;
	return (struct dvk_options){ .dir = conf_dir(), .flags = flags, .nr_procs = CONF_NR_PROCS };
}

static int manage(const struct step *s)
{
	struct dvk_options options = conf_options(s);

	switch (s->call) {
	case OPEN:
		return dvk_open(s->ep, &options);
	case CLOSE:
		return dvk_close();
	case DVS_INIT:
		return dvk_dvs_init(s->ep, s->bad ? "" : "dvs", conf_dir());
	case DVS_END:
		return dvk_dvs_end(conf_dir());
	case DC_INIT:
		return dvk_dc_init(s->ep, &options);
	case DC_END:
		return dvk_dc_end(s->ep, conf_dir());
	case REGISTER_TABLE:
		return dvk_register_table(s->bad ? "" : "conf.rows", 1,
					  s->value ? NULL : actor_buffers, 1, 8);
	default:
		return NOT_MINE;
	}
}

static int run(struct mailbox *box)
{
	const struct step *s = &box->step;
	int rc = with_message(box);

	if (rc == NOT_MINE)
		rc = life(s);
	if (rc == NOT_MINE)
		rc = debug(s);
	if (rc == NOT_MINE)
		rc = manage(s);
	if (rc == NOT_MINE)
		rc = actor_knows(box);
	return rc == NOT_MINE ? actor_acts(box) : rc;
}

static void note_endpoint(struct mailbox *box)
{
	int own = dvk_current() == NONE ? EDVSNOTBIND : dvk_getep(0);

	box->bound = dvk_is_endpoint(own);
	if (!box->bound || own == box->endpoint)
		return;
	box->was = box->endpoint;
	__atomic_store_n(&box->endpoint, own, __ATOMIC_RELAXED);
}

/* It needs no slot, and waits for nobody who has the DC. */
static int is_look(enum conf_call call)
{
	return call == GETPROCINFO || call == GETDCINFO || call == GETDVSINFO || call == NOTHING;
}

int64_t patience(int64_t time)
{
	const char *factor = getenv("PATIENCE");

	return factor ? time * atoi(factor) : time;
}

static int64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

void actor_step(struct mailbox *box)
{
	int me = (int)(box - stage->boxes);

	own_box = box;
	if (box->step.call == BIND)
		memset(actor_buffers[me], 'a' + me, CONF_BUFFER);
	(void)__atomic_load_n(&steps_made, __ATOMIC_ACQUIRE);
	box->took_ns = monotonic_ns();
	box->rc = run(box);
	box->took_ns = monotonic_ns() - box->took_ns;
	if (!box->is_as && !is_look(box->step.call))
		note_endpoint(box);
	__atomic_add_fetch(&steps_made, 1, __ATOMIC_ACQ_REL);
	__atomic_store_n(&box->done, box->given, __ATOMIC_RELEASE);
	syscall(SYS_futex, &box->done, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

static _Noreturn void become_another(void)
{
	static char *const words[] = { "sleep", "100", NULL };
	static char *const environment[] = { NULL };

	execve("/bin/sleep", words, environment);
	_exit(1);
}

/* Calls that are made in a handler; or the end of the thread. */
static void on_signal(int signal)
{
	struct mailbox *box = own_box;

	(void)signal;
	/* The tester says whose box it is: a thread of coroutines has many. */
	for (int i = 0; i < ACTORS; i++)
		if (stage->boxes[i].signal_step.verb != END)
			box = &stage->boxes[i];
	if (box->signal_step.verb == DIES)
		syscall(SYS_exit, 0);
	if (box->signal_step.verb == EXITS)
		_exit(0);
	if (box->signal_step.verb == EXECS)
		become_another();
	box->signal_rc = life(&box->signal_step);
	box->signal_step.verb = END;
	__atomic_add_fetch(&box->signals, 1, __ATOMIC_SEQ_CST);
}

void actor_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };

	sigaction(SIGUSR1, &action, NULL);
}

void actor_loop(enum actor_name name)
{
	struct mailbox *box = &stage->boxes[name];

	own_box = box;
	box->pid = getpid();
	for (;;) {
		uint32_t done = box->done;

		__atomic_store_n(&box->tid, gettid(), __ATOMIC_RELEASE);
		while (__atomic_load_n(&box->given, __ATOMIC_ACQUIRE) == done)
			syscall(SYS_futex, &box->given, FUTEX_WAIT, done, NULL, NULL, 0);
		actor_step(box);
	}
}
