# The conformance suite: libdvk's public headers only, so that any host passes it.
CONFORMANCE_SOURCES := $(wildcard tests/conformance/*.c)
$(OUT)/tests/conformance/%.o: CPPFLAGS_tests := -Ikernel/include
$(eval $(call cmocka_test,conformance_suite,$(CONFORMANCE_SOURCES),$(LIBDVK)))
