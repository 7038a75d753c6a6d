/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * decode.c - a message in words, by the table of the server it is for.
 *
 * A reply is read with the number of its request, which it does not carry. What
 * no table declares is shown as the classic layout m1.
 */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include <protocol/protocol.h>
#include <protocol/server.h>

#include "index.h"

const struct protocol *inspect_protocol(const struct inspect *in, int endpoint)
{
	const struct dvk_procinfo *p = inspect_find(in, endpoint);
	int nr = dvk_endpoint_nr(endpoint);
	char name[DVK_NAME_BYTES];
	const struct protocol *protocol;

	if (p) {
		inspect_word(p->name, name);
		name[strcspn(name, ".")] = '\0';
		protocol = protocol_find(name);
		if (protocol && protocol != &protocol_server)
			return protocol;
	}
	if (nr >= NR_SERVERS)
		return NULL;
	if (nr <= SYSTASK(0) && nr >= SYSTASK(NR_NODES - 1))
		nr = SYSTASK(0);
	return protocol_at(nr);
}

const struct protocol_call *inspect_call(const struct inspect *in, int server_ep, int m_type)
{
	const struct protocol *protocol = inspect_protocol(in, server_ep);

	return protocol ? protocol_call_by_number(protocol, m_type) : NULL;
}

void inspect_call_name(const struct inspect *in, int server_ep, int m_type, struct text *out)
{
	const struct protocol *protocol = inspect_protocol(in, server_ep);
	const struct protocol_call *call = inspect_call(in, server_ep, m_type);
	char name[INSPECT_NAME_BYTES];

	if (m_type == NOTIFY_MESSAGE) {
		text_add(out, "notify");
		return;
	}
	text_add(out, "%s.", protocol ? protocol->name : inspect_name(in, server_ep, name));
	if (call)
		text_add(out, "%s", call->name);
	else
		text_add(out, "%d", m_type);
}

/* The unit, unless the field's name says it. */
static const char *milliseconds(const struct protocol_field *field)
{
	size_t length = strlen(field->name);

	return length >= 2 && strcmp(field->name + length - 2, "ms") == 0 ? "" : "ms";
}

/* A path or name: its text in quotes, and dots when there is more of it. */
static void add_path(const struct protocol_field *field, const char *at, struct text *out)
{
	size_t head = offsetof(struct protocol_path, text);
	size_t room = field->bytes > head ? field->bytes - head : 0;
	uint32_t bytes;

	memcpy(&bytes, at + offsetof(struct protocol_path, bytes), sizeof(bytes));
	text_add_quoted(out, at + head, bytes < room ? bytes : room);
	if (bytes >= room)
		text_add(out, "...");
}

static void add_field(const struct inspect *in, const struct protocol_field *field,
		      const void *payload, struct text *out)
{
	const char *at = (const char *)payload + field->offset;
	struct inspect_value value;

	text_add(out, "%s=", field->name);
	switch (field->kind) {
	case PROTOCOL_PATH:
	case PROTOCOL_NAME:
		add_path(field, at, out);
		return;
	case PROTOCOL_TEXT:
		text_add_quoted(out, at, strnlen(at, field->bytes));
		return;
	case PROTOCOL_SIZE:
		text_add(out, "%" PRIu64, (uint64_t)protocol_get_number(field, payload));
		return;
	case PROTOCOL_MS:
		text_add(out, "%" PRId64 "%s", protocol_get_number(field, payload),
			 milliseconds(field));
		return;
	case PROTOCOL_TIME_NS:
		text_add(out, "%" PRId64, protocol_get_number(field, payload));
		return;
	default:
		inspect_field_value(in, field, payload, &value);
		inspect_value_text(&value, out);
	}
}

/* Fields that only fill a gap are called pad, pad2. */
static int is_padding(const struct protocol_field *field)
{
	return strncmp(field->name, "pad", 3) == 0 &&
	       strspn(field->name + 3, "0123456789") == strlen(field->name + 3);
}

