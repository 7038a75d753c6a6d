/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * muk.h - a MUK as a process of its own, for tests: boots in a folder of its own.
 */
#ifndef TESTS_BOOT_MUK_H
#define TESTS_BOOT_MUK_H

#include <stddef.h>
#include <sys/types.h>

#define MUK_PATIENCE_MS 20000 /* sanitizers and a busy machine are slow */

struct muk_process {
	char folder[64]; /* of configuration, segment and log */
	pid_t pid;       /* 0: it does not run */
};

/* Makes the folder. 0, or -1. */
int muk_prepare(struct muk_process *muk);

/* Writes a file in the folder. */
void muk_write(const struct muk_process *muk, const char *name, const char *text);

/*
 * Starts muk with muk.cfg of the folder, --dir of it, and options (ended by NULL);
 * its output goes to the folder's file log.
 */
void muk_start(struct muk_process *muk, const char *const *options);

/* Waits for the line "N servers up". 0, or -1 when it has ended instead. */
int muk_wait_up(struct muk_process *muk);

/* Sends signo (0: none) and waits for its end: its wait status. Kills it in the end. */
int muk_end(struct muk_process *muk, int signo);

/* Its output so far. */
void muk_log(const struct muk_process *muk, char *ret_text, size_t bytes);

/* Removes the folder and what is in it. */
void muk_remove(struct muk_process *muk);

/* All of this with a configuration; then this process is in its DC as "test". 0, or -1. */
int muk_boot(struct muk_process *muk, const char *config, const char *runtime);
/* Leaves the DC, ends the MUK. Returns 0 when it ended in order. */
int muk_shut(struct muk_process *muk);

/* Sleeps. */
void sleep_ms(long ms);

#endif
