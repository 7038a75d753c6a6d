# ThreadSanitizer over the programs whose threads share a DC: the threads runtime, the
# embedded host, libdvk. make check-tsan builds and runs them; check does so too. Left
# out: coroutines, lib_requests and lib_holds, whose forked children start a thread where
# their parent had one, which ends ThreadSanitizer ("dup thread with used id");
# embedded_death, whose limits of time it cannot keep.
TSAN_TESTS := tasks switch server lib_calls lib_runtime lib_events lib_view lib_manage \
	embedded_load embedded_segment
tests-tsan: $(TSAN_TESTS:%=$(OUT)/tests/%)

check-tsan:
	@$(MAKE) --no-print-directory -j2 VARIANT=tsan tests-tsan
	bash tests/tsan/check.sh $(TSAN_TESTS:%=build/tsan/tests/%)

.PHONY: check-tsan tests-tsan
