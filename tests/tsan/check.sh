#!/usr/bin/env bash
# check.sh PROGRAM... - runs tests that were built with ThreadSanitizer.
#
# A report of any process of theirs is a failure, also of a child that was killed or
# whose status nobody asked for. Children of a fork start threads of their own, which
# ThreadSanitizer takes only when it is told to (die_after_fork); and what its atexit
# waits for costs each child a second.
set -u
export SIGNALS_ARE_LATE=1
reports=$(mktemp -d)
trap 'rm -rf "$reports"' EXIT
export TSAN_OPTIONS="die_after_fork=0 atexit_sleep_ms=50 log_path=$reports/report${TSAN_OPTIONS:+ $TSAN_OPTIONS}"

bash "$(dirname "$0")/../tools/run-tests.sh" "$@"
status=$?
if grep -lq 'WARNING: ThreadSanitizer' "$reports"/* 2>/dev/null; then
	cat "$reports"/*
	grep -h '^SUMMARY' "$reports"/* | sort | uniq -c
	status=1
fi
exit $status
