/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * echo_server.c - a server of a DC in a few lines: it answers with what it was sent.
 *
 *	echo_server [DC [FOLDER]]
 *
 * It binds slot 20 of the DC, which it makes if there is none, and serves until it
 * is killed. Anybody in the DC can call it: "mukshell attach dc0 -c 'sendrec 20 type=7'".
 */
#include <stdio.h>
#include <stdlib.h>

#include <dvk/dvk.h>

#define ECHO_NR 20

int main(int argc, char **argv)
{
	struct dvk_options options = { .dir = argc > 2 ? argv[2] : NULL, .flags = DVK_CREATE };
	int client = NONE, rc;
	message m;

	rc = dvk_open(argc > 1 ? atoi(argv[1]) : 0, &options);
	if (rc < 0) {
		fprintf(stderr, "echo_server: %s\n", dvk_open_error());
		return 1;
	}
	rc = dvk_bind(ECHO_NR, "echo");
	if (!dvk_is_endpoint(rc)) {
		fprintf(stderr, "echo_server: slot %d: %s\n", ECHO_NR, dvk_strerror(rc));
		return 1;
	}
	printf("echo: serving as endpoint %d of dc%d\n", rc, dvk_dcid());
	fflush(stdout);
	for (;;) {
		rc = dvk_reply_receive(client, &m, ANY, &m);
		client = rc == 0 && dvk_request().client_ep == m.m_source ? m.m_source : NONE;
		m.m_type = 0; /* a reply: done, with the payload as it came */
	}
}
