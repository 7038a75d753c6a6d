/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_requests.c - requests to NWEB over bare sockets get what they ask for.
 */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct {
	const char *request;
	int want;
	const char *body;   /* "": any */
	const char *header; /* that must be there ... */
	const char *value;  /* ... with this in it */
} requests[] = {
	{ "GET /", 200, "<p>home</p>", "Content-Type", "text/html" },
	{ "GET /index.html", 200, "<p>home</p>", "Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT" },
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
	{ "GET /private", 403, "", NULL, NULL },
	{ "HEAD /private", 403, NULL, NULL, NULL },
	{ "GET /own", 200, "own", NULL, NULL },
	{ "GET /closed/page", 403, "", NULL, NULL },
	{ "HEAD /", 200, NULL, "Content-Length", "11" },
	{ "HEAD /large.bin", 200, NULL, "Content-Length", "10000000" },
	{ "HEAD /none", 404, NULL, NULL, NULL },
	{ "POST /", 405, "", "Allow", "GET, HEAD" },
	{ "PUT /x", 405, "", "Allow", "GET, HEAD" },
	{ "DELETE /index.html", 405, "", NULL, NULL },
	{ "BREW /coffee", 405, "", NULL, NULL },
};

static void requests_get_what_they_ask_for(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		struct http_response response;
		int fd = http_connect(port);
		char text[256];

		snprintf(text, sizeof(text), "%s HTTP/1.1\r\nHost: test\r\n\r\n",
			 requests[i].request);
		http_send(fd, text);
		http_receive(fd, !strncmp(requests[i].request, "HEAD", 4), &response);
		assert_int_equal(response.status, requests[i].want);
		if (requests[i].header)
			assert_non_null(strstr(http_header(&response, requests[i].header),
					       requests[i].value));
		if (requests[i].body && requests[i].body[0]) {
			assert_int_equal(response.body_bytes, strlen(requests[i].body));
			assert_memory_equal(response.body, requests[i].body, response.body_bytes);
		}
		free(response.body);
		close(fd);
	}
}

static int status_with_tag(const char *tag)
{
	struct http_response response;
	int fd = http_connect(port), status;
	char text[256];

	snprintf(text, sizeof(text), "GET /index.html HTTP/1.1\r\nHost: test\r\n%s%s\r\n\r\n",
		 "If-None-Match: ", tag);
	http_send(fd, text);
	http_receive(fd, 0, &response);
	status = response.status;
	free(response.body);
	close(fd);
	return status;
}

static void a_version_is_sent_once(void **state)
{
	struct http_response response;
	char tag[128];

	(void)state;
	http_get(port, "/index.html", &response);
	snprintf(tag, sizeof(tag), "%s", http_header(&response, "ETag"));
	free(response.body);
	assert_int_equal(status_with_tag(tag), 304);
	assert_int_equal(status_with_tag("\"0-0-0\""), 200);
	/* As large and as old as before, but another file. */
	store("/www/next", "<p>HOME</p>", 11);
	assert_int_equal(fs_call_utime(FS_PROC_NR, "/www/next", 1000000, 784111777), 0);
	assert_int_equal(fs_call_rename(FS_PROC_NR, "/www/next", "/www/index.html"), 0);
	assert_int_equal(status_with_tag(tag), 200);
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

int main(void)
{
	static struct shape threads = { RUNTIME_THREADS, 0 };
	static struct shape far = { RUNTIME_COROUTINES, 1 };
	const struct CMUnitTest tests[] = {
		TEST(requests_get_what_they_ask_for, NULL),
		TEST(requests_get_what_they_ask_for, &threads),
		TEST(requests_get_what_they_ask_for, &far),
		TEST(conditions_and_ranges_are_kept, NULL),
		TEST(a_version_is_sent_once, NULL),
		TEST(conditions_and_ranges_are_kept, &far),
		TEST(a_version_is_sent_once, &far),
		TEST(a_connection_is_kept_and_may_be_filled, NULL),
		TEST(a_connection_is_kept_and_may_be_filled, &threads),
		TEST(a_connection_is_kept_and_may_be_filled, &far),
		TEST(requests_are_logged, NULL),
		TEST(what_cannot_be_listened_on_is_said, NULL),
	};

	alarm(300);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
