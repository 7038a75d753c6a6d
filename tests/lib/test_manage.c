/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_manage.c - the DVS's parameters, DCs that are made to stay and ended, what is
 * known of node, DC, proxies and processes.
 */
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include <dvk/manage.h>

#include "fixture.h"

static int wait_for_message(void *argument)
{
	message m;
	int rc;

	(void)argument;
	if (dvk_bind(SERVER_NR, "waits") != SERVER_NR)
		return 99;
	rc = dvk_receive(ANY, &m);
	if (rc != EDVSDCNOTRUN)
		return 98;
	return dvk_send(1, &m) != EDVSDCNOTRUN || dvk_bind(NONE, "x") != EDVSDCNOTRUN;
}

static int wait_for_reply(void *argument)
{
	message m = { .m_type = 3 };

	(void)argument;
	if (!dvk_is_endpoint(dvk_bind(NONE, "calls")))
		return 99;
	return dvk_sendrec(1, &m) != EDVSDCNOTRUN;
}

static int wait_to_be_bound(void *argument)
{
	(void)argument;
	return dvk_wait4bind(SELF) != EDVSDCNOTRUN;
}

static void a_dc_is_made_to_stay_and_ended_for_all(void **state)
{
	struct dvk_options options = { .dir = test_dir, .name = "kept", .nr_procs = 100 };
	struct dvk_dcinfo info;
	pid_t pids[3];

	(void)state;
	assert_int_equal(dvk_getdcinfo(TEST_DCID, &info, test_dir), EDVSDCNOTRUN);
	assert_int_equal(dvk_dc_end(TEST_DCID, test_dir), EDVSDCNOTRUN);
	assert_int_equal(dvk_dc_init(TEST_DCID, &options), 0);
	assert_int_equal(dvk_dc_init(TEST_DCID, &options), EDVSDCRUN);
	assert_int_equal(dvk_dc_init(NR_DCS, &options), EDVSBADDCID);
	assert_int_equal(dvk_getdcinfo(TEST_DCID, &info, test_dir), 0);
	assert_int_equal(info.kept, 1);
	assert_int_equal(info.members, 0);
	assert_int_equal(info.nr_procs, 100);
	assert_string_equal(info.name, "kept");
	pids[0] = child(wait_for_message, NULL);
	wait_for_rts(SERVER_NR, DVK_RTS_RECEIVING);
	dc_open(0);
	assert_int_equal(dvk_bind(1, "tester"), 1);
	pids[1] = child(wait_for_reply, NULL);
	wait_for_rts(64, DVK_RTS_SENDING);
	pids[2] = child(wait_to_be_bound, NULL);
	/* Four processes, each with its keeper's thread. */
	do
		assert_int_equal(dvk_getdcinfo(TEST_DCID, &info, test_dir), 0);
	while (info.members < 8);
	assert_int_equal(dvk_dc_end(TEST_DCID, test_dir), 0);
	for (int i = 0; i < 3; i++)
		assert_int_equal(child_wait(pids[i]), 0);
	assert_int_equal(dvk_getdcinfo(TEST_DCID, &info, test_dir), EDVSDCNOTRUN);
	assert_int_equal(dvk_notify(SERVER_NR), EDVSDCNOTRUN);
	assert_int_equal(dvk_close(), 0);
	assert_int_equal(count_files(), 0);
}

static int leave_late(void *argument)
{
	message m;
	int rc;

	if (dvk_bind(SERVER_NR, "late") != SERVER_NR)
		return 99;
	rc = dvk_receive(ANY, &m);
	sleep_ms((long)(intptr_t)argument);
	return rc != EDVSDCNOTRUN || dvk_close() != 0;
}

/* Who leaves the old one late takes nothing of the new one away. */
static void its_number_can_be_used_at_once(void **state)
{
	struct dvk_options options = { .dir = test_dir };
	struct dvk_dcinfo info;
	pid_t late;

	(void)state;
	assert_int_equal(dvk_dc_init(TEST_DCID, &options), 0);
	late = child(leave_late, (void *)50);
	wait_for_rts(SERVER_NR, DVK_RTS_RECEIVING);
	assert_int_equal(dvk_dc_end(TEST_DCID, test_dir), 0);
	assert_int_equal(dvk_dc_init(TEST_DCID, &options), 0);
	assert_int_equal(child_wait(late), 0);
	assert_int_equal(dvk_getdcinfo(TEST_DCID, &info, test_dir), 0);
	assert_int_equal(dvk_dc_end(TEST_DCID, test_dir), 0);
	assert_int_equal(count_files(), 0);
}

