# The conformance suite: libdvk's public headers only, so that any host passes it. It is
# not built while a pair (call, error) has neither a case nor a reason.
CONFORMANCE_SOURCES := $(wildcard tests/conformance/*.c)
CONFORMANCE_TABLES := kernel/include/dvk/call_errors.h tests/conformance/exceptions \
	$(wildcard tests/conformance/cases_*.c)
$(OUT)/tests/conformance/%.o: CPPFLAGS_tests := -Ikernel/include
$(OUT)/tests/conformance/covered: tests/conformance/check.awk $(CONFORMANCE_TABLES)
	@mkdir -p $(@D)
	@awk -f tests/conformance/check.awk $(CONFORMANCE_TABLES)
	@touch $@
$(OUT)/tests/conformance_suite: $(OUT)/tests/conformance/covered
# Linked with the shared library, which has nothing but dvk_ names: no case can look into
# a host.
$(eval $(call cmocka_test,conformance_suite,$(CONFORMANCE_SOURCES),$(LIBDVK_SO),-Wl$(COMMA)-rpath$(COMMA)'$$$$ORIGIN/../lib'))
