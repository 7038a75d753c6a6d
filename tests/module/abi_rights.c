/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * abi_rights.c - what a user may not do to another's DC: each is an attack that fails.
 *
 * Attackers are children under another uid; the DC's mode lets all come in, or nobody.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "abi.h"

#define ATTACKER    1000
#define PRIVATE_DC  12
#define STRICT_DC   13
#define LETTER_TYPE 4711

static int victim_ep; /* a user of the strict DC */

static int open_private(void)
{
	return raw_open(raw_file(), PRIVATE_DC, DVK_CREATE, NULL);
}

static int look_at_private(void)
{
	return raw_open(raw_file(), PRIVATE_DC, DVK_DEVICE_LOOK, NULL);
}

static int end_private(void)
{
	return RAW(raw_file(), DC_END, .ep = PRIVATE_DC);
}

/* Of a DC that may not be looked at the list has nothing but whose it is. */
static int list_private(void)
{
	struct dvk_dcinfo list[NR_DCS];
	int count = RAW(raw_file(), LIST, .data = dvk_address(list), .size = NR_DCS);

	for (int i = 0; i < count; i++)
		if (list[i].dcid == PRIVATE_DC)
			return list[i].name[0] || list[i].nr_procs || list[i].transitions ? -1 : 0;
	return -2;
}

static int begin_dvs(void)
{
	char name[DVK_NAME_BYTES] = "dvs";

	return RAW(raw_file(), DVS_INIT, .ep = 1, .data = dvk_address(name));
}

static int bind_server(void)
{
	return raw_bind(raw_at_dc(), FS_PROC_NR, "fs");
}

static int bind_task(void)
{
	return raw_bind(raw_at_dc(), SYSTASK(0), "systask");
}

static int bind_user(void)
{
	return dvk_is_endpoint(raw_bind(raw_at_dc(), NONE, "user")) ? 0 : -1;
}

static int bind_as_system(void)
{
	int fd = raw_file(), rc = raw_open(fd, ABI_DCID, DVK_SYSTEM, NULL);

	return rc ? rc : raw_bind(fd, NONE, "system");
}

static int map_state(void)
{
	void *memory = mmap(NULL, 4096, PROT_READ, MAP_SHARED, raw_at_dc(), DVK_MAP_STATE);

	return memory == MAP_FAILED ? ABI_FAILED - errno : 0;
}

static int map_table(void)
{
	struct dvk_device_table *table =
		mmap(NULL, 4096, PROT_READ, MAP_SHARED, raw_at_dc(), DVK_MAP_TABLE);

	return table != MAP_FAILED && table->dcid == ABI_DCID ? 0 : -1;
}

static int trace_letters(void)
{
	return RAW(raw_at_dc(), TRACE, .slot_nr = NONE, .value = 1);
}

static int see_letters(void)
{
	struct dvk_procinfo rows[300];
	struct dvk_device_snapshot wanted = { .procs = dvk_address(rows), .rows = 300 };
	int rc = RAW(raw_at_dc(), SNAPSHOT, .slot_nr = NONE, .data = dvk_address(&wanted));

	for (uint32_t i = 0; rc == 0 && i < wanted.rows; i++)
		if (rows[i].letter.m_type == LETTER_TYPE)
			return -1;
	return rc;
}

static int see_a_letter(void)
{
	struct dvk_procinfo row;
	int rc = RAW(raw_at_dc(), PROCINFO, .slot_nr = NONE, .ep = 20, .data = dvk_address(&row));

	return rc == 0 && row.letter.m_type == LETTER_TYPE ? -1 : rc;
}

static int read_memory(void)
{
	char stolen[16];

	return RAW(raw_at_dc(), READ, .slot_nr = NONE, .value = getppid(),
		   .data2 = dvk_address(&abi_rights), .data = dvk_address(stolen),
		   .size = sizeof(stolen));
}

static int bind_another(void)
{
	struct dvk_device_names names = { .name = "bound" };

	return RAW(raw_at_dc(), BIND, .slot_nr = NONE, .ep = NONE, .value = getppid(),
		   .data = dvk_address(&names));
}

