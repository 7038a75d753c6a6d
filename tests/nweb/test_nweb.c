/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_nweb.c - NWEB over sockets, with FS on an image of mkfs.minix behind it.
 */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../servers/world.h"
#include "fs/fs.h"
#include "http.h"
#include "nweb/nweb.h"
#include "protocol/fs.h"
#include "protocol/nweb.h"
#include "systask/systask.h"

#define LARGE_BYTES 10000000

static struct world world;
static struct fs_config fs;
static struct nweb_config nweb;
static struct systask_config systask;
static int port;
static char *large;

/* What a test wants to be different. */
struct shape {
	enum runtime_kind kind;
	int far; /* FS in another process than NWEB */
};

static void store(const char *path, const char *data, size_t bytes)
{
	struct fs_pwrite_reply put = { 0 };
	struct fs_open_reply opened = { 0 };

	assert_int_equal(fs_call_open(FS_PROC_NR, path,
				      FS_OPEN_WRONLY | FS_OPEN_CREAT | FS_OPEN_TRUNC, 0644,
				      &opened),
			 0);
	for (size_t done = 0; done < bytes; done += put.bytes)
		assert_int_equal(
			fs_call_pwrite(FS_PROC_NR, opened.fd, (int64_t)done, data + done,
				       bytes - done > 1 << 20 ? 1 << 20 : (uint32_t)(bytes - done),
				       &put),
			0);
	assert_int_equal(fs_call_close(FS_PROC_NR, opened.fd), 0);
}

static void fill(void)
{
	static const char *const folders[] = { "/www", "/www/sub", "/www/empty" };

	for (size_t i = 0; i < 3; i++)
		assert_int_equal(fs_call_mkdir(FS_PROC_NR, folders[i], 0755), 0);
	store("/secret", "secret", 6);
	store("/www/index.html", "<p>home</p>", 11);
	store("/www/sub/index.html", "<p>sub</p>", 10);
	store("/www/a b.txt", "blank", 5);
	store("/www/nothing.css", "", 0);
	assert_int_equal(fs_call_utime(FS_PROC_NR, "/www/index.html", 1000000, 784111777), 0);
	large = malloc(LARGE_BYTES);
	assert_non_null(large);
	for (size_t i = 0; i < LARGE_BYTES; i++)
		large[i] = (char)(i * 2654435761u >> 17);
	store("/www/large.bin", large, LARGE_BYTES);
	assert_int_equal(fs_call_mknod(FS_PROC_NR, "/www/fifo", 010644, 0), 0);
}

static struct world near_world; /* of NWEB, when FS is far: the same DC */

static int set_up(void **state)
{
	static const struct shape usual = { RUNTIME_COROUTINES, 0 };
	const struct shape *shape = *state ? *state : &usual;
	const struct world_server servers[] = { { &server_type_systask, &systask },
						{ &server_type_fs, &fs },
						{ shape->far ? NULL : &server_type_nweb, &nweb },
						{ NULL, NULL } };
	const struct world_server web[] = { { &server_type_nweb, &nweb }, { NULL, NULL } };
	struct nweb_status_reply status = { 0 };

	world_init(&world);
	world_make_image(&world, "disk", "-3", 40);
	systask.dir = world.dir;
	fs = (struct fs_config){ .count = 1 };
	fs.devices[0] = (struct fs_device_config){ .major = 3, .type = FS_FILE_IMG, .root_dev = 1 };
	snprintf(fs.devices[0].filename, FS_NAME_BYTES, "%s", world_path(&world, "disk"));
	nweb = (struct nweb_config){ .endpoint = NWEB_PROC_NR, .fs_ep = FS_PROC_NR };
	snprintf(nweb.rootdir, sizeof(nweb.rootdir), "/www");
	snprintf(nweb.log_file, sizeof(nweb.log_file), "%s", world_path(&world, "log"));
	world_boot(&world, shape->kind, servers);
	near_world = (struct world){ 0 };
	if (shape->far) {
		memcpy(near_world.dir, world.dir, sizeof(world.dir));
		assert_int_equal(world_start(&near_world, shape->kind, web), 0);
	}
	fill();
	assert_int_equal(nweb_call_status(NWEB_PROC_NR, &status), 0);
	port = status.port;
	assert_in_range(port, 1, 65535);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	if (near_world.pid) {
		int status;

		close(near_world.stop_fd);
		assert_int_equal(waitpid(near_world.pid, &status, 0), near_world.pid);
		assert_int_equal(status, 0);
	}
	world_stop(&world);
	world_check_image(&world, "disk");
	world_deinit(&world);
	free(large);
	return 0;
}

