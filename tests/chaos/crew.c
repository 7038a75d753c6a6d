/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * crew.c - see crew.h.
 *
 * Whatever a call returns is judged at once: another's death has the errors of
 * section 8, and everything else is a complaint.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <dvk/dvk.h>

#include "crew.h"

#define COPY_BYTES 65536
enum { ASK_ECHO = 1, ASK_COPY, ASK_SILENCE, ASK_KINDS };

#define CREW_CALL(name) #name,
const char *const crew_call_names[] = { CREW_CALLS(CREW_CALL) };
#undef CREW_CALL

struct worker {
	struct board *board;
	int place;
	uint64_t random;
	char *bytes;
};

int crew_first(int process)
{
	int pair = process - SERVERS - SINGLES;

	return pair < 0 ? process : SERVERS + SINGLES + 2 * pair;
}

int crew_threads(int process)
{
	return process < SERVERS + SINGLES ? 1 : 2;
}

static void on_exec(int number)
{
	char *const arguments[] = { "chaos", CREW_EXECED, NULL };
	char *const environment[] = { NULL };

	(void)number;
	execve("/proc/self/exe", arguments, environment);
	_exit(7);
}

static void on_thread_end(int number)
{
	(void)number;
	/* As a thread ends that nobody asked: no destructor, no word to the library. */
	syscall(SYS_exit, 0);
}

static uint32_t draw(struct worker *self, uint32_t below)
{
	self->random ^= self->random << 13;
	self->random ^= self->random >> 7;
	self->random ^= self->random << 17;
	return (uint32_t)((self->random >> 20) % below);
}

/* What each call may return when others die or have no time; 0 ends the list. */
static const int expected[CREW_CALL_COUNT][6] = {
	[IN_send] = { EDVSDSTDIED },
	[IN_receive] = { EDVSTIMEDOUT },
	[IN_sendrec] = { EDVSSRCDIED, EDVSDEADSRCDST },
	[IN_timeout] = { EDVSSRCDIED, EDVSDEADSRCDST, EDVSTIMEDOUT, EDVSNOTREADY },
	[IN_reply] = { EDVSDSTDIED, EDVSDEADSRCDST, EDVSPROCSTS },
	[IN_notify] = { EDVSDSTDIED },
	[IN_vcopy] = { EDVSSRCDIED, EDVSDSTDIED, EDVSPROCSTS, EDVSENDPOINT },
};

static void begin(struct worker *self, int call)
{
	__atomic_store_n(&self->board->places[self->place].call, call, __ATOMIC_SEQ_CST);
}

static int end(struct worker *self, int call, int rc)
{
	struct place *place = &self->board->places[self->place];
	const int *allowed = expected[call];

	__atomic_store_n(&place->call, IN_none, __ATOMIC_SEQ_CST);
	__atomic_add_fetch(&place->done, 1, __ATOMIC_RELAXED);
	if (rc == 0)
		return 0;
	__atomic_add_fetch(&place->failed, 1, __ATOMIC_RELAXED);
	while (*allowed && *allowed != rc)
		allowed++;
	if (!*allowed && !self->board->complaint[0])
		snprintf(self->board->complaint, sizeof(self->board->complaint),
			 "place %d: %s gave %s (%d)", self->place, crew_call_names[call],
			 dvk_strerror(rc), rc);
	return rc;
}

/* ---- servers ------------------------------------------------------------------ */
static void serve(struct worker *self, message *m)
{
	int client = m->m_source, type = m->m_type;

	if (type == NOTIFY_MESSAGE) {
		begin(self, IN_notify);
		end(self, IN_notify, dvk_notify(client));
		return;
	}
	if (dvk_request().client_ep == NONE || type == ASK_SILENCE)
		return;
	if (type == ASK_COPY) {
		begin(self, IN_vcopy);
		end(self, IN_vcopy,
		    dvk_vcopy(client, m->m1_p1, SELF, dvk_address(self->bytes), COPY_BYTES));
	}
	m->m_type = 0;
	begin(self, IN_reply);
	end(self, IN_reply, dvk_reply(client, m));
}

static void server_run(struct worker *self)
{
	message m;

	for (;;) {
		begin(self, IN_receive);
		if (end(self, IN_receive, dvk_receive(ANY, &m)) == 0)
			serve(self, &m);
	}
}

/* ---- clients ------------------------------------------------------------------ */
static void client_step(struct worker *self)
{
	message m = { .m_type = ASK_ECHO, .m_m1 = { .p1 = dvk_address(self->bytes) } };
	int server = CREW_FIRST + (int)draw(self, SERVERS);

	switch (draw(self, 8)) {
	case 0:
		begin(self, IN_send);
		end(self, IN_send, dvk_send(server, &m));
		break;
	case 1:
		begin(self, IN_notify);
		end(self, IN_notify, dvk_notify(server));
		break;
	case 2:
		begin(self, IN_receive);
		end(self, IN_receive, dvk_receive_T(ANY, &m, 1));
		break;
	case 3:
		m.m_type = ASK_SILENCE;
		begin(self, IN_timeout);
		end(self, IN_timeout, dvk_sendrec_T(server, &m, 1));
		break;
	default:
		m.m_type = draw(self, 2) ? ASK_COPY : ASK_ECHO;
		begin(self, IN_sendrec);
		end(self, IN_sendrec, dvk_sendrec(server, &m));
		break;
	}
}

static void *worker_run(void *argument)
{
	struct worker *self = argument;
	int nr = CREW_FIRST + self->place, ep;
	char name[16];

	self->board->places[self->place].tid = gettid();
	snprintf(name, sizeof(name), "crew%d", self->place);
	ep = dvk_bind(nr, name);
	if (ep != nr)
		snprintf(self->board->complaint, sizeof(self->board->complaint),
			 "place %d: bind gave %d", self->place, ep);
	if (self->place < SERVERS)
		server_run(self);
	for (;;)
		client_step(self);
	return NULL;
}

static void run(struct board *board, int process)
{
	static struct worker workers[2];
	struct dvk_options options = { .dir = board->dir };
	struct timespec now;
	pthread_t thread;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGUSR1, on_exec);
	signal(SIGUSR2, on_thread_end);
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (dvk_open(CHAOS_DCID, &options) != 0)
		_exit(3);
	/* The first place is the process's first thread. */
	for (int i = crew_threads(process) - 1; i >= 0; i--) {
		struct worker *self = &workers[i];

		self->board = board;
		self->place = crew_first(process) + i;
		self->random = (uint64_t)now.tv_nsec * 977 + (uint64_t)self->place + 1;
		self->bytes = calloc(1, COPY_BYTES);
		if (!self->bytes || (i > 0 && pthread_create(&thread, NULL, worker_run, self) != 0))
			_exit(4);
	}
	worker_run(&workers[0]);
}

pid_t crew_start(struct board *board, int process)
{
	pid_t pid;

	for (int i = 0; i < crew_threads(process); i++)
		board->places[crew_first(process) + i].tid = 0;
	pid = fork();
	if (pid == 0)
		run(board, process);
	return pid;
}
