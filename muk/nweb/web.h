/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * web.h - NWEB's inside, shared by its files alone.
 *
 * The server's own task answers messages. A second one, the web task, runs
 * libmicrohttpd and nothing else calls into it (but MHD_resume_connection). What is
 * asked of FS is a job, done by a worker, which owns the files of FS that it opened:
 *
 *   - the web task is a worker too: when FS lives in our process and its files can
 *     be mapped, a job is a few switches between coroutines and is done at once;
 *   - else, and for a while after such a job took long, the connection is suspended
 *     and one of WEB_WORKERS tasks does the job, so that nobody else waits.
 */
#ifndef MUK_NWEB_WEB_H
#define MUK_NWEB_WEB_H

#include <pthread.h>
#include <sys/queue.h>

#include "nweb/header.h"
#include "nweb/mhd.h"
#include "nweb/nweb.h"
#include "nweb/path.h"
#include "protocol/fs.h"
#include "protocol/nweb.h"
#include "runtime/task.h"

#define WEB_WORKERS         4
#define WEB_CONNECTIONS_MAX 1024
#define WEB_IDLE_SECONDS    60          /* then a connection that says nothing is closed */
#define WEB_MEMORY_BYTES    (8u << 10)  /* of a connection: its headers; zeroed for each request */
#define WEB_SMALL_BYTES     (64u << 10) /* up to here a file is read at once and closed */
#define WEB_PIECE_BYTES \
	(64u << 10) /* read at once of a larger one: stays in the processor's cache */
#define WEB_LOG_BYTES   (64u << 10)
#define WEB_STACK_BYTES (256u << 10) /* libmicrohttpd's frames are large */
#define WEB_SLOW_NS     20000000     /* a job that takes longer is not done at once again */
#define WEB_TRUST_NS    2000000000   /* ... for this long */

struct web;
struct worker;

/* A file of FS that is being sent; several connections may share one. */
struct web_file {
	LIST_ENTRY(web_file) link; /* in its owner's files */
	struct worker *owner;
	uint64_t ino;
	uint64_t size;
	int64_t mtime;
	uint32_t dev;
	int fd;
	int references;
};

/* What is to be done: see file.c. */
enum job_kind {
	JOB_OPEN,  /* a request's */
	JOB_READ,  /* a body's */
	JOB_CLOSE, /* a body's last: frees it */
	JOB_DROP,  /* a request's last: its file is not sent; frees it */
};

struct job {
	STAILQ_ENTRY(job) link;
	enum job_kind kind;
	struct MHD_Connection *connection; /* resumed afterwards; NULL: nobody waits */
};
STAILQ_HEAD(job_list, job);

/* The body of a response that is sent piece by piece. */
struct body {
	struct job job;
	struct web_file *file;
	struct MHD_Connection *connection;
	uint64_t from;  /* the response's first byte in the file */
	uint64_t at;    /* of the file: where the piece begins */
	uint64_t bytes; /* of the piece, 0: none */
	int error;      /* the last reading failed */
	char *piece;    /* WEB_PIECE_BYTES, when somebody else reads for the web task */
};

/* WORKING: it is the worker's alone until the connection is resumed. */
enum request_state { REQUEST_NEW, REQUEST_WORKING };

struct request {
	struct job job;
	struct web *web;
	enum request_state state;
	int is_head;
	int status;               /* of the response */
	int64_t since;            /* If-Modified-Since, or -1 */
	const char *range_header; /* of libmicrohttpd, as is the next */
	const char *tags;         /* If-None-Match; it goes before since */
	struct web_range range;
	struct fs_stat stat;
	struct web_file *file; /* a large one, a reference of ours */
	char *small;           /* a small one's bytes, ours */
	uint64_t sent;         /* bytes of the body, for the log */
	const char *method;    /* of libmicrohttpd, as are these two */
	const char *url;
	const char *version;
	struct web_path path;
};

