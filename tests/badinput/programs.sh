# programs.sh - command lines and configurations: the whole program's answer.

run_muk() { # STATUS PATTERN ARGUMENTS
	local said status before after
	before=$(find "$work/good" "$dcs" -printf "%p %m %s\n")
	said=$(cd "$work/good" && eval "timeout 20 muk $3" 2>&1 </dev/null)
	status=$?
	after=$(find "$work/good" "$dcs" -printf "%p %m %s\n")
	judge "muk $3" "$1" "$2" "$status" "$said"
	[ "$before" = "$after" ]
	check "muk $3: nothing stays" $?
}

# With one line of one file of the good configuration changed.
run_changed() { # STATUS PATTERN "FILE SED-EXPRESSION"
	local file=${3%% *}
	cp "$work/good/$file" "$work/kept"
	sed -i "${3#* }" "$work/good/$file"
	cmp -s "$work/kept" "$work/good/$file" && check "$3 changes nothing" 1
	run_muk "$1" "$2" "muk.cfg --dir $dcs"
	cp "$work/kept" "$work/good/$file"
}

programs_muk() {
	group='muk'
	(
		cd "$work/good" && mkdir folder && : >empty && head -c 1M /dev/urandom >noise &&
			printf 'muk A {\n dcid 0;\n \0\n};\n' >zero &&
			head -c 1M /dev/zero | tr '\0' 'x' >long && mkfifo fifo &&
			printf '@include "again"\n' >again && ln -s loop loop &&
			printf 'muk: %s' "$(printf '{ a: %.0s' {1..3000})" >deep
	)
	table run_muk <<-'END'
		3 | no configuration given | --dir .
		3 | more than one configuration | muk.cfg muk.cfg
		3 | --dc 64: expected a number from 0 to 63 | muk.cfg --dc 64
		3 | --dc x: expected a number | muk.cfg --dc x
		3 | --runtime fibers: expected coroutines or threads | muk.cfg --runtime fibers
		3 | unrecognized option '--frob' | muk.cfg --frob
		3 | requires an argument | muk.cfg --dc
		3 | --dir: expected the name of a folder | muk.cfg --dir ""
		1 | nowhere.cfg: cannot read the configuration: No such file | nowhere.cfg
		1 | folder: cannot read the configuration: Is a directory | folder
		1 | loop: cannot read the configuration: Too many levels | loop
		1 | empty:1: the file has no block muk | empty
		1 | fifo:1: the file has no block muk | fifo
		1 | noise: cannot read the configuration: it is longer than 64 KiB | noise
		1 | long: cannot read the configuration: it is longer than 64 KiB | long
		1 | zero: .*it is no text, it has a zero byte | zero
		1 | again:1: include file nesting too deep | again
		1 | deep:1: blocks are nested too deep | deep
		1 | /dev/zero: .*longer than 64 KiB | /dev/zero
		1 | cannot open dc0: none/dcs cannot be made: No such file | muk.cfg --dir none/dcs
		1 | cannot open dc0: muk.cfg cannot be opened: Not a directory | muk.cfg --dir muk.cfg
		1 | standard output: No space left on device | --check muk.cfg >/dev/full
		1 | standard output: No space left on device | --help >/dev/full
		0 | muk.cfg: all right: SERVER1, dc0 | --check muk.cfg
	END
	[ "$(id -u)" = 0 ] && command -v setpriv >/dev/null || return 0
	chmod 700 "$work/good"
	chmod 711 "$work"
	expect_unreadable
}

# Another user meets a configuration that is root's.
expect_unreadable() {
	local said
	said=$(setpriv --reuid 65534 --regid 65534 --clear-groups \
		muk --check "$work/good/muk.cfg" 2>&1)
	judge 'a configuration of another user' 1 'cannot read the configuration: Permission denied' \
		$? "$said"
}

programs_configuration() {
	group='configuration'
	table run_changed <<-'END'
		1 | muk.cfg:3: unknown entry pm_epp in a block muk; did you mean pm_ep | muk.cfg s/pm_ep/pm_epp/
		1 | muk.cfg:2: dcid is 64; expected a whole number from 0 to 63 | muk.cfg s/dcid.*;/dcid 64;/
		1 | muk.cfg:2: dcid is "one"; expected a whole number | muk.cfg s/dcid.*;/dcid one;/
		1 | muk.cfg:1: this block muk has no dcid; add it | muk.cfg /dcid/d
		1 | muk.cfg:.*: is_ep is 1, which is fs_ep's .line 4.; give each | muk.cfg s/is_ep.*;/is_ep 1;/
		1 | muk.cfg:.*: fs_cfg: cannot read molf.cfg: No such file | muk.cfg s/molfs.cfg/molf.cfg/
		1 | muk.cfg:.*: fs_cfg: cannot read folder: it is a folder | muk.cfg s/molfs.cfg/folder/
		1 | muk.cfg:.*; expected ';' after the entry | muk.cfg s/dcid.*;/dcid 0/
		1 | muk.cfg:.*this fs_ep needs fs_cfg as well | muk.cfg /fs_cfg/d
		1 | molfs.cfg:.*one device must have root_dev YES | molfs.cfg s/YES/NO/
		1 | molfs.cfg:.*type is "TAPE"; expected one of the words | molfs.cfg s/RDISK_IMG;/TAPE;/
		1 | molfs.cfg:.*minor is -1; expected a whole number from 0 to 255 | molfs.cfg s/minor.*;/minor -1;/
		1 | rdisk.cfg:.*image_file: cannot read no.img: No such file | rdisk.cfg s/disk.img";/no.img";/
		1 | rdisk.cfg:.*this type needs image_file as well | rdisk.cfg /image_file/d
		1 | m3nweb.cfg:.*port is 70000; expected a whole number from 0 | m3nweb.cfg s/port.*;/port 70000;/
		1 | m3nweb.cfg:.*endpoint is 21; expected an endpoint: 22 | m3nweb.cfg s/22/21/
		1 | nweb: .*10.255.255.1.*(assign|address) | m3nweb.cfg s/port.*;/port 0; address "10.255.255.1";/
		1 | m3ftp.cfg:.*window is 1; expected a whole number from 4096 | m3ftp.cfg s/1048576/1/
	END
}

run_shell() { # STATUS PATTERN ARGUMENTS
	local said status
	said=$(cd "$work/good" && eval "timeout 20 mukshell $3" 2>&1 </dev/null)
	status=$?
	judge "mukshell $3" "$1" "$2" "$status" "$said"
}

programs_shell() {
	group='mukshell'
	table run_shell <<-'END'
		3 | the first word is `attach` | dc7
		3 | attach needs a DC: dc0, 0 or its name | attach
		3 | one at a time | attach dc7 dc8
		3 | invalid option -- 'x' | -x
		3 | requires an argument | -c
		3 | --dir needs a folder | attach dc7 --dir ""
		2 | there is no DC 'dc7', and no other is running; looked in folder | attach dc7 --dir folder
		2 | there is no DC 'dc64' | attach dc64 --dir folder
		2 | there is no DC '' | attach "" --dir folder
		2 | there is no DC 'dc7'.*looked in none .not there. | attach dc7 --dir none
		0 | no DC is running; looked in none | --dir none
		1 | nothing is attached; `attach DC` does it | -c ps
		3 | there is no command 'frob' | -c frob
		3 | No such file or directory | -f nowhere
		3 | folder: Is a directory | -f folder
		1 | No space left on device | --help >/dev/full
		0 | lists what works|help | -c help
	END
}
