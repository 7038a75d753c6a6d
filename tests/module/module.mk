# What needs a kernel of its own, in guests under QEMU (guest.sh): the embedded host under
# Yama, the exchange with Linux's minix driver, and dvk.ko.
SCRIPT_TESTS += tests/module/embedded.sh tests/module/minix.sh

# Run by check-module, in the guest; elsewhere it finds no device and says so.
$(eval $(call cmocka_test,module_abi,$(addprefix tests/module/,abi.c raw.c abi_entries.c abi_addresses.c abi_rights.c abi_lives.c),,))
$(eval $(call cmocka_test,module_garbage,$(wildcard tests/module/garbage/*.c),,))

# KERNEL=6.1 or 6.12: only that one.
check-module:
	@$(MAKE) --no-print-directory deps-check
	bash tests/module/check.sh $(filter 6.1 6.12,$(KERNEL))

.PHONY: check-module

# Run by bench-module, in the guest; not by bench.
$(OUT)/bench-parts/module: $(call objects,tests/module/bench.c tests/module/counts.c) \
		$(LIBRUNTIME) $(LIBDVK)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^
SOURCES += tests/module/bench.c tests/module/counts.c
$(eval $(call cmocka_test,module_same,tests/module/same.c $(filter-out %/main.c,$(CONFORMANCE_SOURCES)),$(LIBDVK)))
