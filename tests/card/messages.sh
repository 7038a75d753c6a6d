#!/bin/bash
# messages.sh - trace, summary, histogram, talkers, chart, flame and diff: of the flight
# recorder, live, and of a recording; as text and as JSON; and what they refuse.
cd "$(dirname "$0")/../.." || exit 1
source tests/card/lib.sh
trap clean_up EXIT
runtime=coroutines

# Calls of a known kind: 3 failed opens, a file written and read. Their shell traces itself.
traffic() {
	msh -c 'set trace-self on' -c '-cat /nothing' -c '-cat /nothing' -c '-cat /nothing' \
		-c "put $work/data /data" -c 'cat /data' >/dev/null 2>&1
}

# The output of COMMAND, while the traffic passes again and again.
during() { # COMMAND
	msh -c "$1" >"$work/out" 2>"$work/errors" &
	local pid=$!
	while kill -0 $pid 2>/dev/null; do
		traffic
	done
	wait $pid
	status=$?
}

json() { # EXPRESSION FILE: true for the values, of python
	python3 -c '
import json, sys
decoder, text, values = json.JSONDecoder(), open(sys.argv[2]).read().strip(), []
while text:
    value, end = decoder.raw_decode(text)
    values.append(value)
    text = text[end:].strip()
sys.exit(0 if eval(sys.argv[1]) else 1)' "$1" "$2"
}

is_json() { # WHAT EXPRESSION FILE
	json "$2" "$3"
	local status=$?
	[ $status = 0 ] || { printf -- '--- %s: %s is not so in\n' "$1" "$2"; head -c 2000 "$3"; }
	check "$1" $status
}

refuses() { # COMMAND REASON
	contains "$1 is refused" "$2" "$(msh -c "$1" 2>&1 >/dev/null)"
}

past() {
	contains 'summary of the recorder' '^fs\.open +[0-9]+ .* EDVSNOENT [0-9]+' "$(msh -c summary)"
	contains 'its effective filter' '^filter: fs.open,fs.creat not failed$' \
		"$(mukshell attach dc$dc --dir "$work" -c 'summary fs.open fs.creat not failed' 2>&1)"
	msh --json -c 'summary error=ENOENT' >"$work/json"
	is_json 'summary as JSON' 'values[0][0]["failed"] == values[0][0]["calls"] >= 3' "$work/json"
	contains 'a histogram' '^[0-9]+ calls, min .*median' "$(msh -c 'histogram fs.open')"
	msh --json -c 'histogram fs.open failed' >"$work/json"
	is_json 'a histogram as JSON' 'sum(r["calls"] for r in values[0]) >= 3' "$work/json"
	contains 'talkers' '^mukshell +fs +' "$(msh -c talkers)"
	contains 'a chart' '\|o-+fs\.open EDVSNOENT.*x [3-9]' "$(msh -c 'chart fs.open')"
	msh --json -c 'chart fs.open failed' >"$work/json"
	is_json 'a chart as JSON' 'sum(a["times"] for a in values[0]) >= 3' "$work/json"
	contains 'a flame' '^mukshell;m3ftp\.put;fs\.pwrite;rdisk\.[a-z]+ [0-9]+$' "$(msh -c flame)"
	msh --json -c flame >"$work/json"
	is_json 'a flame as JSON' 'all(s["own"] <= s["total"] + 1e-9 for s in values[0])' "$work/json"
	msh -c "flame --svg $work/flame.svg"
	python3 -c 'import sys, xml.dom.minidom as x; x.parse(sys.argv[1])' "$work/flame.svg"
	check 'the picture is well-formed' $?
	contains 'trace of the recorder' 'EDVSNOENT' "$(msh -c 'trace --last 3 failed to=fs' \
		-c 'trace --last 3 fs.open failed')"
}

