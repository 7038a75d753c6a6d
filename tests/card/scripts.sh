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

configure
boot coroutines
expectations
echo "scripts: $passed passed, $failed failed"
[ "$failed" = 0 ]
