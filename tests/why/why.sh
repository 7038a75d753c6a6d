#!/bin/bash
# why.sh - six things that go wrong in a DC, and what `why` says of each: who is at
# fault, since when, and what to do. `deadlocks` lists circles, and only those.
cd "$(dirname "$0")/../.." || exit 1
bin=$PWD/${BIN:-build/bin}
work=$(mktemp -d /tmp/why.XXXXXX)
passed=0 failed=0
plant_pid=

clean_up() {
	exec 8>&-
	[ -n "$plant_pid" ] && wait "$plant_pid" 2>/dev/null
	rm -rf "$work"
}
trap clean_up EXIT

msh() {
	"$bin/mukshell" attach dc0 --dir "$folder" -q "$@" 2>&1
}

plant() { # CAUSE
	folder=$work/$1
	mkdir "$folder"
	mkfifo "$folder/end"
	"${bin%/bin}/tests/plant" "$1" "$folder" <"$folder/end" >"$folder/out" 2>&1 &
	plant_pid=$!
	exec 8>"$folder/end"
}

pull_out() {
	exec 8>&-
	wait "$plant_pid" 2>/dev/null
	plant_pid=
}

# All patterns are found in what a command says; others need time, so it is tried again.
expect() { # WHAT COMMAND PATTERN...
	local what=$1 command=$2 text= pattern= missing=
	shift 2
	for _ in $(seq 100); do
		text=$(msh -c "$command")
		missing=
		for pattern; do
			grep -qE -- "$pattern" <<<"$text" || missing=$pattern
		done
		[ -z "$missing" ] && passed=$((passed + 1)) && return
		sleep 0.1
	done
	failed=$((failed + 1))
	printf -- 'FAILED: %s: no "%s" in\n%s\n' "$what" "$missing" "$text"
}

time='[0-9.]+ (us|ms|s)'
id='[0-9]+'

plant lost-reply
expect 'a lost reply' 'why client' "^client +waits $time for server to reply" \
	"^=> +server took the request of client, has not answered it for $time, and receives other" \
	'^do +`trace --last 50 to=server`'
expect 'no circle' 'deadlocks' '^no circles$'
expect 'a lost reply, by the doctor' 'doctor --for 1200ms' '^reply +client: waits .*; server took the request'
pull_out

plant circle
expect 'a circle of three' 'why client' "^server +(waits $time for|sends to) second" \
	"^second +(waits|sends)" "^third +(waits|sends)" \
	'^=> +they wait for each other: server for second for third for server$' \
	"^do +break it at (server|second|third), .*\`!kill -KILL $id\`.*times out in [0-9]+ s"
expect 'a circle of three' 'deadlocks' '^server -> second -> third -> server$' "^  third .*$time"
expect 'a circle of three' 'deadlocks --json' \
	'^\[\{"chain":\[\{[^]]*"age":[0-9.]+,[^]]*\],"cause":"circle"[^[]*"advice":"break it'
expect 'a circle, by the doctor' 'doctor --for 1200ms' '^circle +(client|server|second|third): .*they wait for each other' \
	'^ +break it at '
pull_out

plant slow-disk
expect 'a slow disk' 'why client' \
	"^=> +server is in system call read of fd $id \\(.*/disk.img\\) \\(pid $id\\) for $time" \
	'^do +`bt server`'
expect 'where it reads' 'bt server' '#[0-9]+ +0x[0-9a-f]+ read_slowly\+.* at tests/why/plant.c:'
expect 'a slow disk, by the doctor' 'doctor --for 1200ms --json' '"check":"wait",.*in system call read of fd'
pull_out

plant spinning
expect 'a task that spins' 'why client' \
	"^=> +server is running in user mode for $time without giving up the processor" \
	'^do +`bt --stop server`'
expect 'where it spins' 'bt --stop server' '#0 .* spin\+.* at tests/why/plant.c:' '#1 .* start\+'
expect 'a thread that runs has no stack to show' 'bt server' 'it runs in user mode: `bt --stop`'
expect 'a spinning task, by the doctor' 'doctor --for 1200ms' '^spin +server: server is running in user mode'
pull_out

plant held
expect 'a held message' 'why client' '^=> +client held by a debugger, sends to server' \
	'^do +`hold list`'
expect 'a held message, by the doctor' 'doctor --for 1200ms' '^debugger client: a debugger holds its message' '`hold list`'
pull_out

plant mutex
expect 'a mutex of the host' 'why client' "^client +sends to server, .*$time" \
	'^server +waits for a mutex \(0x[0-9a-f]+\) that worker has$' "^worker +sends to server" \
	'^=> +they wait for each other: server for worker for server$'
expect 'a mutex of the host' 'deadlocks' '^server -> worker -> server$'
expect 'a mutex of the host' 'why client --json' '"cause":"circle".*"host_time":[0-9]'
expect 'a mutex, by the doctor' 'doctor --for 1200ms' '^circle .*server for worker for server'
pull_out

echo "why: $passed passed, $failed failed"
[ $failed = 0 ]
