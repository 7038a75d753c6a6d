#!/bin/bash
# debug.sh - a debugger's shell beside another: it holds the calls of that one, changes,
# drops and answers them, stops a server; what a killed debugger did is undone; the DC
# is ended. On both runtimes.
#
# The debugger reads its commands from a FIFO; what it did shows in what the other
# shell gets.
cd "$(dirname "$0")/../.." || exit 1
source tests/card/lib.sh
trap 'kill -9 $debugger 2>/dev/null; clean_up' EXIT
debugger= caller=

start_debugger() {
	rm -f "$work/commands"
	mkfifo "$work/commands"
	mukshell attach dc$dc --dir "$work" -q <"$work/commands" >"$work/debugger.out" 2>&1 &
	debugger=$!
	disown $debugger
	exec 7>"$work/commands"
}

tell() { # COMMAND, to the debugger
	echo "$1" >&7
}

# The number of the call that is held.
held() {
	msh -c 'hold list' | awk '$2 == "call" { print $1; exit }'
}

is_held() {
	[ -n "$(held)" ]
}

# A call that the debugger's rule holds, in the background.
call() {
	msh -c 'set trace-self on' -c 'call fs.access path=/ access=READ' >"$work/caller.out" 2>&1 &
	caller=$!
	wait_until is_held
}

act() { # WHAT PATTERN COMMAND [WORDS]
	call
	check "$1: the call is held" $?
	tell "$3 $(held) $4"
	[ "$3" = edit ] && tell "release $(held)"
	[ "$3" = duplicate ] && tell "release $(held)"
	wait $caller
	contains "$1" "$2" "$(cat "$work/caller.out")"
}

act_all() {
	tell 'hold fs.access access=READ'
	wait_until eval "msh -c 'hold list' | grep -q 'rule .* -> fs'"
	check 'a rule is seen by another shell' $?
	act 'let go' '^ok' release
	act 'delayed' '^ok' delay 50ms
	act 'edited' EDVSNOENT edit path=/nothing
	act 'dropped' EDVSIO drop EIO
	act 'answered' EDVSROFS answer type=-30
	act 'duplicated' '^ok' duplicate
	same 'nothing is held any more' '' "$(held)"
}

# A delay is no wait: the shell goes on, at its prompt, in a script, in a blocked call.
delays() {
	call
	tell "delay $(held) 1500ms"
	tell 'pwd'
	wait_until grep -q '^/$' "$work/debugger.out" && is_held
	check 'a delay waits without its shell' $?
	wait $caller
	contains 'and ends' '^ok' "$(cat "$work/caller.out")"
	call
	tell "delay $(held) 300ms"
	tell '-receive timeout=4s'
	wait $caller
	contains 'a delay ends while its shell waits' '^ok' "$(cat "$work/caller.out")"
	grep -q EDVSTIMEDOUT "$work/debugger.out"
	check 'which waits on' $((!$?))
	wait_until grep -q EDVSTIMEDOUT "$work/debugger.out"
	call
	msh -c "delay $(held) 60s" -c "delay $(held) 200ms"
	same 'a script ends after its delays' '' "$(held)"
	wait $caller
	contains 'the last one counts' '^ok' "$(cat "$work/caller.out")"
}

delay_of_a_person() {
	person_starts 100 30
	wait_until prompt_alone
	call
	person_types "delay $(held) 1s" Enter pwd Enter
	person_sees 'the prompt is there while a message is delayed' '^/$'
	person_sees 'what goes on is told' '^[0-9]+ goes on'
	wait $caller
	contains 'it went on' '^ok' "$(cat "$work/caller.out")"
	person_leaves
}

stopped() {
	msh -c 'why fs' | grep -q 'stopped by a debugger'
}

killed() {
	tell 'stop fs'
	wait_until stopped
	check 'fs is stopped' $?
	contains 'a call to a stopped server times out' 'EDVSNOTREADY|EDVSTIMEDOUT' \
		"$(msh -c 'sendrec fs type=36 timeout=100ms' 2>&1)"
	call && check 'a last call is held' 0
	kill -9 $debugger
	wait $caller
	contains 'after the kill both go on' '^ok' "$(cat "$work/caller.out")"
	contains 'no rule is left' 'no rules' "$(msh -c 'hold list')"
}

end() {
	msh -c "dc end dc$dc"
	check 'the DC is ended' $?
	wait_until eval "! kill -0 $muk_pid"
	check 'and its MUK with it' $?
}

configure
for runtime in coroutines threads; do
	boot "$runtime" || exit 1
	start_debugger
	act_all
	delays
	delay_of_a_person
	killed
	contains 'rights are shown' 'targets +all' "$(msh -c 'priv fs')"
	same 'nobody waits in a circle' 'no circles' "$(msh -c deadlocks)"
	end
done
echo "debug: $passed passed, $failed failed"
[ "$failed" = 0 ]
