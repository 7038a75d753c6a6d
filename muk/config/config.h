/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * config.h - configuration files: tables of entries, and the reader made from them.
 *
 * A file holds blocks of one kind. What may stand in a block is declared once, in a
 * table of struct cfg_entry: from it come the reader, every error, and the help. A
 * file is in libconfig's syntax or in the published notation; both give the same
 * rows. An error names the file and the line, what was found, what was expected.
 */
#ifndef MUK_CONFIG_H
#define MUK_CONFIG_H

#include <stddef.h>
#include <stdio.h>

#define CFG_FILE_MAX    (64 << 10) /* bytes of a configuration file */
#define CFG_PATH_BYTES  512        /* of a file's name in a row */
#define CFG_ERROR_BYTES 1536

/* X(name, what is expected): the kinds of values. */
#define CFG_KINDS(X)                                                                     \
	X(INT, "a whole number")                                                         \
	X(ENDPOINT, "an endpoint") /* unique in its block; -1: none */                   \
	X(BOOL, "YES or NO")                                                             \
	X(WORD, "one of the words") /* of a closed set; the row gets its value */        \
	X(NAME, "a name of 1 to 15 letters, digits, '_', '-' or '.'")                    \
	X(TEXT, "a text in quotes")                                                      \
	X(FILE, "the name of a file") /* that exists; from the configuration's folder */ \
	X(PATH, "the name of a file") /* that may not exist yet */

enum cfg_kind {
#define CFG_KIND(name, expected) CFG_##name,
	CFG_KINDS(CFG_KIND)
#undef CFG_KIND
};

/* A word of a closed set; needs names an entry that must then be there, or NULL. */
struct cfg_word {
	const char *word; /* NULL ends the set */
	int value;
	const char *needs;
};

/* An entry: a field of the row. Ints are int; names, texts and files are char[]. */
struct cfg_entry {
	const char *name;
	const char *other_name; /* a second name that is read as well, or NULL */
	enum cfg_kind kind;
	int required;
	int unique;   /* INT: differs in all blocks of the file */
	int min, max; /* INT, ENDPOINT */
	int preset;   /* when it is not there */
	const char *preset_text;
	const struct cfg_word *words; /* WORD */
	const char *needs;            /* an entry that must be there when this one is, or NULL */
	size_t offset;                /* in the row */
	size_t bytes;                 /* of the row's field */
	const char *meaning;          /* one phrase for the help */
};

/* Where an entry's value goes: FIELD of TYPE. */
#define CFG_FIELD(type, field) \
	.offset = offsetof(type, field), .bytes = sizeof(((type *)NULL)->field)

/* A kind of block. Each block of a file becomes a row. */
struct cfg_block {
	const char *kind; /* "muk", "device" */
	const char *file; /* the file's usual name, for the help */
	const struct cfg_entry *entries;
	int count;    /* of entries */
	int max_rows; /* a file has 1..max_rows of them */
	size_t row_bytes;
};

struct cfg_error {
	char text[CFG_ERROR_BYTES]; /* "FILE:LINE: sentence" */
};

/*
 * Reads the blocks of path into ret_rows, an array of block->max_rows rows. Returns
 * how many there were, or a negative error with its sentence in *ret_error; then
 * ret_rows is untouched.
 */
int cfg_load(const char *path, const struct cfg_block *block, void *ret_rows,
	     struct cfg_error *ret_error);

/* Writes the entries of a block, one a line, for --help and the man page. */
void cfg_print_help(FILE *out, const struct cfg_block *block);

/*
 * The name in names (count of them) nearest to word, NULL when none is near enough
 * to be what was meant.
 */
const char *cfg_nearest(const char *word, const char *const *names, int count);

/*
 * name as seen from the folder of the file base: name itself when it is absolute.
 * EDVSNAMETOOLONG when it has no room.
 */
int cfg_resolve(const char *base, const char *name, char *ret_path, size_t bytes);

#endif
