#!/usr/bin/env bash
# fuzz.sh [NAME]... - runs each fuzzer FUZZ_SECONDS long (default 8), two at a time.
#
# FUZZ_SEED (default 1) repeats a run. What they learn stays under build/fuzz/corpus
# and is where the next run goes on; an input that something is wrong with is kept
# under build/fuzz/found, and the line that runs it alone is printed.
set -u
cd "$(dirname "$0")/../.."
seconds=${FUZZ_SECONDS:-8}
seed=${FUZZ_SEED:-1}
corpus=$PWD/build/fuzz/corpus found=$PWD/build/fuzz/found logs=$PWD/build/fuzz/log
command -v clang >/dev/null || { echo 'clang is missing: sh tests/tools/deps.sh check'; exit 1; }
make --no-print-directory -s -j2 VARIANT=fuzz CC=clang fuzzers >build/fuzz.log 2>&1 ||
	{ tail -n 30 build/fuzz.log; exit 1; }
mkdir -p "$corpus" "$found" "$logs"
bash tests/fuzz/seeds.sh "$corpus"
FUZZ_FOLDER=$(mktemp -d /tmp/muk-fuzz.XXXXXX)
export FUZZ_FOLDER
trap 'rm -rf "$FUZZ_FOLDER"' EXIT

fuzz() {	# NAME
	local words=
	mkdir -p "$corpus/$1"
	[ -f "$corpus/$1.dict" ] && words=-dict=$corpus/$1.dict
	case $1 in # inputs that are lists of steps are as long as a case may be
	shell | config | text) ;;
	*) words="$words -len_control=0 -max_len=1024" ;;
	esac
	nice -n 19 "build/fuzz/bin/fuzz-$1" -seed="$seed" -max_total_time="$seconds" -timeout=5 \
		-rss_limit_mb=2048 -print_final_stats=1 $words "-artifact_prefix=$found/$1-" \
		"$corpus/$1" >"$logs/$1" 2>&1 </dev/null
	echo $? >"$logs/$1.status"
}

names=("$@")
if [ $# = 0 ]; then
	for program in build/fuzz/bin/fuzz-*; do
		names+=("${program##*/fuzz-}")
	done
fi
for ((i = 0; i < ${#names[@]}; i += 2)); do
	fuzz "${names[i]}" &
	[ $((i + 1)) -lt ${#names[@]} ] && fuzz "${names[i + 1]}" &
	wait
done

passed=0 failed=0
for name in "${names[@]}"; do
	runs=$(awk '/number_of_executed_units/ { print $2 }' "$logs/$name")
	if [ "$(cat "$logs/$name.status")" = 0 ] && [ "${runs:-0}" -gt 0 ]; then
		passed=$((passed + 1))
		echo "$name: $runs inputs in $seconds s"
	else
		failed=$((failed + 1))
		tail -n 60 "$logs/$name"
		for input in "$found/$name"-*; do
			[ -f "$input" ] && echo "build/fuzz/bin/fuzz-$name $input"
		done
	fi
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
