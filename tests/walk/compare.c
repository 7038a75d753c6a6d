/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * compare.c - the MUK's answer to a step beside the host's.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "walk.h"

#define FAILURES_MAX 10 /* told of, the first is the one that matters */

/* Linux has MINIX's numbers, as far as files go: so errors compare as they are. */
static_assert(EDVSPERM == -EPERM && EDVSNOENT == -ENOENT && EDVSBADF == -EBADF &&
		      EDVSACCES == -EACCES && EDVSBUSY == -EBUSY && EDVSEXIST == -EEXIST &&
		      EDVSNOTDIR == -ENOTDIR && EDVSISDIR == -EISDIR && EDVSINVAL == -EINVAL &&
		      EDVSFBIG == -EFBIG && EDVSSPIPE == -ESPIPE && EDVSMLINK == -EMLINK &&
		      EDVSNAMETOOLONG == -ENAMETOOLONG && EDVSNOTEMPTY == -ENOTEMPTY &&
		      EDVSLOOP == -ELOOP && EDVSXDEV == -EXDEV && EDVSNOSPC == -ENOSPC,
	      "numbers of errors");

const char *const walk_names[OP_COUNT] = {
#define WALK_OP(name, weight) #name,
	WALK_OPS(WALK_OP)
#undef WALK_OP
};

void tell(struct walker *w, const char *format, ...)
{
	va_list ap;

	if (w->failures++ >= FAILURES_MAX)
		return;
	fprintf(stderr, "SEED=%llu on %s, step %u: ", (unsigned long long)w->seed, w->live->runtime,
		w->step);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
}

void stat_of_host(const void *host_stat, struct fs_stat *ret_stat)
{
	const struct stat *st = host_stat;

	*ret_stat = (struct fs_stat){
		.mode = st->st_mode,
		.nlink = (int32_t)st->st_nlink,
		.uid = st->st_uid,
		.gid = st->st_gid,
		.size = (uint64_t)st->st_size,
		.mtime = st->st_mtime,
	};
}

int compare_stat(struct walker *w, const char *path, const struct fs_stat *muk,
		 const struct fs_stat *host)
{
	bool is_folder = S_ISDIR(host->mode);
	bool same = muk->mode == host->mode && muk->uid == host->uid && muk->gid == host->gid;

	if (!is_folder || w->counts_folders)
		same &= muk->nlink == host->nlink;
	if (!is_folder)
		same &= muk->size == host->size && llabs(muk->mtime - host->mtime) <= WALK_SLACK;
	if (same)
		return 0;
	tell(w,
	     "%s: mode %o, %d links, uid %u, gid %u, %llu bytes, mtime %lld; "
	     "the host: mode %o, %d links, uid %u, gid %u, %llu bytes, mtime %lld",
	     path, muk->mode, muk->nlink, muk->uid, muk->gid, (unsigned long long)muk->size,
	     (long long)muk->mtime, host->mode, host->nlink, host->uid, host->gid,
	     (unsigned long long)host->size, (long long)host->mtime);
	return -1;
}

static bool gives_descriptor(enum walk_op op)
{
	return op == OP_OPEN || op == OP_CREAT || op == OP_DUP;
}

/* What a message cannot carry is refused before anything is looked up. */
static bool is_refused_early(const struct step *step, int64_t result)
{
	const char *path = step->op == OP_TRUNCATE ? step->path.muk : step->to.muk;

	if (step->op != OP_LINK && step->op != OP_RENAME && step->op != OP_SYMLINK &&
	    step->op != OP_TRUNCATE)
		return false;
	return (result == EDVSNOENT && !path[0]) ||
	       (result == EDVSNAMETOOLONG && strlen(path) > PROTOCOL_PATH_MAX);
}

static bool same_results(const struct walker *w, const struct step *step)
{
	if (w->host.result < 0 && is_refused_early(step, w->muk.result))
		return true;
	if (gives_descriptor(step->op) && w->muk.result >= 0)
		return w->host.result >= 0;
	return w->muk.result == w->host.result;
}

int compare(struct walker *w, const struct step *step)
{
	const struct answer *muk = &w->muk, *host = &w->host;

	if (!same_results(w, step)) {
		tell(w,
		     "%s '%.80s' '%.80s' fd %d, 0%o 0%o, place %lld, %u bytes: gives %lld, the "
		     "host %lld",
		     walk_names[step->op], step->path.muk, step->to.muk, step->fd, step->flags,
		     step->mode, (long long)step->place, step->bytes, (long long)muk->result,
		     (long long)host->result);
		return -1;
	}
	if (muk->result >= 0 &&
	    (step->op == OP_STAT || step->op == OP_LSTAT || step->op == OP_FSTAT))
		return compare_stat(w, step->path.muk, &muk->stat, &host->stat);
	if (muk->bytes == host->bytes && memcmp(muk->data, host->data, muk->bytes) == 0)
		return 0;
	tell(w, "%s '%.80s' fd %d: other bytes: %u, the host %u: '%.200s', the host '%.200s'",
	     walk_names[step->op], step->path.muk, step->fd, muk->bytes, host->bytes, muk->data,
	     host->data);
	return -1;
}
