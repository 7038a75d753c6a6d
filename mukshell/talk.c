/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * talk.c - the shell's slot, and messages from it that Ctrl-C ends.
 *
 * A blocked call waits in our own parker, in slices: after Ctrl-C the parker gives
 * the wait up, and libdvk ends the call the way it ends one that has timed out.
 */
#include <stdlib.h>
#include <string.h>

#include <patient.h>
#include <protocol/protocol.h>

#include "delays.h"
#include "interrupt.h"
#include "session.h"
#include "talk.h"

#define SLICE_NS 30000000  /* how long Ctrl-C may go unnoticed */
#define GRACE_NS 300000000 /* for what a command says after Ctrl-C: close, abort */

static int was_cut; /* a wait was cut short and this Ctrl-C still stands */

/* After Ctrl-C the first wait ends at once, what follows it has a little time. */
static int64_t shorten(int64_t deadline_ns)
{
	int64_t end = was_cut ? shell_now_ns() + GRACE_NS : 0;

	was_cut = 1;
	return end < deadline_ns ? end : deadline_ns;
}

static void park_in_slices(int nr, int64_t deadline_ns)
{
	int ready[8];
	int before = interrupt_pending();

	if (!before)
		was_cut = 0;
	else
		deadline_ns = shorten(deadline_ns);
	for (;;) {
		int count = dvk_take_ready(ready, 8);
		int64_t now;

		for (int i = 0; i < count; i++)
			if (ready[i] == nr)
				return;
		now = shell_now_ns();
		if (interrupt_pending() != before)
			deadline_ns = shorten(deadline_ns);
		before = interrupt_pending();
		if (now >= deadline_ns) {
			dvk_end_wait();
			return;
		}
		delays_run(1);
		dvk_park(delays_next(deadline_ns - now > SLICE_NS ? now + SLICE_NS : deadline_ns));
	}
}

/* Only one slot is ours, and it is never made ready by its own transitions. */
static void nothing_to_run(int nr, int handover)
{
	(void)nr;
	(void)handover;
}

static const struct dvk_parker parker = { park_in_slices, nothing_to_run };

void talk_set_quiet(struct shell *shell)
{
	if (shell->own_ep != NONE)
		dvk_set_quiet(dvk_endpoint_nr(shell->own_ep), !shell->trace_self);
}

int shell_slot(struct shell *shell)
{
	struct dvk_options options = { .dir = shell->dir, .flags = DVK_SYSTEM };
	int result;

	if (shell->own_ep != NONE)
		return 0;
	result = shell_alive(shell);
	if (result)
		return result;
	if (shell->read_only)
		return shell_error(shell, EDVSPERM, "this shell only looks (--read-only)");
	if (shell->lost)
		return shell_error(shell, EDVSDSTDIED, "the MUK of %s has gone",
				   session_name(shell));
	result = dvk_open(shell->dcid, &options);
	if (result < 0)
		return shell_error(shell, result, "%s: %s", session_name(shell), dvk_open_error());
	result = dvk_bind(NONE, "mukshell");
	if (!dvk_is_endpoint(result)) {
		dvk_close();
		return shell_error(shell, result, "no slot could be bound");
	}
	shell->own_ep = result;
	dvk_set_parker(&parker);
	talk_set_quiet(shell);
	dvk_set_sleep_note("its user");
	return 0;
}

void session_release_slot(struct shell *shell)
{
	if (shell->own_ep == NONE)
		return;
	delays_forget();
	dvk_set_parker(NULL);
	dvk_close();
	shell->own_ep = NONE;
}

/* A wait that Ctrl-C has cut short looks like one whose time is over. */
static int as_interrupted(int result)
{
	if (!interrupt_pending())
		return result;
	return result == EDVSTIMEDOUT || result == EDVSNOTREADY || result == EDVSAGAIN ? EDVSINTR
										       : result;
}

int shell_sendrec(struct shell *shell, int ep, message *m, long ms)
{
	(void)shell;
	return as_interrupted(dvk_sendrec_T(ep, m, ms));
}

int shell_receive(struct shell *shell, int src_ep, message *ret_m, long ms)
{
	(void)shell;
	return as_interrupted(dvk_receive_T(src_ep, ret_m, ms));
}

int shell_rcvrqst(struct shell *shell, message *ret_m, long ms)
{
	(void)shell;
	return as_interrupted(dvk_rcvrqst_T(ret_m, ms));
}

int shell_wait(struct shell *shell, int endpoint, int gone, long ms)
{
	(void)shell;
	return as_interrupted(gone ? dvk_wait4unbind_T(endpoint, ms)
				   : dvk_wait4bind_T(endpoint, ms));
}

int shell_send(struct shell *shell, int ep, const message *m, long ms)
{
	(void)shell;
	return as_interrupted(dvk_send_T(ep, m, ms));
}

int talk_resolve(void *context, const char *word, int *ret_endpoint, struct text *reason)
{
	struct shell *shell = context;
	struct dvk_snapshot *snapshot;
	struct inspect *in;
	int result;

	if (!strcasecmp(word, "self") && shell->own_ep != NONE) {
		*ret_endpoint = shell->own_ep;
		return 0;
	}
	if (!shell->patient || patient_snapshot(shell->patient, &snapshot)) {
		text_add(reason, "%s: the DC cannot be read", word);
		return EDVSDCNOTRUN;
	}
	in = inspect_create(snapshot, NULL);
	result = in ? inspect_resolve(in, word, ret_endpoint, reason) : EDVSNOMEM;
	inspect_destroy(in);
	dvk_snapshot_free(snapshot);
	return result;
}

int talk_server(struct shell *shell, const char *name, int *ret_endpoint)
{
	const struct protocol *protocol;
	const char *slash = strrchr(name, '/');
	char bytes[512];
	struct text reason;
	int result;

	text_init(&reason, bytes, sizeof(bytes));
	result = talk_resolve(shell, name, ret_endpoint, &reason);
	if (result == 0)
		return 0;
	/* Of several MUKs: nothing is done to the one that was not meant. */
	if (result == EDVSRANGE)
		return shell_error(shell, 0, "%s%s", bytes,
				   strcmp(name, "fs") ? "" : "; `set fs` says whose files");
	protocol = protocol_find(slash ? slash + 1 : name);
	if (!slash && protocol && protocol->endpoint == NONE)
		return shell_error(
			shell, 0, "every server has the calls of %s: say whose, to=ENDPOINT", name);
	if (slash || !protocol)
		return shell_error(shell, 0, "%s", bytes);
	*ret_endpoint = protocol->endpoint;
	return 0;
}
