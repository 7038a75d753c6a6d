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

# STATUS PATTERN TEXT [OPTIONS]: a script in Lua ends so and says so.
lua() {
	local said
	said=$(timeout 20 mukshell attach dc$dc --dir "$work" -q -c "lua $4 -e '$3'" 2>&1)
	same "exit status of: $3" "$1" $?
	contains "$3" "$2" "$said"
}

in_lua() {
	lua 0 '^fs' 'print(ps("fs")[1].name)'
	lua 0 'no such file.*EDVSNOENT$' 'print(call("fs.stat", {path="/nowhere"}))'
	lua 0 '^3$' 'local n = 0 trace("--last", 20, function() n = n + 1 return n < 3 end) print(n)'
	lua 0 '^false.*lua:1: in here' 'print(pcall(trace, "--last", 9, function() error("in here") end))'
	lua 0 '^true$' 'local rule = hold("fs.access").rule print(hold("list").rules[1].rule == rule)'
	lua 3 '^lua: lua:1: it broke' 'error("it broke")'
	lua 3 '^lua: lua:1: .*EDVSNOENT|no such file' 'assert(call("fs.stat", {path="/nowhere"}))'
	lua 3 'unexpected symbol' 'return ((('
	lua 3 'its time is over' 'while true do pcall(function() while true do end end) end' '--time 100ms'
	lua 3 'its time is over' 'local function f() while true do end end
		while true do coroutine.resume(coroutine.create(f)) end' '--time 100ms'
	lua 3 'its time is over' 'receive()' '--time 100ms'
	lua 3 'its time is over' 'trace("fs.*", function() end)' '--time 100ms'
	lua 3 'its time is over' 'sleep(10)' '--time 100ms'
	lua 3 'its memory is used up' 'local t = {} for i = 1, 1e9 do t[i] = {} end' '--memory 4'
	lua 3 'too many words' 'local t = {} for i = 1, 300 do t[i] = i end ps(t)'
	printf 'lua("%s")\n' "$work/self.lua" >"$work/self.lua"
	printf 'print(select(2, lua("%s/nowhere.lua")), arg[1])\n' "$work" >"$work/two.lua"
	contains 'a file, its arguments' 'cannot open .*nowhere.lua.* three$' \
		"$(msh -c "lua $work/two.lua three" 2>&1 | tr '\t' ' ')"
	msh -c "lua $work/self.lua"
	check 'a script that runs itself ends' $?
	same 'to a pipe' 2 "$(msh -c 'lua -e "print(1) print(2)" | wc -l' | tr -d ' ')"
}

# Two callers; each step answers one of them.
steps() {
	local caller
	rm -f "$work"/stepped.*
	printf '%s\n' '-step fs 1ms' "!touch $work/stepping" 'step fs 10s --json' \
		'expect words ~ *fs.access*' '!sleep 0.5' "!cat $work/stepped.* | grep -c '^ok'" \
		'hold list --json' 'expect held.count = 1' 'step fs 10s' >"$work/steps.msh"
	for caller in 1 2; do
		(wait_until test -e "$work/stepping"
			msh -c 'set trace-self on' -c 'call fs.access path=/' >"$work/stepped.$caller" 2>&1) &
	done
	contains 'a step is one message' '^1$' "$(msh -f "$work/steps.msh" 2>&1)"
	wait
	same 'all steps are answered' 2 "$(cat "$work"/stepped.* | grep -c '^ok')"
}

configure
boot coroutines
expectations
holds
answers
in_lua
steps
echo "scripts: $passed passed, $failed failed"
[ "$failed" = 0 ]
