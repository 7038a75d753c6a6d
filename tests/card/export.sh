#!/usr/bin/env bash
# export.sh - what other programs make of an export: tshark with our dissector, and
# Chrome's trace format against what its description demands of each kind of event.
set -u
cd "$(dirname "$0")/../.."
runtime=export
. tests/card/lib.sh
trap clean_up EXIT
configure

record() {
	boot coroutines
	timeout 30 mukshell attach dc$dc --dir "$work" -q -c "trace --to $work/a.muktrace" >/dev/null 2>&1 &
	local pid=$!
	wait_until test -s "$work/a.muktrace"
	msh -c "put samples/site/index.html /new.html"
	sleep 0.3
	kill -INT $pid
	wait $pid
	msh -c "export pcapng $work/live.pcapng" >/dev/null
	shut_down
	for format in pcapng chrome jsonl folded; do
		mukshell load "$work/a.muktrace" -q -c "export $format $work/a.$format" >"$work/out" 2>&1
		contains "export $format says how much" "a.$format: [1-9][0-9]* written" "$(cat "$work/out")"
	done
}

# Keys that the format demands, by phase; ours is an event a line.
demanded() {
	cat <<-'END'
		M name pid tid args
		X name cat pid tid ts dur args
		i name cat pid tid ts s args
		s name cat pid tid ts id
		f name cat pid tid ts id bp
	END
}

chrome_is_as_described() {
	local bad phases
	same 'chrome: an object with its events' '{"displayTimeUnit":"ns","traceEvents":[' \
		"$(head -n 1 "$work/a.chrome")"
	same 'chrome: ends' ']}' "$(tail -n 1 "$work/a.chrome")"
	bad=$(demanded | awk 'NR == FNR { keys[$1] = $0; next }
		/^\{"ph"/ {
			phase = substr($0, 8, 1)
			n = split(keys[phase], key, " ")
			if (n == 0) print "phase " phase
			for (i = 2; i <= n; i++)
				if (index($0, "\"" key[i] "\":") == 0) print phase " without " key[i]
			if ($0 !~ /"pid":[0-9]+,"tid":-?[0-9]+/) print "pid and tid: " $0
			if (match($0, /"ts":-/) || match($0, /"dur":-/)) print "negative: " $0
		}' - "$work/a.chrome" | head -n 3)
	same 'chrome: every event has what its kind demands' '' "$bad"
	phases=$(sed -n 's/^{"ph":"\(.\)".*/\1/p' "$work/a.chrome" | sort -u | tr -d '\n')
	same 'chrome: kinds of events' MXfis "$phases"
	same 'chrome: each flow that begins ends' "$(grep -c '"ph":"s"' "$work/a.chrome")" \
		"$(grep -c '"ph":"f"' "$work/a.chrome")"
	# Its own reader is a JSON parser of somebody else's, where there is one.
	if command -v python3 >/dev/null; then
		python3 -c 'import json, sys; json.load(open(sys.argv[1]))' "$work/a.chrome"
		check 'chrome: it is JSON' $?
	fi
}

others() {
	contains 'jsonl: a call with its fields' '"name":"fs.stat".*path=\\"/new.html\\"' "$(cat "$work/a.jsonl")"
	contains 'folded: nested through the servers' '^[^ ]*m3ftp[^ ]*;fs\.[a-z]+ [0-9]+$' "$(cat "$work/a.folded")"
	contains 'an unknown format' "there is no format 'zip': pcapng, chrome, jsonl, folded" \
		"$(mukshell load "$work/a.muktrace" -c "export zip $work/x" 2>&1)"
	contains 'a full disk' 'No space left' \
		"$(mukshell load "$work/a.muktrace" -c 'export jsonl /dev/full' 2>&1)"
	test -c /dev/full
	check 'what is no file of ours stays' $?
}

# As nobody: Wireshark runs no scripts for root.
tshark() {
	local as=
	[ "$(id -u)" != 0 ] || as='setpriv --reuid 65534 --regid 65534 --clear-groups'
	env HOME="$work/nobody" LD_LIBRARY_PATH="$libraries" $as "$PWD/build/tshark/usr/bin/tshark" \
		-X "lua_script:$work/muk.lua" "$@" 2>&1
}

wireshark_knows_it() {
	if ! libraries=$(bash tests/tools/fetch-tshark.sh); then
		echo 'skipped: tshark cannot be had here (apt-get download)'
		return
	fi
	cp build/share/mukshell/muk.lua "$work"
	mkdir "$work/nobody"
	chmod -R a+rX "$work"
	chmod 777 "$work/nobody"
	if ! tshark --version | grep -q TShark; then
		echo 'skipped: this user can run no tshark (Wireshark runs no scripts for root)'
		return
	fi
	contains 'tshark: calls with names and fields' 'm3ftp +. fs +MUK [0-9]+ call fs.stat path="/new.html"' \
		"$(tshark -r "$work/a.pcapng")"
	contains 'tshark: replies' 'fs +. m3ftp +MUK [0-9]+ reply fs.open fd=[0-9]+' "$(tshark -r "$work/a.pcapng")"
	same 'tshark: a field in a filter' 'fs.stat	/new.html' "$(tshark -r "$work/a.pcapng" \
		-Y 'muk.kind == "call" && muk.fs.stat.path == "/new.html"' \
		-T fields -e muk.name -e muk.fs.stat.path | tail -n 1)"
	same 'tshark: an error' 'fs.stat	EDVSNOENT' "$(tshark -r "$work/a.pcapng" -Y muk.error \
		-T fields -e muk.name -e muk.error | tail -n 1)"
	same 'tshark: nothing is malformed' '' "$(tshark -r "$work/a.pcapng" -Y '_ws.malformed || _ws.lua.error')"
	contains 'tshark: the flight recorder' 'm3ftp +. fs +MUK [0-9]+ call fs.stat' "$(tshark -r "$work/live.pcapng")"
}

record
chrome_is_as_described
others
wireshark_knows_it
echo "exports: $passed passed, $failed failed"
[ $failed = 0 ]
