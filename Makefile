# MUK and mukshell. `make help` lists the targets; everything is built under build/.
#
# Each folder has one short .mk that names its sources and programs; a source
# file sees only the headers that its folder may include (CPPFLAGS_folder).

VARIANT ?=
OUT     := build$(VARIANT:%=/%)
GEN     := build/gen
PREFIX  ?= /usr/local
DESTDIR ?=

# V=1 shows the commands.
Q := $(if $(V),,@)

all:

WARNINGS := -Wall -Wextra -Wmissing-prototypes -Wstrict-prototypes -Wshadow -Wvla -Werror
OPT      := -O2
OPT_asan := -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
OPT_tsan := -O1 -fsanitize=thread -Wno-tsan -fno-omit-frame-pointer
CFLAGS   ?= $(if $(VARIANT),$(OPT_$(VARIANT)),$(OPT)) -g
CFLAGS_ALL = -std=gnu11 $(WARNINGS) $(CFLAGS) -pthread -D_GNU_SOURCE
LDFLAGS_ALL = $(CFLAGS) -pthread $(LDFLAGS)

# $(call objects,SOURCES) - where the objects of sources are
objects = $(patsubst %.c,$(OUT)/%.o,$(1))

# $(eval $(call program,NAME,SOURCES,ARCHIVES,LIBRARIES)) - one program in $(OUT)/bin
define program
$(OUT)/bin/$(1): $(call objects,$(2)) $(3)
	@mkdir -p $$(@D)
	@echo "  LINK $$@"
	$$(Q)$$(CC) $$(LDFLAGS_ALL) -o $$@ $(call objects,$(2)) $(3) $(4)
SOURCES += $(2)
PROGRAMS += $(OUT)/bin/$(1)
endef

# $(eval $(call archive,NAME,SOURCES)) - one static library in $(OUT)/lib
define archive
$(OUT)/lib/$(1).a: $(call objects,$(2))
	@mkdir -p $$(@D)
	@rm -f $$@
	@echo "  AR   $$@"
	$$(Q)$$(AR) rcs $$@ $$^
SOURCES += $(2)
endef

include kernel/kernel.mk kernel/module/module.mk muk/muk.mk inspect/inspect.mk mukshell/mukshell.mk
include proxies/proxies.mk samples/samples.mk tests/tests.mk

all: $(PROGRAMS)

$(OUT)/%.o: %.c | $(GENERATED)
	@mkdir -p $(@D)
	@echo "  CC   $<"
	$(Q)$(CC) $(CFLAGS_ALL) $(CPPFLAGS_$(firstword $(subst /, ,$*))) -MMD -MP -c -o $@ $<

$(OUT)/gen/%.o: $(GEN)/%.c
	@mkdir -p $(@D)
	@echo "  CC   $<"
	$(Q)$(CC) $(CFLAGS_ALL) $(CPPFLAGS_muk) -MMD -MP -c -o $@ $<

# The man page of muk comes from the tables that its configuration is read by.
build/man/muk.1: build/bin/muk
	@mkdir -p $(@D)
	$(Q)$< --man > $@
all: $(if $(VARIANT),,build/man/muk.1)

clean:
	rm -rf build

-include $(shell find $(OUT) -name '*.d' -type f 2>/dev/null)

.PHONY: all clean
.DELETE_ON_ERROR:

# ---- what people type ------------------------------------------------------

help:
	@echo 'make            builds everything under build/'
	@echo 'make demo       installs what the build needs, builds, boots a MUK, opens mukshell'
	@echo 'make check      the same set-up, then all tests'
	@echo 'make muk SERVERS="systask clock pm fs rdisk"   a MUK with only these servers'
	@echo 'make check-module  tests dvk.ko in QEMU, KERNEL=6.1 or 6.12 or both'
	@echo 'make check-module-debug  the same under kernels that find faults; builds them'
	@echo 'make bench-module  measures dvk.ko in QEMU, BOOTS=10'
	@echo 'make fuzz       runs the fuzzers, FUZZ_SECONDS=60 each'
	@echo 'make bench      measures, prints the table, writes build/bench.json'
	@echo 'make lint       include rules, formatting, cppcheck;  make format  reformats'
	@echo 'make install    PREFIX=$(PREFIX) DESTDIR=$(DESTDIR)'

