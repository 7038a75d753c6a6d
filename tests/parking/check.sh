#!/usr/bin/env bash
# check.sh - spin verifies parking.pml in full, and finds the fault in each mutant of it.
#
# A configuration is ROUNDS and KILLS. mutants.txt: one fault a line; a mutant that
# passes, or an expression that changes nothing, is a failure.
set -u
cd "$(dirname "$0")" || exit 1
here=$PWD
work=$(mktemp -d) && cd "$work" || exit 1
trap 'rm -rf "$work"' EXIT
failed=0

# verify MODEL ROUNDS KILLS: prints pan's result; 0 when all states were visited without error
verify() {
	spin -a -DROUNDS="$2" -DKILLS="$3" "$1" >spin.log 2>&1 || { cat spin.log; return 2; }
	${CC:-gcc} -O1 -DSAFETY -DCOLLAPSE -o pan pan.c || return 2
	timeout 120 ./pan -n -m100000 >pan.log 2>&1 || return 2
	grep -q 'max search depth too small\|out of memory' pan.log && return 2
	grep -q 'errors: 0' pan.log
}

# The model itself, beside the mutants: it takes as long as they do.
whole() {
	mkdir whole && cd whole || return 1
	for configuration in "1 2" "2 1"; do
		verify "$here/parking.pml" $configuration || { cat pan.log; return 1; }
		echo "rounds and kills $configuration: $(awk '/states, stored/ { print $1 }' pan.log) states"
	done
}
whole &

while IFS='|' read -r name configuration fault; do
	case $name in \#*) continue ;; esac
	sed "$fault" "$here/parking.pml" >mutant.pml
	if cmp -s mutant.pml "$here/parking.pml"; then
		echo "mutant changes nothing: $name"
		failed=1
		continue
	fi
	verify mutant.pml $configuration
	if [ $? != 1 ]; then
		echo "mutant not found: $name"
		failed=1
		continue
	fi
	echo "found: $name: $(grep -m1 '^pan:1' pan.log | cut -c1-60)"
done <"$here/mutants.txt"

wait $! || failed=1
[ $failed = 0 ] && echo "model passed, its mutants were found"
exit $failed
