/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pick.c - what the seed decides: the next operation and its arguments.
 *
 * Names are few, so that steps meet what others have left.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "walk.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

uint32_t pick(struct walker *w, uint32_t below)
{
	w->state ^= w->state << 13;
	w->state ^= w->state >> 7;
	w->state ^= w->state << 17;
	return (uint32_t)((w->state >> 20) % below);
}

static const unsigned int weights[OP_COUNT] = {
#define WALK_OP(name, weight) weight,
	WALK_OPS(WALK_OP)
#undef WALK_OP
};

static enum walk_op pick_op(struct walker *w)
{
	unsigned int all = 0, at;
	int op = 0;

	for (int i = 0; i < OP_COUNT; i++)
		all += weights[i];
	for (at = pick(w, all); at >= weights[op]; op++)
		at -= weights[op];
	return (enum walk_op)op;
}

static const char *pick_name(struct walker *w)
{
	static const char *const common[] = { "a", "b", "c", "d", "e", "f", "file" };
	static const char *const rare[] = {
		".",
		"..",
		"a-name-of-thirty-characters-ab",
		"two words",
		"a-name-of-sixty-characters-which-is-all-that-MINIX-V3-gives-",
	};
	uint32_t i = pick(w, 40);

	return i < 35 ? common[i % COUNT(common)] : rare[i - 35];
}

static void add(struct path *path, const char *text)
{
	strcat(path->muk, text);
	strcat(path->host, text);
}

static void add_many(char *text, char c, size_t count)
{
	size_t length = strlen(text);

	memset(text + length, c, count);
	text[length + count] = '\0';
}

/* What the two file systems have different bounds for. */
static void add_too_long(struct walker *w, struct path *path)
{
	if (pick(w, 2)) {
		add_many(path->muk, 'n', 61);
		add_many(path->host, 'n', 256);
		return;
	}
	for (int i = 0; i < 550; i++)
		strcat(path->muk, "x/");
	for (int i = 0; i < 2100; i++)
		strcat(path->host, "x/");
}

static void pick_path(struct walker *w, const struct client *client, bool absolute,
		      struct path *ret_path)
{
	uint32_t depth = 1 + pick(w, 100) % 4 % 3, special = pick(w, 60);

	ret_path->muk[0] = ret_path->host[0] = '\0';
	if (!special && !absolute)
		return;
	if (absolute || !pick(w, 8)) {
		strcpy(ret_path->muk, w->muk_home);
		snprintf(ret_path->host, sizeof(ret_path->host), "%s%s", w->host_root, w->muk_home);
		add(ret_path, "/");
	}
	for (uint32_t i = 0; i < depth; i++) {
		add(ret_path, i ? "/" : "");
		add(ret_path, pick_name(w));
	}
	if (special == 1)
		add(ret_path, "/");
	else if (special == 2)
		add(ret_path, "//.");
	/* The shell has an answer of its own to what no message can carry. */
	else if (special == 3 && !client->is_shell)
		add_too_long(w, ret_path);
}

/* The shell takes paths apart itself before it moves files: only plain ones for it. */
static void pick_plain(struct walker *w, struct path *ret_path)
{
	static const char *const names[] = { "/a", "/b", "/c", "/d/a", "/e/b", "/file" };

	strcpy(ret_path->muk, w->muk_home);
	strcat(ret_path->muk, names[pick(w, COUNT(names))]);
	snprintf(ret_path->host, sizeof(ret_path->host), "%s%s", w->host_root, ret_path->muk);
}

/* A symbolic link's target is text: the same on both sides. */
static void pick_target(struct walker *w, struct path *ret_path)
{
	ret_path->muk[0] = '\0';
	for (uint32_t i = 0, depth = 1 + pick(w, 3) % 2; i < depth; i++) {
		strcat(ret_path->muk, i ? "/" : "");
		strcat(ret_path->muk, pick_name(w));
	}
	strcpy(ret_path->host, ret_path->muk);
}

