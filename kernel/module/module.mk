# dvk.ko: `make module [KERNEL=...]`. KERNEL is a series that tests/module/fetch-kernels.sh
# has fetched (6.1, 6.12), a release under /lib/modules, or a folder of kernel headers;
# without it the running kernel's.
KERNEL ?= $(shell uname -r)

MODULE_VERSION := 1.0
MODULE_HEADERS := $(patsubst %/Makefile,%,$(firstword $(wildcard \
	build/kernels/$(KERNEL)/build/Makefile /lib/modules/$(KERNEL)/build/Makefile \
	$(KERNEL)/Makefile)))
MODULE_TREE  := build/module/$(subst /,_,$(KERNEL))
MODULE_FLAGS ?= W=1

# All that the module is made of, as one tree: $(call module-tree,DIR,COPY)
define module-tree
	$(Q)mkdir -p $(1)/module/include/sys $(1)/engine $(1)/include/dvk
	$(Q)$(2) $(CURDIR)/kernel/module/Kbuild $(1)/
	$(Q)$(2) $(CURDIR)/kernel/module/*.[ch] $(1)/module/
	$(Q)$(2) $(CURDIR)/kernel/module/include/*.h $(1)/module/include/
	$(Q)$(2) $(CURDIR)/kernel/module/include/sys/*.h $(1)/module/include/sys/
	$(Q)$(2) $(CURDIR)/kernel/engine/*.[ch] $(1)/engine/
	$(Q)$(2) $(CURDIR)/kernel/include/dvk/*.h $(1)/include/dvk/
endef

module:
	@[ -n "$(MODULE_HEADERS)" ] || { echo 'There are no headers of kernel $(KERNEL):' \
		'install the package linux-headers-$(KERNEL), or say KERNEL=FOLDER.'; exit 1; }
	$(Q)rm -f $(MODULE_TREE)/engine/*.c $(MODULE_TREE)/module/*.c
	$(call module-tree,$(MODULE_TREE),ln -sf)
	$(Q)$(MAKE) -C $(abspath $(MODULE_HEADERS)) M=$(abspath $(MODULE_TREE)) $(MODULE_FLAGS) modules
	@echo '$(MODULE_TREE)/dvk.ko'

# The module of KERNEL, who may use its device, and its source for DKMS:
# `dkms install dvk/$(MODULE_VERSION)` then builds it for each kernel that comes.
module-install: module
	install -d $(DESTDIR)/lib/modules/$$(cat $(MODULE_HEADERS)/include/config/kernel.release)/updates
	install -m 644 $(MODULE_TREE)/dvk.ko \
		$(DESTDIR)/lib/modules/$$(cat $(MODULE_HEADERS)/include/config/kernel.release)/updates
	install -d $(DESTDIR)/usr/lib/udev/rules.d $(DESTDIR)/usr/lib/sysusers.d
	install -m 644 kernel/module/60-dvk.rules $(DESTDIR)/usr/lib/udev/rules.d
	install -m 644 kernel/module/dvk.sysusers $(DESTDIR)/usr/lib/sysusers.d/dvk.conf
	$(call module-tree,$(DESTDIR)/usr/src/dvk-$(MODULE_VERSION),cp)
	install -m 644 kernel/module/dkms.conf $(DESTDIR)/usr/src/dvk-$(MODULE_VERSION)
	@[ -n '$(DESTDIR)' ] || { getent group dvk >/dev/null || groupadd --system dvk; \
		depmod $$(cat $(MODULE_HEADERS)/include/config/kernel.release); }

.PHONY: module module-install
