/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * target_config.c - a configuration file of any kind, in either notation.
 *
 * The first byte says which file; the rest is what is in it. Its rows come back,
 * or a sentence that begins with the file's name, and then the rows are untouched.
 */
#include <string.h>
#include <unistd.h>

#include <dvk/errors.h>

#include "config/tables.h"
#include "input.h"

#define UNTOUCHED 0xa5

static const struct cfg_block *const blocks[] = {
	&cfg_muk_block, &cfg_rdisk_block, &cfg_fs_block, &cfg_nweb_block, &cfg_m3ftp_block,
};

/* libconfig does not free texts in quotes that a syntax error follows. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:strbuf_append\nleak:libconfig_yylex";
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	/* What files may name. */
	fuzz_write(fuzz_path("a"), "", 0);
	fuzz_write(fuzz_path("muk.cfg"), "", 0);
	MUST(chdir(fuzz_folder()) == 0);
	return 0;
}

static void load(const struct cfg_block *block, const char *path)
{
	size_t bytes = block->row_bytes * (size_t)block->max_rows;
	unsigned char *rows = malloc(bytes);
	struct cfg_error error = { "" };
	int count;

	MUST(rows);
	memset(rows, UNTOUCHED, bytes);
	count = cfg_load(path, block, rows, &error);
	MUST(strnlen(error.text, sizeof(error.text)) < sizeof(error.text));
	if (count < 0) {
		MUST(error.text[0]);
		for (size_t i = 0; i < bytes; i++)
			MUST(rows[i] == UNTOUCHED);
	} else {
		MUST(count >= 1 && count <= block->max_rows);
	}
	free(rows);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	uint32_t which = take_below(&in, sizeof(blocks) / sizeof(blocks[0]) + 1);
	const char *path = fuzz_path("fuzz.cfg");

	/* Devices of the machine may have no end: @include of them is not what is tested. */
	if (in.left && memmem(in.bytes, in.left, "/dev", 4))
		return 0;
	fuzz_write(path, in.bytes, in.left);
	if (which < sizeof(blocks) / sizeof(blocks[0])) {
		load(blocks[which], path);
	} else {
		struct muk_config config;
		struct cfg_error error = { "" };

		MUST(muk_config_load(path, &config, &error) == 0 || error.text[0]);
	}
	return 0;
}
