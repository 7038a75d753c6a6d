#!/usr/bin/env bash
# old_linux.sh - deaths are noticed in time by looking, where Linux has no futex_waitv.
set -u
cd "$(dirname "$0")/../.."
tests="embedded_death embedded_exec embedded_load chaos_kills"
make --no-print-directory -s VARIANT= build/tests/old_linux \
	$(printf 'build/tests/%s ' $tests) || exit 1
failed=0
for test in $tests; do
	CHAOS=40 build/tests/old_linux "build/tests/$test" || failed=1
done
exit $failed
