/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * target_servers.c - messages that nobody meant, to servers in this very process.
 *
 * The servers are tasks of one thread, their client is another: so the coverage
 * of their handlers guides what is sent. A call that is not answered in time is a
 * fault. Now and then the servers are stopped: that must succeed, and fsck.minix
 * must find their disk clean; then they start anew on a fresh one.
 */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "disk.h"
#include "fs/fs.h"
#include "input.h"
#include "is/is.h"
#include "m3ftp/m3ftp.h"
#include "pm/pm.h"
#include "protocol/is.h"
#include "protocol/server.h"
#include "rdisk/rdisk.h"
#include "runtime/task.h"
#include "systask/systask.h"

#define DCID        6
#define KIB         512
#define CALLS       12
#define CALL_MS     3000
#define STOP_MS     3000
#define LIFE_INPUTS 4096 /* that the servers get before they start anew */
#define ARENA_BYTES (64u << 10)
#define HOLE_BYTES  (16u << 20) /* behind the arena; nobody may touch it */
#define DISK_MINOR  0

extern const struct server_type server_type_clock;
const struct server_type *const server_types[] = { NULL };
const int server_type_count = 0;

static struct systask_config systask;
static struct rdisk_config rdisk;
static struct fs_config fs;
static struct m3ftp_config m3ftp = { .endpoint = M3FTP_PROC_NR, .fs_ep = FS_PROC_NR };
static struct is_config is;

static const struct {
	const struct server_type *type;
	const void *config;
} parts[] = {
	{ &server_type_systask, &systask }, { &server_type_clock, NULL },
	{ &server_type_pm, NULL },          { &server_type_rdisk, &rdisk },
	{ &server_type_fs, &fs },           { &server_type_m3ftp, &m3ftp },
	{ &server_type_is, &is },
};
#define PARTS (sizeof(parts) / sizeof(parts[0]))

static struct {
	pthread_t thread;
	int ready[2], stop[2]; /* pipes */
	int inputs;
	int is_up;
} house;
static struct disk disk;
static char disk_path[4096];
static unsigned char *arena, *arena_fresh;

/* ---- the servers' thread -------------------------------------------------------- */

static void keep_house(void *unused)
{
	struct server *servers[PARTS];
	size_t count;
	char byte = 1;

	(void)unused;
	for (count = 0; count < PARTS; count++) {
		struct server_options options = { .nr = parts[count].type->nr,
						  .config = parts[count].config };

		MUST(server_start(parts[count].type, &options, &servers[count]) == 0);
	}
	MUST(write(house.ready[1], &byte, 1) == 1);
	while (task_wait_fd(house.stop[0], POLLIN, -1) == EDVSWOKENUP)
		;
	while (count)
		MUST(server_stop(servers[--count], STOP_MS) == 0);
	runtime_stop();
}

static void *run_house(void *unused)
{
	struct task_options task = { .name = "init", .nr = NONE };

	MUST(runtime_run(RUNTIME_COROUTINES, &task, keep_house, unused) == 0);
	return NULL;
}

static void house_start(void)
{
	char byte;

	fuzz_write(disk_path, disk.bytes, disk.size);
	unlink(is.is_file);
	MUST(pipe(house.ready) == 0 && pipe(house.stop) == 0);
	MUST(pthread_create(&house.thread, NULL, run_house, NULL) == 0);
	MUST(read(house.ready[0], &byte, 1) == 1);
	MUST(dvk_is_endpoint(dvk_bind(NONE, "client")));
	house.inputs = 0;
	house.is_up = 1;
}

static void house_end(void)
{
	char command[3 * sizeof(disk_path)];

	if (!house.is_up)
		return;
	house.is_up = 0;
	if (dvk_is_endpoint(dvk_getep(0)))
		(void)dvk_unbind(SELF, 0);
	close(house.stop[1]);
	MUST(pthread_join(house.thread, NULL) == 0);
	close(house.stop[0]);
	close(house.ready[0]);
	close(house.ready[1]);
	snprintf(command, sizeof(command),
		 "PATH=$PATH:/sbin:/usr/sbin fsck.minix -f '%s' >'%s.fsck' || { cat '%s.fsck'; "
		 "false; }",
		 disk_path, disk_path, disk_path);
	MUST(system(command) == 0);
}

