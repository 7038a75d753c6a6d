/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * same.c - the same programs on both hosts: the same results, the same events in the
 * same order. TAP.
 *
 *	module_same [SEED [PROGRAMS]]
 *
 * A program is drawn from its seed: what one of the suite's four actors does next, after
 * all have come to rest. So nothing depends on who is faster, and only the hosts differ.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../conformance/forms.h"
#include "../conformance/look.h"
#include "../conformance/world.h"
#include "../engine/random.h"

#define SEED        20261123
#define PROGRAMS    6
#define STEPS       60
#define EVENTS      4096
#define SHOWN       6
#define PATIENCE_NS 10000000000LL
#define SECONDS     200

#define WAITS (DVK_RTS_SENDING | DVK_RTS_RECEIVING | DVK_RTS_WAITBIND | DVK_RTS_WAITUNBIND)

static const char *const form_names[] = { "threads", "processes", "coroutines" };
static const int seats[ACTORS] = { NONE, 20, NONE, -20 };

/* A program that runs: what is drawn from, what is told of it, who still takes part. */
struct program {
	uint64_t random;
	FILE *told;
	int busy[ACTORS]; /* in a call that waits */
	int dead[ACTORS];
	int number; /* of the step */
};

/* ---- what is drawn ---------------------------------------------------------------- */

static int draw_endpoint(struct program *program)
{
	static const int wrong[] = { ANY, NONE, SELF, OUT_OF_IT, AT(3, 20), 21 };

	if (random_below(&program->random, 16) == 0)
		return wrong[random_below(&program->random, sizeof(wrong) / sizeof(wrong[0]))];
	return OF(random_below(&program->random, ACTORS));
}

/* A client whose call waits for an answer, if there is one. */
static int draw_client(struct program *program)
{
	int first = random_below(&program->random, ACTORS);

	for (int i = 0; i < ACTORS; i++)
		if (program->busy[(first + i) % ACTORS])
			return OF((first + i) % ACTORS);
	return OF(first);
}

static struct step draw(struct program *program, enum actor_name actor)
{
	static const enum conf_call calls[] = {
		SEND,  SENDREC,    SENDREC,   SENDREC,      RECEIVE,  RECEIVE,       RECEIVE,
		REPLY, REPLY,      REPLY,     REPLY,        RCVRQST,  NOTIFY,        NTFY_VALUE,
		RELAY, SRC_NOTIFY, VCOPY,     VCOPY,        WAKEUP,   REPLY_RECEIVE, WAIT4UNBIND,
		GETEP, UNBIND,     WAIT4BIND, KEEP_REQUEST, REPLY_TO,
	};
	struct step step = { .verb = STARTS, .actor = actor };
	uint64_t *random = &program->random;

	step.call = calls[random_below(random, sizeof(calls) / sizeof(calls[0]))];
	if (!stage->boxes[actor].bound)
		step.call = BIND;
	step.type = 1 + random_below(random, 90);
	step.value = random_below(random, 32);
	step.ms = random_below(random, 3) == 0 ? POLL : 0;
	step.ep = draw_endpoint(program);
	step.from = draw_client(program);
	if (step.call == REPLY || step.call == REPLY_TO)
		step.ep = random_below(random, 8) ? step.from : step.ep;
	if (step.call == RECEIVE || step.call == REPLY_RECEIVE)
		step.ep = random_below(random, 3) ? ANY : step.ep;
	if (step.call == UNBIND)
		step.ep = SELF;
	if (step.call == GETEP)
		step.ep = 0;
	if (step.call == SRC_NOTIFY || step.call == NTFY_VALUE)
		step.from = SELF;
	if (step.call == BIND)
		step.ep = seats[actor];
	if (step.call == VCOPY && random_below(random, 2))
		step.ep = SELF;
	return step;
}

/* ---- steps ------------------------------------------------------------------------- */

