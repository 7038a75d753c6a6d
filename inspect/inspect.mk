# From raw state to words. json.c alone needs jansson: it is an archive of its own,
# so that a program that shows only text does not link it.
CPPFLAGS_inspect := -Ikernel/include -Iinspect -Imuk -Imuk/protocol -I$(GEN)

INSPECT_JSON_SOURCES := inspect/json.c
# Stacks need libdw.
INSPECT_STACK_SOURCES := inspect/stack.c inspect/registers.c
INSPECT_SOURCES := $(filter-out $(INSPECT_JSON_SOURCES) $(INSPECT_STACK_SOURCES),\
		     $(wildcard inspect/*.c))

LIBINSPECT := $(OUT)/lib/libinspect.a
$(eval $(call archive,libinspect,$(INSPECT_SOURCES)))

LIBINSPECT_JSON := $(OUT)/lib/libinspect_json.a
$(eval $(call archive,libinspect_json,$(INSPECT_JSON_SOURCES)))
LIBINSPECT_STACK := $(OUT)/lib/libinspect_stack.a
$(eval $(call archive,libinspect_stack,$(INSPECT_STACK_SOURCES)))

LIBS_inspect_json := -ljansson

# The names of this machine's system calls, from the system's own headers.
$(GEN)/inspect/syscalls.h: inspect/inspect.mk
	@mkdir -p $(@D)
	@echo '#include <sys/syscall.h>' | $(CC) -dM -E - | sort | \
		awk '$$2 ~ /^SYS_[a-z0-9_]+$$/ { printf "{ %s, \"%s\" },\n", $$2, substr($$2, 5) }' > $@
GENERATED += $(GEN)/inspect/syscalls.h
