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
		free(request->line);
		free(request);
		break;
	}
}

static void submit(struct worker *worker, struct job *job)
{
	struct web *web = worker->web;

	pthread_mutex_lock(&web->mutex);
	STAILQ_INSERT_TAIL(&worker->jobs, job, link);
	worker->waiting++;
	/* One that has not begun yet finds the job by itself. */
	if (worker->task)
		task_wake(worker->task);
	pthread_mutex_unlock(&web->mutex);
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

void web_submit_open(struct web *web, struct request *request)
{
	int64_t began;

	request->job.kind = JOB_OPEN;
	if (web->fs_is_near) {
		began = server_now_ns();
		if (began >= web->workers_until_ns) {
			do_job(&web->self, &request->job);
			if (server_now_ns() - began > WEB_SLOW_NS)
				web->workers_until_ns = began + WEB_TRUST_NS;
			return;
		}
	}
	web->mhd.suspend_connection(request->job.connection);
	submit(least_busy(web), &request->job);
}

void web_submit_body(struct web *web, struct body *body, enum job_kind kind)
{
	struct worker *owner = body->file->owner;

	body->job.kind = kind;
	body->job.connection = kind == JOB_READ ? body->connection : NULL;
	if (owner == &web->self || web->workers_ended) {
		do_job(owner, &body->job);
		return;
	}
	if (kind == JOB_READ)
		web->mhd.suspend_connection(body->connection);
	submit(owner, &body->job);
}

void web_submit_drop(struct web *web, struct request *request)
{
	struct worker *owner = request->file ? request->file->owner : &web->self;

	request->job.kind = JOB_DROP;
	request->job.connection = NULL;
	if (owner == &web->self || web->workers_ended)
		do_job(owner, &request->job);
	else
		submit(owner, &request->job);
}

static struct job *next_job(struct worker *worker)
{
	struct job *job;

	pthread_mutex_lock(&worker->web->mutex);
	job = STAILQ_FIRST(&worker->jobs);
	if (job)
		STAILQ_REMOVE_HEAD(&worker->jobs, link);
	pthread_mutex_unlock(&worker->web->mutex);
	return job;
}

static void job_done(struct worker *worker, struct MHD_Connection *connection)
{
	pthread_mutex_lock(&worker->web->mutex);
	worker->waiting--;
	pthread_mutex_unlock(&worker->web->mutex);
	if (connection)
		worker->web->mhd.resume_connection(connection);
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

		if (!job && web->stopping)
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
