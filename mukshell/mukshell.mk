# The shell. A command is one file, cmd_NAME.c, with `const struct command
# command_NAME`; the array of all of them is made from the names of the files.
CPPFLAGS_mukshell := -Ikernel/include -Iinspect -Imuk -Imuk/protocol -Imukshell -I$(GEN) \
		     $(shell pkg-config --cflags lua5.4)

MUKSHELL_COMMANDS := $(sort $(patsubst mukshell/cmd_%.c,%,$(wildcard mukshell/cmd_*.c)))
MUKSHELL_SOURCES  := $(filter-out mukshell/main.c,$(wildcard mukshell/*.c)) \
		     muk/m3ftp/client.c muk/m3ftp/host_io.c
MUKSHELL_LIBS     := -lreadline -lncursesw -ltinfo -ljansson -ldw -llua5.4

# Written anew only when the list has changed.
$(GEN)/commands.c: FORCE
	@mkdir -p $(@D)
	@{ echo '/* Generated from the names of mukshell/cmd_*.c. */'; \
	   echo '#include "command.h"'; \
	   for c in $(MUKSHELL_COMMANDS); do echo "extern const struct command command_$$c;"; done; \
	   echo 'const struct command *const commands[] = {'; \
	   for c in $(MUKSHELL_COMMANDS); do echo "	&command_$$c,"; done; \
	   echo '};'; \
	   echo 'const int command_count = sizeof(commands) / sizeof(commands[0]);'; \
	 } > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@
FORCE:
.PHONY: FORCE

$(OUT)/gen/commands.o: CPPFLAGS_muk := $(CPPFLAGS_mukshell)

# The text that gdb is given.
$(GEN)/gdb_tasks.c: mukshell/gdb_tasks.py mukshell/mukshell.mk
	@mkdir -p $(@D)
	@{ echo '/* Generated from mukshell/gdb_tasks.py. */'; \
	   echo 'extern const char gdb_tasks[];'; echo 'const char gdb_tasks[] ='; \
	   sed 's/\\/\\\\/g; s/"/\\"/g; s/.*/	"&\\n"/' $<; echo ';'; } > $@
$(OUT)/gen/gdb_tasks.o: CPPFLAGS_muk := $(CPPFLAGS_mukshell)

# Everything but main, so that tests can link it.
LIBMUKSHELL := $(OUT)/lib/libmukshell.a
$(LIBMUKSHELL): $(call objects,$(MUKSHELL_SOURCES)) $(OUT)/gen/commands.o $(OUT)/gen/gdb_tasks.o
	@mkdir -p $(@D)
	@rm -f $@
	@echo "  AR   $@"
	$(Q)$(AR) rcs $@ $^
SOURCES += $(MUKSHELL_SOURCES)

MUKSHELL_ARCHIVES := $(LIBMUKSHELL) $(LIBINSPECT_STACK) $(LIBINSPECT_JSON) $(LIBINSPECT) $(LIBPROTOCOL) $(LIBDVK)
$(eval $(call program,mukshell,mukshell/main.c,$(MUKSHELL_ARCHIVES),$(MUKSHELL_LIBS)))

# The man page comes from the tables that `help` shows.
build/man/mukshell.1: build/bin/mukshell
	@mkdir -p $(@D)
	$(Q)$< --man > $@
all: $(if $(VARIANT),,build/man/mukshell.1)
