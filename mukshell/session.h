/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * session.h - attaching, losing and detaching a DC; the shell's own slot.
 */
#ifndef MUKSHELL_SESSION_H
#define MUKSHELL_SESSION_H

#include "shell.h"

/* An empty session that prints to standard output. */
void session_init(struct shell *shell);
void session_deinit(struct shell *shell);

/* Attaches "dc0", "0" or a name; says what is running there. 0, or the printed error. */
int session_attach(struct shell *shell, const char *word);
/* Takes a recording or a dump as the patient. 0, or the printed error. */
int session_load(struct shell *shell, const char *path);
void session_detach(struct shell *shell);

/* One or two lines: what is attached and who runs in it. */
void session_greet(struct shell *shell);

/*
 * Looks whether the MUK has gone (said once) or is back (attached anew), and
 * keeps its last state. Called when a command begins and while the prompt waits.
 */
void session_check(struct shell *shell);

/* Gives up the shell's slot; the next command that talks binds a new one. */
void session_release_slot(struct shell *shell);

/* "dc0" or the DC's name, for the prompt. */
const char *session_name(const struct shell *shell);

#endif
