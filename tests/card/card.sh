#!/usr/bin/env bash
# card.sh [RUNTIME]... - the card's four lines: attach dc0, the live view, scripted
# tracing, files in and out; as a person and as a script, on each runtime.
set -u
cd "$(dirname "$0")/../.."
. tests/card/lib.sh
. tests/card/as_script.sh
. tests/card/as_person.sh
trap clean_up EXIT

configure
for runtime in ${*:-coroutines threads}; do
	boot "$runtime"
	script_attaches
	script_fails_well
	script_moves_files
	script_traces
	script_only_looks
	script_runs_examples
	person_attaches
	person_completes
	person_interrupts
	person_watches_live
	shut_down
	fsck.minix -f "$work/disk.img" >"$work/fsck" 2>&1
	check 'fsck.minix finds the image clean' $?
	boot "$runtime"
	script_loses_the_muk
	boot "$runtime"
	person_loses_the_muk
done
echo "card: $passed checks passed, $failed failed"
[ $failed = 0 ]
