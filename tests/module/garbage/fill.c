/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fill.c - what an operation reads: plausible, so that it gets far, or nearly so.
 */
#include <stdio.h>
#include <string.h>

#include "garbage.h"

static void fill_noise(struct chance *chance, void *data, size_t bytes)
{
	unsigned char *at = data;
	size_t i;

	for (i = 0; i < bytes; i++)
		at[i] = chance_below(chance, 3) ? 0 : (unsigned char)chance_next(chance);
}

static void fill_name(struct chance *chance, char *name)
{
	if (chance_once_in(chance, 20))
		memset(name, 'x', DVK_NAME_BYTES);
	else
		snprintf(name, DVK_NAME_BYTES, "g%u", chance_below(chance, 100));
}

static int some_ep(struct chance *chance)
{
	if (chance_once_in(chance, 3))
		return ANY;
	return garbage->known_ep[chance_below(chance, GARBAGE_KNOWN)];
}

static void fill_open(struct chance *chance, void *data)
{
	static const uint32_t modes[] = { 0, 0600, 0660, 0666, 0777, 07777 };
	struct dvk_device_open how = { .gid = UINT32_MAX };

	fill_name(chance, how.name);
	how.mode = modes[chance_below(chance, 6)];
	if (chance_once_in(chance, 8))
		how.gid = (uint32_t)chance_below(chance, 2000);
	memcpy(data, &how, sizeof(how));
}

static void fill_names(struct chance *chance, void *data)
{
	struct dvk_device_names names = { .muk = "" };

	fill_name(chance, names.name);
	if (chance_once_in(chance, 3))
		fill_name(chance, names.muk);
	memcpy(data, &names, sizeof(names));
}

static void fill_priv(struct chance *chance, void *data)
{
	struct dvk_priv priv;

	fill_noise(chance, &priv, sizeof(priv));
	priv.level = (int32_t)chance_below(chance, 6);
	if (chance_below(chance, 3)) {
		priv.calls = UINT32_MAX;
		memset(priv.targets, 0xff, sizeof(priv.targets));
		memset(priv.sources, 0xff, sizeof(priv.sources));
	}
	memcpy(data, &priv, sizeof(priv));
}

static void fill_hold(struct chance *chance, void *data)
{
	struct dvk_hold hold = { .src_ep = some_ep(chance), .dst_ep = some_ep(chance) };
	unsigned int i;

	hold.m_type = hold.call_type = DVK_ANY_TYPE;
	hold.kinds = chance_below(chance, 64);
	hold.test_count = chance_below(chance, DVK_HOLD_TESTS + 2);
	for (i = 0; i < DVK_HOLD_TESTS; i++) {
		hold.tests[i].offset = (uint16_t)chance_below(chance, 64);
		hold.tests[i].bytes = (uint8_t)(1u << chance_below(chance, 5));
		hold.tests[i].op = (uint8_t)chance_below(chance, DVK_TEST_COUNT + 1);
		hold.tests[i].value = (int64_t)chance_below(chance, 4);
	}
	memcpy(data, &hold, sizeof(hold));
}

static void fill_table(struct chance *chance, void *data)
{
	struct dvk_table table;

	fill_noise(chance, &table, sizeof(table));
	if (chance_below(chance, 4))
		snprintf(table.type, sizeof(table.type), "t%u", chance_below(chance, 10));
	memcpy(data, &table, sizeof(table));
}

static void fill_snapshot(struct chance *chance, void *data)
{
	struct dvk_device_snapshot snapshot = { .procs = place_any(chance) };

	snapshot.tables = place_any(chance);
	snapshot.rows = chance_once_in(chance, 4) ? UINT32_MAX : chance_below(chance, 300);
	snapshot.table_rows = chance_once_in(chance, 4) ? UINT32_MAX : chance_below(chance, 140);
	memcpy(data, &snapshot, sizeof(snapshot));
}

void fill_data(struct chance *chance, unsigned int op, struct dvk_entry *entry)
{
	void *data = place_good(chance, 32768);

	entry->data = dvk_address(data);
	if (op == DVK_OP_OPEN || op == DVK_OP_DC_INIT)
		fill_open(chance, data);
	else if (op == DVK_OP_BIND || op == DVK_OP_DVS_INIT)
		fill_names(chance, data);
	else if (op == DVK_OP_SETPRIV)
		fill_priv(chance, data);
	else if (op == DVK_OP_HOLD)
		fill_hold(chance, data);
	else if (op == DVK_OP_TABLE)
		fill_table(chance, data);
	else if (op == DVK_OP_SNAPSHOT)
		fill_snapshot(chance, data);
	if (op != DVK_OP_SNAPSHOT && chance_once_in(chance, 30))
		fill_noise(chance, data, 256);
}
