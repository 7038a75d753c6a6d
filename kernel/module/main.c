/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main.c - the module comes and goes.
 *
 * It goes only when no file is open and no DC is there: each holds it.
 */
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/rcupdate.h>

#include "container.h"

static struct miscdevice dvk_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "dvk",
	.fops = &file_operations,
	.mode = 0600, /* the udev rule lets the group dvk in */
};

static int __init dvk_init(void)
{
	int rc = containers_init();

	if (rc)
		return rc;
	rc = deaths_watch();
	if (rc)
		goto no_deaths;
	folders_init();
	rc = misc_register(&dvk_device);
	if (rc)
		goto no_device;
	pr_info("dvk: version %d of the device\n", DVK_DEVICE_VERSION);
	return 0;
no_device:
	folders_deinit();
	deaths_unwatch();
no_deaths:
	containers_deinit();
	return rc;
}

static void __exit dvk_exit(void)
{
	misc_deregister(&dvk_device);
	folders_deinit();
	deaths_unwatch();
	containers_deinit();
}

module_init(dvk_init);
module_exit(dvk_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("The DVK: M3-IPC between the processes of distributed containers");
MODULE_VERSION("1.0");
