#!/usr/bin/env bash
# demo.sh - a MUK on a fresh MINIX disk image in dc0, and mukshell attached to it.
#
# Prints each command that it runs, so that they can be typed next time. On a
# terminal it ends in mukshell; without one it runs samples/demo/tour.msh, prints
# what it shows, and leaves nothing behind. Whatever ends the demo ends the MUK,
# unless the user said that it shall stay.
set -eu
cd "$(dirname "$0")/../.."
PATH="$PWD/build/bin:$PATH:/usr/sbin:/sbin"
home=build/demo
muk_pid=

run() {
	printf '$ %s\n' "$*"
	"$@"
}

stop_muk() {
	[ -n "$muk_pid" ] || return 0
	kill -TERM "$muk_pid" 2>/dev/null || true
	wait "$muk_pid" 2>/dev/null || true
	muk_pid=
}

# Waits for the line that says the servers are up; at most ten seconds.
wait_for_boot() {
	for _ in $(seq 200); do
		grep -q 'servers up' $home/muk.log 2>/dev/null && return 0
		kill -0 "$muk_pid" 2>/dev/null || break
		sleep 0.05
	done
	cat $home/muk.log >&2
	echo 'The MUK did not start; is another one running in dc0? See: mukshell' >&2
	muk_pid=
	exit 1
}

boot() {
	printf '$ PATH=$PWD/build/bin:$PATH\n'
	run mkdir -p $home
	run cp samples/figure4/*.cfg $home/
	run cp samples/demo/*.cfg $home/
	if ! [ -e $home/disk.img ]; then
		run truncate --size 64M $home/disk.img
		run mkfs.minix -3 $home/disk.img
	fi
	printf '$ muk %s/muk.cfg &\n' $home
	muk $home/muk.cfg >$home/muk.log 2>&1 </dev/null &
	muk_pid=$!
	wait_for_boot
	cat $home/muk.log
}

# The tour's lines one by one, so that each stands above what it shows.
show_tour() {
	while IFS= read -r line; do
		case $line in
		'#'*) printf '\n%s\n' "$line" ;;
		*)
			printf 'dc0:/> %s\n' "${line#-}"
			mukshell attach dc0 -c "$line" 2>&1
			;;
		esac
	done <samples/demo/tour.msh
}

tour() {
	boot
	run mukshell attach dc0 -c 'put -r samples/site /'
	show_tour
	printf '$ kill %s    (the MUK: it writes everything and leaves)\n' "$muk_pid"
	stop_muk
	run fsck.minix -f $home/disk.img
	rm -rf $home
}

interactive() {
	boot
	run mukshell attach dc0 -c 'put -r samples/site /'
	echo
	echo "second terminal:  $PWD/build/bin/mukshell attach dc0"
	echo
	printf '$ mukshell attach dc0\n'
	mukshell attach dc0 || true
	printf 'Keep the MUK running? [y/N] '
	read -r answer || answer=n
	case $answer in
	[yY]*)
		echo "It runs as process $muk_pid; stop it with: kill $muk_pid"
		muk_pid=
		;;
	*) stop_muk; echo "Stopped. The disk image stays: $home/disk.img" ;;
	esac
}

trap stop_muk EXIT
if [ -t 0 ] && [ -t 1 ]; then
	interactive
else
	tour
fi
