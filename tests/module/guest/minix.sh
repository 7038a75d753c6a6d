# minix.sh - one image, written by MUK and by Linux's minix driver in turn, V1 to V3.
#
# Three rounds: MUK, Linux, MUK. Each makes a folder with all kinds of files and changes
# the one that was made before; the same is done in a folder of the guest's own, the twin.
# After each round fsck.minix is content, and Linux and MUK both see the twin.
source tests/module/tap.sh

work=/tmp/minix
image=$work/disk.img mounted=$work/mounted twin=$work/twin

prepare() { # VERSION
	local i
	rm -rf $work
	mkdir -p $mounted $twin $work/source/many/below
	cp samples/figure4/*.cfg $work
	sed -i '/web_ep\|is_ep/d' $work/muk.cfg
	truncate -s 24M $image
	mkfs.minix "-$1" $image >/dev/null || return 1
	name_max=$((1 << (3 + $1)))
	[ "$1" = 1 ] && name_max=14
	[ "$1" = 2 ] && name_max=30
	[ "$1" = 3 ] && name_max=60
	long=$(printf '%0*d' "$name_max" 7)
	# More than one block of block numbers holds, in each version.
	head -c 612007 /dev/urandom >$work/big
	: >$work/empty
	# In V3 a folder with blocks that are named in another block.
	for i in $(seq $(($1 == 3 ? 120 : 30))); do
		echo "file $i" >"$work/source/many/$i"
	done
	cp -r samples/site/. $work/source/many/below
}

# ---- the rounds, in words that three understand -----------------------------------

makes() { # FOLDER
	cat <<-END
		mkdir /$1
		store source /$1/data
		put big /$1/big
		put big /$1/$long
		put big /$1/cut
		put empty /$1/sparse
		link /$1/big /$1/hard
		symlink data/many/7 /$1/symlink
		symlink /nowhere/at/all/$long /$1/dangling
		mknod /$1/null 020640 1 3
		mknod /$1/disk 060640 8 1
		mknod /$1/fifo 010600 0 0
		truncate /$1/sparse 1100000
		truncate /$1/cut 270123
		chmod /$1/cut 4711
		chown /$1/cut 5 7
		rename /$1/data/many/8 /$1/eight
		rename /$1/data/many/below /$1/below
		utime /$1/timed 100000000
	END
}

changes() { # FOLDER
	local i
	echo "unlink /$1/$long"
	for i in $(seq 10 9 30); do
		echo "unlink /$1/data/many/$i"
	done
	cat <<-END
		mkdir /$1/moved
		rename /$1/big /$1/moved/big
		rename /$1/data/many/9 /$1/eight
		rename /$1/data/many /$1/moved/many
		unlink /$1/hard
		rmdir /$1/data
		unlink /$1/symlink
		unlink /$1/fifo
		truncate /$1/cut 700000
		chmod /$1/null 0606
		link /$1/below/index.html /$1/moved/index
	END
}

# DIR: Linux does what is told, in a folder of the guest or on the mounted image.
linux_does() {
	local verb a b c d
	umask 022
	while read -r verb a b c d; do
		case $verb in
		mkdir) mkdir "$1$a" ;;
		store) cp -r "$work/$a" "$1$b" ;;
		put) cp "$work/$a" "$1$b" ;;
		link) ln "$1$a" "$1$b" ;;
		symlink) ln -s "$a" "$1$b" ;;
		mknod) linux_mknod "$1$a" "$b" "$c" "$d" ;;
		truncate) truncate -s "$b" "$1$a" ;;
		chmod) chmod "$b" "$1$a" ;;
		chown) busybox chown -h "$b:$c" "$1$a" ;;
		rename) mv "$1$a" "$1$b" ;;
		utime) cp "$work/empty" "$1$a" && touch -d "@$b" "$1$a" ;;
		unlink) rm "$1$a" ;;
		rmdir) rmdir "$1$a" ;;
		*) false ;;
		esac || { echo "Linux: $verb $a $b $c $d failed"; return 1; }
	done
}

linux_mknod() { # PATH MODE MAJOR MINOR
	case $2 in
	02*) mknod "$1" c "$3" "$4" ;;
	06*) mknod "$1" b "$3" "$4" ;;
	*) mknod "$1" p ;;
	esac && chmod "${2: -4}" "$1"
}

# The same as lines of mukshell.
muk_lines() {
	local verb a b c d
	while read -r verb a b c d; do
		case $verb in
		mkdir) echo "mkdir $a" ;;
		store) echo "put -r $work/$a $b" ;;
		put) echo "put $work/$a $b" ;;
		link | rename) echo "call fs.$verb old=$a new=$b" ;;
		symlink) echo "call fs.symlink target=$a path=$b" ;;
		mknod) echo "call fs.mknod path=$a mode=$b dev=$c,$d" ;;
		truncate) echo "call fs.truncate path=$a size=$b" ;;
		chmod) echo "call fs.chmod path=$a mode=$b" ;;
		chown) echo "call fs.chown path=$a uid=$b gid=$c" ;;
		utime) echo "put $work/empty $a"; echo "call fs.utime path=$a atime=$b mtime=$b" ;;
		*) echo "call fs.$verb path=$a" ;;
		esac
	done
}

# ---- MUK on the image -------------------------------------------------------------

msh() {
	mukshell attach dc9 --dir $work -q "$@"
}

# COMMAND...: with a MUK that has booted from the image and ends in order after it.
with_muk() {
	local muk status
	muk $work/muk.cfg --dc 9 --dir $work >$work/muk.log 2>&1 </dev/null &
	muk=$!
	until grep -q 'servers up' $work/muk.log; do
		kill -0 $muk 2>/dev/null || { cat $work/muk.log; return 1; }
		sleep 0.05
	done
	"$@"
	status=$?
	kill $muk
	wait $muk || { echo "the MUK ended with $?"; cat $work/muk.log; return 1; }
	return $status
}

muk_does() {
	muk_lines >$work/lines
	msh -f $work/lines >/dev/null
}

with_linux() { # COMMAND...
	local status
	mount -t minix -o loop $image $mounted || return 1
	"$@"
	status=$?
	umount $mounted && return $status
}

# ---- what is seen -----------------------------------------------------------------

# Path, type, mode, links, owner, group; size, time and target where all have them.
twin_list() { # DIR
	(cd "$1" && find . -mindepth 1 -printf '/%P %y %#m %n %U %G %s %T@ %l\n') |
		awk '{ $3 = sprintf("%04d", $3 + 0)
			if ($2 == "d") $7 = "-"; else if ($2 ~ /[bcp]/) $7 = 0
			if ($1 !~ /timed$/) $8 = "-"; else sub(/\..*/, "", $8); print }' |
		sed 's/ *$//' | sort
}

