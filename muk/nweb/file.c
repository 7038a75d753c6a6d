/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * file.c - what is asked of FS for a request: its file is found, opened, read.
 *
 * Everything here runs in a worker's slot and may wait for FS. Each request opens
 * its file by message. A small one is read and closed at once; of a large one the
 * descriptor stays open while it is sent. Descriptors of one file are shared, since
 * FS gives a process only so many of them.
 *
 * Bytes are copied from FS's mapped pages into the response's buffer right after FS
 * has said where they are: before FS runs again, so that pages that are freed and
 * used anew meanwhile are never sent.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "nweb/web.h"

/* The HTTP status for an error of FS. */
static int status_of(int error)
{
	switch (error) {
	case EDVSNOENT:
	case EDVSNOTDIR:
	case EDVSNAMETOOLONG:
	case EDVSLOOP:
		return 404;
	case EDVSACCES:
	case EDVSPERM:
	case EDVSNXIO: /* a pipe or a device */
	case EDVSNODEV:
	case EDVSNOSYS:
		return 403;
	case EDVSNFILE:
	case EDVSMFILE:
	case EDVSNOMEM:
	case EDVSDEADSRCDST:
	case EDVSSRCDIED:
	case EDVSDSTDIED:
	case EDVSENDPOINT:
	case EDVSTIMEDOUT:
	case EDVSNOTREADY:
		return 503;
	default:
		return 500;
	}
}

int64_t web_file_copy(struct web *web, const struct web_file *file, uint64_t at, char *ret_data,
		      size_t max)
{
	struct fs_pread_reply got;
	struct fs_map_reply map;
	int error;

	if (web->fs_is_near && !fs_call_map(web->config->fs_ep, file->fd, (int64_t)at, &map) &&
	    map.pid == web->pid) {
		if (map.bytes > max)
			map.bytes = max;
		if (map.bytes)
			memcpy(ret_data, (const void *)(uintptr_t)map.address, map.bytes);
		return (int64_t)map.bytes;
	}
	error = fs_call_pread(web->config->fs_ep, file->fd, (int64_t)at, ret_data, (uint32_t)max,
			      &got);
	if (!error && got.bytes > max)
		error = EDVSIO;
	return error ? error : (int64_t)got.bytes;
}

/* Reads the request's range of an open small file; a file that shrank is an error. */
static int read_small(struct web *web, struct request *request, const struct web_file *file)
{
	uint64_t done = 0;

	request->small = malloc(request->range.bytes + 1);
	if (!request->small)
		return EDVSNOMEM;
	while (done < request->range.bytes) {
		int64_t got = web_file_copy(web, file, request->range.from + done,
					    request->small + done, request->range.bytes - done);

		if (got <= 0)
			return got ? (int)got : EDVSIO;
		done += (uint64_t)got;
	}
	return 0;
}

/* The first file tells whether FS's pages are ours to read. */
static void look_where_fs_is(struct web *web, const struct web_file *file)
{
	struct fs_map_reply map;

	if (!web->fs_is_near && file->size && !fs_call_map(web->config->fs_ep, file->fd, 0, &map) &&
	    map.pid == web->pid)
		web->fs_is_near = 1;
}

/* Keeps the file open for sending, or closes it and shares one that is open. */
static int keep(struct worker *worker, struct request *request, const struct web_file *opened)
{
	struct web_file *file;

	LIST_FOREACH(file, &worker->files, link)
	if (file->ino == opened->ino && file->dev == opened->dev && file->mtime == opened->mtime &&
	    file->size == opened->size) {
		file->references++;
		request->file = file;
		return fs_call_close(worker->web->config->fs_ep, opened->fd);
	}
	file = malloc(sizeof(*file));
	if (!file) {
		(void)fs_call_close(worker->web->config->fs_ep, opened->fd);
		return EDVSNOMEM;
	}
	*file = *opened;
	file->references = 1;
	LIST_INSERT_HEAD(&worker->files, file, link);
	request->file = file;
	return 0;
}

void web_file_release(struct worker *worker, struct web_file *file)
{
	if (--file->references)
		return;
	LIST_REMOVE(file, link);
	/* The files of a worker that has ended are closed by FS. */
	if (!worker->ended)
		(void)fs_call_close(worker->web->config->fs_ep, file->fd);
	free(file);
}

