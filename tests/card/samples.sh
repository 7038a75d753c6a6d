#!/bin/bash
# samples.sh - each of samples/scripts/ does what its head says.
cd "$(dirname "$0")/../.." || exit 1
source tests/card/lib.sh
runtime=coroutines
scripts=samples/scripts
other=
trap '[ -z "$other" ] || kill $other 2>/dev/null; clean_up' EXIT

# STATUS PATTERN SCRIPT ARGUMENTS: how it ends, and what it says.
sample() {
	local said
	said=$(msh -c "lua $scripts/$3 $4" 2>&1)
	same "exit status of $3 $4" "$1" $?
	contains "$3 $4" "$2" "$said"
}

# The same while another process gives this command again and again.
sample_while() { # COMMAND STATUS PATTERN SCRIPT ARGUMENTS
	local command=$1
	shift
	(while :; do
		msh -c 'set trace-self on' -c "-$command" -c '-call fs.sync' >>"$work/other.out" 2>&1
	done) &
	other=$!
	disown $other
	sample "$@"
	kill $other
	other=
}

# The flight recorder as it is after a few calls; nothing else happens.
of_what_was() {
	msh -c 'mkdir /d'
	echo hello | msh -c 'put - /x'
	echo hi | msh -c 'put - /d/y'
	sample 0 '^no call failed|^[0-9]+' errors.lua ''
	msh -c 'set trace-self on' -c '-cat /nowhere' -c '-call fs.stat path=/nowhere' 2>/dev/null
	sample 0 'fs.stat -> EDVSNOENT' errors.lua ''
	sample 0 'fs.stat: [1-9][0-9]* calls, the longest [0-9.]+ ms of 60000' budget.lua \
		'fs.stat 60000'
	sample 3 'lua: 1 over budget' budget.lua 'fs.open 60000 fs.stat 0.0000001'
	sample 0 'd/' tree.lua /
	sample 0 '^2 files, 9 bytes' tree.lua /
	sample 3 'EDVSNOENT|no such file' tree.lua /nowhere
	sample 0 'nobody waited too long' watchdog.lua '500ms 1'
}

of_what_comes() {
	local stat='call fs.stat path=/'
	sample_while "$stat" 0 ' fs.stat' load_of_calls.lua 1s
	sample_while "$stat" 0 '^[1-9][0-9]* of [1-9][0-9]* calls of fs.stat failed' flaky.lua \
		'fs.stat 2 EIO 2'
	grep -q EDVSIO "$work/other.out"
	check 'who called got the error' $?
	echo x >"$work/x"
	sample_while 'call fs.unlink path=/gone' 0 'fs.unlink.*"/gone".*EDVSNOENT' who_deletes.lua '10s 1'
	sample_while "put $work/x /slow" 0 '^[1-9][0-9]* requests were slowed down' slow_disk.lua '5 1'
}

# A call that a debugger holds is one that waits.
of_a_held_call() {
	mkfifo "$work/commands"
	msh <"$work/commands" >"$work/holder.out" 2>&1 &
	exec 7>"$work/commands"
	echo 'hold fs.access' >&7
	wait_until grep -q '^rule' "$work/holder.out"
	msh -c 'set trace-self on' -c 'call fs.access path=/ access=READ' >/dev/null 2>&1 &
	sample 3 'is held: fs.access path="/"' watchdog.lua '200ms 10'
	msh -f $scripts/healthy.msh >/dev/null 2>"$work/healthy.out"
	same 'a MUK that is held is not healthy' 3 $?
	contains 'healthy.msh' 'healthy.msh:11: expect: rules.count is 1, and = 0 was expected' \
		"$(cat "$work/healthy.out")"
	exec 7>&-
	wait
	msh -f $scripts/healthy.msh >/dev/null
	check 'then it is' $?
}

fails_an_open() {
	msh -f $scripts/fail_open.msh >"$work/fail.out" 2>&1 &
	wait_until grep -q '^rule' "$work/fail.out"
	contains 'fail_open.msh' EDVSIO "$(msh -c 'set trace-self on' \
		-c 'call fs.open path=/fragile.db flags=RDONLY' 2>&1)"
	wait
	contains 'what it held' 'fs.open path="/fragile.db"' "$(cat "$work/fail.out")"
}

configure
boot coroutines
of_what_was
of_what_comes
of_a_held_call
fails_an_open
same 'every sample is tested' '' "$(for s in $scripts/*; do
	grep -q "${s##*/}" "$0" || echo "$s"
done)"
echo "samples: $passed passed, $failed failed"
[ "$failed" = 0 ]
