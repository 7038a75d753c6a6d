/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * work.c - jobs and who does them; see web.h.
 *
 * A job is in one list or in one worker's hands. The mutex guards the lists and is
 * never held over a wait. A job's memory may go as soon as its connection is
 * resumed, so that is the last thing that is done with it.
 */
#include <stdlib.h>

#include "nweb/web.h"

static void do_job(struct worker *worker, struct job *job)
{
	struct request *request = (struct request *)(void *)job;
	struct body *body = (struct body *)(void *)job;

	switch (job->kind) {
	case JOB_OPEN:
		web_file_open(worker, request);
		break;
	case JOB_READ:
		web_file_read(worker, body);
		break;
	case JOB_CLOSE:
		web_file_release(worker, body->file);
		free(body->piece);
		free(body);
		break;
	case JOB_DROP:
		if (request->file)
			web_file_release(worker, request->file);
		free(request->small);
		free(request);
		break;
	}
}

/* Returns 0 when the worker has ended: the job is not done. */
static int submit(struct worker *worker, struct job *job)
{
	struct web *web = worker->web;
	int is_there;

	pthread_mutex_lock(&web->mutex);
	is_there = !worker->ended;
	if (is_there) {
		STAILQ_INSERT_TAIL(&worker->jobs, job, link);
		worker->waiting++;
	}
	/* One that has not begun yet finds the job by itself. */
	if (is_there && worker->task)
		task_wake(worker->task);
	pthread_mutex_unlock(&web->mutex);
	return is_there;
}

static struct worker *least_busy(struct web *web)
{
	struct worker *best = &web->workers[0];

	pthread_mutex_lock(&web->mutex);
	for (int i = 1; i < WEB_WORKERS; i++)
		if (web->workers[i].waiting < best->waiting)
			best = &web->workers[i];
	pthread_mutex_unlock(&web->mutex);
	return best;
}

int web_submit_open(struct web *web, struct request *request)
{
	int64_t began;

	request->job.kind = JOB_OPEN;
	if (web->fs_is_near) {
		began = server_now_ns();
		if (began >= web->workers_until_ns) {
			do_job(&web->self, &request->job);
			if (server_now_ns() - began > WEB_SLOW_NS)
				web->workers_until_ns = began + WEB_TRUST_NS;
			return 1;
		}
	}
	request->status = 503; /* unless somebody does it */
	web->mhd.suspend_connection(request->job.connection);
	if (!submit(least_busy(web), &request->job))
		web->mhd.resume_connection(request->job.connection);
	return 0;
}

void web_submit_read(struct web *web, struct body *body)
{
	body->error = EDVSINTR; /* unless somebody does it */
	body->job.kind = JOB_READ;
	body->job.connection = body->connection;
	web->mhd.suspend_connection(body->connection);
	if (!submit(body->file->owner, &body->job))
		web->mhd.resume_connection(body->connection);
}

/* What ends something is done in any case; of a worker that has ended, by us. */
static void submit_end(struct worker *owner, struct job *job, enum job_kind kind)
{
	job->kind = kind;
	job->connection = NULL;
	if (owner == &owner->web->self || !submit(owner, job))
		do_job(owner, job);
}

void web_submit_close(struct body *body)
{
	submit_end(body->file->owner, &body->job, JOB_CLOSE);
}

void web_submit_drop(struct web *web, struct request *request)
{
	submit_end(request->file ? request->file->owner : &web->self, &request->job, JOB_DROP);
}

/* NULL: there is none; when NWEB is stopping, the worker is not to come again. */
static struct job *next_job(struct worker *worker)
{
	struct web *web = worker->web;
	struct job *job;

	pthread_mutex_lock(&web->mutex);
	job = STAILQ_FIRST(&worker->jobs);
	if (job)
		STAILQ_REMOVE_HEAD(&worker->jobs, link);
	else if (web->stopping)
		worker->ended = 1;
	pthread_mutex_unlock(&web->mutex);
	return job;
}

static void job_done(struct worker *worker, struct MHD_Connection *connection)
{
	struct web *web = worker->web;

	if (connection)
		web->mhd.resume_connection(connection);
	pthread_mutex_lock(&web->mutex);
	worker->waiting--;
	/* Resuming tells nobody when libmicrohttpd has no thread of its own. */
	if (connection && web->task)
		task_wake(web->task);
	pthread_mutex_unlock(&web->mutex);
}

/* Ends when NWEB stops and nothing is left to do. */
void worker_task(void *argument)
{
	struct worker *worker = argument;
	struct web *web = worker->web;

	pthread_mutex_lock(&web->mutex);
	worker->task = task_current();
	pthread_mutex_unlock(&web->mutex);
	for (;;) {
		struct job *job = next_job(worker);
		struct MHD_Connection *connection;

		if (!job && worker->ended)
			break;
		if (!job) {
			if (task_wait(-1) == EDVSINTR)
				task_yield();
			continue;
		}
		connection = job->connection;
		do_job(worker, job);
		job_done(worker, connection);
	}
	web_task_done(web);
}
