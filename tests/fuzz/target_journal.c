/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * target_journal.c - opening an image beside which a journal lies.
 *
 * The journal is the input, or one that libimage has made in which some numbers
 * were changed, its checksum made right again or not. Opening finishes its commit
 * or drops it; the image keeps its size, and works afterwards.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image/checksum.h"
#include "image/image.h"
#include "image/journal.h"
#include "input.h"

#define IMAGE_BYTES 16384
#define HEADER      40 /* bytes, as journal.c lays it out; the last 8 are the checksum */
#define PIECES      3

static unsigned char made[1024];
static size_t made_bytes;
static char image_path[4096], journal_path[4200];

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static const struct image_piece pieces[PIECES] = { { 0, "abcd", 4 },
							   { 4096, "0123456789", 10 },
							   { IMAGE_BYTES - 1, "z", 1 } };
	struct journal journal;

	(void)argc;
	(void)argv;
	snprintf(image_path, sizeof(image_path), "%s", fuzz_path("image"));
	snprintf(journal_path, sizeof(journal_path), "%s.commit", image_path);
	MUST(journal_open(&journal, image_path, IMAGE_BYTES) == 0);
	MUST(journal_store(&journal, pieces, PIECES) == 0);
	made_bytes = (size_t)journal.file_bytes;
	MUST(made_bytes <= sizeof(made));
	MUST(pread(journal.fd, made, made_bytes, 0) == (ssize_t)made_bytes);
	journal_close(&journal, 1);
	return 0;
}

static void make_sum_right(unsigned char *journal, size_t bytes)
{
	struct checksum sum;
	uint64_t value;

	memset(journal + HEADER - sizeof(value), 0, sizeof(value));
	checksum_init(&sum);
	checksum_add(&sum, journal, bytes);
	value = checksum_value(&sum);
	memcpy(journal + HEADER - sizeof(value), &value, sizeof(value));
}

static void write_journal(struct input *in)
{
	unsigned char journal[sizeof(made)];
	size_t bytes = made_bytes;
	uint8_t how = (uint8_t)take(in, 1);

	if (how % 8 == 0) {
		fuzz_write(journal_path, in->bytes, in->left);
		return;
	}
	memcpy(journal, made, bytes);
	for (int i = 0; i < how / 8 % 4; i++) {
		uint64_t number = take_number(in);

		memcpy(journal + 8 * (size_t)take_below(in, (HEADER + 16 * PIECES) / 8), &number,
		       8);
	}
	if (how % 8 < 6)
		make_sum_right(journal, bytes);
	if (how % 8 == 7)
		bytes = take_below(in, (uint32_t)bytes);
	fuzz_write(journal_path, journal, bytes);
}

static void work_with(struct image *image, struct input *in)
{
	char data[64];
	struct image_piece pieces[2] = { { take_number(in), "one", 3 },
					 { take_number(in), data, 64 } };

	take_bytes(in, data, sizeof(data));
	MUST(image_bytes(image) == IMAGE_BYTES);
	if (image_commit(image, pieces, 2) == 0) {
		MUST(pieces[1].offset <= IMAGE_BYTES - 64);
		MUST(memcmp((const char *)image_map(image) + pieces[1].offset, data, 64) == 0);
	}
	(void)image_write(image, pieces, 1);
	(void)image_read(image, take_number(in), data, sizeof(data));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char zeros[IMAGE_BYTES];
	struct input in = { data, size };
	struct image_options options = { .kind = IMAGE_FILE, .filename = image_path };
	char reason[IMAGE_REASON_BYTES] = "";
	struct image *image;
	struct stat status;

	fuzz_write(image_path, zeros, sizeof(zeros));
	write_journal(&in);
	if (image_open(&options, &image, reason) != 0) {
		MUST(reason[0]);
		return 0;
	}
	work_with(image, &in);
	MUST(image_close(image) == 0);
	MUST(stat(image_path, &status) == 0 && status.st_size == IMAGE_BYTES);
	MUST(access(journal_path, F_OK) != 0);
	return 0;
}
