#!/usr/bin/env bash
# live.sh - top and watch: each view as a frame of text and as JSON, the tree of who
# waits, colours and none, differences, a recording, a terminal that goes.
#
# The keys are as_person.sh's.
set -u
cd "$(dirname "$0")/../.."
. tests/card/lib.sh
trap 'clean_up' EXIT
runtime=coroutines

# VIEW PATTERN: what its frame of 80x24 shows; the frame fits, and JSON is JSON.
shows() {
	local frame
	frame=$(msh -c "top --once --view $1 --size 80x24 --process fs")
	contains "$1" "$2" "$frame"
	same "$1: lines" 24 "$(wc -l <<<"$frame")"
	same "$1: no line is too wide" 0 "$(awk 'length > 80' <<<"$frame" | wc -l)"
	msh --json -c "top --view $1" | python3 -m json.tool >/dev/null
	check "$1: one value of JSON" $?
}

views() {
	shows processes '^ +1 fs '
	shows tree '^ +1 fs '
	shows calls '^fs.open +[0-9]'
	shows messages 'm3ftp +fs .*fs\.open'
	shows servers '^kind +FILE'
	shows holds '^no rules'
	same 'twenty columns and five lines' 5 "$(msh -c 'top --once --size 20x5' | wc -l)"
	same 'one character' 1 "$(msh -c 'top --once --size 1x1' | tr -d '\n' | wc -c)"
}

words() {
	same 'calls are filtered as by trace' 'fs.open ' \
		"$(msh -c 'top --once --view calls fs.open' | grep -oE '^[a-z0-9]+\.[a-z]+ ')"
	contains 'what no filter is' 'fs has no call opne' \
		"$(msh -c 'top --once --view calls fs.opne' 2>&1)"
	contains 'other columns' '^NAME +LEVEL' "$(msh -c 'top --once --columns name,level')"
	contains 'no such column' 'nothere' "$(msh -c 'top --once --columns nothere' 2>&1)"
	contains 'no such view' 'no view is called x' "$(msh -c 'top --once --view x' 2>&1)"
	contains 'no such size' 'COLUMNSxROWS' "$(msh -c 'top --once --size 80' 2>&1)"
}

waits_below_fs() {
	msh -c 'top --once --view tree --size 80x40' |
		grep -A 1 -E '^ +1 fs ' | grep -qE '^ +[0-9]+  +mukshell'
}

tree() {
	local caller
	kill -STOP "$muk_pid"
	msh -c '-cat /index.html' >/dev/null 2>&1 &
	caller=$!
	wait_until waits_below_fs
	check 'who waits for fs stands below it' $?
	kill -CONT "$muk_pid"
	wait "$caller"
}

differences() {
	same 'what has not changed has no mark' 0 \
		"$(msh -c 'watch -n 2 -d 50ms ps -o name,nr fs' | grep -c '^\*')"
	contains 'what has changed' '^\* fs' "$(msh -c 'watch -n 2 -d 50ms ps -o name,age fs')"
}

of_a_file() {
	msh -c "dump $work/a.mukdump" >/dev/null
	contains 'the calls of a dump' '^fs.open +[0-9]' \
		"$(mukshell -q -c "load $work/a.mukdump" -c 'top --once --view calls')"
}

# ENVIRONMENT: top in a terminal of its own, which outlives SIGHUP.
in_a_terminal() {
	tmux -S "$work/tmux" -f /dev/null new-session -d -s person -x 80 -y 24 \
		"trap '' HUP; echo \$\$ >$work/pid; exec env $1 mukshell attach dc$dc \
		--dir $work -c 'top --rate 100ms' 2>$work/errors"
	person_sees "top with $1" 'q quit'
	person_types Space
	person_sees 'a mark' '1 marked'
	person_types Down
	person_sees 'it is seen without colours' '\*clock'
	tmux -S "$work/tmux" capture-pane -e -p -t person >"$work/screen"
}

terminals() {
	in_a_terminal NO_COLOR=1
	grep -q '33m' "$work/screen"
	check 'no colours when they are not wanted' $((!$?))
	tmux -S "$work/tmux" kill-server
	wait_until gone "$(cat "$work/pid")"
	check 'top ends with its terminal' $?
	grep -q 'the terminal has gone' "$work/errors"
	check 'and says so' $?
	in_a_terminal TERM=screen-256color
	grep -q '33m' "$work/screen"
	check 'colours' $?
	person_types q C-d
	wait_until gone "$(cat "$work/pid")"
	in_a_terminal TERM=vt100
	person_types q
	wait_until gone "$(cat "$work/pid")"
	check 'a vt100 does' $?
}

# The MUK dies while it is shown: what the flight recorder has is still counted.
dies() {
	person_starts 80 24
	wait_until sees "^dc$dc"
	person_types 'top --rate 100ms' Enter
	person_sees 'top' 'q quit'
	kill -KILL "$muk_pid"
	wait_until gone "$muk_pid"
	muk_pid=
	person_sees 'it says that the MUK has gone' 'THE MUK HAS GONE'
	person_types 3
	person_sees 'its last calls are shown' '^fs.open +[0-9]'
	person_types q
	person_sees 'and the terminal is restored' "^the MUK has gone; its last state"
	person_leaves
}

configure
boot "$runtime"
msh -c 'put samples/site/index.html /index.html' >/dev/null
views
words
tree
differences
of_a_file
terminals
dies
echo "live: $passed checks passed, $failed failed"
[ $failed = 0 ]
