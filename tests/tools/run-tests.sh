#!/usr/bin/env bash
# run-tests.sh PROGRAM... - runs each test program in turn, bounded in time.
#
# Prints the output of those that fail and the closing line of those that pass;
# its last line counts the programs. A program that hangs is ended after LIMIT
# seconds (default 300) and has failed.
set -u
limit=${LIMIT:-300}
passed=0 failed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

for program in "$@"; do
	began=$(date +%s.%N)
	timeout --kill-after=5 "$limit" "$program" >"$log" 2>&1 </dev/null
	status=$?
	took=$(awk -v a="$began" -v b="$(date +%s.%N)" 'BEGIN { printf "%.1f", b - a }')
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
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
