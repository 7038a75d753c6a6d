# Tests and benches: a folder per thing tested.
CPPFLAGS_tests := -Ikernel/include -Ikernel/engine -Ikernel/embedded -Imuk -Imuk/protocol -Iinspect -Imukshell -I$(GEN)

# $(eval $(call cmocka_test,NAME,SOURCES,ARCHIVES,LIBRARIES)) - one program that `make check` runs
define cmocka_test
$(OUT)/tests/$(1): $(call objects,$(2)) $(3)
	@mkdir -p $$(@D)
	$$(CC) $$(LDFLAGS_ALL) -o $$@ $(call objects,$(2)) $(3) $(4) -lcmocka
SOURCES += $(2)
TESTS += $(OUT)/tests/$(1)
endef

# ---- benches: each prints its figures once; bench.sh runs them -------------
# $(eval $(call bench,NAME,SOURCES,ARCHIVES,LIBRARIES))
define bench
$(OUT)/bench/$(1): $(call objects,$(2)) $(3)
	@mkdir -p $$(@D)
	$$(CC) $$(LDFLAGS_ALL) -o $$@ $(call objects,$(2)) $(3) $(4)
SOURCES += $(2)
BENCHES += $(OUT)/bench/$(1)
endef

BENCH_PEERS := tests/bench/peers.c
$(eval $(call bench,roundtrip_processes,tests/bench/roundtrip_processes.c $(BENCH_PEERS),$(LIBDVK)))

# ---- image: the library below RDISK and FS ---------------------------------
COMMA := ,
$(eval $(call cmocka_test,image,tests/image/test_image.c $(wildcard muk/image/*.c),$(LIBDVK),-Wl$$(COMMA)--wrap=pwritev))
