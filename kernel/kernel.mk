# The DVK: the engine, its embedded host, and libdvk over both.
CPPFLAGS_kernel := -Ikernel/include -Ikernel/engine -Ikernel/embedded

LIBDVK_SOURCES := $(wildcard kernel/engine/*.c kernel/embedded/*.c kernel/lib/*.c)
LIBDVK := $(OUT)/lib/libdvk.a
$(eval $(call archive,libdvk,$(LIBDVK_SOURCES)))
