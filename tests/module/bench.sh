#!/usr/bin/env bash
# bench.sh [KERNEL] - the module's figures: medians of BOOTS guests (default 10), as a table.
#
# A guest with one processor each; a line of build/bench.module.json per figure and peer.
# Absolute times mean nothing under emulation: the ratios count, and the calls and
# switches that stand beside them. One more guest counts instructions instead of time: the
# same on a busy machine, but without what a switch of address spaces costs.
set -u
cd "$(dirname "$0")/../.."
kernel=${1:-6.1}
raw=build/bench.raw
bash tests/module/fetch-kernels.sh "$kernel" || exit 1
make --no-print-directory -s module KERNEL="$kernel" || exit 1
make --no-print-directory -s VARIANT= build/bench-parts/module || exit 1
log=$(mktemp)
trap 'rm -f "$log"' EXIT
: >$raw

# One guest's figures, with the names as NAMES (of sed) makes them.
boot() { # CLOCK NAMES
	bash tests/module/guest.sh -c 1 "$1" -t 250 "$kernel" tests/module/guest/bench.sh \
		"build/module/$kernel/dvk.ko" build/bench-parts/module tail sed >"$log" 2>&1 ||
		{ cat "$log"; echo 'a boot failed' >&2; }
	sed -n 's/^# figure\t//p' "$log" | sed "$2" >>$raw
}

for boot in $(seq "${BOOTS:-10}"); do
	[ ! -t 2 ] || printf '\rboot %d of %d' "$boot" "${BOOTS:-10}" >&2
	boot -f ''
done
# Calls, switches and rates say the same again.
boot -i '/\tns\t/!d; s/^/instructions./; s/\tns\t/\tinsns\t/'
[ ! -t 2 ] || printf '\r%40s\r' '' >&2
[ -s $raw ] && bash tests/bench/table.sh $raw build/bench.module.json
