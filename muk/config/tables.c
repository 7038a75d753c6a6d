/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tables.c - the entries of muk.cfg and of its servers' files.
 *
 * An entry is declared here and nowhere else.
 */
#include <dvk/endpoint.h>

#include "config/tables.h"
#include "runtime/task.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))
#define TABLE(table) .entries = (table), .count = COUNT(table)
#define SERVER_EP \
	.kind = CFG_ENDPOINT, .min = MUK_NO_SERVER, .max = NR_SERVERS - 1, .preset = MUK_NO_SERVER
#define MUK(field) CFG_FIELD(struct muk_config, field)

static const struct cfg_word runtimes[] = {
	{ "coroutines", RUNTIME_COROUTINES, NULL },
	{ "threads", RUNTIME_THREADS, NULL },
	{ NULL, 0, NULL },
};

static const struct cfg_entry muk_entries[] = {
	{ "name", .kind = CFG_NAME, .required = 1, MUK(name), .meaning = "the MUK's name" },
	{ "dcid", .kind = CFG_INT, .required = 1, .max = NR_DCS - 1, MUK(dcid),
	  .meaning = "the number of its DC" },
	{ "pm_ep", SERVER_EP, MUK(pm_ep), .meaning = "where PM is" },
	{ "fs_ep", SERVER_EP, MUK(fs_ep), .needs = "fs_cfg", .meaning = "where FS is" },
	{ "is_ep", SERVER_EP, MUK(is_ep), .meaning = "where IS is" },
	{ "rd_ep", SERVER_EP, MUK(rd_ep), .needs = "rd_cfg", .meaning = "where RDISK is" },
	{ "web_ep", .other_name = "nweb_ep", SERVER_EP, MUK(web_ep), .needs = "web_cfg",
	  .meaning = "where NWEB is" },
	{ "ftp_ep", SERVER_EP, MUK(ftp_ep), .needs = "ftp_cfg", .meaning = "where M3FTP is" },
	{ "fs_cfg", .kind = CFG_FILE, MUK(fs_cfg), .meaning = "the configuration of FS" },
	{ "rd_cfg", .kind = CFG_FILE, MUK(rd_cfg), .meaning = "the configuration of RDISK" },
	{ "web_cfg", .other_name = "nweb_cfg", .kind = CFG_FILE, MUK(web_cfg),
	  .meaning = "the configuration of NWEB" },
	{ "ftp_cfg", .kind = CFG_FILE, MUK(ftp_cfg), .meaning = "the configuration of M3FTP" },
	{ "runtime", .kind = CFG_WORD, .words = runtimes, .preset = RUNTIME_COROUTINES,
	  .preset_text = "coroutines", MUK(runtime), .meaning = "what tasks are" },
	{ "is_file", .kind = CFG_PATH, .preset_text = "is.txt", MUK(is_file),
	  .meaning = "where IS appends its tables" },
	{ "wis_port", .kind = CFG_INT, .min = 1, .max = 65535, MUK(wis_port),
	  .meaning = "the port of WIS" },
	{ "tty", .kind = CFG_PATH, MUK(tty), .meaning = "the terminal of TTY" },
};

const struct cfg_block cfg_muk_block = {
	.kind = "muk",
	.file = "muk.cfg",
	TABLE(muk_entries),
	.max_rows = 1,
	.row_bytes = sizeof(struct muk_config),
};

/* ---- rdisk.cfg ------------------------------------------------------------ */

#define RDISK(field) CFG_FIELD(struct rdisk_row, device.field)

static const struct cfg_word rdisk_types[] = {
	{ "FILE_IMAGE", RDISK_FILE_IMAGE, "image_file" },
	{ "MEMORY_IMAGE", RDISK_MEMORY_IMAGE, NULL },
	{ NULL, 0, NULL },
};

static const struct cfg_entry rdisk_entries[] = {
	{ "name", .kind = CFG_TEXT, CFG_FIELD(struct rdisk_row, name),
	  .meaning = "the device's name" },
	{ "major", .kind = CFG_INT, .required = 1, .max = 255, RDISK(major),
	  .meaning = "the driver's number" },
	{ "minor", .kind = CFG_INT, .required = 1, .max = 255, .unique = 1, RDISK(minor),
	  .meaning = "the device's number, which FS names" },
	{ "type", .kind = CFG_WORD, .required = 1, .words = rdisk_types, RDISK(type),
	  .meaning = "where the image is while MUK runs" },
	{ "image_file", .kind = CFG_FILE, RDISK(image_file), .meaning = "the image" },
	{ "buffer", .kind = CFG_INT, .min = 512, .max = 1 << 30, .preset = RDISK_BUFFER_BYTES,
	  RDISK(buffer),
	  .meaning = "bytes moved at once; of a memory image without file: its size" },
	{ "volatile", .kind = CFG_BOOL, RDISK(is_volatile), .meaning = "changes are not kept" },
	{ "replicated", .kind = CFG_BOOL, RDISK(replicated), .meaning = "kept on several nodes" },
	{ "active", .kind = CFG_BOOL, .preset = 1, RDISK(active), .meaning = "it can be opened" },
};