static void the_dvs_has_parameters(void **state)
{
	struct dvk_dvsinfo dvs;
	struct dvk_nodeinfo node;
	struct dvk_dcinfo info;

	(void)state;
	assert_int_equal(dvk_getdvsinfo(&dvs, test_dir), 0);
	assert_int_equal(dvs.initialised, 0);
	assert_int_equal(dvk_dvs_end(test_dir), EDVSDVSINIT);
	assert_int_equal(dvk_dvs_init(NR_NODES, "x", test_dir), EDVSBADNODEID);
	assert_int_equal(dvk_dvs_init(2, "", test_dir), EDVSNAMESIZE);
	assert_int_equal(dvk_dvs_init(2, "sixteen-bytes-ok", test_dir), EDVSNAMESIZE);
	assert_int_equal(dvk_dvs_init(2, "cluster", test_dir), 0);
	assert_int_equal(dvk_getdvsinfo(&dvs, test_dir), 2);
	assert_int_equal(dvs.initialised, 1);
	assert_string_equal(dvs.name, "cluster");
	assert_int_equal(dvk_getnodeinfo(2, &node, test_dir), 0);
	assert_int_equal(node.is_local, 1);
	assert_int_equal(dvk_getnodeinfo(3, &node, test_dir), EDVSNONODE);
	assert_int_equal(dvk_getnodeinfo(-1, &node, test_dir), EDVSBADNODEID);
	assert_int_equal(dvk_dc_init(TEST_DCID, &(struct dvk_options){ .dir = test_dir }), 0);
	assert_int_equal(dvk_getdcinfo(TEST_DCID, &info, test_dir), 0);
	assert_int_equal(info.node, 2);
	assert_int_equal(dvk_dvs_init(1, "other", test_dir), EDVSDVSBUSY);
	assert_int_equal(dvk_dvs_end(test_dir), EDVSDVSBUSY);
	assert_int_equal(dvk_getdvsinfo(&dvs, test_dir), 2);
	assert_int_equal(dvs.dcs, 1);
	assert_int_equal(dvk_dc_end(TEST_DCID, test_dir), 0);
	assert_int_equal(dvk_dvs_end(test_dir), 0);
	assert_int_equal(dvk_getdvsinfo(&dvs, test_dir), 0);
}

static void what_is_known_of_processes_and_proxies(void **state)
{
	struct dvk_proxyinfo proxy;
	struct dvk_procinfo info;

	(void)state;
	assert_int_equal(dvk_getprocinfo(1, &info), EDVSDVSINIT);
	dc_open(DVK_CREATE);
	assert_int_equal(dvk_bind(1, "tester"), 1);
	assert_int_equal(dvk_getprocinfo(1, &info), 0);
	assert_int_equal(info.pid, getpid());
	assert_string_equal(info.name, "tester");
	assert_int_equal(dvk_getprocinfo(2, &info), EDVSNOTBIND);
	assert_int_equal(dvk_getprocinfo(5000, &info), EDVSRANGE);
	assert_int_equal(dvk_getproxyinfo(0, &proxy), EDVSPROXYFREE);
	assert_int_equal(dvk_getproxyinfo(NR_NODES, &proxy), EDVSPROXYID);
	assert_int_equal(dvk_dc_init(TEST_DCID + 1, &(struct dvk_options){ .dir = test_dir }),
			 EDVSDCRUN);
	assert_int_equal(dvk_close(), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_dc_is_made_to_stay_and_ended_for_all),
		cmocka_unit_test(its_number_can_be_used_at_once),
		cmocka_unit_test(the_dvs_has_parameters),
		cmocka_unit_test(what_is_known_of_processes_and_proxies),
	};

	alarm(100);
	return cmocka_run_group_tests_name("lib: management", tests, fixture_dir, fixture_remove);
}
