/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * export_pcapng.c - events as packets, for Wireshark with share/mukshell/muk.lua.
 *
 * A section, one interface of link type USER0 with times in ns, then a packet for
 * each event: its header and message as they are in memory, and the names, which only
 * we know. What a packet is made of says wireshark.lua; both change together.
 */
#include <stdlib.h>
#include <string.h>

#include <machine.h>
#include <patient.h>
#include <protocol/protocol.h>

#include "export.h"

#define AT_ONCE      256
#define CALLS        4096 /* open ones whose type is known */
#define LINK_USER0   147
#define BLOCK_HEADER 0x0a0d0d0au
#define BLOCK_PLACE  1 /* interface description */
#define BLOCK_PACKET 6 /* enhanced packet */
#define PACKET_MAX   (8 + sizeof(struct dvk_record) + 3 * 64)

struct packets {
	struct export *export;
	struct dvk_record records[AT_ONCE];
	struct dvk_event events[AT_ONCE];
	struct {
		uint64_t call;
		int m_type;
		int server_ep;
	} calls[CALLS]; /* by number modulo */
};

/* A block: type, length, contents filled up to 4 bytes, length again. */
static void put_block(FILE *out, uint32_t type, const void *contents, uint32_t bytes)
{
	static const char fill[4];
	uint32_t length = 12 + ((bytes + 3) & ~3u);

	fwrite(&type, 4, 1, out);
	fwrite(&length, 4, 1, out);
	fwrite(contents, 1, bytes, out);
	fwrite(fill, 1, -bytes & 3, out);
	fwrite(&length, 4, 1, out);
}

static void put_headers(FILE *out)
{
	static const struct {
		uint32_t order;
		uint16_t major, minor;
		int64_t length; /* of the section: unknown */
	} section = { 0x1a2b3c4d, 1, 0, -1 };
	static const struct {
		uint16_t link, pad;
		uint32_t snap; /* no packet is cut */
		uint16_t code, bytes;
		unsigned char resolution[4]; /* of times: 10^-9 s */
		uint16_t end, end_bytes;
	} place = { LINK_USER0, 0, 0, 9, 1, { 9, 0, 0, 0 }, 0, 0 };

	put_block(out, BLOCK_HEADER, &section, sizeof(section));
	put_block(out, BLOCK_PLACE, &place, sizeof(place));
}

static size_t add_text(unsigned char *packet, size_t at, const char *text)
{
	size_t bytes = strnlen(text, 63);

	packet[at] = (unsigned char)bytes;
	memcpy(packet + at + 1, text, bytes);
	return at + 1 + bytes;
}

/* The request that the event belongs to, and whose server it is for. */
static int type_of(struct packets *packets, const struct dvk_event *event, int *ret_server_ep)
{
	uint64_t place = event->call % CALLS;

	*ret_server_ep = event->dst_ep;
	if (event->kind == DVK_EVENT_CALL && event->call) {
		packets->calls[place].call = event->call;
		packets->calls[place].m_type = event->m_type;
		packets->calls[place].server_ep = event->dst_ep;
	}
	if (event->call && packets->calls[place].call == event->call) {
		*ret_server_ep = packets->calls[place].server_ep;
		return packets->calls[place].m_type;
	}
	return event->kind == DVK_EVENT_SEND ? event->m_type : 0;
}

static void put_packet(struct packets *packets, const struct dvk_event *event, const message *m)
{
	struct trace *trace = &packets->export->trace;
	struct {
		uint32_t place, high, low, bytes, whole;
		unsigned char packet[PACKET_MAX];
	} block = { 0 };
	char name[INSPECT_NAME_BYTES];
	const struct protocol *protocol;
	int server_ep, m_type = type_of(packets, event, &server_ep);
	uint64_t ns = (uint64_t)inspect_wall_ns(event->time_ns);
	size_t at = 8;

	protocol = inspect_protocol(trace->look.in, server_ep);
	block.packet[0] = 1;
	block.packet[1] = m != NULL;
	memcpy(block.packet + 4, &m_type, 4);
	memcpy(block.packet + at, event, sizeof(*event));
	at += sizeof(*event);
	if (m)
		memcpy(block.packet + at, m, sizeof(*m));
	at += m ? sizeof(*m) : 0;
	at = add_text(block.packet, at, protocol ? protocol->name : "");
	at = add_text(block.packet, at, inspect_tracer_name(trace->tracer, event->src_ep, name));
	at = add_text(block.packet, at, inspect_tracer_name(trace->tracer, event->dst_ep, name));
	block.high = (uint32_t)(ns >> 32);
	block.low = (uint32_t)ns;
	block.bytes = block.whole = (uint32_t)at;
	put_block(packets->export->out, BLOCK_PACKET, &block, (uint32_t)(20 + at));
	packets->export->count++;
}

/* Full records first; a dump or a living DC has only headers of what was. */
static int put_all(struct packets *packets)
{
	struct shell *shell = packets->export->trace.shell;
	uint64_t sequence = 0;
	int count = 0;

	trace_remember_dead(&packets->export->trace);
	if (!shell->view)
		while (!shell_interrupted(shell) &&
		       (count = shell_records(shell, &sequence, packets->records, AT_ONCE, NULL)) >
			       0)
			for (int i = 0; i < count; i++)
				put_packet(packets, &packets->records[i].event,
					   &packets->records[i].m);
	if (packets->export->count)
		return 0;
	sequence = 0;
	while (!shell_interrupted(shell) &&
	       (count = shell_events(shell, &sequence, packets->events, AT_ONCE, NULL)) > 0)
		for (int i = 0; i < count; i++)
			put_packet(packets, &packets->events[i], NULL);
	return count < 0 ? shell_error(shell, count, "the events") : 0;
}

static int pcapng_events(struct export *export)
{
	struct packets *packets = calloc(1, sizeof(*packets));
	int error;

	if (!packets)
		return shell_error(export->trace.shell, EDVSNOMEM, "packets");
	packets->export = export;
	put_headers(export->out);
	error = put_all(packets);
	free(packets);
	return error;
}

const struct export_format export_pcapng = {
	.name = "pcapng",
	.summary = "for Wireshark and tshark, with share/mukshell/muk.lua as dissector",
	.events = pcapng_events,
};