/* As user slot of one's own: what it does to slot 20, which is another's. */
static int from_user_slot(int op, int value)
{
	int fd = raw_at_dc(), endpoint = raw_bind(fd, NONE, "user");
	struct dvk_entry entry = { .op = (uint16_t)op,
				   .slot_nr = dvk_endpoint_nr(endpoint),
				   .ep = 20,
				   .src_ep = SELF,
				   .value = value };

	return raw_enter(fd, &entry);
}

static int unbind_another(void)
{
	return from_user_slot(DVK_OP_UNBIND, 0);
}

static int cancel_another(void)
{
	return from_user_slot(DVK_OP_CANCEL, 0);
}

static int wake_another(void)
{
	return from_user_slot(DVK_OP_WAKEUP, 0);
}

static int stop_another(void)
{
	return from_user_slot(DVK_OP_STOP, 0);
}

static int quiet_another(void)
{
	return from_user_slot(DVK_OP_QUIET, 1);
}

static int speak_as_another(void)
{
	return RAW(raw_at_dc(), SEND, .slot_nr = 20, .ep = 21);
}

static int copy_from_another(void)
{
	char stolen[16];
	int fd = raw_at_dc(), endpoint = raw_bind(fd, NONE, "user");

	return RAW(fd, VCOPY, .slot_nr = dvk_endpoint_nr(endpoint), .src_ep = 20,
		   .data = dvk_address(&abi_rights), .ep = SELF, .data2 = dvk_address(stolen),
		   .size = sizeof(stolen));
}

/* By send, or in a call; to the victim, who is a user as we are. */
static int to_a_user(int op)
{
	int fd = raw_file(), rc = raw_open(fd, STRICT_DC, 0, NULL), endpoint;
	struct dvk_entry entry = {
		.op = (uint16_t)op, .ep = victim_ep, .src_ep = SELF, .deadline_ns = INT64_MAX
	};

	if (rc)
		return rc;
	endpoint = raw_bind(fd, NONE, "user");
	if (!dvk_is_endpoint(endpoint))
		return endpoint;
	entry.slot_nr = dvk_endpoint_nr(endpoint);
	return raw_enter(fd, &entry);
}

static int send_to_a_user(void)
{
	return to_a_user(DVK_OP_SEND);
}

static int call_a_user(void)
{
	return to_a_user(DVK_OP_SENDREC);
}

static int notify_a_user(void)
{
	return to_a_user(DVK_OP_NOTIFY);
}

/* All rights, by one who has few. */
static int take_rights(void)
{
	struct dvk_priv priv;
	int fd = raw_file(), endpoint, rc = raw_open(fd, STRICT_DC, 0, NULL);

	if (rc)
		return rc;
	memset(&priv, 0xff, sizeof(priv));
	priv.level = DVK_LEVEL_SYSTEM;
	endpoint = raw_bind(fd, NONE, "user");
	return RAW(fd, SETPRIV, .slot_nr = dvk_endpoint_nr(endpoint), .ep = SELF,
		   .data = dvk_address(&priv));
}

static int too_many_dcs(void)
{
	int rc = 0;

	for (int dcid = 20; dcid < NR_DCS && rc == 0; dcid++)
		rc = raw_open(raw_file(), dcid, DVK_CREATE, NULL);
	return rc == EDVSRSCBUSY || rc == EDVSNOMEM ? EDVSRSCBUSY : rc;
}

/* The victim: server 20, with a letter, at a DC that all may enter; and a private DC. */
static int attacked_by(int (*run)(void))
{
	struct dvk_device_open how = { .gid = UINT32_MAX };
	struct dvk_device_names names = { .name = "sender" };
	struct dvk_entry send = { .op = DVK_OP_SEND,
				  .slot_nr = 20,
				  .ep = 21,
				  .src_ep = ANY,
				  .deadline_ns = INT64_MAX,
				  .flags = DVK_ENTRY_ASYNC,
				  .m.m_type = LETTER_TYPE };
	int endpoint, fd = raw_bound(20, &endpoint), secret = raw_file(), strict = raw_file(), rc;

	(void)raw_open(strict, STRICT_DC, DVK_CREATE | DVK_STRICT, NULL);
	victim_ep = raw_bind(strict, NONE, "victim");
	(void)RAW(fd, BIND, .slot_nr = 20, .ep = 21, .data = dvk_address(&names));
	(void)raw_enter(fd, &send);
	(void)RAW(secret, OPEN, .ep = PRIVATE_DC, .value = DVK_CREATE, .data = dvk_address(&how));
	rc = raw_in_child(run, ATTACKER);
	close(strict);
	close(secret);
	close(fd);
	return rc;
}

