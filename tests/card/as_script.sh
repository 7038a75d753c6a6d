# as_script.sh - what scripts rely on: output, exit statuses, errors, JSON.

script_attaches() {
	local word
	contains 'mukshell alone lists the DC' "dc$dc" "$(mukshell --dir "$work")"
	for word in dc$dc $dc "$(sed -nE 's/^muk +([^ ]+) .*/\1/p' "$work/muk.cfg")"; do
		contains "attach $word" ' fs ' "$(mukshell attach $word --dir "$work" -c ps 2>&1)"
	done
	contains 'from standard input' ' fs ' "$(echo ps | msh)"
	contains 'no prompt without a terminal' '^fs$' \
		"$(echo 'ps -o name fs' | msh | tail -n 1)"
	contains 'JSON' '^\[\{"name":"fs"\}\]$' "$(msh --json -c 'ps -o name fs')"
	same 'a pipe' 1 "$(msh -c 'ps | grep -c " fs "')"
	msh -c "ps -o name fs > $work/out" -c "ps -o name pm >> $work/out"
	same 'a file' 'NAME fs NAME pm ' "$(tr '\n' ' ' <"$work/out" | tr -s ' ')"
	same 'a command of the host' hello "$(msh -c '!echo hello')"
}

# STATUS WANTED-ON-STDERR ARGUMENTS...
fails_with() {
	local want=$1 pattern=$2 status errors
	shift 2
	errors=$(timeout 30 mukshell "$@" --dir "$work" -q 2>&1 >"$work/out")
	status=$?
	same "exit status of: $*" "$want" "$status"
	[ -z "$pattern" ] || contains "error of: $*" "$pattern" "$errors"
}

script_fails_well() {
	local at="attach dc$dc"
	fails_with 2 "there is no DC 'dc63'; running: dc$dc" attach dc63 -c ps
	fails_with 2 "there is no DC 'nobody'" attach nobody -c ps
	fails_with 3 'the first word is `attach`' atach dc$dc
	fails_with 3 'attach needs a DC' attach
	fails_with 3 '' $at --frobnicate
	fails_with 3 "there is no command 'frob'" $at -c frob
	fails_with 3 'scripts write it out: receive' $at -c recei
	fails_with 3 'a quote has no end' $at -c 'cat "x'
	fails_with 3 'no option --x; usage: ps' $at -c 'ps --x'
	fails_with 3 'No such file' $at -f "$work/no-script"
	fails_with 1 'cat: /nowhere: no such file or directory \(EDVSNOENT\)' $at -c 'cat /nowhere'
	fails_with 1 'is a directory \(EDVSISDIR\)' $at -c 'cat /'
	fails_with 1 "fs.open has no field 'pth'; fs.open path=PATH" $at -c 'call fs.open pth=/x'
	fails_with 1 'a path has at most 1024 bytes' $at \
		-c "call fs.stat path=/$(printf '%01030d' 0)"
	fails_with 1 "there is no call 'opn' of fs: read write open" $at -c 'call fs.opn'
	fails_with 1 'EDVSTIMEDOUT' $at -c 'receive timeout=50ms'
	fails_with 1 '' $at -c 'ps | grep -q nobody-of-this-name'
	fails_with 1 '"code":"EDVSNOENT","command":"cat"' $at --json -c 'cat /nowhere'
	fails_with 0 'EDVSNOENT' $at -c '-cat /nowhere' -c ps
	fails_with 1 '' $at -c 'cat /nowhere' -c 'ps'
	same 'a script stops at the first failure' '' "$(cat "$work/out")"
	printf 'ps -o name fs\n# a remark\n\ncat /nowhere\nps\n' >"$work/script"
	fails_with 1 "$work/script:4: cat: /nowhere" $at -f "$work/script"
	same 'what ran before the failure' 2 "$(wc -l <"$work/out" | tr -d ' ')"
}

