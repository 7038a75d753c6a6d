#!/usr/bin/env bash
# debug.sh [-c] [KIND]... - dvk.ko in guests whose kernels find faults: kasan (memory,
# locks, sleeping, leaks, failing allocations) and kcsan (races).
#
# GARBAGE ioctls with random arguments (default 1,000,000), from SEED, for SECONDS_MAX at most.
# The kernels are built first, which takes a while, and kept (debug/kernel.sh). With -c a
# kernel that is not there is left out, and so is the contract.
set -u
cd "$(dirname "$0")/../.."
garbage=${GARBAGE:-1000000} seed=${SEED:-$(date +%s)} seconds=${SECONDS_MAX:-3000}
cached= extent=all others=900
[ "${1:-}" = -c ] && { cached=-c extent=short others=110; shift; }
log=$(mktemp)
trap 'rm -f "$log" build/debug.arguments' EXIT
passed=0 failed=0 skipped=0

build() { # KIND
	bash tests/module/fetch-kernels.sh busybox >&2 &&
		make --no-print-directory -s module KERNEL="debug-$1" &&
		make --no-print-directory -s VARIANT= build/tests/conformance_suite $programs
}

boot() { # KIND
	echo "$garbage $seed $seconds $extent" >build/debug.arguments
	bash tests/module/guest.sh -m 2048 -t $((seconds + others)) "debug-$1" \
		tests/module/debug/guest.sh build/debug.arguments "build/module/debug-$1/dvk.ko" \
		build/tests/conformance_suite $programs seq sleep cat
}

count() { # WHAT
	sed -nE "s/^guest .*[:,] ([0-9]+) $1.*/\1/p" "$log" | tail -n 1
}

check() { # KIND
	if ! build "$1" >"$log" 2>&1; then
		failed=$((failed + 1))
		tail -n 40 "$log"
		echo "not ok - $1"
		return
	fi
	boot "$1" >"$log" 2>&1 || failed=$((failed + ($(count failed) + 0 == 0)))
	cat "$log"
	passed=$((passed + $(count passed) + 0))
	failed=$((failed + $(count failed) + 0))
}

programs=$(sed -n 's|.*cmocka_test,\(module_[a-z_]*\),.*|build/tests/\1|p' tests/module/module.mk)
for kind in ${*:-kasan kcsan}; do
	echo "# dvk.ko under $kind"
	if bash tests/module/debug/kernel.sh $cached "$kind" >"$log" 2>&1; then
		check "$kind"
	elif [ -n "$cached" ]; then
		skipped=$((skipped + 1))
		echo "ok - $kind # SKIP $(tail -n 1 "$log"): make check-module-debug"
	else
		failed=$((failed + 1))
		tail -n 40 "$log"
		echo "not ok - $kind: no kernel"
	fi
done
[ $skipped = 0 ] || left=', left out: make check-module-debug builds the kernels'
echo "$passed passed, $failed failed, $skipped skipped${left:-}"
[ $failed = 0 ]
