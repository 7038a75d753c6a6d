/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * talk_raw.c - words into a raw message, and a message that came into words.
 */
#include <stdlib.h>

#include <inspect.h>
#include <json.h>

#include "talk_raw.h"

int talk_raw_words(struct shell *shell, const struct arguments *arguments, struct raw *ret_raw,
		   int *ret_endpoint)
{
	char bytes[1024];
	struct text reason;
	int result;

	raw_init(ret_raw);
	text_init(&reason, bytes, sizeof(bytes));
	result = shell_endpoint(shell, arguments->words[0], ret_endpoint);
	for (int i = 1; i < arguments->count && !result; i++)
		if (raw_word(ret_raw, arguments->words[i], &reason))
			result = shell_error(shell, 0, "%s", bytes);
	return result ? result : shell_slot(shell);
}

/* "fd=3" for a reply that is known, raw fields otherwise. */
static void decode(const struct inspect *in, const message *m, int m_type_of_request,
		   struct text *out)
{
	if (m->m_type == NOTIFY_MESSAGE) {
		inspect_decode_notification(in, m, out);
	} else if (m->m_type <= 0 && inspect_call(in, m->m_source, m_type_of_request)) {
		inspect_decode_reply(in, m->m_source, m_type_of_request, m, out);
	} else if (m->m_type < 0) {
		text_add_error(out, m->m_type);
	} else {
		inspect_decode_raw(m, out);
	}
}

static void show_json(struct shell *shell, const struct inspect *in, const message *m,
		      const char *words)
{
	char name[INSPECT_NAME_BYTES], hex[2 * DVK_PAYLOAD_BYTES + 1];
	json_t *object = json_object();

	for (int i = 0; i < DVK_PAYLOAD_BYTES; i++)
		sprintf(hex + 2 * i, "%02x", m->payload[i]);
	json_object_set_new(object, "source",
			    inspect_json_string(inspect_name(in, m->m_source, name)));
	json_object_set_new(object, "source_ep", json_integer(m->m_source));
	json_object_set_new(object, "type", json_integer(m->m_type));
	json_object_set_new(object, "words", inspect_json_string(words));
	json_object_set_new(object, "payload", json_string(hex));
	inspect_json_print(object, shell->out);
}

void talk_raw_show(struct shell *shell, const message *m, int m_type_of_request)
{
	struct dvk_snapshot *snapshot;
	char bytes[1024], name[INSPECT_NAME_BYTES];
	struct inspect *in;
	struct text out;

	if (shell_snapshot(shell, &snapshot))
		return;
	in = inspect_create(snapshot, NULL);
	if (in) {
		text_init(&out, bytes, sizeof(bytes));
		decode(in, m, m_type_of_request, &out);
		if (shell->json)
			show_json(shell, in, m, bytes);
		else
			fprintf(shell->out, "from %s: type=%d %s\n",
				inspect_name(in, m->m_source, name), m->m_type, bytes);
	}
	inspect_destroy(in);
	dvk_snapshot_free(snapshot);
}