script_moves_files() {
	local size file
	msh -c 'mkdir -p /card/in' || check 'mkdir' 1
	for size in 0 1 1023 1024 65537 3000001; do
		file=$work/file.$size
		head -c $size /dev/urandom >"$file"
		msh -c "put $file /card/f" -c "get /card/f $work/back" -c 'rm /card/f'
		cmp -s "$file" "$work/back"
		check "put and get of $size bytes" $?
	done
	cmp -s "$file" <(msh -c "put - /card/g" <"$file"; msh -c 'get /card/g -')
	check 'from standard input, to standard output' $?
	cmp -s "$file" <(msh -c 'cat /card/g')
	check 'cat gives the same bytes' $?
	msh -c "put -r samples/site /card/site" -c "get -r /card/site $work/site"
	diff -r samples/site "$work/site" >/dev/null
	check 'a folder there and back' $?
	fails_with 1 'no such file or directory' attach dc$dc -c "get /nowhere $work/never"
	[ ! -e "$work/never" ] && [ -z "$(ls -A "$work" | grep part)" ]
	check 'a get that failed leaves nothing' $?
	fails_with 1 'on the host: No such file' attach dc$dc -c "put $work/nowhere /card/n"
	msh -c 'cd /card' -c 'mv g h' -c 'mkdir d' -c 'mv h d' -c 'ls d' -c 'rm -r d' >"$work/out"
	same 'cd, mv, mkdir, ls, rm' h "$(cat "$work/out")"
	contains 'df' 'MINIX V3' "$(msh -c df)"
	msh -c 'rm -r /card'
	same 'rm -r' "ls: /card: no such file or directory (EDVSNOENT)" "$(msh -c 'ls /card' 2>&1)"
}

# A get, again and again, until what traces it has seen enough.
until_seen() { # PID
	while ! gone "$1"; do
		msh -c 'get /card-traced /dev/null'
	done
}

script_traces() {
	local tracer
	printf 'hello\n' | msh -c 'put - /card-traced'
	msh -f tests/card/trace.msh >"$work/traced" 2>"$work/trace.errors" &
	tracer=$!
	until_seen $tracer
	wait $tracer
	check 'the script that traces' $?
	sed -E -e 's|^[0-9:.]+ [^ ]+ |TIME CLIENT |' -e 's|\([0-9.]+ [a-z]+(: [^()]+)?\)$|(TOOK)|' \
		-e 's/(handle|piece_max)=[0-9a-fx]+/\1=N/g' -e 's/mtime=[-0-9]+ [0-9:]+/mtime=T/' \
		-e 's/0x[0-9a-f]+\[[0-9]+\]/BUFFER/' "$work/traced" >"$work/normal"
	diff -u tests/card/trace.expected "$work/normal"
	check 'what it printed' $?
	contains 'the flight recorder' 'm3ftp' "$(msh -c 'trace --last 200')"
	msh -c 'rm /card-traced'
}

script_only_looks() {
	local before after
	before=$(msh --json -c dc | grep -oE '"bound":[0-9]+')
	contains 'ps with --read-only' ' fs ' "$(msh --read-only -c ps)"
	contains 'super with --read-only' '0x4d5a' "$(msh --read-only -c super)"
	fails_with 1 'only looks' attach dc$dc --read-only -c 'ls /'
	fails_with 1 'only looks' attach dc$dc --read-only -c 'call fs.sync'
	after=$(msh --json -c dc | grep -oE '"bound":[0-9]+')
	same 'looking takes no slot' "$before" "$after"
}

# What help says of each command works.
script_runs_examples() {
	local example
	cp samples/site/index.html "$work/index.html"
	msh -c "put $work/index.html /index.html"
	msh --json -c help | sed 's/},{/}\n{/g' | grep -oE '"example":"([^"\\]|\\.)*"' |
		sed -E 's/^"example":"(.*)"$/\1/; s/\\"/"/g; s/attach dc0/attach dc'$dc'/' >"$work/examples"
	[ "$(wc -l <"$work/examples")" -ge 30 ]
	check 'every command has an example' $?
	while IFS= read -r example; do
		(cd "$work" && ln -sfn "$OLDPWD/samples" samples &&
			msh -c "$example" </dev/null >"$work/out" 2>&1)
		check "help's example: $example: $(head -c 300 "$work/out")" $?
	done <"$work/examples"
}

# A MUK that dies under a script: the exit status says so.
script_loses_the_muk() {
	local kills="!kill -KILL $muk_pid; while kill -0 $muk_pid 2>/dev/null; do sleep 0.01; done"
	fails_with 2 'has gone|are all dead|is not running' attach dc$dc -c "$kills" -c 'ls /'
	wait_until gone "$muk_pid"
	boot "$runtime"
	kills="!kill -KILL $muk_pid; while kill -0 $muk_pid 2>/dev/null; do sleep 0.01; done"
	fails_with 2 '' attach dc$dc -c "$kills" -c 'ps -o name fs'
	contains 'the last state' '^fs' "$(cat "$work/out")"
	wait_until gone "$muk_pid"
	muk_pid=
}
