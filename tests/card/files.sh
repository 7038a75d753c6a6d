#!/usr/bin/env bash
# files.sh - what a DC leaves behind: dumps, recordings, the dump of a MUK that died.
#
# What was shown while it lived is shown of the file after it has gone; what needs
# the living says so; a file that is damaged is said to be.
set -u
cd "$(dirname "$0")/../.."
. tests/card/lib.sh
trap clean_up EXIT
configure

file() { # FILE COMMAND
	timeout 30 mukshell load "$work/$1" -q -c "$2" 2>&1
}

refuses() { # WHAT PATTERN FILE COMMAND
	local out
	out=$(file "$3" "$4")
	[ $? != 0 ]
	check "$1: a failure" $?
	contains "$1" "$2" "$out"
}

# Who is there and what the tables have, without what goes on meanwhile.
columns() {
	awk '{ print $1, $2, $3 }'
}

# Of a table, what does not count the time.
rows() {
	grep -vE 'fs.super|last_commit'
}

dump_is_as_alive() {
	local ps super inode
	msh -c 'put samples/site/index.html /index.html'
	msh -c "dump $work/a.mukdump --note why-not" >"$work/out"
	contains 'dump says what it has' 'a.mukdump: .* processes, [0-9]+ tables, .* events' "$(cat "$work/out")"
	ps=$(msh -c ps | columns) super=$(msh -c super | rows) inode=$(msh -c 'inode 2')
	file_ps=$(file a.mukdump ps | columns)
	same 'ps of a dump' "$ps" "$file_ps"
	same 'super of a dump' "$super" "$(file a.mukdump super | rows)"
	same 'inode of a dump' "$inode" "$(file a.mukdump 'inode 2')"
	contains 'why of a dump' 'fs waits for requests' "$(file a.mukdump 'why fs')"
	contains 'the flight recorder of a dump' 'm3ftp > fs fs.stat -> EDVSNOENT' "$(file a.mukdump 'trace failed')"
	contains 'stacks of a dump' '#[0-9]+ +0x[0-9a-f]+ .*(dvk_receive|host_|receive)' "$(file a.mukdump 'bt fs')"
	refuses 'no stack of nobody' 'no process is bound|nobody|unknown' a.mukdump 'bt nobody'
	contains 'load says what it is' "dc$dc \(SERVER1\) at .* events in .*; why-not$" \
		"$(mukshell -c "load $work/a.mukdump" 2>&1)"
	contains 'load as JSON' '"complete":true,"note":"why-not","problem":""' \
		"$(mukshell --json -c "load $work/a.mukdump" 2>&1)"
	contains 'a dump of a dump' 'processes' "$(file a.mukdump "dump $work/again.mukdump")"
	same 'is the same' "$file_ps" "$(file again.mukdump ps | columns)"
	refuses 'ls needs the living' 'is a file, and this needs the living' a.mukdump 'ls /'
	refuses 'stop needs the living' 'is a file, and this needs the living' a.mukdump 'stop fs'
}

recording_is_as_traced() {
	local out pid
	timeout 30 mukshell attach dc$dc --dir "$work" -q -c "trace --to $work/a.muktrace" >"$work/out" 2>&1 &
	pid=$!
	wait_until test -s "$work/a.muktrace"
	msh -c 'put samples/site/index.html /new.html'
	sleep 0.3
	kill -INT $pid
	wait $pid
	contains 'trace --to says what it wrote' 'a.muktrace: [0-9]+ events, 0 lost' "$(cat "$work/out")"
	out=$(file a.muktrace 'trace fs.*')
	contains 'calls with their fields' 'fs.[a-z]+ [a-z]+="/new.html' "$out"
	contains 'and their errors' 'fs.stat path="/new.html" .*EDVSNOENT' "$out"
	contains 'through a filter' '^[^>]*> fs fs.stat path="/new.html"' "$(file a.muktrace 'trace failed fs.stat')"
	contains 'with names of those who have gone' 'm3ftp > systask' "$(file a.muktrace 'trace systask')"
	same 'and the state at the end' "$(msh -c ps | columns)" "$(file a.muktrace ps | columns)"
	msh -c "trace --to $work/b.muktrace --for 50ms fs" >"$work/out" 2>&1
	contains 'a recording has no filter' 'give the filter' "$(cat "$work/out")"
}

# The writer is killed in the middle: all up to its last chunk is good.
writer_is_killed() {
	timeout 30 mukshell attach dc$dc --dir "$work" -q -c "trace --to $work/k.muktrace" >/dev/null 2>&1 &
	local pid=$!
	wait_until test -s "$work/k.muktrace"
	msh -c 'ls /' >/dev/null
	kill -KILL "$(pgrep -P $pid mukshell)"
	wait $pid 2>/dev/null
	contains 'a killed writer is told' 'its writer did not end it' "$(mukshell -c "load $work/k.muktrace")"
	contains 'its state is there' ' fs ' "$(file k.muktrace ps)"
	msh -c ps >/dev/null
	check 'the DC goes on' $?
}

damaged_files_are_told() {
	head -c 100 "$work/a.mukdump" >"$work/t.mukdump"
	refuses 'too short' 'is no recording' t.mukdump ps
	head -c 90000 "$work/a.mukdump" >"$work/t.mukdump"
	contains 'cut short' 'is not whole and was left out' "$(mukshell -c "load $work/t.mukdump")"
	contains 'cut short, the state is there' ' fs ' "$(file t.mukdump ps)"
	cp "$work/a.mukdump" "$work/t.mukdump"
	printf '\x07' | dd of="$work/t.mukdump" bs=1 seek=8 conv=notrunc 2>/dev/null
	refuses 'of another version' 'is of version 7, and this mukshell reads version 1' t.mukdump ps
	refuses 'no recording' 'is no recording of mukshell' muk.cfg ps
	refuses 'no file' 'No such file' nothing.mukdump ps
}

death_leaves_a_dump() { # SIGNAL
	local left=$work/state/muk/SERVER1-dc$dc.mukdump
	rm -f "$left"
	kill -"$1" "$muk_pid"
	wait_until gone "$muk_pid"
	check "$1 ends it" $?
	muk_pid=
	contains "$1 leaves a dump and says where" "SIG$1 .*mukshell load $left" "$(cat "$work/muk.log")"
	contains "$1: ps of it" ' fs +[0-9]+ ' "$(mukshell load "$left" -c ps 2>&1)"
	contains "$1: its flight recorder" ' > fs ' "$(mukshell load "$left" -c 'trace --last 30' 2>&1)"
	contains "$1: load says why" "SIG$1" "$(mukshell -c "load $left" 2>&1)"
}

for runtime in coroutines threads; do
	boot $runtime
	[ $runtime = threads ] || { dump_is_as_alive; recording_is_as_traced; writer_is_killed; damaged_files_are_told; }
	msh -c 'ls /' >/dev/null
	death_leaves_a_dump SEGV
	boot $runtime
	msh -c 'ls /' >/dev/null
	death_leaves_a_dump ABRT
done
echo "files that a DC leaves: $passed passed, $failed failed"
[ $failed = 0 ]
