#!/usr/bin/env bash
# apart.sh - a MUK and mukshell whose memory Linux lets nobody touch: files go in and out
# all the same, through the segment, on both runtimes.
#
# A program that its user may run and not read is not dumpable; so the copies of both
# that run here are, for a user without rights.
set -u
cd "$(dirname "$0")/../.." || exit 1
source tests/card/lib.sh
trap 'clean_up' EXIT

user=()
if [ "$(id -u)" = 0 ]; then
	command -v setpriv >/dev/null || { echo 'skipped: needs setpriv'; exit 0; }
	user=(setpriv --reuid 65534 --regid 65534 --clear-groups)
fi

as_user() {
	${user[@]+"${user[@]}"} env XDG_STATE_HOME="$work/state" "$@"
}

# The same in the place of this shell.
become_user() {
	exec ${user[@]+"${user[@]}"} env XDG_STATE_HOME="$work/state" "$@"
}

# The programs, which may be run and not read; the rest is the user's.
prepare() {
	local name
	configure
	mkdir "$work/bin" "$work/state"
	for name in muk mukshell; do
		cp "$(command -v $name)" "$work/bin/$name"
		chmod 0111 "$work/bin/$name"
	done
	head -c 3000001 /dev/urandom >"$work/sent"
	chmod 0644 "$work"/*.cfg "$work/disk.img" "$work/sent"
	[ "$(id -u)" != 0 ] || chown -R 65534:65534 "$work"/{disk.img,state,sent} "$work"
	[ "$(id -u)" != 0 ] || chown root:root "$work"/bin/*
	# Its root belongs to who makes it.
	as_user mkfs.minix -3 "$work/disk.img" >/dev/null
}

boot_apart() { # RUNTIME
	become_user "$work/bin/muk" "$work/muk.cfg" --dc $dc --dir "$work" --runtime "$1" \
		>"$work/muk.log" 2>&1 </dev/null &
	muk_pid=$!
	disown $muk_pid
	wait_until grep -q 'servers up' "$work/muk.log" && return 0
	cat "$work/muk.log"
	exit 1
}

shell() {
	as_user timeout 60 "$work/bin/mukshell" attach dc$dc --dir "$work" -q "$@"
}

# Linux refuses what a copy needs: to read of the MUK what ptrace could.
is_refused() {
	! as_user head -c 1 "/proc/$muk_pid/auxv" >"$work/read" 2>/dev/null && [ ! -s "$work/read" ]
}

# More than a buffer of the segment, and a short name that needs none.
files_go_both_ways() {
	local said
	is_refused
	check 'nobody may touch the memory of the MUK' $?
	said=$(shell -c "put $work/sent /sent" 2>&1)
	check "put: $said" $?
	rm -f "$work/got"
	said=$(shell -c "get /sent $work/got" 2>&1)
	check "get: $said" $?
	cmp "$work/sent" "$work/got"
	check 'what was put is what was got' $?
	said=$(shell -c 'stat /sent' -c 'ls /' 2>&1)
	contains 'stat and ls' '3000001' "$said"
	contains 'ls names it' 'sent' "$said"
	said=$(shell -c 'cat /sent' 2>/dev/null | cksum)
	same 'cat' "$(cksum <"$work/sent")" "$said"
	said=$(shell -c 'rm /sent' -c 'stat /sent' 2>&1)
	contains 'it is removed' 'ENOENT|no such' "$said"
}

prepare
for runtime in coroutines threads; do
	boot_apart $runtime
	files_go_both_ways
	shut_down
	same "$runtime: fsck" '' "$(fsck.minix -f "$work/disk.img" 2>&1 >/dev/null)"
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
