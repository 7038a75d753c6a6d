#!/bin/bash
# scripts.sh - scripts of mukshell: what they expect, and how they end.
cd "$(dirname "$0")/../.." || exit 1
source tests/card/lib.sh
runtime=coroutines
trap clean_up EXIT

# STATUS PATTERN LINES...: a script of these lines ends so and says so.
script() {
	local want=$1 pattern=$2 said
	shift 2
	printf '%s\n' "$@" >"$work/script.msh"
	said=$(msh -f "$work/script.msh" 2>&1)
	same "exit status of: $*" "$want" $?
	[ -z "$pattern" ] || contains "what is said of: $*" "$pattern" "$said"
}

expectations() {
	script 0 '' 'ps fs --json' 'expect name = fs' 'expect count = 1' 'expect 0.name ~ f*'
	script 0 '' 'ps --json > /dev/null' 'expect count >= 5' 'expect name = pm'
	script 3 'script.msh:2: expect: 0.name is "fs", and = pm was expected' 'ps fs --json' \
		'expect 0.name = pm' 'quit'
	script 3 'there is no size in \{"ok":true\} \(--json shows more\)' 'pwd' 'expect size > 3'
	script 3 "'==' is none of" 'ps --json' 'expect count == 3'
	script 3 'no command has run before' 'expect name = fs'
	script 1 'expect: there is no|EDVSNOENT' 'cat /nowhere' 'expect code = EDVSNOENT'
	script 0 'EDVSNOENT' '-cat /nowhere' 'expect code = EDVSNOENT' 'expect command = cat'
	script 0 '' 'trace --last 5 --json' 'expect count >= 1' 'expect kind != nothing'
	script 0 '' 'ps fs --json' '-expect name = pm' 'expect name = fs'
	script 3 'usage: expect FIELD OP VALUE' 'expect x ='
	printf 'hello\n' | msh -c 'put - /expect'
	same 'a file is its own output, with --json too' hello "$(msh --json -c 'get /expect -' | head -n 1)"
	same 'all at once' 3 "$(msh --json -c 'df' -c 'expect filesystem = none' 2>&1 | tail -n 1 |
		grep -c '"command":"expect"' | sed s/1/3/)"
}

# What a filter becomes, as `hold list` says it; or why it becomes nothing.
held_by() { # PATTERN FILTER
	contains "hold $2" "$1" "$(msh -c "hold $2" -c 'hold list' 2>&1)"
}

holds() {
	held_by '^rule [0-9]+  any -> fs  send.call open flags&CREAT ' "fs.open 'flags&CREAT'"
	held_by '^rule [0-9]+  any -> fs  send.call creat ' fs.open,fs.creat
	held_by '^rule [0-9]+  pm -> fs  send.call  ' 'from=pm fs.*'
	held_by '^rule [0-9]+  m3ftp -> fs  send.call open ' 'fs.open --from m3ftp'
	held_by '^rule [0-9]+  fs -> any  reply open error=EDVSNOENT ' 'fs.open error=EDVSNOENT'
	held_by '^rule [0-9]+  fs -> any  reply open fd>=3 ' "--reply fs.open 'fd>=3'"
	held_by '^rule [0-9]+ .* open path\[0..\]="/etc"' 'fs.open path~/etc*'
	held_by '^rule [0-9]+ .* read fd>=3 fd<=5 ' 'fs.read fd:3..5'
	held_by 'hold: a hold cannot choose by how long a call takes' slower=1ms
	held_by 'hold: a hold cannot choose by what something is not' 'not fs.open'
	held_by 'hold: .*did you mean.*open' fs.opne
	contains 'nothing to wait for' EDVSTIMEDOUT "$(msh -c 'hold wait 1ms' 2>&1)"
}

# WHAT PATTERN COMMANDS...: what a call gets that these commands meet as `last`.
meets() {
	local what=$1 pattern=$2 caller
	shift 2
	rm -f "$work/ready"
	printf '%s\n' 'hold fs.access access=READ' "!touch $work/ready" 'hold wait 10s' "$@" \
		'unhold' >"$work/meets.msh"
	(wait_until test -e "$work/ready"
		msh -c 'set trace-self on' -c 'call fs.access path=/ access=READ' >"$work/caller.out" 2>&1) &
	caller=$!
	msh -f "$work/meets.msh" >"$work/held.out" 2>&1
	check "$what: $(cat "$work/held.out")" $?
	wait $caller
	contains "$what: what its caller gets" "$pattern" "$(cat "$work/caller.out")"
	contains "$what: shown, decoded" 'fs.access path="/" access=READ' "$(cat "$work/held.out")"
}

answers() {
	meets 'an answer' EDVSROFS 'answer last type=-30'
	meets 'a drop' EDVSIO 'drop last EIO'
	meets 'an edit' EDVSNOENT 'edit last path=/nothing' 'release last'
	meets 'nothing done' '^ok' 'hold list --json' 'expect held.count = 1'
}

configure
boot coroutines
expectations
holds
answers
echo "scripts: $passed passed, $failed failed"
[ "$failed" = 0 ]
