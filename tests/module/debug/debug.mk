# dvk.ko under kernels that find faults; check runs it, shortly, where they are there.
SCRIPT_TESTS += tests/module/debug/cached.sh

# KERNEL=kasan or kcsan: only that one. GARBAGE: how many ioctls, SEED.
check-module-debug:
	@$(MAKE) --no-print-directory deps-check
	@$(MAKE) --no-print-directory deps-module-debug
	bash tests/module/debug.sh $(filter kasan kcsan,$(KERNEL))

.PHONY: check-module-debug
