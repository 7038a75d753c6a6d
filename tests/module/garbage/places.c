/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * places.c - addresses: good ones, and all the ways in which one can be bad.
 *
 * The good arena ends at a page that nobody may touch, so that a copy may begin well.
 */
#include <sys/mman.h>
#include <unistd.h>

#include "garbage.h"

#define PAGE        4096
#define ARENA_PAGES 64
#define FEW_PAGES   4

static char *arena, *read_only, *untouchable, *vanishing;

static char *map(int pages, int protection)
{
	void *at = mmap(NULL, (size_t)pages * PAGE, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return at == MAP_FAILED ? NULL : at;
}

int places_init(void)
{
	arena = map(ARENA_PAGES + 1, PROT_READ | PROT_WRITE);
	read_only = map(FEW_PAGES, PROT_READ);
	untouchable = map(FEW_PAGES, PROT_NONE);
	vanishing = map(FEW_PAGES + 2, PROT_NONE);
	if (!arena || !read_only || !untouchable || !vanishing)
		return -1;
	/* Between pages that stay, so that nothing of two pages comes where one was. */
	vanishing += PAGE;
	if (mprotect(vanishing, (size_t)FEW_PAGES * PAGE, PROT_READ | PROT_WRITE) != 0)
		return -1;
	return mprotect(arena + (size_t)ARENA_PAGES * PAGE, PAGE, PROT_NONE);
}

void *place_good(struct chance *chance, size_t bytes)
{
	size_t room = (size_t)ARENA_PAGES * PAGE - bytes;

	return arena + (chance_next(chance) % (room / 8 + 1)) * 8;
}

static uint64_t somewhere_in(struct chance *chance, const char *pages, int count)
{
	return dvk_address(pages) + chance_below(chance, (unsigned int)count * PAGE);
}

static uint64_t place_bad(struct chance *chance)
{
	static const uint64_t never[] = {
		0,
		8,
		0x1000,
		0x7fffffffe000,
		0x7ffffffff000,
		0x7fffffffffff,
		0x800000000000,
		0x8000000000000000,
		0xffff800000000000,
		0xffff888000000000,
		0xffff888000100000,
		0xffffc90000000000,
		0xffffffff81000000,
		0xffffffffa0000000,
		0xffffffffff600000,
		0xfffffffffffff000,
		0xffffffffffffffff,
		0xfffffffffffffffc,
	};

	switch (chance_below(chance, 6)) {
	case 0:
		return somewhere_in(chance, read_only, FEW_PAGES);
	case 1:
		return somewhere_in(chance, untouchable, FEW_PAGES);
	case 2:
		return somewhere_in(chance, vanishing, FEW_PAGES);
	case 3:
		return dvk_address(arena) + (uint64_t)ARENA_PAGES * PAGE -
		       chance_below(chance, 300);
	case 4:
		return never[chance_below(chance, sizeof(never) / sizeof(never[0]))];
	default:
		return chance_next(chance);
	}
}

uint64_t place_any(struct chance *chance)
{
	if (chance_below(chance, 4))
		return dvk_address(place_good(chance, 8 * (size_t)PAGE));
	return place_bad(chance);
}

void places_vanish(struct chance *chance)
{
	char *page = vanishing + (size_t)chance_below(chance, FEW_PAGES) * PAGE;
	int kind = (int)chance_below(chance, 3);

	if (kind == 0)
		munmap(page, PAGE);
	else if (kind == 1)
		mprotect(page, PAGE, PROT_READ);
	else
		madvise(page, PAGE, MADV_DONTNEED);
	usleep(chance_below(chance, 1000));
	mmap(vanishing, (size_t)FEW_PAGES * PAGE, PROT_READ | PROT_WRITE,
	     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}