# DEPS=no: what is needed is there already, by other means than apt.
deps-%:
	@[ '$(DEPS)' = no ] || sh tests/tools/deps.sh $*

demo:
	@$(MAKE) --no-print-directory deps-build
	@$(MAKE) --no-print-directory -j2 all
	@bash samples/demo/demo.sh

# ---- checking --------------------------------------------------------------

check:
	@$(MAKE) --no-print-directory deps-check
	$(MAKE) --no-print-directory -j2 all
	$(MAKE) --no-print-directory lint
	$(MAKE) --no-print-directory -j2 VARIANT=asan tests-build all
	$(MAKE) --no-print-directory -j2 VARIANT=fuzz CC=clang fuzzers
	$(MAKE) --no-print-directory check-tsan
	FUZZ_SECONDS=60 BESIDE=tests/fuzz/fuzz.sh bash tests/tools/run-tests.sh \
		$(patsubst build/%,build/asan/%,$(TESTS)) $(SCRIPT_TESTS)

tests-build: $(TESTS)

C_FILES = $(shell git ls-files '*.c' '*.h')

lint:
	bash tests/tools/include-rules.sh
	@if clang-format --version | grep -q 'version 14\.'; then \
		clang-format --dry-run --Werror $(C_FILES) && echo 'formatting: all right'; \
	else \
		echo 'formatting: not judged here, releases differ; clang-format 14 does'; \
	fi
	cppcheck --quiet --error-exitcode=1 --enable=warning,portability --inline-suppr \
		--suppressions-list=tests/tools/cppcheck.txt --std=c11 -j2 \
		-Ikernel/include -Ikernel/engine -Ikernel/embedded -Imuk -Imuk/protocol -Iinspect \
		-Imukshell -I$(GEN) $(filter %.c,$(filter-out tests/% kernel/module/%,$(C_FILES)))

format:
	clang-format -i $(C_FILES)

# FUZZ_SECONDS each, FUZZ_SEED; TARGETS names some of them.
fuzz:
	@$(MAKE) --no-print-directory deps-check
	FUZZ_SECONDS=$(or $(FUZZ_SECONDS),60) bash tests/fuzz/fuzz.sh $(TARGETS)

bench: all $(BENCHES)
	bash tests/bench/bench.sh

# ---- installing ------------------------------------------------------------

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/pkgconfig \
		$(DESTDIR)$(PREFIX)/include/dvk $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 755 build/bin/muk build/bin/mukshell $(DESTDIR)$(PREFIX)/bin
	install -m 644 build/lib/libdvk.a $(DESTDIR)$(PREFIX)/lib
	install -m 755 build/lib/libdvk.so.$(LIBDVK_SO_VERSION) $(DESTDIR)$(PREFIX)/lib
	ln -sf libdvk.so.$(LIBDVK_SO_VERSION) $(DESTDIR)$(PREFIX)/lib/libdvk.so
	install -m 644 kernel/include/dvk/*.h $(DESTDIR)$(PREFIX)/include/dvk
	sed 's|@PREFIX@|$(PREFIX)|' kernel/dvk.pc.in >$(DESTDIR)$(PREFIX)/lib/pkgconfig/dvk.pc
	install -d $(DESTDIR)$(PREFIX)/share/mukshell
	install -m 644 $(WIRESHARK_LUA) $(DESTDIR)$(PREFIX)/share/mukshell
	install -m 644 build/man/muk.1 build/man/mukshell.1 $(DESTDIR)$(PREFIX)/share/man/man1

.PHONY: help demo check tests-build lint format fuzz bench install
