/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * index.h - the names of one directory by their hash; directory.c alone uses it,
 * inode.c drops it.
 */
#ifndef MUK_FS_INDEX_H
#define MUK_FS_INDEX_H

#include <stddef.h>
#include <stdint.h>

struct inode;
struct directory_index;

uint32_t index_hash(const char *name, size_t bytes);
/* The index of a directory, made if there is none; NULL: do without. */
struct directory_index *index_of(struct inode *dir);
/* Calls match for the slots whose names have the hash, until it returns nonzero. */
struct index_query {
	uint32_t hash;
	int (*match)(void *context, uint32_t slot);
	void *context;
};
int index_find(const struct directory_index *index, const struct index_query *query);
void index_add(struct inode *dir, uint32_t hash, uint32_t slot);
void index_remove(struct inode *dir, uint32_t hash, uint32_t slot);
/* A slot that is free, or the one behind the last. */
uint32_t index_free_from(const struct inode *dir);
void index_drop(struct inode *dir);

#endif