static int is_done(const struct mailbox *box)
{
	return __atomic_load_n(&box->done, __ATOMIC_ACQUIRE) == box->given;
}

static void tell_end(struct program *program, int actor)
{
	const struct mailbox *box = &stage->boxes[actor];

	program->busy[actor] = 0;
	fprintf(program->told, "%d: %c's %s returns %d", program->number, 'A' + actor,
		call_name(box->step.call), box->rc);
	if (box->rc == 0 && (box->step.call == RECEIVE || box->step.call == SENDREC ||
			     box->step.call == REPLY_RECEIVE || box->step.call == RCVRQST))
		fprintf(program->told, ", type %d from %d", box->m.m_type, box->m.m_source);
	fputc('\n', program->told);
}

/* Until it has returned, which it then says, or waits. 1: it hangs. */
static int await_rest(struct program *program, int actor)
{
	const struct mailbox *box = &stage->boxes[actor];
	int64_t deadline = monotonic_ns() + PATIENCE_NS;

	if (!program->busy[actor])
		return 0;
	while (!is_done(box) && !(look_rts(dvk_endpoint_nr(box->endpoint)) & WAITS)) {
		if (monotonic_ns() > deadline)
			return 1;
		pause_briefly();
	}
	if (is_done(box))
		tell_end(program, actor);
	return 0;
}

/* First who has acted; whose waits that ended are known then. 1: somebody hangs. */
static int settle(struct program *program, int actor)
{
	int hangs = await_rest(program, actor);

	for (int i = 0; i < ACTORS; i++)
		hangs |= await_rest(program, i);
	return hangs;
}

/* One that can act; ACTORS: all wait. */
static int somebody(struct program *program)
{
	int first = random_below(&program->random, ACTORS);

	for (int i = 0; i < ACTORS; i++) {
		int actor = (first + i) % ACTORS;

		if (!program->busy[actor] && !program->dead[actor])
			return actor;
	}
	return ACTORS;
}

static int count_alive(const struct program *program)
{
	int count = 0;

	for (int i = 0; i < ACTORS; i++)
		count += !program->dead[i];
	return count;
}

/* Who waits in vain dies, and lets the others hear of it. NULL, or what is wrong. */
static const char *end_somebody(struct program *program)
{
	int first = random_below(&program->random, ACTORS);

	for (int i = 0; i < ACTORS; i++) {
		enum actor_name actor = (enum actor_name)((first + i) % ACTORS);

		if (program->dead[actor])
			continue;
		program->dead[actor] = 1;
		program->busy[actor] = 0;
		fprintf(program->told, "%d: %c dies\n", program->number, 'A' + actor);
		return step_run(&(struct step){ .verb = DIES, .actor = actor });
	}
	return "nobody is left";
}

/* 1: it cannot go on, and *ret_wrong says why, unless it has come to its end. */
static int one_step(struct program *program, const char **ret_wrong)
{
	int actor = somebody(program);
	struct step step;

	/* Of the last one's end nobody would hear; and coroutines have one thread. */
	if (actor == ACTORS && (stage->form == COROUTINES || count_alive(program) == 1))
		return 1;
	if (actor == ACTORS) {
		*ret_wrong = end_somebody(program);
	} else {
		step = draw(program, (enum actor_name)actor);
		fprintf(program->told, "%d: %c begins %s, endpoint %d, from %d, %s\n",
			program->number, 'A' + actor, call_name(step.call), step_number(step.ep),
			step_number(step.from), step.ms ? "polls" : "waits");
		program->busy[actor] = 1;
		*ret_wrong = step_run(&step);
	}
	if (!*ret_wrong && settle(program, actor % ACTORS))
		*ret_wrong = "somebody hangs";
	return *ret_wrong != NULL;
}

/* ---- programs ------------------------------------------------------------------------ */

