# Tests and benches: a folder per thing tested.
CPPFLAGS_tests := -Ikernel/include -Ikernel/engine -Ikernel/embedded -Imuk -Imuk/protocol -Iinspect -Imukshell -I$(GEN)

# $(eval $(call cmocka_test,NAME,SOURCES,ARCHIVES,LIBRARIES)) - one program that `make check` runs
define cmocka_test
$(OUT)/tests/$(1): $(call objects,$(2)) $(3)
	@mkdir -p $$(@D)
	@echo "  LINK $$@"
	$$(Q)$$(CC) $$(LDFLAGS_ALL) -o $$@ $(call objects,$(2)) $(3) $(4) -lcmocka
SOURCES += $(2)
TESTS += $(OUT)/tests/$(1)
endef

# ---- benches: each prints its figures once; bench.sh runs them -------------
# $(eval $(call bench,NAME,SOURCES,ARCHIVES,LIBRARIES))
define bench
$(OUT)/bench/$(1): $(call objects,$(2)) $(3)
	@mkdir -p $$(@D)
	@echo "  LINK $$@"
	$$(Q)$$(CC) $$(LDFLAGS_ALL) -o $$@ $(call objects,$(2)) $(3) $(4)
SOURCES += $(2)
BENCHES += $(OUT)/bench/$(1)
endef

BENCH_PEERS := tests/bench/peers.c
$(eval $(call bench,roundtrip_processes,tests/bench/roundtrip_processes.c $(BENCH_PEERS),$(LIBDVK)))

