# Kills of a crew at full rate: CHAOS=kills, SEED=n.
CHAOS_SOURCES := $(addprefix tests/chaos/,test_chaos.c killer.c crew.c)
$(eval $(call cmocka_test,chaos_kills,$(CHAOS_SOURCES),$(LIBDVK)))
