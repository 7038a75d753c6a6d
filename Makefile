# MUK and mukshell. `make help` lists the targets; everything is built under build/.
#
# Each folder has one short .mk that names its sources and programs; a source
# file sees only the headers that its folder may include (CPPFLAGS_folder).

VARIANT ?=
OUT     := build$(VARIANT:%=/%)
GEN     := build/gen
PREFIX  ?= /usr/local
DESTDIR ?=

all:

WARNINGS := -Wall -Wextra -Wmissing-prototypes -Wstrict-prototypes -Wshadow -Wvla -Werror
OPT      := -O2
OPT_asan := -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
OPT_tsan := -O1 -fsanitize=thread -fno-omit-frame-pointer
CFLAGS   ?= $(if $(VARIANT),$(OPT_$(VARIANT)),$(OPT)) -g
CFLAGS_ALL = -std=gnu11 $(WARNINGS) $(CFLAGS) -pthread -D_GNU_SOURCE
LDFLAGS_ALL = $(CFLAGS) -pthread $(LDFLAGS)

# $(call objects,SOURCES) - where the objects of sources are
objects = $(patsubst %.c,$(OUT)/%.o,$(1))

# $(eval $(call program,NAME,SOURCES,ARCHIVES,LIBRARIES)) - one program in $(OUT)/bin
define program
$(OUT)/bin/$(1): $(call objects,$(2)) $(3)
	@mkdir -p $$(@D)
	$$(CC) $$(LDFLAGS_ALL) -o $$@ $(call objects,$(2)) $(3) $(4)
SOURCES += $(2)
PROGRAMS += $(OUT)/bin/$(1)
endef

# $(eval $(call archive,NAME,SOURCES)) - one static library in $(OUT)/lib
define archive
$(OUT)/lib/$(1).a: $(call objects,$(2))
	@mkdir -p $$(@D)
	@rm -f $$@
	$$(AR) rcs $$@ $$^
SOURCES += $(2)
endef

include kernel/kernel.mk muk/muk.mk inspect/inspect.mk mukshell/mukshell.mk
include proxies/proxies.mk samples/samples.mk tests/tests.mk

all: $(PROGRAMS)

$(OUT)/%.o: %.c | $(GENERATED)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) $(CPPFLAGS_$(firstword $(subst /, ,$*))) -MMD -MP -c -o $@ $<

$(OUT)/gen/%.o: $(GEN)/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) $(CPPFLAGS_muk) -MMD -MP -c -o $@ $<

clean:
	rm -rf build

-include $(shell find $(OUT) -name '*.d' 2>/dev/null)

.PHONY: all clean
.DELETE_ON_ERROR:
