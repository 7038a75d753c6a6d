# The simulation: the tests' engine beside a model. In check it runs in the variant's
# build (short under the sanitizers) and, by check.sh, two million steps in release.
SIMULATE_STEPS := $(if $(VARIANT),150000,2000000)
SIMULATE_SOURCES := $(wildcard tests/simulate/*.c)
$(OUT)/tests/simulate/%.o: CPPFLAGS_tests := -Itests/engine/host -Itests/engine -Ikernel/include \
	-Ikernel/engine '-DSIMULATE_STEPS="$(SIMULATE_STEPS)"'
$(OUT)/tests/simulation: $(call objects,$(SIMULATE_SOURCES)) $(ENGINE_TEST_LIB)
	@mkdir -p $(@D)
	@echo "  LINK $@"
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^
SOURCES += $(SIMULATE_SOURCES)
TESTS += $(OUT)/tests/simulation
SCRIPT_TESTS += tests/simulate/check.sh

# make simulate [SEED=n] [STEPS=n], or the STEPS=i,j,k, of a failure
simulate: $(OUT)/tests/simulation
	$< $(if $(SEED),SEED=$(SEED)) $(if $(STEPS),STEPS=$(STEPS))

simulate-mutants: $(OUT)/tests/simulation
	bash tests/simulate/mutants.sh $(OUT)

.PHONY: simulate simulate-mutants
