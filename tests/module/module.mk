# What needs a kernel of its own, in guests under QEMU (guest.sh): the embedded host under
# Yama, the exchange with Linux's minix driver, and dvk.ko.
SCRIPT_TESTS += $(addprefix tests/module/,embedded.sh minix.sh check-6.1.sh check-6.12.sh)

# Run by check-module, in the guest; elsewhere it finds no device and says so.
$(eval $(call cmocka_test,module_abi,$(addprefix tests/module/,abi.c raw.c abi_entries.c abi_addresses.c abi_rights.c abi_lives.c),,))
$(eval $(call cmocka_test,module_garbage,$(wildcard tests/module/garbage/*.c),,))
$(eval $(call cmocka_test,module_same,tests/module/same.c $(filter-out %/main.c,$(CONFORMANCE_SOURCES)),$(LIBDVK)))

# KERNEL=6.1 or 6.12: only that one.
check-module:
	@$(MAKE) --no-print-directory deps-check
	bash tests/module/check.sh $(filter 6.1 6.12,$(KERNEL))

# KERNEL=6.1 or 6.12; BOOTS=10.
bench-module:
	@$(MAKE) --no-print-directory deps-check
	bash tests/module/bench.sh $(filter 6.1 6.12,$(KERNEL))

.PHONY: check-module bench-module

# Run by bench-module, in the guest; not by bench.
MODULE_BENCH := $(addprefix tests/module/,bench.c counts.c linux.c)
$(OUT)/bench-parts/module: $(call objects,$(MODULE_BENCH)) \
		$(LIBRUNTIME) $(LIBDVK)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^
SOURCES += $(MODULE_BENCH)
