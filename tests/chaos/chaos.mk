# Kills of a crew at full rate: CHAOS=kills, SEED=n.
CHAOS_SOURCES := $(addprefix tests/chaos/,test_chaos.c killer.c step.c crew.c)
$(OUT)/tests/chaos/test_chaos.o: CPPFLAGS_tests += -DKILLS=$(if $(VARIANT),60,300)
$(eval $(call cmocka_test,chaos_kills,$(CHAOS_SOURCES),$(LIBDVK)))
SCRIPT_TESTS += tests/chaos/check.sh