static void tell_events(struct program *program)
{
	static struct dvk_event events[EVENTS];
	struct dvk_view *view;
	uint64_t next = 0, lost;
	int count;

	if (dvk_view_open(CONF_DCID, conf_dir(), 0, &view) != 0) {
		fprintf(program->told, "no view: %s\n", dvk_open_error());
		return;
	}
	count = dvk_view_recorder(view, &next, events, EVENTS, &lost);
	for (int i = 0; i < count; i++)
		fprintf(program->told,
			"event %d: kind %d from %d to %d result %d type %d call %d\n",
			(int)events[i].sequence, events[i].kind, events[i].src_ep, events[i].dst_ep,
			events[i].result, events[i].m_type, (int)events[i].call);
	dvk_view_close(view);
}

/* What the program does on a host, in words. */
static char *run(uint64_t seed, enum form form, const char *host)
{
	struct program program = { .random = seed };
	const char *wrong = NULL;
	size_t bytes;
	char *text;

	setenv("DVK_HOST", host, 1);
	program.told = open_memstream(&text, &bytes);
	if (!program.told || world_begin(form, TOGETHER) != 0) {
		printf("Bail out! there is no DC on %s\n", host);
		exit(1);
	}
	for (int i = 0; i < ACTORS && !wrong; i++)
		wrong = step_run(&(struct step){ DOES, (enum actor_name)i, BIND, .ep = seats[i],
						 .want = FINE });
	while (!wrong && program.number++ < STEPS && !one_step(&program, &wrong))
		;
	if (wrong)
		fprintf(program.told, "%d: on %s: %s\n", program.number, host, wrong);
	tell_events(&program);
	world_end();
	fclose(program.told);
	return text;
}

static size_t line_bytes(const char *text)
{
	return strcspn(text, "\n");
}

/* The first few lines. */
static void show_lines(const char *text)
{
	for (int i = 0; i < SHOWN && *text; i++) {
		printf("#   %.*s\n", (int)line_bytes(text), text);
		text += line_bytes(text) + (text[line_bytes(text)] == '\n');
	}
}

/* Shows what both say, and where they part. */
static void show_difference(const char *ours, const char *theirs)
{
	const char *line = ours, *other = theirs;

	while (line_bytes(line) == line_bytes(other) &&
	       memcmp(line, other, line_bytes(line)) == 0 && *line) {
		printf("# %.*s\n", (int)line_bytes(line), line);
		line += line_bytes(line) + (line[line_bytes(line)] == '\n');
		other += line_bytes(other) + (other[line_bytes(other)] == '\n');
	}
	printf("# then, embedded:\n");
	show_lines(line);
	printf("# then, module:\n");
	show_lines(other);
}

/* Returns 1 when it was not the same. */
static int compare(int number, uint64_t seed, enum form form)
{
	char *embedded = run(seed, form, "embedded");
	char *module = run(seed, form, "module");
	int differs = strcmp(embedded, module) != 0 || strstr(embedded, ": on embedded: ");

	if (differs)
		show_difference(embedded, module);
	printf("%sok %d - seed %llu, %s: %zu bytes of results and events\n", differs ? "not " : "",
	       number, (unsigned long long)seed, form_names[form], strlen(embedded));
	free(embedded);
	free(module);
	return differs;
}

int main(int argc, char **argv)
{
	uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 0) : SEED;
	int programs = argc > 2 ? atoi(argv[2]) : PROGRAMS, number = 0, failed = 0;

	setvbuf(stdout, NULL, _IONBF, 0);
	if (access("/dev/dvk", R_OK | W_OK) != 0) {
		puts("1..0 # SKIP there is no /dev/dvk");
		return 0;
	}
	alarm(SECONDS);
	for (int i = 0; i < programs; i++)
		for (int form = THREADS; form <= COROUTINES; form++)
			failed += compare(++number, seed + (uint64_t)i, (enum form)form);
	printf("1..%d\n", number);
	return failed != 0;
}
