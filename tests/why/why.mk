# What `why` says of what goes wrong: the programs in which it does.
$(OUT)/tests/plant: $(call objects,tests/why/plant.c) $(LIBDVK)
	@mkdir -p $(@D)
	@echo "  LINK $@"
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^
SOURCES += tests/why/plant.c
all tests-build: $(OUT)/tests/plant
SCRIPT_TESTS += tests/why/why.sh tests/why/explain.sh
$(eval $(call cmocka_test,inspect_advice,tests/inspect/test_advice.c,$(INSPECT_LIBS)))
