/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * line.c - a line of a trace as text: TIME SRC > DST NAME FIELDS -> REPLY (TOOK).
 *
 * The form is documented: scripts cut it at the blanks. Names have none, fields
 * have them only inside quotes.
 */
#include <inttypes.h>
#include <time.h>

#include "host.h"

/* A moment of the monotonic clock as time of the day here. */
static void add_clock(int64_t monotonic_ns, struct text *out)
{
	int64_t ns = inspect_wall_ns(monotonic_ns);
	time_t seconds = ns / 1000000000;
	char hours[16];
	struct tm tm;

	if (!localtime_r(&seconds, &tm) || !strftime(hours, sizeof(hours), "%H:%M:%S", &tm))
		return;
	text_add(out, "%s.%06d ", hours, (int)(ns % 1000000000 / 1000));
}

void inspect_line_text(const struct inspect_line *line, struct text *out)
{
	add_clock(line->time_ns, out);
	text_add(out, "%s", line->src[0] ? line->src : "-");
	if (line->dst[0] && line->dst_ep != line->src_ep)
		text_add(out, " > %s", line->dst);
	text_add(out, " %s", line->name);
	if (line->request[0])
		text_add(out, " %s", line->request);
	if (line->is_open)
		text_add(out, " -> no reply yet");
	else if (line->reply[0])
		text_add(out, " -> %s", line->reply);
	if (line->took_ns >= 0) {
		text_add(out, " (");
		text_add_duration(out, line->took_ns);
		text_add(out, ")");
	}
}
