/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rows.c - FS as it is seen from outside: superblock, inodes, files, clients.
 *
 * The rows are registered with the DC and read without asking FS, also when it
 * hangs. A row of zeros is free.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fs/format.h"
#include "fs/server.h"

static void begin_super(struct fs_server *server)
{
	const struct super *super = &server->fs->super;

	server->super_row = (struct fs_super_row){
		.dev = server->dev,
		.magic = super->format->magic,
		.version = super->format->version,
		.block_bytes = (int32_t)super->block_bytes,
		.zone_bytes = (int32_t)super_zone_bytes(super),
		.log_zone_size = (int32_t)super->log_zone,
		.inodes = super->ninodes,
		.zones = super->zones,
		.imap_blocks = (int32_t)(super->zmap_block - super->imap_block),
		.zmap_blocks = (int32_t)(super->inode_block - super->zmap_block),
		.first_data_zone = (int32_t)super->first_zone,
		.inodes_per_block = (int32_t)super->inodes_per_block,
		.max_size = super->max_size,
		.read_only = super->read_only,
	};
}

/* None of this changes while the file system is mounted. */
static void begin_disk(struct fs_server *server)
{
	const struct fs *fs = server->fs;
	const struct device *device = server->device;

	server->disk_row = (struct fs_disk_row){
		.dev = server->dev,
		.pid = device->map ? server->pid : device->outside_pid,
		.map = device->map ? dvk_address(device->map) : device->outside,
		.bytes = device->bytes,
		.block_bytes = (int32_t)fs->blocks.block_bytes,
		.overlay_buckets = (uint64_t)fs->blocks.hash_mask + 1,
		.overlay = dvk_address(fs->blocks.hash),
		.block_nr = offsetof(struct block, nr),
		.block_next = offsetof(struct block, hash_next),
		.block_data = offsetof(struct block, bytes),
		.inode_count = FS_INODES,
		.inodes = dvk_address(fs->inodes),
		.inode_bytes = sizeof(struct inode),
		.inode_nr = offsetof(struct inode, nr),
		.inode_refs = offsetof(struct inode, refs),
		.inode_changed = offsetof(struct inode, changed),
		.inode_disk = offsetof(struct inode, mode),
		.changes = dvk_address(&fs->changes),
	};
}

/* What begin_disk() promises: an inode in core has the fields of V2's in their order. */
#define SAME_PLACE(field, disk_field)                                                 \
	static_assert(offsetof(struct inode, field) - offsetof(struct inode, mode) == \
			      offsetof(struct disk_inode_v2, disk_field),             \
		      "an inode in core is one of V2")
SAME_PLACE(nlinks, i_nlinks);
SAME_PLACE(uid, i_uid);
SAME_PLACE(gid, i_gid);
SAME_PLACE(size, i_size);
SAME_PLACE(atime, i_atime);
SAME_PLACE(mtime, i_mtime);
SAME_PLACE(ctime, i_ctime);
SAME_PLACE(zones, i_zone);

static void update_super(struct fs_server *server)
{
	const struct fs *fs = server->fs;
	struct fs_super_row *row = &server->super_row;

	row->inodes_used = fs->super.ninodes - fs->super.free_inodes;
	row->zones_used = fs->super.zones - fs->super.first_zone - fs->super.free_zones;
	row->state = fs->super.corrupt;
	row->dirty_blocks = fs->blocks.counts[BLOCK_DATA] + fs->blocks.counts[BLOCK_META];
	if (row->commits != fs->commits) {
		row->commits = fs->commits;
		row->last_commit_ns = server_now_ns();
	}
}

static void show_inode(const struct fs_server *server, const struct inode *ip,
		       struct fs_inode_row *row)
{
	if (!ip->nr) {
		*row = (struct fs_inode_row){ 0 };
		return;
	}
	*row = (struct fs_inode_row){
		.ino = ip->nr,
		.dev = server->dev,
		.mode = ip->mode,
		.nlink = ip->nlinks,
		.uid = ip->uid,
		.gid = ip->gid,
		.references = (int32_t)ip->refs,
		.size = ip->size,
		.zones = ip->nr_zones < 0 ? 0 : (uint64_t)ip->nr_zones,
		.dirty = ip->changed,
		.atime = ip->atime,
		.mtime = ip->mtime,
		.ctime = ip->ctime,
	};
}

void rows_update(struct fs_server *server)
{
	struct fs *fs = server->fs;

	while (fs->nr_marked) {
		uint32_t i = fs->marked[--fs->nr_marked];
		struct inode *ip = &fs->inodes[i];

		ip->marked = false;
		/* Most were held no longer than for a look at them. */
		if (!ip->stale && ip->refs == ip->shown_refs)
			continue;
		ip->stale = false;
		ip->shown_refs = ip->refs;
		show_inode(server, ip, &server->inode_rows[i]);
	}
	update_super(server);
}

void rows_show_file(struct client *client, int fd, const char *path)
{
	const struct file *file = client->process.files[fd];
	struct fs_server *server = client->server;
	struct fs_file_row *row = &server->file_rows[file - server->fs->files];

	row->ino = file->inode->nr;
	row->position = (int64_t)file->position;
	row->flags = (uint32_t)file->flags;
	row->references = (int32_t)file->refs;
	if (path) {
		row->owner = client->process.endpoint;
		row->fd = fd;
		protocol_put_text(row->path, sizeof(row->path), path);
	}
}

void rows_clear_file(struct fs_server *server, const struct file *file)
{
	memset(&server->file_rows[file - server->fs->files], 0, sizeof(struct fs_file_row));
}

static int register_all(struct fs_server *server)
{
	const struct {
		const char *type;
		unsigned int version;
		const void *rows;
		unsigned int count;
		size_t bytes;
	} tables[] = {
		{ "fs.super", FS_SUPER_VERSION, &server->super_row, 1, sizeof(server->super_row) },
		{ "fs.disk", FS_DISK_VERSION, &server->disk_row, 1, sizeof(server->disk_row) },
		{ "fs.inode", FS_INODE_VERSION, server->inode_rows, FS_INODES,
		  sizeof(server->inode_rows[0]) },
		{ "fs.file", FS_FILE_VERSION, server->file_rows, FS_FILES,
		  sizeof(server->file_rows[0]) },
		{ "fs.client", FS_CLIENT_VERSION, server->client_rows, FS_CLIENTS_MAX,
		  sizeof(server->client_rows[0]) },
	};

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		int error = dvk_register_table(tables[i].type, tables[i].version, tables[i].rows,
					       tables[i].count, (unsigned int)tables[i].bytes);

		if (error)
			return error;
	}
	return 0;
}

int rows_init(struct fs_server *server)
{
	server->client_rows = calloc(FS_CLIENTS_MAX, sizeof(server->client_rows[0]));
	server->file_rows = calloc(FS_FILES, sizeof(server->file_rows[0]));
	server->inode_rows = calloc(FS_INODES, sizeof(server->inode_rows[0]));
	if (!server->client_rows || !server->file_rows || !server->inode_rows)
		return EDVSNOMEM;
	begin_super(server);
	begin_disk(server);
	rows_update(server);
	return register_all(server);
}

void rows_deinit(struct fs_server *server)
{
	free(server->client_rows);
	free(server->file_rows);
	free(server->inode_rows);
}
