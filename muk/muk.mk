# The unikernel: runtime, protocol tables, one folder per server.
CPPFLAGS_muk := -Ikernel/include -Imuk -Imuk/protocol -Iinspect -I$(GEN)

# The servers that are linked into muk, in the order in which they start.
SERVERS ?= systask clock pm rdisk fs m3ftp is nweb

# ---- what is made from the .proto tables: one run makes it all; a file that did
# not change keeps its time, so that only what needs it is built again
PROTOCOLS := systask clock pm rdisk fs m3ftp is nweb server
PROTO_IN  := $(addprefix muk/protocol/,kinds.proto $(PROTOCOLS:%=%.proto))
PROTO_AWK := $(addprefix muk/protocol/,generate.awk emit.awk tables.awk)
PROTO_TABLES := $(PROTOCOLS:%=%_tables) protocol_tables
PROTO_OUT := $(GEN)/protocol/kinds.h $(PROTOCOLS:%=$(GEN)/protocol/%.h) \
	     $(PROTO_TABLES:%=$(GEN)/protocol/%.c)
AWK ?= awk

$(GEN)/protocol/stamp: $(PROTO_IN) $(PROTO_AWK)
	@mkdir -p $(@D)/new
	@echo "  GEN  $(@D)"
	$(Q)$(AWK) -v out=$(@D)/new $(PROTO_AWK:%=-f %) $(PROTO_IN)
	@for f in $(@D)/new/*; do \
		cmp -s $$f $(@D)/$${f##*/} || mv $$f $(@D)/$${f##*/}; \
	done; rm -rf $(@D)/new
	@touch $@
$(PROTO_OUT): $(GEN)/protocol/stamp ;
GENERATED += $(PROTO_OUT)

# ---- a dissector for Wireshark, from the same tables and from the public headers
WIRESHARK_LUA := build/share/mukshell/muk.lua
$(WIRESHARK_LUA): $(PROTO_IN) muk/protocol/generate.awk muk/protocol/wireshark.awk \
		muk/protocol/wireshark.lua kernel/include/dvk/errors.h kernel/include/dvk/state.h
	@mkdir -p $(@D)
	@echo "  GEN  $@"
	$(Q)$(AWK) -v out=- -f muk/protocol/generate.awk -f muk/protocol/emit.awk \
		-f muk/protocol/wireshark.awk \
		$(PROTO_IN) > $@
	$(Q)sed -n 's/^.X(\(EDVS[A-Z0-9]*\), \([0-9]*\), .*/ [-\2] = "\1",/p' \
		kernel/include/dvk/errors.h | { echo 'local errors = {'; cat; echo '}'; } >> $@
	$(Q)sed -n '/define DVK_EVENT_KINDS/,/^$$/s/.*X(\([A-Z]*\), "\([a-z]*\)").*/ "\2",/p' \
		kernel/include/dvk/state.h | { echo 'local kinds = {'; cat; echo '}'; } >> $@
	$(Q)cat muk/protocol/wireshark.lua >> $@
all: $(if $(VARIANT),,$(WIRESHARK_LUA))

# ---- libprotocol: descriptors and stubs; pure, so that anything may link it
PROTO_SOURCES := $(wildcard muk/protocol/*.c)
LIBPROTOCOL := $(OUT)/lib/libprotocol.a
$(LIBPROTOCOL): $(call objects,$(PROTO_SOURCES)) $(PROTO_TABLES:%=$(OUT)/gen/protocol/%.o)
	@mkdir -p $(@D)
	@rm -f $@
	@echo "  AR   $@"
	$(Q)$(AR) rcs $@ $^
SOURCES += $(PROTO_SOURCES)

# ---- libruntime: tasks. The machine decides the switch, the variant who is told of it
SWITCH := $(or $(filter x86_64 aarch64,$(firstword $(subst -, ,$(shell $(CC) -dumpmachine)))),ucontext)
ANNOTATE := $(or $(filter asan tsan,$(VARIANT:fuzz=asan)),none)
CPPFLAGS_muk += -DRUNTIME_ANNOTATE='"annotate_$(ANNOTATE).h"'
RUNTIME_SOURCES := $(filter-out muk/runtime/switch_%.c,$(wildcard muk/runtime/*.c)) \
		   muk/runtime/switch_$(SWITCH).c
LIBRUNTIME := $(OUT)/lib/libruntime.a
$(eval $(call archive,libruntime,$(RUNTIME_SOURCES)))

# ---- libserver, and an archive for each server, so that only what is named is linked
LIBSERVER := $(OUT)/lib/libserver.a
$(eval $(call archive,libserver,$(wildcard muk/server/*.c)))
MUK_FOLDERS := $(filter-out runtime server protocol,$(patsubst muk/%/,%,$(wildcard muk/*/)))
$(foreach f,$(MUK_FOLDERS),$(eval $(call archive,lib$(f),$(wildcard muk/$(f)/*.c))))
# $(call muk_archives,FOLDERS): what a program links that runs these
muk_archives = $(1:%=$(OUT)/lib/lib%.a) $(LIBSERVER) $(LIBRUNTIME) $(LIBPROTOCOL) $(LIBDVK)

# ---- muk itself. The table of server types is written anew only when SERVERS changes
MUK_SOURCES := $(wildcard muk/*.c)
MUK_LIBRARIES := config image
MUK_LIBS := -lconfig -ldl
UNKNOWN_SERVERS := $(filter-out $(PROTOCOLS),$(SERVERS))
$(if $(UNKNOWN_SERVERS),$(error SERVERS: there is no server called $(UNKNOWN_SERVERS); there are $(filter-out server,$(PROTOCOLS))))

$(GEN)/servers.c: FORCE
	@mkdir -p $(@D)
	@{ echo '/* Made from SERVERS by muk.mk. */'; \
	   echo '#include "server/server.h"'; \
	   for s in $(SERVERS); do echo "extern const struct server_type server_type_$$s;"; done; \
	   echo 'const struct server_type *const server_types[] = {'; \
	   for s in $(SERVERS); do echo "	&server_type_$$s,"; done; \
	   echo '};'; \
	   echo 'const int server_type_count = sizeof(server_types) / sizeof(server_types[0]);'; \
	 } > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@

MUK_INPUTS = $(call objects,$(MUK_SOURCES)) $(OUT)/gen/servers.o \
	     $(patsubst %,$(OUT)/lib/lib%.a,$(SERVERS) $(MUK_LIBRARIES)) \
	     $(LIBSERVER) $(LIBRUNTIME) $(LIBPROTOCOL) $(OUT)/lib/libinspect.a $(LIBDVK)
$(OUT)/bin/muk: $(MUK_INPUTS)
	@mkdir -p $(@D)
	@echo "  LINK $@"
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $(filter %.o,$^) \
		-Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(MUK_LIBS)
muk: $(OUT)/bin/muk
.PHONY: muk
SOURCES += $(MUK_SOURCES)
PROGRAMS += $(OUT)/bin/muk
