/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * debugfs.c - dvk/info, dvk/nodes and dvk/DCn/{info,procs,stats,priv}, in the columns of
 * the published /proc/dvs.
 *
 * A file is one state, taken when it is opened into memory of its own, so that any
 * number of readers may take their time.
 */
#include <linux/debugfs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/utsname.h>

#include "op.h"

/* debugfs ignores what has failed: then there are no files. */
static struct dentry *root;

/* ---- of the node ------------------------------------------------------------------ */

static int info_show(struct seq_file *out, void *unused)
{
	struct dvs dvs;
	int bound, dcs = containers_count(&bound, &dvs);

	seq_printf(out, "dvs=%s\nnodeid=%d\ninitialised=%d\n", dvs.name[0] ? dvs.name : "-",
		   dvs.node, dvs.is_initialised);
	seq_printf(out, "nr_dcs=%d\nnr_nodes=%d\nnr_procs=%d\nnr_tasks=%d\nnr_servers=%d\n", NR_DCS,
		   NR_NODES, NR_PROCS_MAX, NR_TASKS, NR_SERVERS);
	seq_printf(out, "max_copylen=%u\ndcs=%d\nbound=%d\nversion=%d\n", DVK_COPY_MAX, dcs, bound,
		   DVK_DEVICE_VERSION);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(info);

static int nodes_show(struct seq_file *out, void *unused)
{
	struct dvs dvs;
	int bound, dcs = containers_count(&bound, &dvs);

	seq_puts(out, "ID Flags Proxies -DCs- -procs- Name\n");
	seq_printf(out, "%2d %5s %7s %5d %7d %s\n", dvs.node, "LOCAL", "-", dcs, bound,
		   utsname()->nodename);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(nodes);

/* ---- of a DC ---------------------------------------------------------------------- */

static void show_info(struct seq_file *out, const struct container_rows *rows)
{
	const struct dvk_dcinfo *dc = &rows->dc;

	seq_printf(out, "dcid=%d\nname=%s\nnodeid=%d\nowner=%u\ngroup=%u\nstrict=%d\nkept=%d\n",
		   dc->dcid, dc->name, dc->node, dc->owner_uid, dc->owner_gid, dc->strict,
		   dc->kept);
	seq_printf(out, "nr_procs=%d\nnr_tasks=%d\nbound=%d\nmembers=%d\ntables=%u\n", dc->nr_procs,
		   dc->nr_tasks, dc->bound, dc->members, rows->table_rows);
	seq_printf(out, "transitions=%llu\nevents=%llu\nbytes=%llu\n", dc->transitions, dc->events,
		   dc->bytes_mapped);
}

static void show_endpoint(struct seq_file *out, int endpoint)
{
	if (endpoint == NONE)
		seq_puts(out, "  NONE ");
	else if (endpoint == ANY)
		seq_puts(out, "   ANY ");
	else
		seq_printf(out, "%6d ", endpoint);
}

static void show_name(struct seq_file *out, const struct dvk_procinfo *row)
{
	seq_printf(out, row->muk[0] ? "%s/" : "%s", row->muk);
	seq_printf(out, "%s\n", row->name);
}

static void show_procs(struct seq_file *out, const struct container_rows *rows)
{
	uint32_t i;

	seq_puts(out, "DC p_nr -endp- -lpid- -ltid- nd --flag- -misc -getf- -sndt- -rqst- name\n");
	for (i = 0; i < rows->rows; i++) {
		const struct dvk_procinfo *row = &rows->procs[i];

		seq_printf(out, "%2d %4d %6d %6d %6d %2d %7X %5X ", rows->dc.dcid, row->nr,
			   row->endpoint, row->pid, row->tid, row->node, row->rts, row->misc);
		show_endpoint(out, row->getfrom_ep);
		show_endpoint(out, row->sendto_ep);
		show_endpoint(out, row->request_ep);
		show_name(out, row);
	}
}

static void show_stats(struct seq_file *out, const struct container_rows *rows)
{
	uint32_t i;

	seq_puts(out,
		 "DC p_nr -endp- -lpid- nd ----sent---- ----rcvd---- ---copied--- queue name\n");
	for (i = 0; i < rows->rows; i++) {
		const struct dvk_procinfo *row = &rows->procs[i];

		seq_printf(out, "%2d %4d %6d %6d %2d %12llu %12llu %12llu %5d ", rows->dc.dcid,
			   row->nr, row->endpoint, row->pid, row->node, row->messages_sent,
			   row->messages_received, row->bytes_copied, row->queue_length);
		show_name(out, row);
	}
}

static void show_priv(struct seq_file *out, const struct container_rows *rows)
{
	static const char *const levels[] = {
#define LEVEL(name) #name,
		DVK_LEVELS(LEVEL)
#undef LEVEL
	};
	uint32_t i;

	seq_puts(out, "DC p_nr -endp- level- --calls- tgts name\n");
	for (i = 0; i < rows->rows; i++) {
		const struct dvk_procinfo *row = &rows->procs[i];

		seq_printf(out, "%2d %4d %6d %-6s %8x %4d ", rows->dc.dcid, row->nr, row->endpoint,
			   levels[row->level], row->calls_allowed, row->targets);
		show_name(out, row);
	}
}

/* A file of a DC that is open. */
struct reading {
	struct container_rows rows;
	void (*show)(struct seq_file *out, const struct container_rows *rows);
};

static int show(struct seq_file *out, void *unused)
{
	const struct reading *reading = out->private;

	reading->show(out, &reading->rows);
	return 0;
}

static int read_open(struct inode *inode, struct file *file,
		     void (*show_rows)(struct seq_file *out, const struct container_rows *rows))
{
	struct reading *reading = kzalloc(sizeof(*reading), GFP_KERNEL);
	int rc = -ENOMEM;

	if (!reading)
		return rc;
	reading->show = show_rows;
	/* The folder is removed before its DC is let go. */
	if (view_take(inode->i_private, 0, &reading->rows) == 0) {
		rc = single_open(file, show, reading);
		if (rc)
			view_free(&reading->rows);
	}
	if (rc)
		kfree(reading);
	return rc;
}

static int read_release(struct inode *inode, struct file *file)
{
	struct reading *reading = ((struct seq_file *)file->private_data)->private;

	view_free(&reading->rows);
	kfree(reading);
	return single_release(inode, file);
}

#define READING(name)                                                  \
	static int open_##name(struct inode *inode, struct file *file) \
	{                                                              \
		return read_open(inode, file, show_##name);            \
	}                                                              \
	static const struct file_operations name##_operations = {      \
		.owner = THIS_MODULE,                                  \
		.open = open_##name,                                   \
		.read = seq_read,                                      \
		.llseek = seq_lseek,                                   \
		.release = read_release,                               \
	}
READING(info);
READING(procs);
READING(stats);
READING(priv);

void folder_add(struct container *container)
{
	char name[16];

	snprintf(name, sizeof(name), "DC%d", container->dcid);
	container->folder = debugfs_create_dir(name, root);
	debugfs_create_file("info", 0400, container->folder, container, &info_operations);
	debugfs_create_file("procs", 0400, container->folder, container, &procs_operations);
	debugfs_create_file("stats", 0400, container->folder, container, &stats_operations);
	debugfs_create_file("priv", 0400, container->folder, container, &priv_operations);
}

void folder_remove(struct container *container)
{
	debugfs_remove(container->folder);
	container->folder = NULL;
}

void folders_init(void)
{
	root = debugfs_create_dir("dvk", NULL);
	debugfs_create_file("info", 0400, root, NULL, &info_fops);
	debugfs_create_file("nodes", 0400, root, NULL, &nodes_fops);
}

void folders_deinit(void)
{
	debugfs_remove(root);
}
