# dvk.ko. `make module [KERNEL=DIR|RELEASE|SERIES]`: a folder of kernel headers, a release
# under /lib/modules, or a series under build/kernels; without it the running kernel's.
KERNEL ?= $(shell uname -r)

MODULE_VERSION := 1.0
MODULE_HEADERS := $(abspath $(firstword $(wildcard build/kernels/$(KERNEL)/build \
	/lib/modules/$(KERNEL)/build $(KERNEL)/Makefile)))
MODULE_HEADERS := $(MODULE_HEADERS:%/Makefile=%)
MODULE_TREE := build/module/$(subst /,_,$(KERNEL))
MODULE_FLAGS ?= W=1

# One tree with all that the module is made of, as DKMS has it: $(call module-tree,DIR,CP)
define module-tree
mkdir -p $(1)/module/include/sys $(1)/engine $(1)/include/dvk && \
$(2) $(CURDIR)/kernel/module/Kbuild $(1)/ && \
$(2) $(CURDIR)/kernel/module/*.c $(CURDIR)/kernel/module/*.h $(1)/module/ && \
$(2) $(CURDIR)/kernel/module/include/*.h $(1)/module/include/ && \
$(2) $(CURDIR)/kernel/module/include/sys/*.h $(1)/module/include/sys/ && \
$(2) $(CURDIR)/kernel/engine/*.c $(CURDIR)/kernel/engine/*.h $(1)/engine/ && \
$(2) $(CURDIR)/kernel/include/dvk/*.h $(1)/include/dvk/
endef

module:
	@[ -n "$(MODULE_HEADERS)" ] || { \
		echo "no headers of kernel $(KERNEL): install linux-headers-$(KERNEL), or say KERNEL="; \
		exit 1; }
	$(Q)rm -rf $(MODULE_TREE)/engine/*.c $(MODULE_TREE)/module/*.c
	$(Q)$(call module-tree,$(MODULE_TREE),ln -sf)
	$(Q)$(MAKE) -C $(MODULE_HEADERS) M=$(abspath $(MODULE_TREE)) $(MODULE_FLAGS) modules
	@echo "$(MODULE_TREE)/dvk.ko"
