/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_decode.c - messages in words: one golden line for every call of every
 * protocol, and garbage of all sorts, which must do no harm.
 *
 * The fields of a golden are filled by their kind, so that a call that changes
 * or comes has a line that is wrong or missing.
 */
#include "state.h"

#include <stdio.h>

#include <protocol/protocol.h>

#include "goldens.h"

static const struct state_process nobody[] = { { .name = NULL } };

static void fill_number(const struct protocol_field *field, int place, void *payload)
{
	int64_t number = 10 + place;

	if (field->kind == PROTOCOL_MODE)
		number = 0644;
	else if (field->kind == PROTOCOL_DEV)
		number = 0x0301;
	else if (field->kind == PROTOCOL_BOOL)
		number = 1;
	else if (field->kind == PROTOCOL_TIME)
		number = 0;
	else if (field->kind == PROTOCOL_ENDPOINT)
		number = FS_PROC_NR;
	else if (field->kind == PROTOCOL_FLAGS)
		number = field->set->values[field->set->count - 1].value |
			 field->set->values[0].value;
	else if (field->kind == PROTOCOL_ENUM)
		number = field->set->values[field->set->count - 1].value;
	protocol_set_number(field, payload, number);
}

static void fill(const struct protocol_field *fields, int count, void *payload)
{
	for (int i = 0; i < count; i++) {
		char *at = (char *)payload + fields[i].offset;
		struct protocol_buffer buffer = { .address = 0x1000, .bytes = 512 };

		if (fields[i].kind == PROTOCOL_PATH)
			protocol_put_path((struct protocol_path *)at, "/etc/motd");
		else if (fields[i].kind == PROTOCOL_NAME)
			protocol_put_name((struct protocol_name *)at, i ? "/b" : "/a");
		else if (fields[i].kind == PROTOCOL_IN || fields[i].kind == PROTOCOL_OUT)
			memcpy(at, &buffer, sizeof(buffer));
		else if (fields[i].kind == PROTOCOL_TEXT)
			snprintf(at, fields[i].bytes, "text");
		else
			fill_number(&fields[i], i, payload);
	}
}

/* The endpoint at which a protocol is served. */
static int endpoint_of(const struct protocol *protocol)
{
	return protocol->endpoint == NONE ? PM_PROC_NR : protocol->endpoint;
}

static void decode(const struct inspect *in, const struct protocol *protocol,
		   const struct protocol_call *call, struct text *out)
{
	message request = { .m_type = call->number };
	message reply = { .m_type = 0 };

	fill(call->request, call->request_count, request.payload);
	fill(call->reply, call->reply_count, reply.payload);
	inspect_decode_request(in, endpoint_of(protocol), &request, out);
	text_add(out, " -> ");
	inspect_decode_reply(in, endpoint_of(protocol), call->number, &reply, out);
}

static const char *golden_of(const char *name)
{
	for (size_t i = 0; i < sizeof(goldens) / sizeof(goldens[0]); i++)
		if (strcmp(goldens[i].name, name) == 0)
			return goldens[i].want;
	return NULL;
}

static void every_call_has_its_golden_line(void **state)
{
	struct dvk_snapshot *s = state_make(nobody);
	struct inspect *in = inspect_create(s, NULL);
	int missing = 0;
	int calls = 0;

	(void)state;
	for (int i = 0; i < protocol_count; i++) {
		for (int j = 0; j < protocols[i]->count; j++) {
			const struct protocol_call *call = &protocols[i]->calls[j];
			char name[64], bytes[1024];
			const char *want;
			struct text t;

			snprintf(name, sizeof(name), "%s.%s", protocols[i]->name, call->name);
			text_init(&t, bytes, sizeof(bytes));
			decode(in, protocols[i], call, &t);
			want = golden_of(name);
			if (!want || strcmp(want, bytes) != 0) {
				print_error("%s\n  is   %s\n  want %s\n", name, bytes,
					    want ? want : "(no golden line)");
				missing++;
			}
			calls++;
		}
	}
	assert_int_equal(missing, 0);
	assert_int_equal(calls, sizeof(goldens) / sizeof(goldens[0]));
	inspect_destroy(in);
	state_free(s);
}

static void put_path(message *m, const char *text, uint32_t bytes)
{
	struct protocol_path *path = (struct protocol_path *)m->payload;

	memset(m, 0, sizeof(*m));
	m->m_type = 10;
	protocol_put_path(path, text);
	path->address = 0x1000;
	path->bytes = bytes ? bytes : path->bytes;
}

static void long_paths_show_what_is_here(void **state)
{
	static const struct {
		const char *path;
		uint32_t bytes; /* 0: the true length */
		const char *want;
	} cases[] = {
		{ "/etc/motd", 0, "fs.unlink path=\"/etc/motd\"" },
		{ "/a/path/that/is/much/longer/than/its/field", 0,
		  "fs.unlink path=\"/a/path/that/is/much/longer/\"..." },
		{ "/x", 4000000000u,
		  "fs.unlink path=\"/x\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00"
		  "\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00"
		  "\\x00\\x00\\x00\\x00\\x00\\x00\"..." },
		{ "/\033[2J", 0, "fs.unlink path=\"/\\x1b[2J\"" },
	};
	struct dvk_snapshot *s = state_make(nobody);
	struct inspect *in = inspect_create(s, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char bytes[512];
		struct text t;
		message m;

		put_path(&m, cases[i].path, cases[i].bytes);
		text_init(&t, bytes, sizeof(bytes));
		inspect_decode_request(in, FS_PROC_NR, &m, &t);
		assert_string_equal(bytes, cases[i].want);
	}
	inspect_destroy(in);
	state_free(s);
}

