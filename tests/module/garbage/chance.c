/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * chance.c - random numbers that are the same for the same seed (splitmix64).
 */
#include "garbage.h"

uint64_t chance_next(struct chance *chance)
{
	uint64_t z = chance->state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}
