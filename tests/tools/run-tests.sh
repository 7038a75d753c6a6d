#!/usr/bin/env bash
# run-tests.sh PROGRAM... - runs each test program in turn, bounded in time.
#
# Prints the output of those that fail and the closing line of those that pass;
# its last line counts the programs. A program that hangs is ended after LIMIT
# seconds (default 300) and has failed. The one that BESIDE names is run beside all
# the others, with the least priority: a processor that has something else to do is
# part of the test.
set -u
limit=${LIMIT:-300}
passed=0 failed=0
log=$(mktemp) beside_log=$(mktemp)
trap 'rm -f "$log" "$beside_log"; [ -z "${beside_pid:-}" ] || kill "$beside_pid"' EXIT

# The verdict on a program that has ended, from its log.
judge() { # PROGRAM STATUS BEGAN LOG
	local program=$1 status=$2 log=$4 took closing
	took=$(awk -v a="$3" -v b="$(date +%s.%N)" 'BEGIN { printf "%.1f", b - a }')
	if [ $status = 0 ]; then
		passed=$((passed + 1))
		closing=$(grep -aE 'PASSED|passed' "$log" | tail -n 1)
		printf 'ok      %-44s %6s s  %s\n' "$program" "$took" "$closing"
	else
		failed=$((failed + 1))
		sed 's/^/    /' "$log" | tail -n 120
		[ $status = 124 ] && echo "    ended after $limit s"
		printf 'FAILED  %-44s %6s s  status %d\n' "$program" "$took" "$status"
	fi
}

beside_began=$(date +%s.%N)
if [ -n "${BESIDE:-}" ]; then
	nice -n 19 timeout --kill-after=5 1200 "$BESIDE" >"$beside_log" 2>&1 </dev/null &
	beside_pid=$!
fi
for program in "$@"; do
	began=$(date +%s.%N)
	timeout --kill-after=5 "$limit" "$program" >"$log" 2>&1 </dev/null
	judge "$program" $? "$began" "$log"
done
if [ -n "${BESIDE:-}" ]; then
	wait "$beside_pid"
	status=$?
	beside_pid=
	judge "$BESIDE" $status "$beside_began" "$beside_log"
fi
echo "$passed passed, $failed failed"
[ $failed = 0 ]
