#!/usr/bin/env bash
# check.sh [KERNEL]... - dvk.ko in guests with Debian's kernels, 6.1 and 6.12.
#
# One report of all guests; the last line counts. A kernel that cannot be had is
# skipped, and the reason said; 6.1 must be there.
set -u
cd "$(dirname "$0")/../.."
source tests/module/commands.sh
log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0 failed=0 skipped=0

build() { # KERNEL
	bash tests/module/fetch-kernels.sh "$1" || return 2
	make --no-print-directory -s module KERNEL="$1" &&
		make --no-print-directory -s VARIANT= build/bin/muk build/bin/mukshell \
			build/tests/conformance_suite build/tests/chaos_kills $programs
}

boot() { # KERNEL
	bash tests/module/guest.sh -t 280 "$1" tests/module/guest/module.sh \
		"build/module/$1/dvk.ko" tests/module/guest tests/card samples build/bin/muk \
		build/bin/mukshell build/tests/conformance_suite build/tests/chaos_kills $programs \
		$muk_needs $commands
}

count() { # WHAT
	sed -nE "s/^guest .*[:,] ([0-9]+) $1.*/\1/p" "$log" | tail -n 1
}

programs=$(sed -n 's|.*cmocka_test,\(module_[a-z_]*\),.*|build/tests/\1|p' tests/module/module.mk)
for kernel in ${*:-6.1 6.12}; do
	echo "# dvk.ko on $kernel"
	build "$kernel" >"$log" 2>&1
	case $? in
	0) ;;
	2) if [ "$kernel" != 6.1 ]; then
		skipped=$((skipped + 1))
		echo "ok - $kernel # SKIP $(tail -n 1 "$log")"
		continue
	fi ;&
	*)
		failed=$((failed + 1))
		tail -n 40 "$log"
		echo "not ok - $kernel"
		continue
		;;
	esac
	boot "$kernel" >"$log" 2>&1 || failed=$((failed + ($(count failed) + 0 == 0)))
	cat "$log"
	passed=$((passed + $(count passed)))
	failed=$((failed + $(count failed)))
	skipped=$((skipped + $(count skipped)))
done
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
