# images.sh - images that are no file systems, or not to be had, or hostile.

sum_image() {
	head -c 4M "$work/image/disk.img" 2>/dev/null | cksum
}

# Boots on the image in folder image; it is to fail with PATTERN, image untouched.
image_fails() { # WHAT PATTERN
	local status before
	before=$(sum_image)
	boot "$work/image/muk.cfg"
	shut_down
	status=$?
	judge "$1" 1 "$2" $status "$(cat "$work/muk.log")"
	[ "$before" = "$(sum_image)" ] &&
		[ -z "$(ls -A "$dcs")" ]
	check "$1: nothing is changed or left" $?
}

images_lengths() {
	local image=$work/image/disk.img bytes
	group='image'
	rm "$image"
	image_fails 'missing' 'rdisk.cfg:6: image_file: cannot read .*disk.img: No such file'
	: >"$image"
	image_fails 'empty' 'disk.img: is empty; mkfs.minix makes an image'
	for bytes in 1 1000 1030 5000 1000000; do
		head -c $bytes "$work/good/disk.img" >"$image"
		image_fails "$bytes bytes" 'too few for a MINIX file system|it is cut short'
	done
	head -c 2M /dev/urandom >"$image"
	image_fails 'garbage' 'no MINIX file system.*mkfs.minix'
	head -c 2M /dev/zero >"$image"
	image_fails 'zeros' 'no MINIX file system.*mkfs.minix'
	rm "$image"
	ln -s /dev/zero "$image"
	image_fails 'a device' 'cannot read .*disk.img: it is no file'
	rm "$image"
	mkdir "$image"
	image_fails 'a folder' 'cannot read .*disk.img: it is a folder'
	rmdir "$image"
}

# Fields of the super block of V3: OFFSET BYTES(hexadecimal, as they lie) PATTERN.
images_super_blocks() {
	local offset bytes pattern
	group='super block'
	while read -r offset bytes pattern; do
		cp "$work/good/disk.img" "$work/image/disk.img"
		put_bytes $((1024 + offset)) "$bytes"
		image_fails "$bytes at $offset" "$pattern"
	done <<-'END'
		0 00000000 0 inodes do not fit
		0 ffffffff do not fit
		6 0000 do not fit
		6 ffff lies inside the inodes
		8 0000 do not fit
		8 ffff lies inside the inodes
		10 0000 lies inside the inodes
		10 ffff do not fit
		12 0b00 log_zone_size is 11; 0 to 10 expected
		12 0200 cut short
		20 ffffffff do not fit
		20 01080000 cut short
		24 5aa5 no MINIX file system
		28 e803 blocks of 1000 bytes; 1024, 2048 or 4096 expected
		28 0080 blocks of 32768 bytes
	END
}

put_bytes() { # OFFSET HEXADECIMAL
	printf "$(sed 's/../\\x&/g' <<<"$2")" |
		dd of="$work/image/disk.img" bs=1 seek="$1" conv=notrunc status=none
}

# In the good image: /d/e/f, whose inodes are 2, 3, 4; inodes begin at block 4 or as
# mkfs.minix laid them out.
images_hostile() {
	local inodes what bytes offset
	group='hostile image'
	cp "$work/good/disk.img" "$work/image/disk.img"
	boot "$work/image/muk.cfg" && msh -c 'mkdir -p /d/e' -c "put $work/image/muk.cfg /d/e/f"
	shut_down
	check 'a tree is made' $?
	cp "$work/image/disk.img" "$work/tree.img"
	inodes=$((1024 * (2 + $(od -An -j1030 -N2 -tu2 "$work/tree.img") + \
		$(od -An -j1032 -N2 -tu2 "$work/tree.img"))))
	while read -r what offset bytes; do
		cp "$work/tree.img" "$work/image/disk.img"
		put_bytes $((inodes + offset)) "$bytes"
		boot "$work/image/muk.cfg"
		check "$what: boots, or says why not" $?
		for command in 'ls -l /' 'ls /d/e' 'cat /d/e/f' 'rm -r /d' 'mkdir /x' 'inode 2'; do
			timeout 20 mukshell attach dc$dc --dir "$dcs" -q -c "$command" \
				>"$work/out" 2>&1 </dev/null
			[ $? -lt 2 ]
			check "$what: $command" $?
		done
		shut_down
		judge "$what: ends in order" 0 '' $? "$(cat "$work/muk.log")"
	done <<-'END'
		a_zone_behind_the_end 216 ffffff7f
		a_zone_in_the_bitmaps 216 02000000
		a_table_without_end 108 ffffff7f
		a_directory_of_4_GiB 136 ffffffff
		an_unknown_type 64 fff1
		a_directory_that_is_a_file 64 a481
	END
	images_loop "$inodes"
}

