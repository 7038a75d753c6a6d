/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * transfer_progress.c - how far a file has come: bar, rate, time left.
 *
 * Only on a terminal, only for what takes longer than a moment, on standard error.
 */
#include <string.h>
#include <unistd.h>

#include <inspect.h>

#include "transfer.h"

#define FIRST_SHOWN_NS 300000000
#define SHOWN_EVERY_NS 100000000
#define BAR_WIDTH      20

static void show(const struct transfer *transfer, uint64_t done, uint64_t size)
{
	int64_t took = shell_now_ns() - transfer->began_ns;
	uint64_t rate = took > 0 ? (uint64_t)((double)done * 1e9 / (double)took) : 0;
	int filled = size ? (int)((double)done / (double)size * BAR_WIDTH) : 0;
	char bytes[160], bar[BAR_WIDTH + 1];
	struct text line;

	text_init(&line, bytes, sizeof(bytes));
	text_add_bytes(&line, done);
	text_add(&line, ", ");
	text_add_bytes(&line, rate);
	text_add(&line, "/s");
	if (size > done && rate) {
		text_add(&line, ", ");
		text_add_duration(&line, (int64_t)((double)(size - done) / (double)rate * 1e9));
		text_add(&line, " left");
	}
	memset(bar, ' ', BAR_WIDTH);
	memset(bar, '#', (size_t)(filled > BAR_WIDTH ? BAR_WIDTH : filled));
	bar[BAR_WIDTH] = '\0';
	fprintf(stderr, "\r\033[K%.32s ", transfer->name);
	if (size)
		fprintf(stderr, "[%s] %3d%% ", bar, filled * 100 / BAR_WIDTH);
	fprintf(stderr, "%s", bytes);
}

int transfer_progress(void *context, uint64_t done, uint64_t size)
{
	struct transfer *transfer = context;
	int64_t now = shell_now_ns();
	int64_t since = transfer->shown_ns ? transfer->shown_ns + SHOWN_EVERY_NS
					   : transfer->began_ns + FIRST_SHOWN_NS;

	if (now >= since && isatty(STDERR_FILENO) && !transfer->shell->quiet &&
	    !transfer->shell->json) {
		show(transfer, done, size);
		transfer->shown_ns = now;
	}
	return shell_interrupted(transfer->shell);
}

void transfer_progress_end(struct transfer *transfer)
{
	if (transfer->shown_ns)
		fputs("\r\033[K", stderr);
	transfer->shown_ns = 0;
}
