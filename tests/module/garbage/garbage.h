/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * garbage.h - what no program would say to /dev/dvk, a million times.
 *
 * A life is a process that opens the device, enters it from several threads, and ends in
 * a way of its own. All that it does comes from its seed.
 */
#ifndef TESTS_MODULE_GARBAGE_H
#define TESTS_MODULE_GARBAGE_H

#include <dvk/device.h>

#define GARBAGE_DC     40 /* the first of GARBAGE_DCS that lives meet in */
#define GARBAGE_DCS    2
#define GARBAGE_KNOWN  64 /* endpoints, threads: what others may name */
#define COMPLAINT_SIZE 400
#define NO_DEVICE      77 /* a life's exit status */

/* Shared by all lives. */
struct garbage {
	uint64_t seed;
	long wanted;
	long seconds;
	int fails; /* allocations and copies fail */
	int rarely_fails;
	_Atomic long entered; /* ioctls so far */
	_Atomic long results; /* of them those that an operation answered with 0 or more */
	_Atomic long injected;
	_Atomic long carried_out[DVK_OP_COUNT];
	_Atomic int known_ep[GARBAGE_KNOWN];
	_Atomic int known_tid[GARBAGE_KNOWN];
	_Atomic int complained;
	char complaint[COMPLAINT_SIZE];
};
extern struct garbage *garbage;

/* ---- garbage.c ---- */
/* The first complaint is kept, and makes the test fail. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
static inline int is_enough(void)
{
	return garbage->entered >= garbage->wanted || garbage->complained;
}

/* ---- chance.c ---- */
struct chance {
	uint64_t state;
};
uint64_t chance_next(struct chance *chance);
/* 0 .. below - 1 */
static inline unsigned int chance_below(struct chance *chance, unsigned int below)
{
	return (unsigned int)((chance_next(chance) >> 16) % below);
}
/* 1, once in so many times. */
static inline int chance_once_in(struct chance *chance, unsigned int times)
{
	return chance_below(chance, times) == 0;
}

/* ---- places.c ---- */
/* Addresses of all kinds; of the process. */
int places_init(void);
/* One where so many bytes may be read and written by this thread; others may, too. */
void *place_good(struct chance *chance, size_t bytes);
/* One of any kind; the good ones often. */
uint64_t place_any(struct chance *chance);
/* Makes some pages vanish, or change, for a moment. */
void places_vanish(struct chance *chance);

/* ---- entries.c ---- */
/* A thread that enters the device. */
struct enterer {
	struct chance chance;
	int fd;
	int tid;
	int fail_fd; /* its fail-nth, -1 */
	int slots[8];
	uint64_t request_call;
	int request_ep;
	int is_lost; /* its file is at no DC */
};
void enterer_init(struct enterer *enterer, int fd, uint64_t seed);
void enterer_deinit(struct enterer *enterer);
/* A reasonable start: a DC, some slots. */
void enterer_settle(struct enterer *enterer);
/* One ioctl of any kind. */
void enterer_enter(struct enterer *enterer);

/* ---- choose.c ---- */
void choose_entry(struct enterer *enterer, struct dvk_entry *entry);
/* Then something of it is wrong. */
void choose_wrongly(struct chance *chance, struct dvk_entry *entry);
/* A slot that lives bind. */
int choose_slot(struct chance *chance);

/* ---- fill.c ---- */
/* Writes what op reads at its data: plausible, or nearly so. */
void fill_data(struct chance *chance, unsigned int op, struct dvk_entry *entry);

/* ---- life.c ---- */
/* Lives, and does not return. */
void life_run(uint64_t seed) __attribute__((noreturn));
/* What goes on after an exec, with a file that was at a DC. */
void life_after_exec(int fd, uint64_t seed) __attribute__((noreturn));

#endif
