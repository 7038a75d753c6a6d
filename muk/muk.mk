# The unikernel: runtime, protocol tables, one folder per server.
CPPFLAGS_muk := -Ikernel/include -Imuk -Imuk/protocol -Iinspect -I$(GEN)

# The servers that are linked into muk, in the order in which they start.
SERVERS ?= systask clock pm rdisk fs m3ftp is nweb

# ---- what is made from the .proto tables: one run makes it all; a file that did
# not change keeps its time, so that only what needs it is built again
PROTOCOLS := systask clock pm rdisk fs m3ftp is nweb server
PROTO_IN  := $(addprefix muk/protocol/,kinds.proto $(PROTOCOLS:%=%.proto))
PROTO_AWK := $(addprefix muk/protocol/,generate.awk emit.awk tables.awk)
PROTO_OUT := $(GEN)/protocol/kinds.h $(PROTOCOLS:%=$(GEN)/protocol/%.h) \
	     $(GEN)/protocol/protocol_tables.c
AWK ?= awk

$(GEN)/protocol/stamp: $(PROTO_IN) $(PROTO_AWK)
	@mkdir -p $(@D)/new
	$(AWK) -v out=$(@D)/new $(PROTO_AWK:%=-f %) $(PROTO_IN)
	@for f in $(@D)/new/*; do \
		cmp -s $$f $(@D)/$${f##*/} || mv $$f $(@D)/$${f##*/}; \
	done; rm -rf $(@D)/new
	@touch $@
$(PROTO_OUT): $(GEN)/protocol/stamp ;
GENERATED += $(PROTO_OUT)

# ---- libprotocol: descriptors and stubs; pure, so that anything may link it
PROTO_SOURCES := $(wildcard muk/protocol/*.c)
LIBPROTOCOL := $(OUT)/lib/libprotocol.a
$(LIBPROTOCOL): $(call objects,$(PROTO_SOURCES)) $(OUT)/gen/protocol/protocol_tables.o
	@mkdir -p $(@D)
	@rm -f $@
	$(AR) rcs $@ $^
SOURCES += $(PROTO_SOURCES)

# ---- libruntime: tasks. The machine decides the switch, the variant who is told of it
SWITCH := $(or $(filter x86_64 aarch64,$(firstword $(subst -, ,$(shell $(CC) -dumpmachine)))),ucontext)
ANNOTATE := $(or $(filter asan tsan,$(VARIANT)),none)
CPPFLAGS_muk += -DRUNTIME_ANNOTATE='"annotate_$(ANNOTATE).h"'
RUNTIME_SOURCES := $(filter-out muk/runtime/switch_%.c,$(wildcard muk/runtime/*.c)) \
		   muk/runtime/switch_$(SWITCH).c
LIBRUNTIME := $(OUT)/lib/libruntime.a
$(eval $(call archive,libruntime,$(RUNTIME_SOURCES)))

# ---- libserver, and an archive for each server, so that only what is named is linked
LIBSERVER := $(OUT)/lib/libserver.a
$(eval $(call archive,libserver,$(wildcard muk/server/*.c)))
