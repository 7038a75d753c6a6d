# Fuzzers: libFuzzer's programs, built by clang as VARIANT=fuzz (make fuzz). A
# target is one file, target_NAME.c; all parts that it drives are built likewise.
OPT_fuzz := -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined \
	-fno-omit-frame-pointer

# $(eval $(call fuzzer,NAME,SOURCES,ARCHIVES,LIBRARIES)) - one target in $(OUT)/bin
define fuzzer
$(OUT)/bin/fuzz-$(1): $(call objects,tests/fuzz/target_$(1).c tests/fuzz/input.c $(2)) $(3)
	@mkdir -p $$(@D)
	@echo "  LINK $$@"
	$$(Q)$$(CC) $$(LDFLAGS_ALL) -fsanitize=fuzzer -o $$@ $$(filter %.o,$$^) \
		-Wl,--start-group $$(filter %.a,$$^) -Wl,--end-group $(4)
FUZZERS += $(OUT)/bin/fuzz-$(1)
endef

$(eval $(call fuzzer,shell,,$(MUKSHELL_ARCHIVES),$(MUKSHELL_LIBS)))
$(eval $(call fuzzer,config,,$(OUT)/lib/libconfig.a,-lconfig))
$(eval $(call fuzzer,text,,$(OUT)/lib/libnweb.a $(LIBPROTOCOL)))
$(eval $(call fuzzer,inspect,,$(INSPECT_LIBS),-ljansson))
$(eval $(call fuzzer,filter,,$(INSPECT_LIBS)))
$(eval $(call fuzzer,recording,,$(INSPECT_LIBS),-ljansson))

$(OUT)/tests/fuzz/target_engine.o: CPPFLAGS_tests := -Itests/engine/host -Ikernel/include -Ikernel/engine
$(eval $(call fuzzer,engine,,$(ENGINE_TEST_LIB)))
$(eval $(call fuzzer,segment,,$(LIBDVK)))
$(eval $(call fuzzer,image,tests/fuzz/disk.c,$(FS_LIBS)))
$(eval $(call fuzzer,journal,,$(OUT)/lib/libimage.a $(LIBDVK)))
$(eval $(call fuzzer,servers,tests/fuzz/disk.c,$(OUT)/lib/libis.a $(LIBINSPECT) \
	$(call muk_archives,pm clock m3ftp fs rdisk systask image)))

fuzzers: $(FUZZERS)
.PHONY: fuzzers
