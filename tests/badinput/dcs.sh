# dcs.sh - a DC that is not there, damaged, of another version, somebody else's.

attach_fails() { # WHAT PATTERN
	local said status
	said=$(timeout 20 mukshell attach dc$dc --dir "$work/false" -c ps 2>&1 </dev/null)
	status=$?
	judge "$1: mukshell" 2 "$2" "$status" "$said"
	said=$(timeout 20 mukshell --dir "$work/false" 2>&1 </dev/null)
	status=$?
	judge "$1: the list says why" 0 "$2" "$status" "$said"
}

boot_fails() { # WHAT PATTERN
	local said status before
	before=$(ls -lR "$work/false")
	said=$(timeout 20 muk "$work/good/muk.cfg" --dc $dc --dir "$work/false" 2>&1 </dev/null)
	status=$?
	judge "$1: muk" 1 "$2" "$status" "$said"
	[ "$before" = "$(ls -lR "$work/false")" ]
	check "$1: it is left as it was" $?
}

# A copy of the segment of a running DC, with bytes put at an offset.
patched() { # OFFSET BYTES
	cp "$dcs/dc$dc" "$work/false/dc$dc"
	printf "$2" | dd of="$work/false/dc$dc" bs=1 seek="$1" conv=notrunc status=none
}

# Offsets of magic, version and sizes are those of struct segment's first words.
dcs_damaged() {
	local segment=$work/false/dc$dc
	group='segment'
	mkdir -p "$work/false"
	: >"$segment"
	attach_fails 'empty' 'is too short for a DC'
	boot_fails 'empty' 'is too short for a DC'
	head -c 4M /dev/urandom >"$segment"
	attach_fails 'garbage' "is not a DC's segment"
	boot_fails 'garbage' "is not a DC's segment"
	patched 0 'XX'
	attach_fails 'another magic' "is not a DC's segment"
	patched 8 '\x77'
	attach_fails 'another version' 'is of version [0-9]+, this program needs [0-9]+'
	boot_fails 'another version' 'is of version [0-9]+, this program needs [0-9]+'
	head -c 1500000 "$dcs/dc$dc" >"$segment"
	attach_fails 'cut short' 'cut short or damaged|too short for a DC'
	rm "$segment"
	ln -s "$dcs/dc$dc" "$segment"
	attach_fails 'a symbolic link' 'cannot be opened: Too many levels of symbolic links'
	boot_fails 'a symbolic link' 'cannot be opened: Too many levels of symbolic links'
	rm "$segment"
	mkdir "$segment"
	attach_fails 'a folder' 'cannot be opened: Is a directory|is not a file'
	rmdir "$segment"
	mkfifo "$segment"
	attach_fails 'a FIFO' 'is not a file'
	boot_fails 'a FIFO' 'is not a file'
	rm -r "$work/false"
}

# Every page of the segment as noise, but for its head: looking must not crash.
dcs_noise() {
	local offset status said
	group='noise in the segment'
	mkdir -p "$work/false"
	for offset in 1 40 100 200 400; do
		cp "$dcs/dc$dc" "$work/false/dc$dc"
		dd if=/dev/urandom of="$work/false/dc$dc" bs=4k seek=$offset count=60 \
			conv=notrunc status=none
		for command in ps counters dc 'why fs' 'trace --last 50' 'proc fs' super; do
			said=$(timeout 20 mukshell attach dc$dc --dir "$work/false" --read-only \
				-c "$command" 2>&1 </dev/null | tr -d '\0')
			grep -qaE "$crash" <<<"$said" && echo "$said"
			[ "${PIPESTATUS[0]}" -lt 124 ] && ! grep -qaE "$crash" <<<"$said"
			check "$command, page $offset" $?
		done
	done
	rm -r "$work/false"
}

dcs_of_others() {
	local said status
	group="somebody else's"
	[ "$(id -u)" = 0 ] && command -v setpriv >/dev/null || {
		echo "skipped: $group: needs root and setpriv"
		return
	}
	chmod 711 "$work" "$dcs"
	said=$(setpriv --reuid 65534 --regid 65534 --clear-groups \
		mukshell attach dc$dc --dir "$dcs" -c ps 2>&1)
	status=$?
	judge 'attach' 2 "$dcs.* cannot be opened: Permission denied" $status "$said"
	said=$(setpriv --reuid 65534 --regid 65534 --clear-groups \
		muk "$work/good/muk.cfg" --dc $dc --dir "$dcs" 2>&1)
	status=$?
	judge 'muk' 1 'Permission denied' $status "$said"
}
