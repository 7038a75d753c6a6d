/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * copy_between.c - moving bytes between address spaces.
 *
 * Inside a process a copy with its faults caught; else one copy by the kernel,
 * in pieces, or where it refuses, by the other's own hand (bounce.c). Before and
 * after each piece the other side must still be the living member that it was: its
 * pid may name somebody else at once after its death.
 */
#include <errno.h>
#include <sys/uio.h>

#include "caught.h"
#include "embedded.h"

#define PIECE_BYTES   (1u << 20)
#define THROUGH_BYTES (16u << 10)

static int is_there(const struct copy_side *side)
{
	return !side->member || (member_is_alive(host.mapping.segment, side->member) &&
				 side->member->pid == side->pid);
}

/*
 * What the kernel said no with. Whatever it is but a bad address and a death, a refusal or
 * no memory of its own, or that it knows no such call: the other side can still do it.
 */
static int after_error(int error, struct copy_side *side, uint64_t here, size_t bytes, int to)
{
	if (error == EFAULT)
		return EDVSFAULT;
	if (error == ESRCH)
		return side->died;
	side->refused = 1;
	return bounce_move(side, here, bytes, to);
}

/* One piece between here and a side; to 1: to the side. */
static int move_piece(struct copy_side *side, uint64_t here, size_t bytes, int to)
{
	struct iovec local = { .iov_base = (void *)(uintptr_t)here, .iov_len = bytes };
	struct iovec remote = { .iov_base = (void *)(uintptr_t)side->address, .iov_len = bytes };
	ssize_t moved;

	if (!is_there(side))
		return side->died;
	if (side->refused)
		return bounce_move(side, here, bytes, to);
	moved = to ? process_vm_writev(side->pid, &local, 1, &remote, 1, 0)
		   : process_vm_readv(side->pid, &local, 1, &remote, 1, 0);
	if (moved < 0)
		return after_error(errno, side, here, bytes, to);
	if (!is_there(side))
		return side->died;
	return (size_t)moved == bytes ? 0 : EDVSFAULT;
}

static int move(const struct copy_side *side, uint64_t here, uint64_t bytes, int to)
{
	struct copy_side at = *side;
	int rc = 0;

	while (bytes > 0 && rc == 0) {
		size_t piece = bytes < PIECE_BYTES ? bytes : PIECE_BYTES;

		rc = move_piece(&at, here, piece, to);
		at.address += piece;
		here += piece;
		bytes -= piece;
	}
	return rc;
}

/* Both elsewhere: through a buffer of ours. */
static int pass_through(const struct copy_side *src, const struct copy_side *dst, uint64_t bytes)
{
	char buffer[THROUGH_BYTES];
	struct copy_side from = *src, to = *dst;
	int rc = 0;

	while (bytes > 0 && rc == 0) {
		size_t piece = bytes < sizeof(buffer) ? bytes : sizeof(buffer);

		rc = move_piece(&from, dvk_address(buffer), piece, 0);
		if (rc == 0)
			rc = move_piece(&to, dvk_address(buffer), piece, 1);
		from.address += piece;
		to.address += piece;
		bytes -= piece;
	}
	return rc;
}

int copy_between(const struct copy_side *src, const struct copy_side *dst, uint64_t bytes)
{
	/* The caller is attached; getpid() would be a system call for each copy. */
	int pid = host_member(&host_self.seat)->pid;

	if (src->pid == pid && dst->pid == pid)
		return caught_copy((void *)(uintptr_t)dst->address,
				   (const void *)(uintptr_t)src->address, bytes)
			       ? EDVSFAULT
			       : 0;
	if (src->pid == pid)
		return move(dst, src->address, bytes, 1);
	if (dst->pid == pid)
		return move(src, dst->address, bytes, 0);
	return pass_through(src, dst, bytes);
}