# /d/e is /d: its entry names the inode of its parent.
images_loop() { # OFFSET-OF-INODES
	local zone
	cp "$work/tree.img" "$work/image/disk.img"
	zone=$(od -An -j$(($1 + 64 + 24)) -N4 -tu4 "$work/tree.img")
	put_bytes $((zone * 1024 + 128)) 02000000
	boot "$work/image/muk.cfg"
	check 'a loop of directories: boots' $?
	for command in 'ls -l /d/e/e/e' 'rm -r /d' "get -r /d $work/loop" 'mv /d /d/e/g' \
		'call fs.chdir path=/d/e/e/e/e' 'cat /d/e/e/e'; do
		timeout 20 mukshell attach dc$dc --dir "$dcs" -q -c "$command" \
			>"$work/out" 2>&1 </dev/null
		[ $? -lt 2 ]
		check "a loop of directories: $command: $(tail -c 200 "$work/out")" $?
	done
	shut_down
	judge 'a loop of directories: ends in order' 0 '' $? "$(cat "$work/muk.log")"
}

images_not_ours() {
	local other said status
	group='image of another'
	cp "$work/good/disk.img" "$work/image/disk.img"
	boot "$work/image/muk.cfg"
	check 'the first MUK boots' $?
	said=$(timeout 20 muk "$work/image/muk.cfg" --dc 18 --dir "$dcs" 2>&1 </dev/null)
	status=$?
	judge 'an image in use' 1 "disk.img: is in use by process $muk_pid" $status "$said"
	said=$(timeout 20 muk "$work/image/muk.cfg" --dc $dc --dir "$dcs" 2>&1 </dev/null)
	status=$?
	judge 'a DC in use' 1 "endpoint 0 of dc$dc is in use by SERVER1/pm, process $muk_pid" \
		$status "$said"
	run_call 0 '' 'mkdir /still-there'
	shut_down
	check 'the first one ends in order' $?
	[ "$(id -u)" = 0 ] && command -v setpriv >/dev/null || {
		echo "skipped: an image that may not be written: needs root and setpriv"
		return
	}
	mkdir -m 777 "$work/nobody"
	chmod 711 "$work"
	chmod 444 "$work/image/disk.img"
	said=$(setpriv --reuid 65534 --regid 65534 --clear-groups \
		timeout 20 muk "$work/image/muk.cfg" --dc 18 --dir "$work/nobody" 2>&1 </dev/null)
	status=$?
	judge 'an image that may not be written' 1 'disk.img: cannot be opened: Permission denied' \
		$status "$said"
	chmod 644 "$work/image/disk.img"
	rm -r "$work/nobody"
}

# The host's disk is full: an error to who asked, and the image stays whole.
images_disk_full() {
	local small=$work/small
	group='a full host disk'
	mkdir -p "$small"
	timeout 10 mount -t tmpfs -o size=1m tmpfs "$small" 2>/dev/null || {
		echo "skipped: $group: no tmpfs can be mounted here"
		return
	}
	cp "$work"/image/*.cfg "$small"
	truncate --size 8M "$small/disk.img"
	mkfs.minix -3 "$small/disk.img" >/dev/null
	head -c 400000 /dev/zero >"$small/fills"
	head -c 3M /dev/urandom >"$work/large"
	boot "$small/muk.cfg"
	check 'boots' $?
	run_call 1 'no space left on device' "put $work/large /large"
	run_call 1 'no such file' 'stat /large'
	run_call 0 '' 'ls /'
	run_call 1 'no space left on device' 'call fs.sync'
	shut_down
	judge 'ends, and says that not all was written' 1 'could not be written: no space left' $? \
		"$(cat "$work/muk.log")"
	fsck.minix -f "$small/disk.img" >/dev/null
	check 'the image is whole' $?
	boot "$small/muk.cfg"
	run_call 0 '' 'mkdir /small'
	rm "$small/fills"
	run_call 0 '' 'call fs.sync'
	shut_down
	check 'ends in order' $?
	fsck.minix -f "$small/disk.img" >/dev/null
	check 'the image is whole again' $?
	umount "$small"
}

images_read_only_host() {
	local small=$work/small
	group='a read-only host file system'
	timeout 10 mount -t tmpfs -o size=8m tmpfs "$small" 2>/dev/null &&
		cp "$work"/image/*.cfg "$work/good/disk.img" "$small" &&
		timeout 10 mount -o remount,ro "$small" 2>/dev/null || {
		echo "skipped: $group: none can be mounted here"
		mountpoint -q "$small" && umount "$small"
		return
	}
	boot "$small/muk.cfg"
	shut_down
	judge 'the image' 1 'disk.img: cannot be opened: Read-only file system' $? \
		"$(cat "$work/muk.log")"
	umount "$small"
}
