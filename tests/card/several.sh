#!/usr/bin/env bash
# several.sh - two MUKs in one DC, and two DCs side by side.
#
# The MUKs have an image each and servers of other numbers; SYSTASK and CLOCK are the
# first one's. The DCs have equal numbers bound and share nothing.
set -u
cd "$(dirname "$0")/../.."
runtime=several
. tests/card/lib.sh
pids=()
trap 'for pid in ${pids[@]+"${pids[@]}"}; do kill "$pid" 2>/dev/null; done; clean_up' EXIT

# A MUK's configuration in a folder of its own; numbers are those of figure 4 plus some.
prepare() { # NAME PLUS
	local folder=$work/$1
	mkdir "$folder"
	truncate --size 8M "$folder/disk.img"
	mkfs.minix -3 "$folder/disk.img" >/dev/null
	cat >"$folder/muk.cfg" <<-END
		muk $1 {
			dcid 0; pm_ep $2; fs_ep $(($2 + 1)); rd_ep $(($2 + 3));
			is_ep $(($2 + 8)); ftp_ep $(($2 + 14));
			fs_cfg "molfs.cfg"; rd_cfg "rdisk.cfg"; ftp_cfg "m3ftp.cfg";
		};
	END
	sed "s/SERVER1/$1/; s/14;/$(($2 + 14));/" samples/figure4/m3ftp.cfg >"$folder/m3ftp.cfg"
	cp samples/figure4/{molfs,rdisk}.cfg "$folder"
}

start() { # NAME DC
	muk "$work/$1/muk.cfg" --dc "$2" --dir "$work" >"$work/$1.log" 2>&1 </dev/null &
	pids+=($!)
	disown $!
	wait_until grep -q 'servers up' "$work/$1.log" && return 0
	cat "$work/$1.log"
	exit 1
}

two_muks() {
	local said
	prepare ONE 0
	prepare TWO 24
	start ONE $dc
	start TWO $dc
	same 'their names' 'ONE/fs TWO/fs' \
		"$(msh -c 'ps -o name' | grep -E '/fs *$' | tr -s ' \n' ' ' | sed 's/ $//')"
	echo 'from one' >"$work/one.txt"
	echo 'from two' >"$work/two.txt"
	msh -c 'set fs ONE/fs' -c "put $work/one.txt /same" -c 'set fs TWO/fs' \
		-c "put $work/two.txt /same"
	check 'a file for each' $?
	same 'a file from each' 'from two from one' "$(msh -c 'set fs TWO/fs' \
		-c 'get /same -' -c 'set fs ONE/fs' -c 'get /same -' | tr '\n' ' ' | sed 's/ $//')"
	said=$(msh -c 'ls /' 2>&1)
	same 'a bare name: refused' 1 $?
	contains 'with the candidates' 'fs could be ONE/fs, TWO/fs; `set fs`' "$said"
	contains 'a call of a bare name' 'fs could be ONE/fs, TWO/fs' \
		"$(msh -c 'call fs.stat path=/' 2>&1)"
	contains 'a call of the second' '^ino +2$' "$(msh -c 'call TWO/fs.stat path=/same')"
	contains 'why, of a bare name' 'pm could be ONE/pm, TWO/pm' "$(msh -c 'why pm' 2>&1)"
	contains 'the second PM has its own table' 'of TWO/pm' "$(msh -c 'pm TWO/pm')"
	contains 'the second super block' 'fs.super of TWO/fs' "$(msh -c 'super TWO/fs')"
	kill "${pids[1]}"
	wait_until gone "${pids[1]}"
	same 'the first goes on' 'from one' "$(msh -c 'get /same -')"
	kill "${pids[0]}"
	wait_until gone "${pids[0]}"
	for name in ONE TWO; do
		fsck.minix -f "$work/$name/disk.img" >/dev/null
		check "$name's image is clean" $?
	done
}

# DC $here has one MUK, $there one of the same numbers and one of others.
two_dcs() {
	local here=$dc there=$((dc + 1)) nr before
	prepare HERE 0
	prepare THERE 0
	prepare MORE 24
	start HERE $here
	start THERE $there
	start MORE $there
	echo 'here' >"$work/here.txt"
	msh -c "put $work/here.txt /only-here"
	contains 'equal numbers: it arrives here' 'only-here' "$(msh -c 'ls /')"
	dc=$there
	msh -c 'set fs THERE/fs' -c 'stat /only-here' >/dev/null 2>&1
	same 'and not there' 1 $?
	before=$(heard $there 32)
	dc=$here
	for nr in 24 25 27 32 38; do
		refused "sendrec $nr type=1 timeout=1s"
		refused "send $nr type=1 timeout=1s"
		refused "notify $nr"
		refused "reply $nr type=0"
		refused "wakeup $nr"
		refused "stop $nr"
		refused "why $nr"
		refused "proc $nr"
	done
	same 'who has that number there never heard of it' "$before" "$(heard $there 32)"
}

heard() { # DC NR
	dc=$1 msh -c 'ps -o nr,received' | awk -v nr="$2" '$1 == nr { print $2 }'
}

refused() { # COMMAND
	msh -c "$1" >"$work/out" 2>&1
	same "$1, to one of the other DC" 1 $?
	contains "$1: why" 'EDVSDSTDIED|EDVSDEADSRCDST|EDVSENDPOINT|EDVSNOTBIND|EDVSPROCSTS|no process|nobody' \
		"$(cat "$work/out")"
}

two_muks
pids=()
two_dcs
echo "several MUKs and DCs: $passed passed, $failed failed"
[ $failed = 0 ]
