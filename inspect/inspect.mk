# From raw state to words. json.c alone needs jansson: it is an archive of its own,
# so that a program that shows only text does not link it.
CPPFLAGS_inspect := -Ikernel/include -Iinspect -Imuk -Imuk/protocol -I$(GEN)

INSPECT_JSON_SOURCES := inspect/json.c
INSPECT_SOURCES := $(filter-out $(INSPECT_JSON_SOURCES),$(wildcard inspect/*.c))

LIBINSPECT := $(OUT)/lib/libinspect.a
$(eval $(call archive,libinspect,$(INSPECT_SOURCES)))

LIBINSPECT_JSON := $(OUT)/lib/libinspect_json.a
$(eval $(call archive,libinspect_json,$(INSPECT_JSON_SOURCES)))
LIBS_inspect_json := -ljansson
