#!/usr/bin/env bash
# bench.sh - runs every bench five times, interleaved, and prints the medians.
#
# Each program prints lines "name value unit better peer peer_value" with tabs;
# a figure with several peers has a line for each. The table goes to standard
# output, build/bench.json gets one object a line (table.sh).
set -u
cd "$(dirname "$0")/../.."
runs=${RUNS:-5}
raw=build/bench.raw
: >$raw

for run in $(seq "$runs"); do
	for program in build/bench/* tests/bench/run-*.sh; do
		[ -x "$program" ] || continue
		[ ! -t 2 ] || printf '\rrun %d of %d: %-40s' "$run" "$runs" "$(basename "$program")" >&2
		timeout 300 "$program" >>$raw || echo "$program failed" >&2
	done
done
[ ! -t 2 ] || printf '\r%60s\r' '' >&2

exec bash tests/bench/table.sh $raw build/bench.json