static void requests_get_what_they_ask_for(void **state)
{
	static const struct {
		const char *request;
		int want;
		const char *body;   /* "": any */
		const char *header; /* that must be there ... */
		const char *value;  /* ... with this in it */
	} cases[] = {
		{ "GET /", 200, "<p>home</p>", "Content-Type", "text/html" },
		{ "GET /index.html", 200, "<p>home</p>", "Last-Modified",
		  "Sun, 06 Nov 1994 08:49:37 GMT" },
		{ "GET /index.html?a=b", 200, "<p>home</p>", "Content-Length", "11" },
		{ "GET /sub/", 200, "<p>sub</p>", NULL, NULL },
		{ "GET /sub", 301, "", "Location", "/sub/" },
		{ "GET /empty/", 403, "", NULL, NULL },
		{ "GET /fifo", 403, "", NULL, NULL },
		{ "GET /a%20b.txt", 200, "blank", "Content-Type", "text/plain" },
		{ "GET /nothing.css", 200, NULL, "Content-Length", "0" },
		{ "GET /none", 404, "", NULL, NULL },
		{ "GET /index.html/x", 404, "", NULL, NULL },
		{ "GET /../secret", 403, "", NULL, NULL },
		{ "GET /sub/../../secret", 403, "", NULL, NULL },
		{ "GET /%2e%2e/secret", 403, "", NULL, NULL },
		{ "GET /..%2fsecret", 403, "", NULL, NULL },
		{ "GET /index.html%00.png", 400, "", NULL, NULL },
		{ "GET /%", 400, "", NULL, NULL },
		{ "HEAD /", 200, NULL, "Content-Length", "11" },
		{ "HEAD /large.bin", 200, NULL, "Content-Length", "10000000" },
		{ "HEAD /none", 404, NULL, NULL, NULL },
		{ "POST /", 405, "", "Allow", "GET, HEAD" },
		{ "PUT /x", 405, "", "Allow", "GET, HEAD" },
		{ "DELETE /index.html", 405, "", NULL, NULL },
		{ "BREW /coffee", 405, "", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct http_response response;
		int fd = http_connect(port);
		char text[256];

		snprintf(text, sizeof(text), "%s HTTP/1.1\r\nHost: test\r\n\r\n", cases[i].request);
		http_send(fd, text);
		http_receive(fd, !strncmp(cases[i].request, "HEAD", 4), &response);
		assert_int_equal(response.status, cases[i].want);
		if (cases[i].header)
			assert_non_null(
				strstr(http_header(&response, cases[i].header), cases[i].value));
		if (cases[i].body && cases[i].body[0]) {
			assert_int_equal(response.body_bytes, strlen(cases[i].body));
			assert_memory_equal(response.body, cases[i].body, response.body_bytes);
		}
		free(response.body);
		close(fd);
	}
}

static void conditions_and_ranges_are_kept(void **state)
{
	static const struct {
		const char *path;
		const char *header;
		int want;
		long from, bytes;
	} cases[] = {
		{ "/index.html", "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT", 304, 0, -1 },
		{ "/index.html", "If-Modified-Since: Sun, 06 Nov 1994 08:49:36 GMT", 200, 0, -1 },
		{ "/index.html", "If-Modified-Since: nonsense", 200, 0, -1 },
		{ "/large.bin", "Range: bytes=0-99", 206, 0, 100 },
		{ "/large.bin", "Range: bytes=9999990-", 206, 9999990, 10 },
		{ "/large.bin", "Range: bytes=-5", 206, 9999995, 5 },
		{ "/large.bin", "Range: bytes=1000000-8999999", 206, 1000000, 8000000 },
		{ "/large.bin", "Range: bytes=10000000-", 416, 0, -1 },
		{ "/large.bin", "Range: bytes=5-1", 200, 0, 10000000 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct http_response response;
		int fd = http_connect(port);
		char text[256];

		snprintf(text, sizeof(text), "GET %s HTTP/1.1\r\nHost: test\r\n%s\r\n\r\n",
			 cases[i].path, cases[i].header);
		http_send(fd, text);
		http_receive(fd, 0, &response);
		assert_int_equal(response.status, cases[i].want);
		if (cases[i].bytes >= 0) {
			assert_int_equal(response.body_bytes, cases[i].bytes);
			assert_memory_equal(response.body, large + cases[i].from,
					    response.body_bytes);
		}
		free(response.body);
		close(fd);
	}
}

static void a_connection_is_kept_and_may_be_filled(void **state)
{
	struct http_response response;
	int fd = http_connect(port);

	(void)state;
	for (int i = 0; i < 50; i++)
		http_send(fd, i % 2 ? "GET /sub/ HTTP/1.1\r\nHost: test\r\n\r\n"
				    : "GET / HTTP/1.1\r\nHost: test\r\n\r\n");
	http_send(fd, "GET /large.bin HTTP/1.1\r\nHost: test\r\n\r\n"
		      "GET /none HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
	for (int i = 0; i < 50; i++) {
		http_receive(fd, 0, &response);
		assert_int_equal(response.status, 200);
		assert_memory_equal(response.body, i % 2 ? "<p>sub</p>" : "<p>home</p>",
				    i % 2 ? 10 : 11);
		free(response.body);
	}
	http_receive(fd, 0, &response);
	assert_int_equal(response.body_bytes, LARGE_BYTES);
	assert_memory_equal(response.body, large, LARGE_BYTES);
	free(response.body);
	http_receive(fd, 0, &response);
	assert_int_equal(response.status, 404);
	free(response.body);
	assert_true(http_is_closed(fd));
	close(fd);
}

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

static void garbage_harms_nobody(void **state)
{
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
		/* Unlinked, it is kept until it was sent; cut short, its end is the connection's. */
		if (round % 2)
			assert_int_equal(response.body_bytes, LARGE_BYTES);
		assert_memory_equal(response.body, large, response.body_bytes);
		free(response.body);
		close(fd);
	}
	free(other);
}

static void requests_are_logged(void **state)
{
	struct http_response response;
	char log[4096] = "";
	FILE *file;
	size_t got = 0;

	(void)state;
	http_get(port, "/sub/", &response);
	free(response.body);
	http_get(port, "/none\"x", &response);
	free(response.body);
	for (int i = 0; i < 100 && !strstr(log, "none"); i++) {
		usleep(10000);
		file = fopen(nweb.log_file, "r");
		assert_non_null(file);
		got = fread(log, 1, sizeof(log) - 1, file);
		log[got] = '\0';
		fclose(file);
	}
	assert_non_null(strstr(log, "127.0.0.1 - - ["));
	assert_non_null(strstr(log, "] \"GET /sub/ HTTP/1.1\" 200 10\n"));
	assert_non_null(strstr(log, "] \"GET /none?x HTTP/1.1\" 404 "));
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

static void what_cannot_be_listened_on_is_said(void **state)
{
	static const struct {
		const char *address;
		int port; /* 0: the one that is in use */
		int want;
	} cases[] = {
		{ "", 0, EDVSBUSY },           { "localhost", 80, EDVSINVAL },
		{ "1.2.3", 80, EDVSINVAL },    { "127.0.0.1", 65536, EDVSINVAL },
		{ "192.0.2.1", 8080, EDVSIO },
	};
	struct world second;

	(void)state;
	world_init(&second);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct nweb_config config = nweb;
		const struct world_server servers[] = { { &server_type_nweb, &config },
							{ NULL, NULL } };
		int status;

		config.port = cases[i].port ? cases[i].port : port;
		snprintf(config.address, sizeof(config.address), "%s", cases[i].address);
		assert_int_equal(world_start(&second, RUNTIME_COROUTINES, servers), cases[i].want);
		close(second.stop_fd);
		assert_int_equal(waitpid(second.pid, &status, 0), second.pid);
		assert_int_equal(status, 0);
	}
	world_deinit(&second);
}

#define TEST(name, shape) cmocka_unit_test_prestate_setup_teardown(name, set_up, tear_down, shape)

int main(void)
{
	static struct shape threads = { RUNTIME_THREADS, 0 };
	static struct shape far = { RUNTIME_COROUTINES, 1 };
	static struct shape far_threads = { RUNTIME_THREADS, 1 };
	const struct CMUnitTest tests[] = {
		TEST(requests_get_what_they_ask_for, NULL),
		TEST(requests_get_what_they_ask_for, &threads),
		TEST(requests_get_what_they_ask_for, &far),
		TEST(conditions_and_ranges_are_kept, NULL),
		TEST(conditions_and_ranges_are_kept, &far),
		TEST(a_connection_is_kept_and_may_be_filled, NULL),
		TEST(a_connection_is_kept_and_may_be_filled, &threads),
		TEST(a_connection_is_kept_and_may_be_filled, &far),
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
		TEST(requests_are_logged, NULL),
		TEST(stopping_ends_what_is_under_way, NULL),
		TEST(stopping_ends_what_is_under_way, &threads),
		TEST(stopping_ends_what_is_under_way, &far),
		TEST(what_cannot_be_listened_on_is_said, NULL),
	};

	alarm(300);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
