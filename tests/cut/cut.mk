# A kill at each instruction: CUT=all, or CUT=n of a scene; SCENE="name" for one of them,
# SCENE=whole for the calls that are cut anywhere. The
# checks of invariants are those of the engine's tests.
CUT_SOURCES := $(addprefix tests/cut/,test_cut.c scenes.c acts.c acts_life.c partner.c knife.c cemetery.c invariants.c)
CUT_ENGINE := $(patsubst %.c,$(OUT)/%.o,tests/engine/meaning.c tests/engine/world.c tests/engine/acts.c)
# Of a scene; the sanitizers' code is many times as long.
$(OUT)/tests/cut/test_cut.o: CPPFLAGS_tests += -DCUTS=$(if $(VARIANT),4,24) -DCUTS_WHOLE=$(if $(VARIANT),0,8)
$(OUT)/tests/cut/invariants.o: CPPFLAGS_tests := -Itests/engine/host -Ikernel/include -Ikernel/engine
$(eval $(call cmocka_test,cut_anywhere,$(CUT_SOURCES) $(EMBEDDED_FIXTURE),$(CUT_ENGINE) $(LIBDVK)))
SCRIPT_TESTS += tests/cut/check.sh
