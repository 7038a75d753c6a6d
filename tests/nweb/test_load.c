/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_load.c - many, slow, broken and vanishing clients of NWEB, and files that
 * change under it.
 */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void many_connections_at_once(void **state)
{
	struct nweb_status_reply status = { 0 };
	struct http_response response;
	int fds[200];

	(void)state;
	for (int i = 0; i < 200; i++)
		fds[i] = http_connect(port);
	for (int round = 0; round < 5; round++) {
		for (int i = 0; i < 200; i++)
			http_send(fds[i], i % 10 ? "GET / HTTP/1.1\r\nHost: test\r\n\r\n"
						 : "GET /large.bin HTTP/1.1\r\nHost: t\r\n"
						   "Range: bytes=0-999999\r\n\r\n");
		for (int i = 0; i < 200; i++) {
			http_receive(fds[i], 0, &response);
			assert_int_equal(response.status, i % 10 ? 200 : 206);
			assert_int_equal(response.body_bytes, i % 10 ? 11 : 1000000);
			assert_memory_equal(response.body, i % 10 ? "<p>home</p>" : large,
					    response.body_bytes);
			free(response.body);
		}
	}
	assert_int_equal(nweb_call_status(NWEB_PROC_NR, &status), 0);
	assert_int_equal(status.connections, 200);
	assert_in_range(status.requests, 990, 1000);
	for (int i = 0; i < 200; i++)
		close(fds[i]);
}

static void more_large_bodies_than_files_may_be_open(void **state)
{
	static struct http_response response;
	int fds[180];

	(void)state;
	for (int i = 0; i < 180; i++) {
		fds[i] = http_connect(port);
		http_send(fds[i], "GET /large.bin HTTP/1.1\r\nHost: test\r\n\r\n");
	}
	/* All are under way; the socket's buffers cannot hold so much. */
	for (int i = 0; i < 180; i += 30) {
		http_receive(fds[i], 0, &response);
		assert_int_equal(response.status, 200);
		assert_int_equal(response.body_bytes, LARGE_BYTES);
		assert_memory_equal(response.body, large, LARGE_BYTES);
		free(response.body);
	}
	for (int i = 0; i < 180; i++)
		close(fds[i]);
}

static const char *const garbage[] = {
	"\r\n\r\n\r\n",
	"GET\r\n\r\n",
	"GET / HTTP/9.9\r\n\r\n",
	"\x16\x03\x01\x02\x01",
	"GET / HTTP/1.1\r\nno colon\r\n\r\n",
	"GET  /  HTTP/1.1\r\n\r\n",
	"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
	"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
	"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
	"GET http://other/ HTTP/1.1\r\nHost: x\r\n\r\n",
	"OPTIONS * HTTP/1.1\r\n\r\n",
};

static void garbage_harms_nobody(void **state)
{
	struct http_response response;
	char *longest = malloc(100001);
	unsigned int random = 1;

	(void)state;
	for (size_t i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++) {
		int fd = http_connect(port);

		http_send(fd, garbage[i]);
		shutdown(fd, SHUT_WR);
		http_receive(fd, 0, &response);
		assert_true(response.status != 200 || i == 0 || i >= 4);
		free(response.body);
		close(fd);
	}
	for (int i = 0; i < 100; i++) {
		int fd = http_connect(port);

		for (int k = 0; k < 100000; k++)
			longest[k] = (char)(i % 2 ? 'a'
						  : 1 + (random = random * 1103515245 + 12345) /
								    65536 % 255);
		longest[100000] = '\0';
		if (i % 2)
			memcpy(longest, "GET /", 5);
		http_send(fd, longest);
		shutdown(fd, SHUT_WR);
		http_receive(fd, 0, &response);
		assert_int_not_equal(response.status, 200);
		free(response.body);
		close(fd);
	}
	free(longest);
	http_get(port, "/", &response);
	assert_int_equal(response.status, 200);
	free(response.body);
}