/* Who does jobs. */
struct worker {
	struct web *web;
	struct task *task;                    /* under web->mutex */
	struct job_list jobs;                 /* under web->mutex */
	int waiting;                          /* how many jobs; under web->mutex */
	int has_rights;                       /* FS knows whose it has; the worker's alone */
	int ended;                            /* does no more jobs; set under web->mutex */
	LIST_HEAD(web_files, web_file) files; /* the worker's alone */
};

struct web {
	struct nweb_server_row row; /* the registered table */
	const struct nweb_config *config;
	struct mhd mhd;
	pid_t pid; /* ours: getpid() is a system call */
	struct MHD_Daemon *daemon;
	int listen_fd;
	int epoll_fd;
	char listens[80]; /* "tcp 127.0.0.1:8080", for ps */
	int log_fd;       /* -1: no log */
	char *log;        /* WEB_LOG_BYTES of lines that are not written yet */
	size_t log_used;
	int64_t log_second; /* for which log_date was made */
	char log_date[40];
	int64_t date_of; /* the same for Last-Modified */
	char date[WEB_DATE_BYTES];
	struct worker self; /* the web task as a worker */
	struct worker workers[WEB_WORKERS];
	_Atomic int fs_is_near;   /* 1: its files can be mapped by us */
	int64_t workers_until_ns; /* the web task does no jobs before */
	pthread_mutex_t mutex;
	int tasks;                 /* that have not ended; under mutex */
	struct task *stopper;      /* is woken when one ends; under mutex */
	struct task *task;         /* the web task; under mutex */
	_Atomic int stopping;      /* requests get 503, workers end */
	_Atomic int workers_ended; /* after that the web task ends */
};

/* Counts in the table's row, which the server's task reads while the web task writes. */
static inline void web_count(uint64_t *counter, uint64_t more)
{
	__atomic_fetch_add(counter, more, __ATOMIC_RELAXED);
}

/* ---- listen.c ---- */
/* Opens the socket that the configuration asks for and fills listens and row.port. */
int web_listen(struct web *web);

/* ---- serve.c: libmicrohttpd and the web task ---- */
int web_daemon_start(struct web *web);
void web_task(void *web);
/* A task of ours ends: who stops us is woken. */
void web_task_done(struct web *web);

/* ---- work.c ---- */
/* Gives a job to who may do it best: 1, done; 0, the connection is suspended until then. */
int web_submit_open(struct web *web, struct request *request);
/* Reads the body's next piece by the owner of its file; the connection is suspended until then. */
void web_submit_read(struct web *web, struct body *body);
/* Frees the body, with its reference on the file. */
void web_submit_close(struct body *body);
/* Frees the request, with what it has of a file. */
void web_submit_drop(struct web *web, struct request *request);
void worker_task(void *worker);

/* ---- file.c: the jobs themselves, done by a worker in its own slot ---- */
void web_file_open(struct worker *worker, struct request *request);
void web_file_read(struct worker *worker, struct body *body);
void web_file_release(struct worker *worker, struct web_file *file);
/* Copies up to max bytes from place at of a near file: how many, 0 at its end, or an error. */
int64_t web_file_copy(struct web *web, const struct web_file *file, uint64_t at, char *ret_data,
		      size_t max);

/* ---- answer.c: libmicrohttpd's callbacks for a request ---- */
enum MHD_Result web_answer(void *web, struct MHD_Connection *connection, const char *url,
			   const char *method, const char *version, const char *upload,
			   size_t *upload_bytes, void **request);
void web_completed(void *web, struct MHD_Connection *connection, void **request,
		   enum MHD_RequestTerminationCode code);

/* ---- respond.c ---- */
enum MHD_Result web_respond(struct request *request, struct MHD_Connection *connection);

/* ---- log.c ---- */
int web_log_open(struct web *web);
void web_log_close(struct web *web);
/* Adds the line of a request that is over. */
void web_log(struct web *web, struct MHD_Connection *connection, const struct request *request);
/* The web task is about to sleep: what was written may go out. */
void web_log_flush(struct web *web);

#endif
