#!/bin/bash
# explain.sh - what is to be seen of a MUK's tasks and of its disk from outside. On both
# runtimes.
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
source tests/why/disk.sh

configure
for runtime in coroutines threads; do
	boot $runtime
	stacks
	memory
	dumped
	shows 'nothing is odd' 'doctor --for 100ms' '^nothing is odd$'
	disk
	shut_down
	at_rest
done
runtime=coroutines
wrong_disk
echo "explain: $passed passed, $failed failed"
[ $failed = 0 ]
