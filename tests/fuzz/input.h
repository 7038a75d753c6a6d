/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * input.h - one input of a fuzzer, taken apart from its beginning.
 *
 * What is asked for beyond the end is zeros, so that every input is a whole case
 * and a shorter one does the same with less. What must hold is said with MUST:
 * a fuzzer finds what crashes by itself, and what is wrong only so.
 */
#ifndef TESTS_FUZZ_INPUT_H
#define TESTS_FUZZ_INPUT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct input {
	const uint8_t *bytes;
	size_t left;
};

/* libFuzzer's entry points, as each target defines them. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

#define MUST(condition)                                                                 \
	do {                                                                            \
		if (!(condition)) {                                                     \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
			abort();                                                        \
		}                                                                       \
	} while (0)

/* Up to 8 bytes as a number. */
uint64_t take(struct input *in, size_t bytes);
/* A number below limit, which is not 0. */
uint32_t take_below(struct input *in, uint32_t limit);
/* A number that matters somewhere: small, at a border, or any. */
uint64_t take_number(struct input *in);
/* Fills memory; what the input does not have is zeros. */
void take_bytes(struct input *in, void *memory, size_t bytes);
/* All that is left as a text with a NUL at its end; the caller frees it. */
char *take_text(struct input *in);

/*
 * A folder for this process's files, made once and removed when it ends: below
 * FUZZ_FOLDER, which fuzz.sh removes when a fuzzer has crashed, else below /tmp.
 */
const char *fuzz_folder(void);
/* A file there. Good for the next 4 calls. */
const char *fuzz_path(const char *name);
/* Writes a whole file. */
void fuzz_write(const char *path, const void *data, size_t bytes);

#endif
