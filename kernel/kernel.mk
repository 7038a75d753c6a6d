# The DVK: the engine, its embedded host, and libdvk over both.
CPPFLAGS_kernel := -Ikernel/include -Ikernel/engine -Ikernel/embedded -Ikernel/lib

# ThreadSanitizer is told what the other processes order (annotate_tsan.h).
CPPFLAGS_kernel += -DEMBEDDED_ANNOTATE='"annotate_$(or $(filter tsan,$(VARIANT)),none).h"'

# How faults of copies are caught depends on the processor.
MACHINE := $(firstword $(subst -, ,$(shell $(CC) -dumpmachine)))
CAUGHT  := $(firstword $(wildcard kernel/embedded/caught_$(MACHINE).c) kernel/embedded/caught_generic.c)

LIBDVK_SOURCES := $(wildcard kernel/engine/*.c kernel/lib/*.c) \
	$(filter-out kernel/embedded/caught_%.c,$(wildcard kernel/embedded/*.c)) $(CAUGHT)
LIBDVK := $(OUT)/lib/libdvk.a
$(eval $(call archive,libdvk,$(LIBDVK_SOURCES)))

# The shared library: the same sources, position independent, dvk_ names only.
LIBDVK_SO_VERSION := 1
LIBDVK_SO := $(OUT)/lib/libdvk.so
PIC_OBJECTS := $(patsubst %.c,$(OUT)/pic/%.o,$(LIBDVK_SOURCES))

$(OUT)/pic/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC   $<"
	$(Q)$(CC) $(CFLAGS_ALL) -fPIC $(CPPFLAGS_kernel) -MMD -MP -c -o $@ $<

$(LIBDVK_SO): $(PIC_OBJECTS) kernel/libdvk.map
	@mkdir -p $(@D)
	@echo "  LINK $@"
	$(Q)$(CC) $(LDFLAGS_ALL) -shared -Wl,-soname,libdvk.so.$(LIBDVK_SO_VERSION) \
		-Wl,--version-script=kernel/libdvk.map -o $@.$(LIBDVK_SO_VERSION) $(PIC_OBJECTS)
	@ln -sf libdvk.so.$(LIBDVK_SO_VERSION) $@

all: $(LIBDVK) $(LIBDVK_SO)
