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