static void replies_are_results_or_errors(void **state)
{
	static const struct {
		int request;
		int reply;
		const char *want;
	} cases[] = {
		{ 6, 0, "ok" },
		{ 5, -2, "EDVSNOENT (no such file or directory)" },
		{ 5, -299, "-299" },
		{ 6, 17, "type=17 m1_i1=0 m1_i2=0 m1_i3=0 m1_p1=0x0 m1_p2=0x0 m1_p3=0x0" },
		{ 222, 0, "type=0 m1_i1=0 m1_i2=0 m1_i3=0 m1_p1=0x0 m1_p2=0x0 m1_p3=0x0" },
	};
	struct dvk_snapshot *s = state_make(nobody);
	struct inspect *in = inspect_create(s, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		message m = { .m_type = cases[i].reply };
		char bytes[512];
		struct text t;

		text_init(&t, bytes, sizeof(bytes));
		inspect_decode_reply(in, FS_PROC_NR, cases[i].request, &m, &t);
		assert_string_equal(bytes, cases[i].want);
	}
	inspect_destroy(in);
	state_free(s);
}

static void server_is_known_by_name_or_by_convention(void **state)
{
	static const struct state_process rows[] = {
		{ .name = "fs", .endpoint = 31 }, /* a second one */
		{ .name = "rdisk.1", .endpoint = 40 },     { .name = "systask", .endpoint = -5 },
		{ .name = "server", .endpoint = 41 }, /* no server's protocol */
		{ .name = "fs", .endpoint = USER(1, 64) }, { .name = NULL },
	};
	static const struct {
		int endpoint;
		const char *want;
	} cases[] = {
		{ 31, "fs" },          { 40, "rdisk" },   { -5, "systask" },
		{ 41, NULL },          { 1, "fs" },       { USER(1, 64), "fs" },
		{ USER(1, 65), NULL }, { -4, "systask" }, { 50, NULL },
		{ CLOCK, "clock" },    { ANY, NULL },     { NONE, NULL },
		{ INT32_MIN, NULL },
	};
	struct dvk_snapshot *s = state_make(rows);
	struct inspect *in = inspect_create(s, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct protocol *protocol = inspect_protocol(in, cases[i].endpoint);

		if (cases[i].want)
			assert_string_equal(protocol ? protocol->name : "none", cases[i].want);
		else
			assert_null(protocol);
	}
	inspect_destroy(in);
	state_free(s);
}

static void notification_says_its_values(void **state)
{
	struct dvk_snapshot *s = state_make(nobody);
	struct inspect *in = inspect_create(s, NULL);
	message m = { .m_source = CLOCK, .m_type = NOTIFY_MESSAGE };
	char bytes[256];
	struct text t;

	(void)state;
	m.m9_i1 = 1 << 3 | 1 << 5;
	m.m9_l1 = 2;
	m.m9_t1.tv_nsec = -1; /* no time of the day */
	text_init(&t, bytes, sizeof(bytes));
	inspect_decode_notification(in, &m, &t);
	assert_string_equal(bytes, "notification from -34, values=3|5 merged=2");
	inspect_destroy(in);
	state_free(s);
}

static uint64_t next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* Garbage of the call's own type, whole or in a single word. */
static void scramble(uint64_t *seed, message *m)
{
	for (size_t i = 0; i < DVK_PAYLOAD_BYTES / 8; i++) {
		uint64_t random = next_random(seed);

		m->words[i] = random % 4 == 0 ? UINT64_MAX : random % 4 == 1 ? 0 : random;
	}
}

static int is_plain(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return 0;
	return 1;
}

static void garbage_gives_plain_bounded_text(void **state)
{
	struct dvk_snapshot *s = state_make(nobody);
	struct inspect *in = inspect_create(s, NULL);
	uint64_t seed = 0x9e3779b97f4a7c15;

	(void)state;
	for (int i = 0; i < 60000; i++) {
		const struct protocol *protocol = protocols[i % protocol_count];
		uint64_t random = next_random(&seed);
		const struct protocol_call *call = &protocol->calls[random % protocol->count];
		int type = random >> 32 & 1 ? call->number : (int)(random >> 33);
		char bytes[600];
		struct text t;
		message m;

		scramble(&seed, &m);
		m.m_source = (int32_t)next_random(&seed);
		m.m_type = random >> 40 & 7 ? type : NOTIFY_MESSAGE;
		text_init(&t, bytes, sizeof(bytes));
		inspect_decode_request(in, endpoint_of(protocol), &m, &t);
		m.m_type = random >> 41 & 1 ? 0 : (int)(random >> 34);
		text_add(&t, " -> ");
		inspect_decode_reply(in, endpoint_of(protocol), type, &m, &t);
		assert_true(t.used < sizeof(bytes) && strlen(bytes) == t.used);
		assert_true(is_plain(bytes));
	}
	inspect_destroy(in);
	state_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_call_has_its_golden_line),
		cmocka_unit_test(long_paths_show_what_is_here),
		cmocka_unit_test(replies_are_results_or_errors),
		cmocka_unit_test(server_is_known_by_name_or_by_convention),
		cmocka_unit_test(notification_says_its_values),
		cmocka_unit_test(garbage_gives_plain_bounded_text),
	};

	return cmocka_run_group_tests_name("inspect decode", tests, NULL, NULL);
}