/* One of the folders above our work, which nobody removes. */
static void pick_folder(struct walker *w, struct path *ret_path)
{
	size_t length = strlen(w->muk_home) - 2 * pick(w, 3);

	snprintf(ret_path->muk, sizeof(ret_path->muk), "%.*s", (int)length, w->muk_home);
	snprintf(ret_path->host, sizeof(ret_path->host), "%s%s", w->host_root, ret_path->muk);
}

static uint32_t pick_open_flags(struct walker *w)
{
	static const uint32_t how[] = { O_RDONLY, O_WRONLY, O_RDWR, O_RDWR, O_RDWR };
	static const uint32_t more[] = {
		0,
		O_CREAT,
		O_CREAT,
		O_CREAT,
		O_CREAT | O_EXCL,
		O_CREAT | O_TRUNC,
		O_TRUNC,
		O_APPEND | O_CREAT,
		FS_OPEN_NOFOLLOW,
		FS_OPEN_NOFOLLOW | O_CREAT,
		FS_OPEN_DIRECTORY,
	};
	uint32_t flags = how[pick(w, COUNT(how))];

	return flags | more[pick(w, COUNT(more))];
}

/* Owners keep their rights, so that it is the same for root and others. */
static uint32_t pick_mode(struct walker *w)
{
	static const uint32_t modes[] = { 0755, 0700, 0644, 0777, 0711, 01777, 0640 };

	return modes[pick(w, COUNT(modes))] | (geteuid() ? 0700 : 0);
}

static int64_t pick_place(struct walker *w)
{
	static const uint32_t most[] = { 3, 3000, 20000, 200000, 3000000, 60000000 };
	uint32_t i = pick(w, 200);

	if (i == 0)
		return -1;
	if (i == 1)
		return WALK_FILE_MAX + 1 + (int64_t)pick(w, 3) * 5000000000;
	return pick(w, most[pick(w, i % 8 ? 4 : 6)]);
}

static void pick_data(struct walker *w, struct step *step)
{
	static const uint32_t most[] = { 10, 100, 1024, 1025, 5000, 9000, WALK_DATA_MAX };

	step->bytes = pick(w, most[pick(w, COUNT(most))]);
	for (uint32_t i = 0; i < step->bytes; i += 61)
		step->data[i] = (char)pick(w, 256);
}

static uint32_t pick_flags(struct walker *w, enum walk_op op)
{
	if (op == OP_OPEN)
		return pick_open_flags(w);
	if (op == OP_LSEEK)
		return pick(w, 3);
	if (op == OP_ACCESS)
		return pick(w, 8);
	if (op == OP_UMASK)
		return pick(w, 4) ? 022 : pick(w, 0100);
	if (op == OP_CHOWN)
		return geteuid() ? geteuid() : pick(w, 3) * 1000;
	return pick_mode(w);
}

void pick_step(struct walker *w, const struct client *client, struct step *step)
{
	static const int64_t times[] = { 0, 1, 86400, 1000000000, 1234567890, 2147483647 };

	step->op = pick_op(w);
	/* What M3FTP stores is its own, and so root's: others could not go on with it. */
	if (step->op == OP_PUT && geteuid())
		step->op = OP_GET;
	step->fd = (int)pick(w, WALK_FDS + 1);
	step->flags = pick_flags(w, step->op);
	step->mode =
		step->op == OP_CHOWN ? (geteuid() ? getegid() : pick(w, 3) * 500) : pick_mode(w);
	step->place = step->op == OP_UTIME ? times[pick(w, COUNT(times))] : pick_place(w);
	/* Linux has a bound of its own here, and moves where MINIX's file system refuses. */
	if (step->op == OP_LSEEK && step->place > WALK_FILE_MAX)
		step->place = WALK_FILE_MAX / 64;
	pick_data(w, step);
	pick_path(w, client, step->op == OP_GET || step->op == OP_PUT, &step->path);
	if (client->is_shell && (step->op == OP_GET || step->op == OP_PUT))
		pick_plain(w, &step->path);
	pick_path(w, client, false, &step->to);
	if (step->op == OP_SYMLINK) {
		step->to = step->path;
		pick_target(w, &step->path);
	}
	if (step->op == OP_CHDIR)
		pick_folder(w, &step->path);
}