muk_list() {
	find $twin -mindepth 1 -printf 'stat /%P\n' >$work/lines
	msh --json -f $work/lines | sed -E 's/^\[//; s/\]$//
		s/"type":"regular file"/"type":"f"/; s/"type":"directory"/"type":"d"/
		s/"type":"symbolic link"/"type":"l"/; s/"type":"character device"/"type":"c"/
		s/"type":"block device"/"type":"b"/; s/"type":"(fifo|FIFO|pipe|named pipe)"/"type":"p"/
		s/"rdev":[^,]*,//; s/"ino":[0-9]*,//; s/"(blocks|atime|ctime)":[0-9]+,?//g
		s/"target"://; s/[{}"]//g; s/[a-z]+://g; s/,/ /g' |
		awk '{ if ($2 == "d") $7 = "-"; if ($1 !~ /timed$/) $8 = "-"; print }' |
		sed 's/ *$//' | sort
}

devices() { # DIR
	(cd "$1" && find . -type b -o -type c | sort | xargs stat -c '%n %t:%T')
}

# DIR: the digest of each file's contents.
digests() {
	(cd "$1" && find . -type f | sort | xargs sha256sum)
}

linux_sees() {
	diff <(twin_list $twin) <(twin_list $mounted) &&
		diff <(devices $twin) <(devices $mounted) && diff $work/digests <(digests $mounted)
}

muk_sees() {
	rm -rf $work/got
	diff <(twin_list $twin) <(muk_list) && msh -c "get -r / $work/got" >/dev/null &&
		diff $work/digests <(digests $work/got)
}

is_clean() {
	fsck.minix -f $image >$work/fsck 2>&1 || { cat $work/fsck; return 1; }
}

both_see() {
	is_clean && with_linux linux_sees && is_clean && with_muk muk_sees && is_clean
}

round() { # WHO WORDS
	linux_does $twin <<<"$2" || return 1
	digests $twin >$work/digests
	case $1 in
	linux) with_linux linux_does $mounted <<<"$2" ;;
	muk) with_muk muk_does <<<"$2" ;;
	esac && both_see && echo "$(find $twin -mindepth 1 | wc -l) files"
}

PATH=$PWD/build/bin:$PATH
for version in 1 2 3; do
	tap "V$version: an image" prepare $version
	tap "V$version: MUK writes" round muk "$(makes a)"
	tap "V$version: Linux writes" round linux "$(changes a; makes b)"
	[ $version = 3 ] &&
		tap "V$version: MUK writes to what Linux wrote" round muk "$(changes b; makes c)"
done
tap_end
