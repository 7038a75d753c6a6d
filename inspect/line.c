/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * line.c - a line of a trace as text: TIME SRC > DST NAME FIELDS -> REPLY (TOOK).
 *
 * The form is documented: scripts cut it at the blanks. Names have none, fields
 * have them only inside quotes.
 */
#include <inttypes.h>
#include <time.h>

#include <protocol/protocol.h>

#include "machine.h"

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

void inspect_line_name(const struct inspect_line *line, struct text *out)
{
	int is_request = line->m_type > 0 && line->m_type != NOTIFY_MESSAGE;

	if (is_request && line->protocol && line->kind != DVK_EVENT_REPLY)
		text_add(out, "%s.", line->protocol->name);
	else
		text_add(out, "%s%s", inspect_kind_word(line->kind), is_request ? "." : "");
	if (line->declared)
		text_add(out, "%s", line->declared->name);
	else if (is_request)
		text_add(out, "%d", line->m_type);
}

/* What the time went into, where it is more than the server's own. */
static void add_times(const struct inspect_line *line, struct text *out)
{
	const char *before = ": ";
	const struct {
		const char *what;
		int64_t ns;
	} parts[] = {
		{ "queue", line->queue_ns },
		{ line->dst[0] ? line->dst : "server", line->service_ns },
		{ "others", line->others_ns },
	};

	text_add(out, " (");
	text_add_duration(out, line->took_ns);
	for (int i = 0; i < 3 && (line->queue_ns > 0 || line->others_ns > 0); i++) {
		if (parts[i].ns <= 0)
			continue;
		text_add(out, "%s%s ", before, parts[i].what);
		text_add_duration(out, parts[i].ns);
		before = ", ";
	}
	text_add(out, ")");
}

void inspect_line_text(const struct inspect_line *line, struct text *out)
{
	add_clock(line->part == INSPECT_END ? line->time_ns + line->took_ns : line->time_ns, out);
	text_add(out, "%s", line->src[0] ? line->src : "-");
	if (line->dst[0] && line->dst_ep != line->src_ep)
		text_add(out, " > %s", line->dst);
	text_add(out, " %s", line->name);
	if (line->part == INSPECT_END)
		text_add(out, " #%" PRIu64 " resumed", line->call);
	else if (line->request[0])
		text_add(out, " %s", line->request);
	if (line->part == INSPECT_BEGIN)
		text_add(out, " ... #%" PRIu64, line->call);
	else if (line->is_open)
		text_add(out, " -> no reply yet");
	else if (line->reply[0])
		text_add(out, " -> %s", line->reply);
	if (line->part == INSPECT_WAITS)
		text_add(out, " ... #%" PRIu64, line->call);
	if (line->took_ns >= 0)
		add_times(line, out);
}
