# disk.sh - the mounted disk from outside: before FS has written its changes, and after,
# against what FS says and what fsck.minix finds when all is over.

# The inode of a path, as FS tells it.
ino() {
	msh -c "stat $1 --json" | grep -oE '"ino":[0-9]+' | grep -oE '[0-9]+'
}

# A field of the super block.
super() {
	msh -c 'super --json' | grep -oE "\"$1\":[0-9]+" | grep -oE '[0-9]+'
}

disk() {
	local file=$work/random nr zone free
	head -c 3000000 /dev/urandom >"$file"
	msh -c 'mkdir -p /disk/a/b' -c "put $file /disk/a/b/large" -c "put samples/site/index.html /disk/small"
	shows 'a disk that was just changed' fsck '^clean: [0-9]+ inodes and [0-9]+ zones in use$'
	nr=$(ino /disk/a/b/large)
	shows 'the names of an inode' "ncheck $nr 1" "^ +$nr +/disk/a/b/large\$" '^ +1 +/$'
	same 'by path and by number' "$(msh -c "zones $nr")" "$(msh -c 'zones /disk/a/b/large')"
	shows 'the zones of a large file' "zones $nr" ' data$' ' indirect$'
	zone=$(super zone_bytes)
	same 'as many as its size needs' $(((3000000 + zone - 1) / zone)) \
		"$(msh -c "zones $nr" | awk '$4 == "data" { n += $3 } END { print n }')"
	zone=$(msh -c "zones $nr" | awk '$4 == "data" { print $2 + 1; exit }')
	shows 'whose a zone is' "icheck $zone 1 99999999" "^ *$zone +$nr +1 +data\$" \
		'super block, bitmaps or inodes' '^ *99999999 +- +- +outside$'
	free=$(msh -c bitmap | awk '$1 == "zones" && $5 == "free" { print $2; exit }')
	shows 'a free zone' "icheck $free" "^ *$free +- +- +free\$"
	same 'the bitmap counts as FS does' \
		"$(super inodes_used) $(super zones_used)" \
		"$(msh -c bitmap | awk '$5 == "used" { n[$1] += $4 } END { print n["inodes"], n["zones"] }')"
	msh -c 'call fs.sync' >/dev/null
	shows 'the same disk, written' fsck '^clean: '
	same 'names of all files' "$(msh -c 'ls /disk/a/b' | tr '\n' ' ')" \
		"$(msh -c "ncheck $nr" | awk 'NR > 1 { sub(".*/", "", $2); print $2 }' | tr '\n' ' ')"
	while_it_is_stopped
	while_it_changes
	msh -c 'rm -r /disk'
	shows 'what was removed is free' "ncheck $nr" '^INODE +PATH$'
	shows 'clean at the end' fsck '^clean: '
}

# FS is not asked.
while_it_is_stopped() {
	kill -STOP "$muk_pid"
	shows 'a MUK that is stopped' fsck '^clean: '
	shows 'and what the doctor says of it' 'doctor --for 100ms --json' \
		'"check":"stopped","subject":"[a-z]+",.*"advice":"`!kill -CONT '
	kill -CONT "$muk_pid"
}

# Each look is at one state, whatever happens meanwhile.
while_it_changes() {
	local i writer torn=0
	touch "$work/goes-on"
	while [ -e "$work/goes-on" ]; do
		msh -c 'put samples/site/index.html /disk/x' -c 'mv /disk/x /disk/y' -c 'rm /disk/y'
	done >/dev/null 2>&1 &
	writer=$!
	for i in 1 2 3 4 5 6 7 8 9 10; do
		msh -c fsck >"$work/out" 2>&1 || { torn=$((torn + 1)); cat "$work/out"; }
	done
	rm "$work/goes-on"
	wait $writer
	same 'looks while it changes, with contradictions' 0 $torn
}

# The disk at rest, by another program.
at_rest() {
	fsck.minix -f "$work/disk.img" >"$work/out" 2>&1
	check "fsck.minix: $(tail -n 3 "$work/out")" $?
}

# One byte of the image becomes another.
poke() { # OFFSET OCTAL
	printf "\\$2" | dd of="$work/disk.img" bs=1 seek="$1" conv=notrunc 2>/dev/null
}

# What is wrong with a disk is found while it is mounted, and by fsck.minix afterwards.
wrong_disk() {
	local block inodes zmap
	boot $runtime
	msh -c 'put samples/site/index.html /file'
	block=$(super block_bytes)
	zmap=$(((2 + $(super imap_blocks)) * block))
	inodes=$((zmap + $(super zmap_blocks) * block))
	nr=$(ino /file)
	shut_down
	cp "$work/disk.img" "$work/good.img"
	poke $((inodes + (nr - 1) * 64 + 2)) 005
	poke $((zmap + 128)) 377
	boot $runtime
	shows 'a wrong count of links' fsck "^inode $nr has 1 names and says 5\$"
	shows 'zones of nobody' fsck '^zone [0-9]+ is marked as in use and belongs to nobody$' \
		'^fsck: 9 contradictions in the file system$'
	msh -c fsck >/dev/null 2>&1
	same 'its exit status' 1 $?
	shut_down
	! fsck.minix -f "$work/disk.img" >"$work/out" 2>&1
	check 'fsck.minix finds it as well' $?
	cp "$work/good.img" "$work/disk.img"
}
