/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * server.h - FS as a server: its clients, what can be seen of it from outside.
 *
 * A handler's state is its client. Rows are brought up to date after each request,
 * so that who reads them from outside sees how things stood after the last one.
 */
#ifndef MUK_FS_SERVER_H
#define MUK_FS_SERVER_H

#include "fs/fs.h"
#include "fs/operations.h"
#include "protocol/fs.h"

#define FS_CLIENTS_MAX 1024
#define FS_SLOTS       (NR_TASKS + NR_PROCS_MAX)
#define FS_COMMIT_MS   2000 /* a change waits no longer than this */

struct fs_server;

struct client {
	struct fs_server *server;
	struct fs_client_row *row;
	uint64_t users;            /* the server's when PM was asked who it is */
	uint32_t own_uid, own_gid; /* as PM said */
	uint32_t as_uid, as_gid;   /* whose rights it uses; FS_UNCHANGED: its own */
	struct process process;
};

struct fs_server {
	struct server *server;
	struct device *device;
	struct fs *fs;
	uint32_t dev;                      /* major and minor of the root device */
	int32_t pid;                       /* ours: getpid() is a system call */
	bool commit_awaited;               /* the timer is set */
	int commit_error;                  /* of the timer's last commit: told once */
	uint64_t exits_seen;               /* of SYSTASK's list */
	uint64_t users;                    /* how often PM told that somebody's user changed */
	struct client **clients;           /* by slot, FS_SLOTS of them */
	struct fs_client_row *client_rows; /* FS_CLIENTS_MAX */
	struct fs_file_row *file_rows;     /* FS_FILES, beside fs->files */
	struct fs_inode_row *inode_rows;   /* FS_INODES, beside fs->inodes */
	struct fs_super_row super_row;
	struct fs_disk_row disk_row;
};

/* ---- clients.c ---- */
/* The client of an endpoint, made at its first call; EDVSNFILE, EDVSNOMEM. */
int client_find(struct fs_server *server, int endpoint, struct client **ret_client);
/* Its process gets the rights that it is to have. */
void client_use_rights(struct client *client);
/* Closes all that a client has; NULL is fine. */
void client_destroy(struct client *client);
void clients_destroy_all(struct fs_server *server);
/* Asks SYSTASK to tell of ends; drops the clients that have ended. */
void clients_watch(struct fs_server *server);
void clients_drop_dead(struct fs_server *server);

/* ---- rows.c ---- */
int rows_init(struct fs_server *server);
void rows_deinit(struct fs_server *server);
/* All that changed since the last time is to be seen. */
void rows_update(struct fs_server *server);
/* An open file of a client, and the path by which it was opened (NULL: as before). */
void rows_show_file(struct client *client, int fd, const char *path);
void rows_clear_file(struct fs_server *server, const struct file *file);

/* ---- device_rdisk.c ---- */
/* A device of the RDISK at endpoint; name is for messages. */
int device_rdisk_open(int endpoint, int minor, const char *name, struct device **ret_device,
		      char ret_reason[IMAGE_REASON_BYTES]);

/* ---- the handlers ---- */
extern const struct fs_handlers fs_handlers;

/* calls_data.c */
int call_read(void *state, struct server_call *call, const struct fs_read_request *request,
	      struct fs_read_reply *reply);
int call_write(void *state, struct server_call *call, const struct fs_write_request *request,
	       struct fs_write_reply *reply);
int call_pread(void *state, struct server_call *call, const struct fs_pread_request *request,
	       struct fs_pread_reply *reply);
int call_pwrite(void *state, struct server_call *call, const struct fs_pwrite_request *request,
		struct fs_pwrite_reply *reply);
int call_map(void *state, struct server_call *call, const struct fs_map_request *request,
	     struct fs_map_reply *reply);
int call_getdents(void *state, struct server_call *call, const struct fs_getdents_request *request,
		  struct fs_getdents_reply *reply);
int call_readlink(void *state, struct server_call *call, const struct fs_readlink_request *request,
		  struct fs_readlink_reply *reply);
int call_getcwd(void *state, struct server_call *call, const struct fs_getcwd_request *request,
		struct fs_getcwd_reply *reply);

/* calls_status.c */
int call_stat(void *state, struct server_call *call, const struct fs_stat_request *request);
int call_lstat(void *state, struct server_call *call, const struct fs_lstat_request *request);
int call_fstat(void *state, struct server_call *call, const struct fs_fstat_request *request);
int call_statfs(void *state, struct server_call *call, const struct fs_statfs_request *request);
int call_fstatfs(void *state, struct server_call *call, const struct fs_fstatfs_request *request);
int call_chmod(void *state, struct server_call *call, const struct fs_chmod_request *request);
int call_chown(void *state, struct server_call *call, const struct fs_chown_request *request);
int call_fchmod(void *state, struct server_call *call, const struct fs_fchmod_request *request);
int call_fchown(void *state, struct server_call *call, const struct fs_fchown_request *request);
int call_utime(void *state, struct server_call *call, const struct fs_utime_request *request);
int call_access(void *state, struct server_call *call, const struct fs_access_request *request);
int call_truncate(void *state, struct server_call *call, const struct fs_truncate_request *request);
int call_ftruncate(void *state, struct server_call *call,
		   const struct fs_ftruncate_request *request);

/* calls_file.c */
int call_open(void *state, struct server_call *call, const struct fs_open_request *request,
	      struct fs_open_reply *reply);
int call_creat(void *state, struct server_call *call, const struct fs_creat_request *request,
	       struct fs_creat_reply *reply);
int call_close(void *state, struct server_call *call, const struct fs_close_request *request);
int call_dup(void *state, struct server_call *call, const struct fs_dup_request *request,
	     struct fs_dup_reply *reply);
int call_fcntl(void *state, struct server_call *call, const struct fs_fcntl_request *request,
	       struct fs_fcntl_reply *reply);
int call_lseek(void *state, struct server_call *call, const struct fs_lseek_request *request,
	       struct fs_lseek_reply *reply);
int call_fsync(void *state, struct server_call *call, const struct fs_fsync_request *request);
int call_sync(void *state, struct server_call *call);
int call_commit(void *state, struct server_call *call);
int call_as(void *state, struct server_call *call, const struct fs_as_request *request,
	    struct fs_as_reply *reply);
int call_umask(void *state, struct server_call *call, const struct fs_umask_request *request,
	       struct fs_umask_reply *reply);

#endif
