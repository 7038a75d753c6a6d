/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * peers.h - what a user would use instead of a sendrec, measured alike.
 */
#ifndef BENCH_PEERS_H
#define BENCH_PEERS_H

enum peer_kind { PEER_PIPE, PEER_SEQPACKET, PEER_FUTEX };

/*
 * ns of one round trip of 64 bytes (the futex pair: of one word) between this
 * process on core and a child on peer_core.
 */
double peer_roundtrip_ns(enum peer_kind kind, int core, int peer_core, long trips);

#endif
