/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * muk_config.c - a MUK's configuration: muk.cfg, then the files of its servers.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <dvk/endpoint.h>
#include <dvk/errors.h>

#include "config/notation.h"
#include "config/tables.h"

#define ENTRIES_MAX 32

const struct muk_server muk_servers[] = {
	{ "systask", NULL, offsetof(struct muk_config, systask_ep),
	  offsetof(struct muk_config, systask) },
	{ "clock", NULL, offsetof(struct muk_config, clock_ep), 0 },
	{ "pm", "pm_ep", offsetof(struct muk_config, pm_ep), 0 },
	{ "rdisk", "rd_ep", offsetof(struct muk_config, rd_ep),
	  offsetof(struct muk_config, rdisk) },
	{ "fs", "fs_ep", offsetof(struct muk_config, fs_ep), offsetof(struct muk_config, fs) },
	{ "is", "is_ep", offsetof(struct muk_config, is_ep), offsetof(struct muk_config, is) },
	{ "m3ftp", "ftp_ep", offsetof(struct muk_config, ftp_ep),
	  offsetof(struct muk_config, m3ftp) },
	{ "nweb", "web_ep", offsetof(struct muk_config, web_ep),
	  offsetof(struct muk_config, nweb) },
};
const int muk_server_count = sizeof(muk_servers) / sizeof(muk_servers[0]);

/* A kind of block whose endpoint, when it is there, must be what muk.cfg has. */
struct fixed_block {
	struct cfg_block block;
	struct cfg_entry entries[ENTRIES_MAX];
};

static void fix_endpoint(const struct cfg_block *block, int endpoint, struct fixed_block *ret_fixed)
{
	assert(block->count <= ENTRIES_MAX);
	ret_fixed->block = *block;
	ret_fixed->block.entries = ret_fixed->entries;
	for (int i = 0; i < block->count; i++) {
		struct cfg_entry *entry = &ret_fixed->entries[i];

		*entry = block->entries[i];
		if (entry->kind == CFG_ENDPOINT)
			entry->min = entry->max = entry->preset = endpoint;
	}
}

static int load_rdisk(struct muk_config *config, struct cfg_error *ret_error)
{
	struct rdisk_row *rows = calloc(RDISK_DEVICES_MAX, sizeof(*rows));
	int count = rows ? cfg_load(config->rd_cfg, &cfg_rdisk_block, rows, ret_error) : EDVSNOMEM;

	for (int i = 0; i < count; i++)
		config->rdisk.devices[config->rdisk.count++] = rows[i].device;
	free(rows);
	return count;
}

/* The file system of / is on one device. */
static int has_root(const struct fs_config *fs)
{
	int roots = 0;

	for (int i = 0; i < fs->count; i++)
		roots += fs->devices[i].root_dev;
	return roots == 1;
}

static int load_fs(struct muk_config *config, struct cfg_error *ret_error)
{
	struct fs_row *rows = calloc(FS_DEVICES_MAX, sizeof(*rows));
	int count = rows ? cfg_load(config->fs_cfg, &cfg_fs_block, rows, ret_error) : EDVSNOMEM;

	for (int i = 0; i < count; i++)
		config->fs.devices[config->fs.count++] = rows[i].device;
	if (count > 0 && !has_root(&config->fs))
		count = cfg_fail(ret_error, config->fs_cfg, 1,
				 "one device must have root_dev YES, the others NO");
	config->fs.rdisk_ep = config->rd_ep >= 0 ? config->rd_ep : RDISK_PROC_NR;
	free(rows);
	return count;
}

static int load_nweb(struct muk_config *config, struct cfg_error *ret_error)
{
	struct fixed_block fixed;
	struct nweb_row row;
	int result;

	fix_endpoint(&cfg_nweb_block, config->web_ep, &fixed);
	result = cfg_load(config->web_cfg, &fixed.block, &row, ret_error);
	if (result < 0)
		return result;
	config->nweb = row.server;
	config->nweb.fs_ep = config->fs_ep >= 0 ? config->fs_ep : FS_PROC_NR;
	return 0;
}

static int load_m3ftp(struct muk_config *config, struct cfg_error *ret_error)
{
	struct fixed_block fixed;
	struct m3ftp_row row;
	int result;

	fix_endpoint(&cfg_m3ftp_block, config->ftp_ep, &fixed);
	result = cfg_load(config->ftp_cfg, &fixed.block, &row, ret_error);
	if (result < 0)
		return result;
	config->m3ftp = row.server;
	config->m3ftp.fs_ep = config->fs_ep >= 0 ? config->fs_ep : FS_PROC_NR;
	return 0;
}

static int load_servers(struct muk_config *config, struct cfg_error *ret_error)
{
	int result = 0;

	if (config->rd_ep >= 0)
		result = load_rdisk(config, ret_error);
	if (result >= 0 && config->fs_ep >= 0)
		result = load_fs(config, ret_error);
	if (result >= 0 && config->web_ep >= 0)
		result = load_nweb(config, ret_error);
	if (result >= 0 && config->ftp_ep >= 0)
		result = load_m3ftp(config, ret_error);
	snprintf(config->is.is_file, sizeof(config->is.is_file), "%s", config->is_file);
	config->systask_ep = SYSTASK(0);
	config->clock_ep = CLOCK;
	return result;
}

int muk_config_load(const char *path, struct muk_config *ret_config, struct cfg_error *ret_error)
{
	struct muk_config *config = calloc(1, sizeof(*config));
	int result = EDVSNOMEM;

	if (config)
		result = cfg_load(path, &cfg_muk_block, config, ret_error);
	if (result >= 0)
		result = load_servers(config, ret_error);
	if (result >= 0)
		*ret_config = *config;
	else if (result == EDVSNOMEM)
		snprintf(ret_error->text, sizeof(ret_error->text), "%s: not enough memory", path);
	free(config);
	return result < 0 ? result : 0;
}

void muk_config_print_help(FILE *out)
{
	static const struct cfg_block *const blocks[] = {
		&cfg_muk_block, &cfg_rdisk_block, &cfg_fs_block, &cfg_nweb_block, &cfg_m3ftp_block,
	};

	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
		if (i)
			fputc('\n', out);
		cfg_print_help(out, blocks[i]);
	}
}