const struct cfg_block cfg_rdisk_block = {
	.kind = "device",
	.file = "rdisk.cfg",
	TABLE(rdisk_entries),
	.max_rows = RDISK_DEVICES_MAX,
	.row_bytes = sizeof(struct rdisk_row),
};

/* ---- molfs.cfg --------------------------------------------------------------- */

#define FS(field) CFG_FIELD(struct fs_row, device.field)

static const struct cfg_word fs_types[] = {
	{ "RDISK_IMG", FS_RDISK_IMG, NULL },
	{ "FILE_IMG", FS_FILE_IMG, "filename" },
	{ "MEMORY_IMG", FS_MEMORY_IMG, "filename" },
	{ NULL, 0, NULL },
};

static const struct cfg_entry fs_entries[] = {
	{ "name", .kind = CFG_TEXT, CFG_FIELD(struct fs_row, name),
	  .meaning = "the device's name" },
	{ "major", .kind = CFG_INT, .required = 1, .max = 255, FS(major),
	  .meaning = "the driver's number" },
	{ "minor", .kind = CFG_INT, .required = 1, .max = 255, .unique = 1, FS(minor),
	  .meaning = "the device's number, RDISK's" },
	{ "type", .kind = CFG_WORD, .required = 1, .words = fs_types, FS(type),
	  .meaning = "who has the image" },
	{ "filename", .kind = CFG_FILE, FS(filename), .meaning = "the image, unless RDISK has it" },
	{ "volatile", .kind = CFG_BOOL, FS(is_volatile), .meaning = "changes are not kept" },
	{ "root_dev", .kind = CFG_BOOL, FS(root_dev), .meaning = "its file system is /" },
	{ "buffer_size", .kind = CFG_INT, .min = 1024, .max = 1 << 30, .preset = FS_BUFFER_BYTES,
	  FS(buffer_size), .meaning = "bytes of blocks that FS holds" },
};

const struct cfg_block cfg_fs_block = {
	.kind = "device",
	.file = "molfs.cfg",
	TABLE(fs_entries),
	.max_rows = FS_DEVICES_MAX,
	.row_bytes = sizeof(struct fs_row),
};

/* ---- m3nweb.cfg, m3ftp.cfg -------------------------------------------------- */

#define NWEB(field) CFG_FIELD(struct nweb_row, server.field)

static const struct cfg_entry nweb_entries[] = {
	{ "name", .kind = CFG_TEXT, CFG_FIELD(struct nweb_row, name),
	  .meaning = "the site's name" },
	{ "port", .kind = CFG_INT, .required = 1, .max = 65535, NWEB(port),
	  .meaning = "the TCP port; 0: any that is free" },
	{ "endpoint", SERVER_EP, NWEB(endpoint), .meaning = "NWEB's, as in muk.cfg" },
	{ "rootdir", .kind = CFG_TEXT, .preset_text = "/", NWEB(rootdir),
	  .meaning = "the folder in MUK that \"/\" of a URL stands for" },
	{ "address", .other_name = "ipaddr", .kind = CFG_TEXT, .preset_text = NWEB_ADDRESS_DEFAULT,
	  NWEB(address), .meaning = "the IPv4 address that it listens on" },
	{ "uid", .kind = CFG_INT, .max = 65535, .preset = NWEB_USER, NWEB(uid),
	  .meaning = "the user with whose rights it reads files" },
	{ "gid", .kind = CFG_INT, .max = 65535, .preset = NWEB_USER, NWEB(gid),
	  .meaning = "that user's group" },
	{ "log_file", .kind = CFG_PATH, NWEB(log_file), .meaning = "a line for each request" },
};

const struct cfg_block cfg_nweb_block = {
	.kind = "websrv",
	.file = "m3nweb.cfg",
	TABLE(nweb_entries),
	.max_rows = 1,
	.row_bytes = sizeof(struct nweb_row),
};

#define M3FTP(field) CFG_FIELD(struct m3ftp_row, server.field)

static const struct cfg_entry m3ftp_entries[] = {
	{ "name", .kind = CFG_TEXT, CFG_FIELD(struct m3ftp_row, name),
	  .meaning = "the server's name" },
	{ "endpoint", SERVER_EP, M3FTP(endpoint), .meaning = "M3FTP's, as in muk.cfg" },
	{ "window", .kind = CFG_INT, .min = M3FTP_WINDOW_MIN, .max = M3FTP_WINDOW_MAX,
	  .preset = M3FTP_WINDOW_DEFAULT, M3FTP(window), .meaning = "bytes of the largest piece" },
};

const struct cfg_block cfg_m3ftp_block = {
	.kind = "m3ftp",
	.file = "m3ftp.cfg",
	TABLE(m3ftp_entries),
	.max_rows = 1,
	.row_bytes = sizeof(struct m3ftp_row),
};