#define ATTACK(name)                      \
	static int attack_##name(void)    \
	{                                 \
		return attacked_by(name); \
	}
/* X(function, what it does, how it ends) */
#define ATTACKS(X)                                                                   \
	X(open_private, "opening a DC of another", EDVSACCES)                        \
	X(look_at_private, "looking at a DC of another", EDVSACCES)                  \
	X(end_private, "ending a DC of another", EDVSBADOWNER)                       \
	X(list_private, "a DC of another in the list", 0)                            \
	X(begin_dvs, "dvs_init without CAP_SYS_ADMIN", EDVSACCES)                    \
	X(bind_server, "a server's slot in a DC of another", EDVSPRIVILEGES)         \
	X(bind_task, "a task's slot in a DC of another", EDVSPRIVILEGES)             \
	X(bind_user, "a user's slot where all may enter", 0)                         \
	X(bind_as_system, "level SYSTEM in a DC of another", EDVSPRIVILEGES)         \
	X(map_state, "mapping the state of a DC of another", ABI_FAILED - EACCES)    \
	X(map_table, "mapping its table, which is for all", 0)                       \
	X(trace_letters, "full records of a DC of another", EDVSPERM)                \
	X(see_letters, "letters in a snapshot", 0)                                   \
	X(see_a_letter, "a letter of one process", 0)                                \
	X(read_memory, "the memory of another's process", EDVSPERM)                  \
	X(bind_another, "binding another's thread", EDVSPRIVILEGES)                  \
	X(unbind_another, "unbinding another's slot", EDVSPRIVILEGES)                \
	X(cancel_another, "cancelling another's wait", EDVSPRIVILEGES)               \
	X(wake_another, "waking up another's slot", EDVSPRIVILEGES)                  \
	X(stop_another, "stopping another's slot", EDVSPRIVILEGES)                   \
	X(quiet_another, "silencing another's slot", EDVSPRIVILEGES)                 \
	X(speak_as_another, "an entry with another's slot", EDVSNOTBIND)             \
	X(copy_from_another, "copying from who does not wait for one", EDVSPROCSTS)  \
	X(send_to_a_user, "a user's send to a user of a strict DC", EDVSTRAPDENIED)  \
	X(call_a_user, "a user's call of a user of a strict DC", EDVSTRAPDENIED)     \
	X(notify_a_user, "a user's notify to a user of a strict DC", EDVSCALLDENIED) \
	X(take_rights, "a user of a strict DC who takes rights", EDVSPRIVILEGES)     \
	X(too_many_dcs, "more DCs than a user may have", EDVSRSCBUSY)

/* So that those who do not see it would have seen it. */
static int owner_sees_a_letter(void)
{
	struct dvk_device_names names = { .name = "sender" };
	struct dvk_entry send = { .op = DVK_OP_SEND,
				  .slot_nr = 20,
				  .ep = 21,
				  .deadline_ns = INT64_MAX,
				  .flags = DVK_ENTRY_ASYNC,
				  .m.m_type = LETTER_TYPE };
	int endpoint, fd = raw_bound(20, &endpoint), rc;

	(void)RAW(fd, BIND, .slot_nr = 20, .ep = 21, .data = dvk_address(&names));
	(void)raw_enter(fd, &send);
	rc = see_letters() == -1 && see_a_letter() == -1 ? 0 : -1;
	close(fd);
	return rc;
}

#define DEFINE(name, what, want) ATTACK(name)
ATTACKS(DEFINE)

#define ROW(name, what, want) { what, want, attack_##name },
const struct abi_case abi_rights[] = {
	ATTACKS(ROW){ "a letter, for the DC's owner", 0, owner_sees_a_letter }, { 0 }
};
