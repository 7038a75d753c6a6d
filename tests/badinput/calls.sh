# calls.sh - commands that cannot be meant, to a MUK that goes on.

msh() {
	timeout 20 mukshell attach dc$dc --dir "$dcs" -q "$@"
}

run_call() { # STATUS PATTERN COMMAND-OF-MUKSHELL
	local said status
	said=$(cd "$work" && msh -c "$3" 2>&1 </dev/null)
	status=$?
	judge "$3" "$1" "$2" "$status" "$said"
}

calls_by_name() {
	local long
	group='call'
	long=$(printf '%01030d' 0)
	run_call 1 'path: a path has at most 1024 bytes, this one has 1031' "call fs.open path=/$long"
	run_call 1 'old: a path has at most 1024 bytes' "call fs.rename old=/$long new=/x"
	run_call 1 'EDVSNAMETOOLONG' "cat /$long"
	run_call 1 'EDVSNAMETOOLONG' "put $work/good/muk.cfg /$long"
	table run_call <<-'END'
		3 | usage: call SERVER.CALL | call
		1 | 'fs' is no SERVER.CALL; servers: | call fs
		1 | 'nobody.open' is no SERVER.CALL; servers: .*fs | call nobody.open
		1 | there is no call 'opne' of fs: read write open | call fs.opne
		1 | path is missing; fs.open path=PATH | call fs.open
		1 | 'path' is not FIELD=VALUE; fs.open path=PATH | call fs.open path
		1 | path was given before | call fs.open path=/x path=/y
		1 | fs.open has no field 'pth'; fs.open path=PATH | call fs.open pth=/x
		1 | fs.open has no field '' | call fs.open =x
		1 | flags: 'BOGUS' is wrong, it takes names of a set.*RDONLY | call fs.open path=/x flags=BOGUS
		1 | flags: 99999999999 does not fit in 4 bytes | call fs.open path=/x flags=99999999999
		1 | mode: '9z' is wrong, it takes permission bits, octal | call fs.open path=/x mode=9z
		1 | fd: 'abc' is wrong, it takes a descriptor | call fs.read fd=abc buffer=1
		1 | fd: 99999999999 does not fit in 4 bytes | call fs.read fd=99999999999
		1 | EDVSBADF | call fs.read fd=1
		1 | EDVSBADF | call fs.read fd=-1 buffer=10
		1 | a buffer has from 0 to 16777216 bytes | call fs.read fd=1 buffer=16777217
		1 | a buffer has from 0 to 16777216 bytes | call fs.read fd=1 buffer=-1
		1 | buffer is missing|fs.write fd=NUMBER | call fs.write fd=1
		1 | No such file | call fs.write fd=1 buffer=@none
		1 | whence: 'NEAR' is wrong, it takes one name of a set | call fs.lseek fd=1 whence=NEAR
		1 | no process is called nobody | call fs.sync to=nobody
		1 | EDVSBADCALL | call fs.sync to=pm
		1 | EDVSPERM | call server.stop to=fs
		1 | 'abc' is no time: 500ms, 2s | call fs.sync timeout=abc
		1 | '99999999999999s' is no time | call fs.sync timeout=99999999999999s
		1 | EDVSINVAL | call pm.kill pid=1 signal=99
		1 | EDVSSRCH | call pm.kill pid=30000 signal=1
		1 | EDVSFAULT|EDVSINVAL|EDVSENDPOINT | call systask.vircopy src=fs src_address=1 dst=fs dst_address=2 bytes=8
		1 | EDVSRANGE | call systask.vircopy src=fs src_address=0 dst=pm dst_address=0 bytes=99999999999
		1 | EDVSBADF | call m3ftp.get handle=77
		1 | EDVS | call rdisk.read minor=77
		0 | bytes=0 B | call rdisk.read minor=0 position=99999999999999
		0 | requests= | call server.ping to=fs
		1 | every server has the calls of server: say whose, to=ENDPOINT | call server.ping
		1 | no reply within 5[0-9].* ms: .*EDVSTIMEDOUT | call fs.sync to=nweb-w0 timeout=50ms
		1 | no process is called nosuchname | ps nosuchname
		1 | no process is called fz; did you mean fs | ps fz
		1 |  fs .* receives from any | ps fs fz
		1 | no process fits nosuch\* | ps nosuch*
		0 | NAME | ps held
		0 | m3ftp .* receives from any$ | ps m3ftp
		1 | an empty path names no file.*EDVSNOENT | ls ""
		1 | an empty path names no file | cat ""
	END
}

