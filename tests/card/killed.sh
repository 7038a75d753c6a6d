#!/usr/bin/env bash
# killed.sh [RUNTIME]... - mukshell is killed in each of its commands, at some
# moment: nobody hangs, no slot is lost, and the next call is answered.
set -u
cd "$(dirname "$0")/../.."
. tests/card/lib.sh
trap clean_up EXIT

TIMES=${TIMES:-3}	# for each command

# How many slots are bound; the looking shell has none.
bound() {
	msh --json -c dc | grep -oE '"bound":[0-9]+'
}

back_to() {
	[ "$(bound)" = "$1" ]
}

# A command that ends soon is begun again and again until it is killed.
kill_in() { # COMMAND
	local pid delay
	(exec mukshell attach dc$dc --dir "$work" -q -c "$1" -c "$1" -c "$1" -c "$1" \
		>/dev/null 2>&1 </dev/null) &
	pid=$!
	disown $pid
	delay=$((RANDOM % 30 + 1))
	sleep "0.$(printf '%03d' $delay)"
	kill -KILL $pid 2>/dev/null
	wait_until gone $pid
}

# What help's examples do not cover: waits and long transfers.
long_commands() {
	printf '%s\n' 'receive any' "put $work/large /large" "get /large $work/large.back" \
		'get /large /dev/null' 'trace' 'watch 10ms ps' 'top --once' 'ls -l /' \
		'sendrec fs type=2032' 'call fs.read fd=0' 'cat /large'
}

configure
for runtime in ${*:-coroutines threads}; do
	boot "$runtime"
	head -c 4000000 /dev/urandom >"$work/large"
	msh -c "put $work/large /large"
	msh --json -c help | sed 's/},{/}\n{/g' | grep -oE '"example":"([^"\\]|\\.)*"' |
		sed -E 's/^"example":"(.*)"$/\1/; s/\\"/"/g' >"$work/commands"
	long_commands >>"$work/commands"
	before=$(bound)
	while IFS= read -r command; do
		for _ in $(seq "$TIMES"); do
			kill_in "$command"
		done
		wait_until back_to "$before"
		check "no slot is lost: $command" $?
		msh -c 'call fs.ping timeout=2s' >/dev/null 2>"$work/errors"
		check "the next call is answered: $command: $(cat "$work/errors")" $?
	done <"$work/commands"
	msh -c 'rm /large'
	shut_down
	fsck.minix -f "$work/disk.img" >"$work/fsck" 2>&1
	check 'fsck.minix finds the image clean' $?
done
echo "killed: $passed checks passed, $failed failed"
[ $failed = 0 ]
