#!/bin/bash
# explain.sh - what a MUK's tasks and its file system say of themselves: stacks of
# coroutines and of threads. On both runtimes.
cd "$(dirname "$0")/../.." || exit 1
source tests/card/lib.sh
trap clean_up EXIT

# Runs a command until its output has all patterns, as lines or parts of them.
shows() { # WHAT COMMAND PATTERN...
	local what=$1 command=$2 text pattern missing
	shift 2
	for _ in 1 2 3 4 5; do
		text=$(msh -c "$command" 2>&1)
		missing=
		for pattern; do
			grep -qE -- "$pattern" <<<"$text" || missing=$pattern
		done
		[ -z "$missing" ] && break
		sleep 0.2
	done
	[ -z "$missing" ] || printf -- '--- no "%s" in\n%s\n' "$missing" "$text"
	[ -z "$missing" ]
	check "$what" $?
}

source tests/why/stacks.sh

configure
for runtime in coroutines threads; do
	boot $runtime
	stacks
	shut_down
done
echo "explain: $passed passed, $failed failed"
[ $failed = 0 ]
