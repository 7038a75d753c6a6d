#!/usr/bin/env bash
# mutants.sh [OUT] - puts each fault of mutants.txt into a copy of the engine and
# runs the simulation over it: it must be found within 200,000 steps.
#
# A line of the table: FILE @ text @ what stands in its place. The text must be in
# the file exactly once: a fault that does not apply, or does not compile, is an error.
set -u
cd "$(dirname "$0")/../.."
out=${1:-build}
work=$out/simulate-mutants
flags="-std=gnu11 -O1 -pthread -D_GNU_SOURCE -Itests/engine/host -Ikernel/include"
found=0 missed=0 number=0
mkdir -p "$work"

# FILE TEXT REPLACEMENT: the mutated copy on stdout; fails unless TEXT is there once.
mutate() {
	TEXT=$2 BY=$3 awk '
	BEGIN { RS = "\001" }
	{
		text = ENVIRON["TEXT"]; by = ENVIRON["BY"]
		at = index($0, text)
		if (!at || index(substr($0, at + 1), text)) exit 1
		printf "%s%s%s", substr($0, 1, at - 1), by, substr($0, at + length(text))
	}' "$1"
}

build() {	# FILE: only what the fault touches is compiled anew
	local sources=$work/engine/$1
	case $1 in *.h) sources=$(ls "$work"/engine/*.c) ;; esac
	# shellcheck disable=SC2086
	gcc $flags -w -I"$work/engine" -o "$work/simulation" $sources \
		"$out"/tests/simulate/*.o "$out/lib/libengine-test.a"
}

while IFS='@' read -r file text by; do
	case $file in '' | '#'*) continue ;; esac
	file=$(echo "$file" | tr -d ' ')
	number=$((number + 1))
	rm -rf "$work/engine" && cp -r kernel/engine "$work/engine"
	if ! mutate "kernel/engine/$file" "${text# }" "${by# }" >"$work/engine/$file" ||
		! build "$file" 2>"$work/log"; then
		echo "mutant $number does not apply: $file: $text"
		missed=$((missed + 1))
		continue
	fi
	nice timeout 300 "$work/simulation" --no-shrink STEPS=200000 >"$work/log" 2>&1
	rc=$?
	if [ $rc = 0 ]; then
		echo "mutant $number is not found: $file: $text => $by"
		missed=$((missed + 1))
	elif [ $rc = 124 ] || ! grep -q FAILED "$work/log"; then
		echo "mutant $number ends otherwise, with $rc: $file: $text => $by"
		missed=$((missed + 1))
	else
		found=$((found + 1))
		[ -n "${V:-}" ] && echo "$number $file: $(head -n 1 "$work/log")"
	fi
done <tests/simulate/mutants.txt
echo "$number mutants: $found found, $missed not"
[ $missed = 0 ]