live() {
	during 'trace --for 1500ms --whole fs.open failed path~"/noth*"'
	contains 'a pattern of paths' 'fs\.open path="/nothing".* -> EDVSNOENT' "$(cat "$work/out")"
	same 'and nothing else' '' "$(grep -v nothing "$work/out")"
	during 'trace --for 1500ms from=m3ftp,fs to=fs,rdisk'
	contains 'a call is split' '> fs fs\.pwrite .*\.\.\. #[0-9]+$' "$(cat "$work/out")"
	contains 'and goes on' '> fs fs\.pwrite #[0-9]+ resumed -> bytes=[0-9]+ \(.*: .*others' \
		"$(cat "$work/out")"
	during 'trace --for 10s --events 5 fs'
	contains 'a budget of lines' 'ended after 5 lines: .*--events' "$(cat "$work/out")"
	during 'trace --json --for 10s --size 2K fs.*'
	is_json 'a budget of bytes' 'values[-1]["ended"] == "size" and values[0]["filter"] == "fs.*"' \
		"$work/out"
	during 'trace --json --for 10s --rate 3/s fs'
	is_json 'a budget of the rate' 'values[-1]["ended"] == "rate"' "$work/out"
	during 'trace --for 1500ms --data 32 fs.pwrite'
	contains 'data, or that it came too late' 'data(\.buffer="hello|=late)' "$(cat "$work/out")"
	during 'summary --for 1s fs.pwrite bytes:1..'
	contains 'a live summary' '^fs\.pwrite +[1-9]' "$(cat "$work/out")"
}

recorded() {
	for name in before after; do
		during "trace --for 1s --to $work/$name.muktrace"
		contains "$name is recorded" '^.*muktrace: [0-9]+ events' "$(cat "$work/out")"
	done
	local look="load $work/before.muktrace"
	contains 'trace of a file has the fields' 'path="/nothing"' \
		"$(msh -c "$look" -c 'trace --last 5 fs.open failed path=/nothing')"
	contains 'summary of a file' '^fs\.open' "$(msh -c "$look" -c 'summary fs.*')"
	contains 'chart of a file' 'fs\.open' "$(msh -c "$look" -c 'chart fs.open')"
	contains 'flame of a file' '^mukshell;m3ftp\.put;fs' "$(msh -c "$look" -c flame)"
	contains 'talkers of a file' '^m3ftp +fs' "$(msh -c "$look" -c talkers)"
	contains 'histogram of a file' 'calls, min' "$(msh -c "$look" -c 'histogram fs.open')"
	msh -c "diff $work/before.muktrace $work/before.muktrace --threshold 0" >"$work/out"
	check 'a recording is as itself' $?
	contains 'and says so' '^fs\.open +same' "$(cat "$work/out")"
	msh -c "diff $work/before.muktrace $work/after.muktrace --threshold 100000 fs.*" >"$work/out"
	check 'below a threshold' $?
	msh -c "diff $work/before.muktrace $work/after.muktrace --threshold 0" >"$work/out" 2>&1
	same 'past the threshold: exit status' 1 $?
	contains 'past the threshold' 'past the threshold of 0 %' "$(cat "$work/out")"
	refuses "diff $work/before.muktrace $work/data" 'data'
}

refusals() {
	refuses 'trace fs.opne' 'fs has no call opne; did you mean open'
	refuses 'summary error=EDVSNOETN' 'did you mean EDVSNOENT'
	refuses 'trace --for 1s fs.open to=rdisk' 'never goes to rdisk'
	refuses 'chart path=/x' 'the flight recorder keeps no fields'
	refuses 'trace --last 5 --data 5' 'what was has gone by'
	refuses 'summary --by weight' 'call, caller or pair'
	refuses 'summary --sort weight' "no column 'weight'"
	refuses 'histogram --of love' 'took, queue, service or others'
	refuses 'flame --svg /nowhere/x' 'No such file'
	refuses 'diff a b --threshold much' 'a number of per cent'
	refuses 'trace --size 1e9' 'is no number'
}

configure
{ printf hello; head -c 200000 /dev/zero | tr '\0' h; } >"$work/data"
boot coroutines || exit 1
traffic
past
live
recorded
refusals
shut_down
echo "messages: $passed passed, $failed failed"
[ "$failed" = 0 ]