# ---- image: the library below RDISK and FS ---------------------------------
COMMA := ,
IMAGE_SOURCES := tests/image/fixture.c $(wildcard muk/image/*.c)
$(eval $(call cmocka_test,image_kept,tests/image/test_image.c $(IMAGE_SOURCES),$(LIBDVK),-Wl$$(COMMA)--wrap=pwritev))
$(eval $(call cmocka_test,image_commits,tests/image/test_commits.c $(IMAGE_SOURCES),$(LIBDVK),-Wl$$(COMMA)--wrap=pwritev))

# ---- fs: the file system below its server -----------------------------------
FS_FIXTURE := tests/fs/fixture.c
FS_LIBS := $(OUT)/lib/libfs.a $(OUT)/lib/libimage.a $(LIBDVK)
$(eval $(call cmocka_test,fs_walk,tests/fs/test_walk.c tests/fs/walker.c $(FS_FIXTURE),$(FS_LIBS)))
$(eval $(call cmocka_test,fs_server,tests/fs/test_server.c $(FS_FIXTURE),$(FS_LIBS) $(LIBPROTOCOL)))
$(OUT)/tests/fs_server: | $(OUT)/bin/muk
$(eval $(call cmocka_test,fs_operations,tests/fs/test_operations.c $(FS_FIXTURE),$(FS_LIBS)))
$(eval $(call cmocka_test,fs_room,tests/fs/test_room.c $(FS_FIXTURE),$(FS_LIBS)))
$(eval $(call cmocka_test,fs_crash,tests/fs/test_crash.c $(FS_FIXTURE),$(FS_LIBS),-Wl$$(COMMA)--wrap=pwritev))
$(eval $(call cmocka_test,fs_hostile,tests/fs/test_hostile.c $(FS_FIXTURE),$(FS_LIBS)))
$(eval $(call cmocka_test,fs_mapped,tests/fs/test_mapped.c $(FS_FIXTURE),$(FS_LIBS)))

# ---- engine: compiled once more, over the tests' own host -------------------
ENGINE_TEST_LIB := $(OUT)/lib/libengine-test.a
$(OUT)/tests/engine/%.o: CPPFLAGS_tests := -Itests/engine/host -Ikernel/include -Ikernel/engine
$(OUT)/tests/engine/kernel/%.o: kernel/engine/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) $(CPPFLAGS_tests) -MMD -MP -c -o $@ $<
$(ENGINE_TEST_LIB): $(OUT)/tests/engine/kernel/error.o $(patsubst kernel/engine/%.c,$(OUT)/tests/engine/kernel/%.o,$(wildcard kernel/engine/*.c))
	@mkdir -p $(@D)
	@rm -f $@
	$(AR) rcs $@ $^
$(OUT)/tests/engine/kernel/error.o: kernel/lib/error.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) $(CPPFLAGS_tests) -MMD -MP -c -o $@ $<
$(eval $(call cmocka_test,engine_transitions,$(wildcard tests/engine/*.c),$(ENGINE_TEST_LIB)))

# ---- inspect: from raw state to words ----------------------------------------
INSPECT_LIBS := $(LIBINSPECT_JSON) $(LIBINSPECT) $(LIBPROTOCOL) $(LIBDVK)
$(eval $(call cmocka_test,inspect_words,tests/inspect/test_words.c,$(INSPECT_LIBS)))
$(eval $(call cmocka_test,inspect_text,tests/inspect/test_text.c,$(INSPECT_LIBS)))
$(eval $(call cmocka_test,inspect_decode,tests/inspect/test_decode.c,$(INSPECT_LIBS)))
$(eval $(call bench,fs,tests/bench/fs.c,$(call muk_archives,fs rdisk systask image)))
$(eval $(call cmocka_test,inspect_why,tests/inspect/test_why.c,$(INSPECT_LIBS)))

# ---- servers in a process of their own, tested from another -------------------
WORLD := tests/servers/world.c
$(eval $(call cmocka_test,rdisk_calls,tests/rdisk/test_rdisk.c $(WORLD),$(call muk_archives,rdisk image)))
M3FTP_FIXTURE := tests/m3ftp/fixture.c $(WORLD)
M3FTP_LIBS := $(call muk_archives,m3ftp fs rdisk systask image)
$(eval $(call cmocka_test,m3ftp_files,tests/m3ftp/test_files.c $(M3FTP_FIXTURE),$(M3FTP_LIBS)))
$(eval $(call cmocka_test,m3ftp_rights,tests/m3ftp/test_rights.c $(M3FTP_FIXTURE),$(call muk_archives,m3ftp fs rdisk pm systask clock image)))
$(eval $(call cmocka_test,m3ftp_clients,tests/m3ftp/test_clients.c $(M3FTP_FIXTURE),$(M3FTP_LIBS)))
NWEB_FIXTURE := tests/nweb/fixture.c tests/nweb/http.c $(WORLD)
NWEB_LIBS := $(call muk_archives,nweb fs systask image)
$(eval $(call cmocka_test,nweb_requests,tests/nweb/test_requests.c $(NWEB_FIXTURE),$(NWEB_LIBS),-ldl))
$(eval $(call cmocka_test,nweb_load,tests/nweb/test_load.c $(NWEB_FIXTURE),$(NWEB_LIBS),-ldl))
$(eval $(call cmocka_test,is_dumps,tests/is/test_is.c $(WORLD),$(OUT)/lib/libis.a $(LIBINSPECT) $(call muk_archives,fs rdisk systask image)))
$(eval $(call cmocka_test,nweb_headers,tests/nweb/test_headers.c,$(OUT)/lib/libnweb.a))

# ---- config: both notations, and what is said of mistakes --------------------
$(eval $(call cmocka_test,config_files,tests/config/test_config.c,$(OUT)/lib/libconfig.a,-lconfig))

# The embedded host and libdvk
EMBEDDED_FIXTURE := tests/embedded/fixture.c
$(eval $(call cmocka_test,embedded_death,tests/embedded/test_death.c $(EMBEDDED_FIXTURE),$(LIBDVK)))
$(eval $(call cmocka_test,embedded_exec,tests/embedded/test_exec.c $(EMBEDDED_FIXTURE),$(LIBDVK)))
$(eval $(call cmocka_test,embedded_ready,tests/embedded/test_ready.c $(EMBEDDED_FIXTURE),$(LIBDVK)))
$(eval $(call cmocka_test,embedded_many,tests/embedded/test_many.c $(EMBEDDED_FIXTURE),$(LIBDVK)))
$(eval $(call cmocka_test,embedded_group,tests/embedded/test_group.c $(EMBEDDED_FIXTURE),$(LIBDVK)))

# ---- runtime and server loop -------------------------------------------------
IN_DC := tests/runtime/in_dc.c
RUNTIME_ARCHIVES := $(LIBSERVER) $(LIBRUNTIME) $(LIBPROTOCOL) $(LIBDVK)
$(eval $(call cmocka_test,tasks,tests/runtime/test_tasks.c $(IN_DC),$(RUNTIME_ARCHIVES)))
$(eval $(call cmocka_test,coroutines,tests/runtime/test_coroutines.c $(IN_DC),$(RUNTIME_ARCHIVES)))
$(eval $(call cmocka_test,switch,tests/runtime/test_switch.c,$(LIBRUNTIME)))
$(eval $(call cmocka_test,faults,tests/runtime/test_faults.c,$(RUNTIME_ARCHIVES)))
$(eval $(call cmocka_test,server,tests/runtime/test_server.c tests/runtime/echo.c $(IN_DC),$(RUNTIME_ARCHIVES)))
$(eval $(call cmocka_test,inspect_show,tests/inspect/test_show.c,$(INSPECT_LIBS),-ljansson))
$(eval $(call cmocka_test,embedded_load,tests/embedded/test_load.c $(EMBEDDED_FIXTURE),$(LIBDVK)))
$(eval $(call cmocka_test,inspect_tables,tests/inspect/test_tables.c,$(INSPECT_LIBS),-ljansson))
$(eval $(call cmocka_test,inspect_trace,tests/inspect/test_trace.c,$(INSPECT_LIBS),-ljansson))
$(eval $(call cmocka_test,inspect_filter,tests/inspect/test_filter.c,$(INSPECT_LIBS)))
$(eval $(call cmocka_test,inspect_summary,tests/inspect/test_summary.c,$(INSPECT_LIBS)))
$(eval $(call cmocka_test,inspect_chart,tests/inspect/test_chart.c,$(INSPECT_LIBS)))
# Run by its script only.
$(OUT)/tests/old_linux: $(call objects,tests/embedded/old_linux.c)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^
SCRIPT_TESTS += tests/embedded/old_linux.sh
$(eval $(call cmocka_test,embedded_segment,tests/embedded/test_segment.c $(EMBEDDED_FIXTURE),$(LIBDVK)))
$(OUT)/tests/lib/%.o: CPPFLAGS_tests += -Itests/embedded
$(eval $(call cmocka_test,lib_calls,tests/lib/test_calls.c $(EMBEDDED_FIXTURE),$(LIBDVK)))
$(eval $(call cmocka_test,lib_runtime,tests/lib/test_runtime.c $(EMBEDDED_FIXTURE),$(LIBDVK)))

$(eval $(call bench,roundtrip_tasks,tests/bench/roundtrip_tasks.c $(BENCH_PEERS),$(RUNTIME_ARCHIVES)))

# ---- protocol tables -----------------------------------------------------------
$(eval $(call cmocka_test,descriptors,tests/protocol/test_protocol.c,$(LIBPROTOCOL)))
$(eval $(call cmocka_test,generator,tests/protocol/test_generator.c,))
$(eval $(call cmocka_test,lib_vcopy,tests/lib/test_vcopy.c $(EMBEDDED_FIXTURE),$(LIBDVK)))
$(eval $(call cmocka_test,lib_view,tests/lib/test_view.c $(EMBEDDED_FIXTURE),$(LIBDVK)))

# ---- mukshell: lines, options, calls, completion -------------------------------
$(eval $(call cmocka_test,mukshell_words,tests/mukshell/test_words.c,$(MUKSHELL_ARCHIVES),$(MUKSHELL_LIBS)))
$(eval $(call cmocka_test,mukshell_arguments,tests/mukshell/test_arguments.c,$(MUKSHELL_ARCHIVES),$(MUKSHELL_LIBS)))
$(eval $(call cmocka_test,mukshell_request,tests/mukshell/test_request.c,$(MUKSHELL_ARCHIVES),$(MUKSHELL_LIBS)))
$(eval $(call cmocka_test,mukshell_complete,tests/mukshell/test_complete.c,$(MUKSHELL_ARCHIVES),$(MUKSHELL_LIBS)))
$(eval $(call cmocka_test,lib_events,tests/lib/test_events.c $(EMBEDDED_FIXTURE),$(LIBDVK)))
$(eval $(call cmocka_test,lib_samples,tests/lib/test_samples.c $(EMBEDDED_FIXTURE),$(LIBDVK)))
$(OUT)/tests/lib_samples: | $(OUT)/bin/ping_pong $(OUT)/bin/echo_server

# ---- systask, clock, pm, boot: the muk that was built, in a DC of its own -----
BOOT_FIXTURE := tests/boot/muk.c
$(eval $(call cmocka_test,pm_calls,tests/pm/test_pm.c tests/pm/children.c $(BOOT_FIXTURE),$(LIBPROTOCOL) $(LIBDVK)))
$(OUT)/tests/pm_calls: | $(OUT)/bin/muk
SCRIPT_TESTS += tests/card/card.sh
$(eval $(call cmocka_test,boot_muk,tests/boot/test_boot.c $(BOOT_FIXTURE),$(LIBPROTOCOL) $(LIBDVK)))
$(OUT)/tests/boot_muk: | $(OUT)/bin/muk
SCRIPT_TESTS += tests/boot/servers.sh

# ---- the bench of events: beside it an engine without the hook ---------------
EVENT_TRIPS := tests/bench/event_trips.c
$(OUT)/bench-parts/engine/%.o: kernel/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_ALL) $(CPPFLAGS_kernel) -include tests/bench/no_events.h -MMD -MP -c -o $@ $<
$(OUT)/bench-parts/event_base: $(call objects,tests/bench/event_base.c $(EVENT_TRIPS)) \
		$(patsubst kernel/%.c,$(OUT)/bench-parts/engine/%.o,$(filter-out %/engine/event.c,$(LIBDVK_SOURCES))) \
		$(LIBRUNTIME)
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^
$(OUT)/bench/event: | $(OUT)/bench-parts/event_base
$(eval $(call bench,event,tests/bench/event.c $(EVENT_TRIPS),$(LIBRUNTIME) $(LIBDVK)))
$(eval $(call cmocka_test,clock_alarms,tests/clock/test_clock.c $(BOOT_FIXTURE),$(OUT)/lib/libclock.a $(LIBPROTOCOL) $(LIBDVK)))
$(OUT)/tests/clock_alarms: | $(OUT)/bin/muk
$(eval $(call cmocka_test,inspect_stuck,tests/inspect/test_stuck.c,$(LIBINSPECT) $(LIBRUNTIME) $(LIBPROTOCOL) $(LIBDVK)))
$(eval $(call cmocka_test,systask_calls,tests/systask/test_systask.c $(BOOT_FIXTURE),$(LIBPROTOCOL) $(LIBDVK)))
$(OUT)/tests/systask_calls: | $(OUT)/bin/muk

# ---- bad input: whatever is wrong is told, and changes nothing ------------------
$(eval $(call cmocka_test,badinput_messages,tests/badinput/test_messages.c $(BOOT_FIXTURE),$(LIBPROTOCOL) $(LIBDVK)))
$(OUT)/tests/badinput_messages: | $(OUT)/bin/muk
$(eval $(call cmocka_test,badinput_full,tests/badinput/test_full.c $(BOOT_FIXTURE),$(LIBDVK)))
$(OUT)/tests/badinput_full: | $(OUT)/bin/muk $(OUT)/bin/mukshell
SCRIPT_TESTS += tests/badinput/badinput.sh

# ---- a live MUK on a real image: random walks, kills, looking at what hangs -----
M3FTP_CLIENT := muk/m3ftp/client.c muk/m3ftp/host_io.c
LIVE := tests/live/live.c tests/boot/muk.c
LIVE_ARCHIVES := $(LIBPROTOCOL) $(LIBDVK)
$(eval $(call cmocka_test,live_walk,$(wildcard tests/walk/*.c) $(LIVE) $(M3FTP_CLIENT),$(LIVE_ARCHIVES),-ljansson -lutil))
$(OUT)/tests/live_walk: | $(OUT)/bin/muk $(OUT)/bin/mukshell
KILL := tests/kill/stage.c tests/kill/victims.c $(LIVE) $(M3FTP_CLIENT)
$(eval $(call cmocka_test,live_kill_clients,tests/kill/test_clients.c $(KILL),$(LIVE_ARCHIVES),-lutil))
$(OUT)/tests/live_kill_clients: | $(OUT)/bin/muk
$(eval $(call cmocka_test,live_kill_keeper,tests/kill/test_keeper.c $(KILL),$(LIVE_ARCHIVES),-lutil))
$(eval $(call cmocka_test,live_kill_shells,tests/kill/test_shells.c $(KILL),$(LIVE_ARCHIVES),-ljansson -lutil))
$(eval $(call cmocka_test,live_kill_muk,tests/kill/test_muk.c $(KILL),$(LIVE_ARCHIVES),-lutil))
$(OUT)/tests/live_kill_muk $(OUT)/tests/live_kill_keeper $(OUT)/tests/live_kill_shells: | $(OUT)/bin/muk $(OUT)/bin/mukshell
$(eval $(call cmocka_test,live_look,$(wildcard tests/look/*.c) $(LIVE) $(WORLD),$(call muk_archives,fs rdisk systask image),-lutil))
$(OUT)/tests/live_look: | $(OUT)/bin/muk $(OUT)/bin/mukshell

$(eval $(call cmocka_test,mukshell_json,tests/mukshell/test_json.c $(LIVE),$(MUKSHELL_ARCHIVES),$(MUKSHELL_LIBS) -lutil))
$(OUT)/tests/mukshell_json: | $(OUT)/bin/muk $(OUT)/bin/mukshell

# ---- fuzzers --------------------------------------------------------------------
include tests/fuzz/fuzz.mk

# ---- simulation -----------------------------------------------------------------
include tests/simulate/simulate.mk
$(eval $(call cmocka_test,lib_requests,tests/lib/test_requests.c $(EMBEDDED_FIXTURE),$(LIBDVK)))
$(eval $(call cmocka_test,lib_bounce,tests/lib/test_bounce.c $(EMBEDDED_FIXTURE),$(LIBDVK)))
$(eval $(call cmocka_test,lib_holds,tests/lib/test_holds.c $(EMBEDDED_FIXTURE),$(LIBDVK)))
$(eval $(call cmocka_test,lib_manage,tests/lib/test_manage.c $(EMBEDDED_FIXTURE),$(LIBDVK)))
SCRIPT_TESTS += tests/card/debug.sh
SCRIPT_TESTS += tests/card/messages.sh
SCRIPT_TESTS += tests/card/several.sh
SCRIPT_TESTS += tests/lib/apart.sh

# ---- kills at each instruction ---------------------------------------------------
include tests/cut/cut.mk

# ---- conformance ------------------------------------------------------------------
include tests/conformance/conformance.mk

# ---- ThreadSanitizer, and the model of parking and waking -----------------------
include tests/tsan/tsan.mk
SCRIPT_TESTS += tests/parking/check.sh

# ---- the bench of a boot: it starts build/bin/muk ------------------------------
$(eval $(call bench,boot,tests/bench/boot.c))

# ---- benches of copies and of full tables -------------------------------------
$(eval $(call bench,vcopy,tests/bench/vcopy.c,$(LIBDVK)))
$(eval $(call bench,scale,tests/bench/scale.c,$(LIBRUNTIME) $(LIBDVK)))
include tests/chaos/chaos.mk

# ---- benches of the shell: what it costs others, what it takes itself -----------
$(eval $(call bench,effect,tests/bench/effect.c,$(LIBRUNTIME) $(LIBDVK)))
$(OUT)/bench-parts/shell: $(call objects,tests/bench/shell.c) $(LIBRUNTIME) $(LIBDVK)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ -lutil
SOURCES += tests/bench/shell.c
BENCHES += $(OUT)/bench-parts/shell

# ---- guests in QEMU ---------------------------------------------------------------
include tests/module/module.mk tests/module/debug/debug.mk

# ---- explaining ------------------------------------------------------------------
include tests/why/why.mk

# ---- scripts of mukshell -----------------------------------------------------------
$(eval $(call cmocka_test,mukshell_result,tests/mukshell/test_result.c,$(MUKSHELL_ARCHIVES),$(MUKSHELL_LIBS)))
SCRIPT_TESTS += tests/card/scripts.sh tests/card/samples.sh
# ---- recordings and dumps -----------------------------------------------------------
$(eval $(call cmocka_test,inspect_recording,tests/inspect/test_recording.c,$(INSPECT_LIBS)))
SCRIPT_TESTS += tests/card/files.sh
SCRIPT_TESTS += tests/card/export.sh
SCRIPT_TESTS += tests/card/live.sh

# ---- the bench of recordings: it starts build/bin/mukshell --------------------------
$(eval $(call bench,record,tests/bench/record.c,$(LIBINSPECT) $(LIBPROTOCOL) $(LIBRUNTIME) $(LIBDVK)))
SCRIPT_TESTS += tests/lib/probes.sh