struct fields {
	const struct protocol_field *first;
	int count;
};

static void add_fields(const struct inspect *in, const struct fields *fields, const void *payload,
		       struct text *out)
{
	const char *blank = "";

	for (int i = 0; i < fields->count; i++) {
		if (is_padding(&fields->first[i]))
			continue;
		text_add(out, "%s", blank);
		add_field(in, &fields->first[i], payload, out);
		blank = " ";
	}
}

void inspect_decode_raw(const message *m, struct text *out)
{
	text_add(out, "m1_i1=%" PRId32 " m1_i2=%" PRId32 " m1_i3=%" PRId32, m->m1_i1, m->m1_i2,
		 m->m1_i3);
	text_add(out, " m1_p1=0x%" PRIx64 " m1_p2=0x%" PRIx64 " m1_p3=0x%" PRIx64, m->m1_p1,
		 m->m1_p2, m->m1_p3);
}

void inspect_decode_fields(const struct inspect *in, int server_ep, const message *m,
			   struct text *out)
{
	const struct protocol_call *call = inspect_call(in, server_ep, m->m_type);

	if (m->m_type == NOTIFY_MESSAGE) {
		inspect_decode_notification(in, m, out);
	} else if (call) {
		struct fields fields = { call->request, call->request_count };

		add_fields(in, &fields, m->payload, out);
	} else {
		inspect_decode_raw(m, out);
	}
}

void inspect_decode_request(const struct inspect *in, int server_ep, const message *m,
			    struct text *out)
{
	size_t used;

	if (m->m_type != NOTIFY_MESSAGE) {
		inspect_call_name(in, server_ep, m->m_type, out);
		text_add(out, " ");
	}
	used = out->used;
	inspect_decode_fields(in, server_ep, m, out);
	if (out->used == used && used && out->bytes[used - 1] == ' ')
		out->bytes[--out->used] = '\0';
}

void inspect_decode_reply(const struct inspect *in, int server_ep, int m_type, const message *m,
			  struct text *out)
{
	const struct protocol_call *call = inspect_call(in, server_ep, m_type);

	if (m->m_type < 0) {
		text_add_error(out, m->m_type);
	} else if (!call || m->m_type != 0) {
		text_add(out, "type=%d ", m->m_type);
		inspect_decode_raw(m, out);
	} else if (call->reply_count) {
		struct fields fields = { call->reply, call->reply_count };

		add_fields(in, &fields, m->payload, out);
	} else {
		text_add(out, "ok");
	}
}

static void add_wall_time(const struct dvk_timespec *at, struct text *out)
{
	time_t seconds = at->tv_sec;
	char clock[32];
	struct tm tm;

	if (at->tv_nsec < 0 || at->tv_nsec >= 1000000000 || !localtime_r(&seconds, &tm) ||
	    !strftime(clock, sizeof(clock), "%H:%M:%S", &tm))
		return;
	text_add(out, ", at %s.%03d", clock, (int)(at->tv_nsec / 1000000));
}

void inspect_decode_values(const message *m, struct text *out)
{
	uint32_t values = (uint32_t)m->m9_i1;
	const char *between = "values=";
	size_t used = out->used;

	for (int i = 0; i < 32; i++) {
		if (!(values >> i & 1))
			continue;
		text_add(out, "%s%d", between, i);
		between = "|";
	}
	if (m->m9_l1 > 1)
		text_add(out, "%smerged=%" PRId64, out->used > used ? " " : "", m->m9_l1);
}

void inspect_decode_notification(const struct inspect *in, const message *m, struct text *out)
{
	char name[INSPECT_NAME_BYTES];

	text_add(out, "notification from %s", inspect_name(in, m->m_source, name));
	if (m->m9_i1 || m->m9_l1 > 1)
		text_add(out, ", ");
	inspect_decode_values(m, out);
	add_wall_time(&m->m9_t1, out);
}
