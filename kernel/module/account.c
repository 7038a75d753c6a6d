/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * account.c - how many DCs a user has, and how much memory they take.
 *
 * A DC counts until its memory is freed, for the user who made it. Limits are
 * parameters of the module; CAP_SYS_RESOURCE is above them.
 */
#include <linux/capability.h>
#include <linux/list.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>

#include "container.h"

static unsigned int max_dcs_per_user = 16;
module_param(max_dcs_per_user, uint, 0644);
MODULE_PARM_DESC(max_dcs_per_user, "how many DCs one user may have");

static unsigned long max_user_kib = 128 * 1024;
module_param(max_user_kib, ulong, 0644);
MODULE_PARM_DESC(max_user_kib, "how much memory the DCs of one user may take, in KiB");

struct account {
	struct list_head next;
	kuid_t user;
	unsigned int dcs;
	uint64_t kib;
};

static LIST_HEAD(accounts);

static struct account *find(kuid_t user)
{
	struct account *account;

	list_for_each_entry(account, &accounts,
			    next) if (uid_eq(account->user, user)) return account;
	return NULL;
}

int account_charge(kuid_t user, uint64_t kib)
{
	struct account *account = find(user);

	if (account && !capable(CAP_SYS_RESOURCE)) {
		if (account->dcs >= max_dcs_per_user)
			return EDVSRSCBUSY;
		if (account->kib + kib > max_user_kib)
			return EDVSNOMEM;
	} else if (!account) {
		if ((!max_dcs_per_user || kib > max_user_kib) && !capable(CAP_SYS_RESOURCE))
			return EDVSNOMEM;
		account = kzalloc(sizeof(*account), GFP_KERNEL_ACCOUNT);
		if (!account)
			return EDVSNOMEM;
		account->user = user;
		list_add(&account->next, &accounts);
	}
	account->dcs++;
	account->kib += kib;
	return 0;
}

void account_uncharge(kuid_t user, uint64_t kib)
{
	struct account *account = find(user);

	if (WARN_ON_ONCE(!account))
		return;
	account->kib -= kib;
	if (--account->dcs)
		return;
	list_del(&account->next);
	kfree(account);
}