static void make_arena(void)
{
	struct {
		uint64_t address, bytes;
	} pieces[64];

	arena = mmap(NULL, ARENA_BYTES + HOLE_BYTES, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	arena_fresh = malloc(ARENA_BYTES);
	MUST(arena != MAP_FAILED && arena_fresh);
	MUST(mprotect(arena + ARENA_BYTES, HOLE_BYTES, PROT_NONE) == 0);
	memset(arena_fresh, 'a', ARENA_BYTES);
	for (size_t i = 0; i < 64; i++) {
		pieces[i].address = dvk_address(arena) + 2048 + 128 * i;
		pieces[i].bytes = i % 16 == 15 ? 1u << 20 : 16 * i;
	}
	memcpy(arena_fresh, pieces, sizeof(pieces));
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct dvk_options options = { .dir = fuzz_folder(), .flags = DVK_CREATE };

	(void)argc;
	(void)argv;
	disk_make("-3", KIB, &disk);
	snprintf(disk_path, sizeof(disk_path), "%s", fuzz_path("image"));
	systask.dir = is.dir = fuzz_folder();
	snprintf(is.is_file, sizeof(is.is_file), "%s", fuzz_path("is.out"));
	rdisk = (struct rdisk_config){ .count = 2 };
	rdisk.devices[0] = (struct rdisk_device_config){ .type = RDISK_FILE_IMAGE, .active = 1 };
	snprintf(rdisk.devices[0].image_file, RDISK_NAME_BYTES, "%s", disk_path);
	rdisk.devices[1] = (struct rdisk_device_config){
		.minor = 1, .type = RDISK_MEMORY_IMAGE, .active = 1, .buffer = 64 << 10
	};
	fs = (struct fs_config){ .count = 1, .rdisk_ep = RDISK_PROC_NR };
	fs.devices[0] = (struct fs_device_config){ .type = FS_RDISK_IMG, .root_dev = 1 };
	make_arena();
	MUST(dvk_open(DCID, &options) == 0);
	house_start();
	atexit(house_end);
	return 0;
}

/* ---- messages ------------------------------------------------------------------- */

/*
 * An address of a client in the servers' own process: what servers write there must
 * not be the servers, so it is in the arena, in the hole behind it, or in no memory.
 */
static uint64_t tame(uint64_t address)
{
	if (address % 8 == 7)
		return address | 0xffff000000000000u;
	if (address % 8 == 6)
		return address % 4096;
	if (address % 8 == 5)
		return dvk_address(arena) + ARENA_BYTES - address / 8 % 64;
	if (address % 8 == 4)
		return dvk_address(arena) + ARENA_BYTES + address / 8 % HOLE_BYTES;
	return dvk_address(arena) + address / 8 % 512;
}

static void put_path(struct input *in, void *place, size_t room)
{
	static const char *const paths[] = {
		"/",         "/d",   "/d/e", "/big",   "/link/file", "/new",
		"/d/../new", "hard", "",     "/d/new", ".",
	};
	struct {
		uint64_t address;
		uint32_t bytes;
	} head = { tame(take(in, 4)), 0 };
	char *text = (char *)place + 12;

	strncpy(text, paths[take_below(in, sizeof(paths) / sizeof(paths[0]))], room);
	if (take(in, 1) % 8 == 0)
		take_bytes(in, text, room);
	head.bytes = take(in, 1) % 8 ? (uint32_t)strnlen(text, room) : (uint32_t)take_number(in);
	memcpy(place, &head.address, 8);
	memcpy((char *)place + 8, &head.bytes, 4);
}

static void put_buffer(struct input *in, void *place)
{
	struct protocol_buffer buffer = { tame(take(in, 4)), (uint32_t)take_number(in), 0 };

	memcpy(place, &buffer, sizeof(buffer));
}

static void put_field(struct input *in, message *m, const struct protocol_field *field)
{
	unsigned char *place = m->payload + field->offset;
	uint64_t number = take_number(in);

	if (field->kind == PROTOCOL_PATH) {
		put_path(in, place, PROTOCOL_PATH_TEXT);
	} else if (field->kind == PROTOCOL_NAME) {
		put_path(in, place, PROTOCOL_NAME_TEXT);
	} else if (field->kind == PROTOCOL_IN || field->kind == PROTOCOL_OUT) {
		put_buffer(in, place);
	} else if (field->bytes <= sizeof(number)) {
		if (field->kind == PROTOCOL_HEX)
			number = tame(number);
		else if (field->set && number % 2)
			number &= field->set->all;
		memcpy(place, &number, field->bytes);
	}
}

/*
 * Some garbage means something: who writes to the disk below FS spoils it, SIGKILL
 * ends this process, and IS takes milliseconds for a dump.
 */
static void spare(struct input *in, const struct protocol *to, message *m)
{
	if (strcmp(to->name, "rdisk") == 0 && m->m1_i1 == DISK_MINOR)
		m->m1_i1 = 1;
	if (m->m1_i2 == SIGKILL)
		m->m1_i2 = SIGUSR1;
	if (strcmp(to->name, "is") == 0 && m->m_type == IS_CALL_DUMP && take(in, 1) != 64)
		m->m_type = SERVER_CALL_PING;
}

/* A call of that server with fields made for it; what has no table is not called. */
static void take_message(struct input *in, const struct protocol *to, message *m)
{
	const struct protocol_call *call;

	memset(m, 0, sizeof(*m));
	m->m_type = to->calls[take_below(in, (uint32_t)to->count)].number;
	if (take(in, 1) % 32 == 0)
		m->m_type = (int)take_number(in);
	call = protocol_call_by_number(to, m->m_type);
	for (int i = 0; call && i < call->request_count; i++)
		put_field(in, m, &call->request[i]);
	spare(in, to, m);
}

/* systask.exit and pm.exit of oneself are obeyed, of a mere send some time later. */
static void bind_again(void)
{
	if (!dvk_is_endpoint(dvk_getep(0)))
		MUST(dvk_is_endpoint(dvk_bind(NONE, "client")));
}

static void call(struct input *in)
{
	const struct server_type *type = parts[take_below(in, PARTS)].type;
	uint8_t how = (uint8_t)take(in, 1);
	message m;
	int result;

	take_message(in, type->protocol, &m);
	if (how % 32 == 0)
		result = dvk_send_T(type->nr, &m, CALL_MS);
	else if (how % 32 == 1)
		result = dvk_notify(type->nr);
	else
		result = dvk_sendrec_T(type->nr, &m, CALL_MS);
	MUST(result != EDVSTIMEDOUT && result != EDVSNOTREADY && result != EDVSDEADSRCDST);
	bind_again();
}

static void all_answer(void)
{
	for (size_t i = 0; i < PARTS; i++) {
		struct server_ping_reply reply;
		int result = server_call_ping(parts[i].type->nr, &reply);

		if (result == EDVSNOTBIND) {
			bind_again();
			result = server_call_ping(parts[i].type->nr, &reply);
		}
		if (result < 0)
			fprintf(stderr, "%s: %s\n", parts[i].type->name, dvk_strerror(result));
		MUST(result == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };

	memcpy(arena, arena_fresh, ARENA_BYTES);
	for (int i = 0; i < CALLS && in.left; i++)
		call(&in);
	if (++house.inputs % 256 == 0)
		all_answer();
	if (house.inputs == LIFE_INPUTS) {
		house_end();
		house_start();
	}
	return 0;
}