calls_raw() {
	group='raw messages'
	table run_call <<-'END'
		3 | usage: sendrec ENDPOINT type=NUMBER | sendrec
		1 | 'bogus=1' is not FIELD=VALUE.*m1_i1 | sendrec fs type=5 bogus=1
		1 | m1_i1: 'abc' is wrong; it takes a number of 4 bytes | sendrec fs type=5 m1_i1=abc
		1 | type: '99999999999' does not fit | sendrec fs type=99999999999
		1 | EDVSBADREQUEST | sendrec fs type=4096
		1 | no process is called nobody | sendrec nobody type=5
		1 | no process is bound to 55 | why 55
		0 | EDVSBADCALL | sendrec fs type=77 timeout=2s
		0 | EDVSBADCALL | sendrec fs type=-1 timeout=2s
		1 | out of range .EDVSRANGE | send any type=1
		1 | EDVSTIMEDOUT | receive fs timeout=10ms
		1 | EDVSPROCSTS | reply fs
		1 | only tasks and servers notify: --from NAME | notify fs
		1 | EDVSRANGE|from 0 to 31 | notify --from pm --value 99 fs
	END
}

calls_files() {
	group='files'
	table run_call <<-'END'
		1 | ls: /no: no such file or directory | ls /no
		1 | cat: /: is a directory | cat /
		1 | cd: /no: no such file | cd /no
		1 | lcd: /no: No such file | lcd /no
		1 | rm: /.*: is a directory | rm /
		1 | rm: /: resource busy | rm -r /
		1 | mkdir: /: file exists | mkdir /
		1 | mkdir: /a/b/c: no such file | mkdir /a/b/c
		1 | mv: /no to /y: no such file | mv /no /y
		1 | mv: / to /z: resource busy | mv / /z
		1 | get: /.*: is a directory | get / here
		1 | get: /no: no such file | get /no here
		1 | put: no.file: on the host: No such file | put no.file /x
		1 | put: good.*: is a directory | put good /x
		1 | put: .* to /no/x: no such file or directory | put good/muk.cfg /no/x
		1 | inode: /no: no such file | inode /no
		1 | inode 0 is not in use|inodes begin at 1 | inode 0
		1 | inode 99999999 is not in use | inode 99999999
		1 | no process is called x | super x
	END
	[ ! -e "$work/here" ]
	check 'nothing is left on the host' $?
}

calls_options() {
	group='options'
	table run_call <<-'END'
		3 | there is no command 'frob'; `help` lists them | frob
		3 | there is no command 'sned'; did you mean send? | sned
		3 | there is no command 'tarce'; did you mean trace? | tarce
		3 | there is no command 'xps'; did you mean ps? | xps
		3 | a quote has no end | ls "x
		3 | a program is missing after | ps |
		3 | a file name is missing after > | ps >
		1 | /no/x: No such file | ps > /no/x
		1 | no column is called bogus | ps -o bogus
		1 | no column is called bogus | ps --sort bogus
		3 | --sort needs a value; usage: ps | ps --sort
		3 | there is no option -z; usage: ls | ls -z
		1 | 'x': create DC, end .*, or nothing | dc x
		1 | 'x' is no time: 500ms | watch x ps
		3 | usage: watch | watch 1s
		1 | there is no setting 'x' | set x 1
		1 | 'abc' is no time | set timeout abc
		1 | there is no command 'no' | help no
		1 | 'x' is no number | trace --count x
		1 | -1 is not from 1 to 1000000000 | trace --count -1
		1 | 999999 is not from 1 to 4096 | trace --last 999999
		1 | no process is called nobody | trace nobody
		1 | fs has no call no | trace fs.no
		1 | no server is called nobody | trace nobody.*
		1 | /no/x: No such file | trace --last 5 --to /no/x
		1 | no column is called no | top --once --sort no
		1 | there is no DC 'dc63'; running: dc17.*looked in | attach dc63
	END
}

# Whatever came before: everybody answers.
calls_still_answered() {
	local server
	group='afterwards'
	for server in systask clock pm rdisk fs m3ftp is nweb; do
		run_call 0 'requests=' "call server.ping to=$server timeout=2s"
	done
}
