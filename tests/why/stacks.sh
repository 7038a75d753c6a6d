# stacks.sh - `bt`: from where a task waits up to where it began, with lines.

stacks() {
	local main=task_main
	[ $runtime = threads ] && main=thread_main
	shows 'the stack of a server' 'bt fs' '^fs \(pid [0-9]+, thread [0-9]+\) receives from any$' \
		'^  #0 ' 'server_main\+0x[0-9a-f]+ at muk/server/server.c:[0-9]+$' \
		"$main\\+0x[0-9a-f]+ at muk/runtime/[a-z]+.c:[0-9]+\$"
	shows 'the stacks of all' 'bt all' '^pm \(' '^rdisk \(' '^muk \(' ' boot_run\+' ' worker_task\+'
	shows 'a stack as JSON' 'bt fs --json' \
		'^\[\{"ep":1,"name":"fs",.*"frames":\[\{"pc":.*"function":"server_main",.*"line":[0-9]+\}'
	shows 'a task that is not there' 'bt nobody' 'nobody'
}

# What lies in a server's memory, and gdb on its tasks.
memory() {
	shows 'the bytes of a table' 'mem fs fs.super 64' '^[0-9a-f]{12}  ([0-9a-f]{2} +){16} .{16}$'
	same 'a table as its type' "$(super zones)" \
		"$(msh -c 'mem fs fs.super 1 as fs.super --json' | grep -oE '"zones":[0-9]+' | grep -oE '[0-9]+')"
	shows 'no address' 'mem fs nowhere 64' 'nowhere is no address'
	shows 'no memory' 'mem fs 0x10 64' 'EDVSFAULT'
	shows 'no length' 'mem fs fs.super 0' 'a length is a number from 1 to 1048576'
	shows 'no type' 'mem fs fs.super 64 as fs.soup' 'there is no type fs.soup'
	command -v gdb >/dev/null || return
	shows 'the tasks in gdb' 'gdb --batch' '^  [0-9]+ +1 +(calling|running|waiting) +[0-9]+ +fs$' \
		'^Task [0-9]+ \(fs\)$' '^#[0-9]+ .*server_main' '^#[0-9]+ .*worker_task'
	shows 'FS goes on after gdb' 'stat /' 'Directory|directory|/'
}

# What a dump keeps of the stacks, and what it does not of the disk.
dumped() {
	local loaded
	msh -c "dump $work/state.mukdump" >"$work/out" 2>&1
	check "a dump: $(head -c 300 "$work/out")" $?
	loaded=$(timeout 30 mukshell load "$work/state.mukdump" -q -c 'bt fs' 2>&1)
	contains 'a stack of a dump' '^  #[0-9]+ .*server_main\+0x' "$loaded"
	same 'only that one' 1 "$(grep -c '^fs (pid' <<<"$loaded")"
	loaded=$(timeout 30 mukshell load "$work/state.mukdump" -q -c 'bt fs --json' 2>&1)
	contains 'as JSON' '"name":"fs",.*"text":".*server_main' "$loaded"
	loaded=$(timeout 30 mukshell load "$work/state.mukdump" -q -c fsck 2>&1)
	contains 'no disk in a dump' 'a file keeps tables, and not the disk' "$loaded"
	loaded=$(timeout 30 mukshell load "$work/state.mukdump" -q -c 'why fs' 2>&1)
	contains 'why, of a dump' '^=> +fs waits for requests; nothing is wrong$' "$loaded"
}
