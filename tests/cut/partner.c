/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * partner.c - threads with a slot each, which make the calls that they are given.
 */
#include <pthread.h>
#include <stdlib.h>

#include <sched.h>

#include "cut.h"

static struct partner {
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t given;
	int nr, stop, done, result;
	partner_call *call;
	message m;
} partners[PARTNERS];

static void *partner_run(void *argument)
{
	struct partner *self = argument;
	int ep = dvk_bind(self->nr, self->nr == FIRST_NR ? "first" : "second");

	pthread_mutex_lock(&self->mutex);
	self->done = ep == self->nr;
	while (!self->stop) {
		if (!self->call) {
			pthread_cond_wait(&self->given, &self->mutex);
			continue;
		}
		pthread_mutex_unlock(&self->mutex);
		self->result = self->call(&self->m);
		pthread_mutex_lock(&self->mutex);
		self->call = NULL;
		__atomic_store_n(&self->done, 1, __ATOMIC_RELEASE);
	}
	pthread_mutex_unlock(&self->mutex);
	return NULL;
}

void partners_start(void)
{
	for (int i = 0; i < PARTNERS; i++) {
		struct partner *partner = &partners[i];

		partner->nr = FIRST_NR + i;
		pthread_mutex_init(&partner->mutex, NULL);
		pthread_cond_init(&partner->given, NULL);
		assert_int_equal(pthread_create(&partner->thread, NULL, partner_run, partner), 0);
		while (!__atomic_load_n(&partner->done, __ATOMIC_ACQUIRE))
			sched_yield();
	}
}

void partners_stop(void)
{
	for (int i = 0; i < PARTNERS; i++) {
		pthread_mutex_lock(&partners[i].mutex);
		partners[i].stop = 1;
		pthread_cond_signal(&partners[i].given);
		pthread_mutex_unlock(&partners[i].mutex);
		pthread_join(partners[i].thread, NULL);
	}
}

void partner_begin(int which, partner_call *call)
{
	struct partner *partner = &partners[which];

	pthread_mutex_lock(&partner->mutex);
	partner->done = 0;
	partner->m = (message){ .m_type = REQUEST };
	partner->call = call;
	pthread_cond_signal(&partner->given);
	pthread_mutex_unlock(&partner->mutex);
}

int partner_is_done(int which, int *ret_result, message *ret_m)
{
	struct partner *partner = &partners[which];

	if (!__atomic_load_n(&partner->done, __ATOMIC_ACQUIRE))
		return 0;
	*ret_result = partner->result;
	*ret_m = partner->m;
	return 1;
}

int partner_make(int which, partner_call *call, message *ret_m)
{
	int result = 0;

	partner_begin(which, call);
	while (!partner_is_done(which, &result, ret_m))
		sched_yield();
	return result;
}