static void a_slow_client_does_not_stop_others(void **state)
{
	int slow = http_connect(port), reader = http_connect(port);
	static const char request[] = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";
	struct http_response response;

	(void)state;
	/* One reads nothing of what it asked for, one sends a byte at a time. */
	http_send(reader, "GET /large.bin HTTP/1.1\r\nHost: test\r\n\r\n");
	for (size_t i = 0; i < sizeof(request) - 1; i++) {
		char byte[2] = { request[i], '\0' };

		http_send(slow, byte);
		http_get(port, "/sub/", &response);
		assert_int_equal(response.status, 200);
		free(response.body);
	}
	http_receive(slow, 0, &response);
	assert_int_equal(response.status, 200);
	free(response.body);
	http_receive(reader, 0, &response);
	assert_int_equal(response.body_bytes, LARGE_BYTES);
	assert_memory_equal(response.body, large, LARGE_BYTES);
	free(response.body);
	close(slow);
	close(reader);
}

static void a_client_may_go_in_the_middle(void **state)
{
	struct nweb_status_reply status = { 0 };
	struct http_response response;

	(void)state;
	for (int i = 0; i < 50; i++) {
		int fd = http_connect(port);
		char room[1000];

		http_send(fd, "GET /large.bin HTTP/1.1\r\nHost: test\r\n\r\n");
		if (i % 2)
			assert_true(recv(fd, room, sizeof(room), 0) > 0);
		close(fd);
	}
	http_get(port, "/", &response);
	assert_int_equal(response.status, 200);
	free(response.body);
	for (int i = 0; i < 200; i++) {
		assert_int_equal(nweb_call_status(NWEB_PROC_NR, &status), 0);
		if (!status.connections)
			break;
		usleep(10000);
	}
	assert_int_equal(status.connections, 0);
}

/* What is sent is the old file, the new one, or an end; never a byte of somebody else's. */
static void a_file_may_change_while_it_is_sent(void **state)
{
	char *other = malloc(LARGE_BYTES);
	struct http_response response;

	(void)state;
	memset(other, 'o', LARGE_BYTES);
	for (int round = 0; round < 4; round++) {
		int fd = http_connect(port);
		char room[1000];

		store("/www/victim", large, LARGE_BYTES);
		http_send(fd, "GET /victim HTTP/1.1\r\nHost: test\r\n\r\n");
		assert_true(recv(fd, room, sizeof(room), MSG_PEEK) > 0);
		if (round % 2)
			assert_int_equal(fs_call_unlink(FS_PROC_NR, "/www/victim"), 0);
		else
			assert_int_equal(fs_call_truncate(FS_PROC_NR, "/www/victim", 0), 0);
		store("/other", other, LARGE_BYTES);
		assert_int_equal(fs_call_sync(FS_PROC_NR), 0);
		http_receive(fd, 0, &response);
		assert_int_equal(response.status, 200);
		/* Unlinked, it is kept until it was sent; cut short, the connection ends. */
		if (round % 2)
			assert_int_equal(response.body_bytes, LARGE_BYTES);
		assert_memory_equal(response.body, large, response.body_bytes);
		free(response.body);
		close(fd);
	}
	free(other);
}

static void stopping_ends_what_is_under_way(void **state)
{
	int fds[20];

	(void)state;
	for (int i = 0; i < 20; i++) {
		fds[i] = http_connect(port);
		http_send(fds[i], "GET /large.bin HTTP/1.1\r\nHost: test\r\n\r\n");
	}
	/* tear_down() stops the servers while the bodies are being sent. */
}

int main(void)
{
	static struct shape threads = { RUNTIME_THREADS, 0 };
	static struct shape far = { RUNTIME_COROUTINES, 1 };
	static struct shape far_threads = { RUNTIME_THREADS, 1 };
	const struct CMUnitTest tests[] = {
		TEST(many_connections_at_once, NULL),
		TEST(many_connections_at_once, &threads),
		TEST(many_connections_at_once, &far),
		TEST(many_connections_at_once, &far_threads),
		TEST(more_large_bodies_than_files_may_be_open, NULL),
		TEST(more_large_bodies_than_files_may_be_open, &far),
		TEST(garbage_harms_nobody, NULL),
		TEST(a_slow_client_does_not_stop_others, NULL),
		TEST(a_slow_client_does_not_stop_others, &far),
		TEST(a_client_may_go_in_the_middle, NULL),
		TEST(a_client_may_go_in_the_middle, &far),
		TEST(a_file_may_change_while_it_is_sent, NULL),
		TEST(a_file_may_change_while_it_is_sent, &far),
		TEST(stopping_ends_what_is_under_way, NULL),
		TEST(stopping_ends_what_is_under_way, &threads),
		TEST(stopping_ends_what_is_under_way, &far),
	};

	alarm(300);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
