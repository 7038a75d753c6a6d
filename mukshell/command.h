/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * command.h - a command of the shell is one struct in its own file.
 *
 * The Makefile collects every `const struct command command_NAME` of cmd_*.c
 * into one array, so that a command is declared once: the dispatcher, help,
 * completion, hints and the man page know it through this struct alone.
 */
#ifndef MUKSHELL_COMMAND_H
#define MUKSHELL_COMMAND_H

#include <stddef.h>

struct shell;
struct completion;

#define COMMAND_OPTIONS 16  /* options of one command */
#define COMMAND_WORDS   256 /* words of one command line */

enum command_flags {
	COMMAND_WITHOUT_DC = 1, /* works when no DC is attached */
	COMMAND_ACTS = 2,       /* sends messages or changes something: not with --read-only */
	COMMAND_STREAM = 4,     /* prints as things happen: never through the pager */
	COMMAND_SCREEN = 8,     /* takes the whole terminal when there is one */
	COMMAND_NESTED = 16,    /* its words after the first hold a command: options end there */
	COMMAND_KEEPS = 32,     /* what the last command printed stays the result of `expect` */
};

/* In which part of `help` and of the man page it stands. */
enum command_group {
	GROUP_LOOK,  /* what is the state */
	GROUP_WATCH, /* what happens */
	GROUP_TALK,  /* messages by hand */
	GROUP_FILES,
	GROUP_SHELL,
	GROUP_COUNT,
};

/* An option, always the long form: --sort COLUMN or --sort=COLUMN. */
struct command_option {
	const char *name;    /* "sort" */
	char letter;         /* -s, or 0 */
	const char *value;   /* "COLUMN"; NULL: takes none */
	const char *summary; /* one phrase, lower case, no full stop */
	void (*complete)(struct shell *shell, struct completion *completion);
};

/* What the user typed, taken apart by the command's own table. */
struct arguments {
	const struct command *command;
	int count;                            /* of words: what is no option */
	char **words;                         /* words[0] is the first after the command's name */
	const char *options[COMMAND_OPTIONS]; /* by place in the table; NULL: not given */
	int json;                             /* --json, which every command takes */
};

struct command {
	const char *name;
	enum command_group group;
	const char *arguments; /* "ENDPOINT", "[PATH]...": its words; options have their table */
	const char *summary;   /* one phrase, lower case, no full stop */
	const char *details;   /* paragraphs for `help COMMAND` and the man page, or NULL */
	const char *example;   /* a line that works on the demo's MUK */
	const char *json;      /* what --json prints: the keys, one line each, or NULL */
	const struct command_option *options; /* ends with a NULL name; or NULL */
	int words_min;                        /* how many words it needs ... */
	int words_max;                        /* ... and takes; -1: any number */
	unsigned int flags;                   /* enum command_flags */
	/* Proposes words for the one under the cursor; NULL: nothing. */
	void (*complete)(struct shell *shell, struct completion *completion);
	/* Returns 0, or the result of shell_error() after telling why it failed. */
	int (*run)(struct shell *shell, const struct arguments *arguments);
};

/* The value of an option ("" for one that takes none), NULL if it was not given. */
const char *argument_option(const struct arguments *arguments, const char *name);

/* ---- completion --------------------------------------------------------- */

/* The word under the cursor and what stands before it. */
struct completion {
	const char *word; /* so far, without its quotes */
	int count;        /* words before it, the command's name excluded */
	char **words;
	struct completion_list *list;
};

/* Proposes text, if it begins with the word so far. */
void completion_add(struct completion *completion, const char *text);
/* The same; the word is not finished with it ("path=", "/etc/"): no blank follows. */
void completion_add_open(struct completion *completion, const char *text);

/* Ready-made ones. Each answers within 50 ms, whatever state the MUK is in. */
void complete_endpoint(struct shell *shell, struct completion *completion);
void complete_command(struct shell *shell, struct completion *completion);
void complete_call(struct shell *shell, struct completion *completion); /* SERVER.CALL */
void complete_muk_path(struct shell *shell, struct completion *completion);
void complete_host_path(struct shell *shell, struct completion *completion);

/* ---- the array that the Makefile makes ---------------------------------- */

extern const struct command *const commands[]; /* by name */
extern const int command_count;

/*
 * The command with this name or, if prefix is set, the only one whose name
 * begins with it; NULL when there is none, and *ret_matches says how many fit.
 */
const struct command *command_find(const char *name, int prefix, int *ret_matches);

#endif
