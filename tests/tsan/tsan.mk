# ThreadSanitizer over the programs whose threads share a DC: both runtimes, the embedded
# host, libdvk, and the cases of the contract. make check-tsan builds and runs them; check
# does so too. What it cannot be told of:
# - A signal reaches a thread only where ThreadSanitizer knows that it waits, which a futex
#   by its number is not: the cases that interrupt a wait are left out (SIGNALS_ARE_LATE).
# - It has a thread of its own, and Linux lets no process with two threads into another user
#   namespace: that form of the cases is left out. lib_bounce has the copies of it.
# - Time: embedded_death holds each burial to 100 ms by the clock, also on a busy machine; it
#   is left out. The cases of the contract count the time that they had themselves.
# - What goes from one process to another through a third: annotate_tsan.h.
TSAN_TESTS := tasks switch coroutines server lib_calls lib_runtime lib_events lib_view \
	lib_manage lib_requests lib_holds lib_vcopy lib_bounce embedded_load embedded_segment embedded_many \
	conformance_suite
tests-tsan: $(TSAN_TESTS:%=$(OUT)/tests/%)

check-tsan:
	@$(MAKE) --no-print-directory -j2 VARIANT=tsan tests-tsan
	bash tests/tsan/check.sh $(TSAN_TESTS:%=build/tsan/tests/%)

.PHONY: check-tsan tests-tsan
