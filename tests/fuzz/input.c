/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * input.c - see input.h.
 */
#include "input.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include <dvk/endpoint.h>

uint64_t take(struct input *in, size_t bytes)
{
	uint64_t number = 0;

	take_bytes(in, &number, bytes);
	return number;
}

uint32_t take_below(struct input *in, uint32_t limit)
{
	return (uint32_t)take(in, limit <= 256 ? 1 : limit <= 65536 ? 2 : 4) % limit;
}

uint64_t take_number(struct input *in)
{
	static const uint64_t borders[] = {
		0,
		1,
		63,
		64,
		255,
		1023,
		1024,
		4095,
		65535,
		65536,
		(16u << 20) - 1,
		16u << 20,
		(16u << 20) + 1,
		INT32_MAX,
		0x80000000u,
		UINT32_MAX,
		0x100000000u,
		INT64_MAX,
		0x8000000000000000u,
		UINT64_MAX,
		UINT64_MAX - 4095,
		ANY,
		NONE,
		SELF,
		(uint64_t)-34,
		(uint64_t)-36,
		GENERATION_SIZE + 64,
	};
	uint8_t how = (uint8_t)take(in, 1);

	if (how < 128)
		return how;
	if (how < 192)
		return borders[how % (sizeof(borders) / sizeof(borders[0]))];
	return take(in, how < 224 ? 4 : 8);
}

void take_bytes(struct input *in, void *memory, size_t bytes)
{
	size_t got = bytes < in->left ? bytes : in->left;

	memcpy(memory, in->bytes, got);
	memset((char *)memory + got, 0, bytes - got);
	in->bytes += got;
	in->left -= got;
}

char *take_text(struct input *in)
{
	size_t bytes = in->left;
	char *text = malloc(bytes + 1);

	MUST(text);
	take_bytes(in, text, bytes);
	text[bytes] = '\0';
	return text;
}

static char folder[PATH_MAX];

static void remove_folder(void)
{
	char command[PATH_MAX + 16];

	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	if (system(command))
		fprintf(stderr, "%s stays\n", folder);
}

const char *fuzz_folder(void)
{
	const char *below = getenv("FUZZ_FOLDER");

	if (!*folder) {
		snprintf(folder, sizeof(folder), "%s/muk-fuzz.XXXXXX", below ? below : "/tmp");
		MUST(mkdtemp(folder));
		atexit(remove_folder);
	}
	return folder;
}

const char *fuzz_path(const char *name)
{
	static char paths[4][PATH_MAX + 64];
	static unsigned int next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", fuzz_folder(), name);
	return path;
}

void fuzz_write(const char *path, const void *data, size_t bytes)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	MUST(fd >= 0);
	MUST(write(fd, data, bytes) == (ssize_t)bytes);
	close(fd);
}