/* The client has this version of the file. */
static int is_known(const struct request *request, const struct web_file *file)
{
	const struct web_version version = { file->ino, file->size, file->mtime };
	char tag[WEB_TAG_BYTES];

	if (!request->tags)
		return request->since >= 0 && file->mtime <= request->since;
	web_tag_format(&version, tag);
	return web_tag_matches(request->tags, tag);
}

/* The file is open: what of it is asked for? Takes over the descriptor. */
static int take_content(struct worker *worker, struct request *request, const struct web_file *file)
{
	struct web *web = worker->web;
	int error;

	look_where_fs_is(web, file);
	request->status = 200;
	request->range = (struct web_range){ 0, file->size };
	if (is_known(request, file))
		request->status = 304;
	else
		request->status =
			web_range_parse(request->range_header, file->size, &request->range);
	if (request->is_head || request->status >= 300)
		return fs_call_close(web->config->fs_ep, file->fd);
	if (request->range.bytes > WEB_SMALL_BYTES)
		return keep(worker, request, file);
	error = read_small(web, request, file);
	(void)fs_call_close(web->config->fs_ep, file->fd);
	return error;
}

/* Opens the path and asks what it is; *ret_file has the descriptor. */
static int open_path(struct worker *worker, struct request *request, struct web_file *ret_file)
{
	int fs_ep = worker->web->config->fs_ep, error;
	struct fs_open_reply opened;

	error = fs_call_open(fs_ep, request->path.text, FS_OPEN_RDONLY | FS_OPEN_NONBLOCK, 0,
			     &opened);
	if (error)
		return error;
	error = fs_call_fstat(fs_ep, opened.fd, &request->stat, sizeof(request->stat));
	if (error) {
		(void)fs_call_close(fs_ep, opened.fd);
		return error;
	}
	*ret_file = (struct web_file){
		.owner = worker,
		.ino = request->stat.ino,
		.dev = request->stat.dev,
		.size = request->stat.size,
		.mtime = request->stat.mtime,
		.fd = opened.fd,
	};
	return 0;
}

/* A folder is its index; without a slash at its end the client is sent there. */
static int open_folder(struct worker *worker, struct request *request, struct web_file *file)
{
	int error = fs_call_close(worker->web->config->fs_ep, file->fd);

	if (error)
		return status_of(error);
	if (!request->path.is_folder)
		return 301;
	web_path_index(&request->path);
	error = open_path(worker, request, file);
	if (error)
		return error == EDVSNOENT ? 403 : status_of(error);
	return 0;
}

/*
 * What is served is what that user may read. A slot begins with the superuser's rights,
 * and so it does in an FS that came after one that has died.
 */
static int take_rights(struct worker *worker)
{
	const struct nweb_config *config = worker->web->config;
	struct fs_as_reply before;
	int error;

	if (worker->has_rights)
		return 0;
	error = fs_call_as(config->fs_ep, (uint32_t)config->uid, (uint32_t)config->gid, &before);
	/* Who is not the superuser keeps the rights that PM says. */
	if (error && error != EDVSPERM)
		return error;
	worker->has_rights = 1;
	return 0;
}

void web_file_open(struct worker *worker, struct request *request)
{
	struct web_file file;
	int error, status = 0;

	error = take_rights(worker);
	if (!error)
		error = open_path(worker, request, &file);
	if (error) {
		request->status = status_of(error);
		worker->has_rights &= request->status != 503;
		return;
	}
	if (S_ISDIR(request->stat.mode))
		status = open_folder(worker, request, &file);
	if (status) {
		request->status = status;
		return;
	}
	if (!S_ISREG(request->stat.mode)) {
		(void)fs_call_close(worker->web->config->fs_ep, file.fd);
		request->status = 403;
		return;
	}
	error = take_content(worker, request, &file);
	if (error)
		request->status = status_of(error);
}

void web_file_read(struct worker *worker, struct body *body)
{
	int64_t got =
		web_file_copy(worker->web, body->file, body->at, body->piece, WEB_PIECE_BYTES);

	body->error = got < 0 ? (int)got : got ? 0 : EDVSIO;
	body->bytes = got > 0 ? (uint64_t)got : 0;
}
