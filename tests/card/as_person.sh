# as_person.sh - the same by hand: a terminal, keys, and what appears.

person_attaches() {
	person_starts 100 30
	person_sees 'the greeting' "^Attached to dc$dc .*: .*fs"
	person_sees 'the prompt' "^dc$dc:/>"
	person_types 'ps fs' Enter
	person_sees 'ps' '^ *1 +fs '
	person_clears
	person_types 'hel' Enter
	person_sees 'a unique prefix does, and the pager shows what is long' '^:'
	person_types q
	person_clears
	person_types 'put samples/site/index.html /index.html' Enter
	person_sees 'put' '^1 file, '
	person_types 'ls /' Enter
	person_sees 'ls' '^index.html'
}

person_completes() {
	local began
	person_clears
	person_types 'cal' Tab 'fs.sta' Tab
	person_sees 'both calls that fit' 'fs.stat +fs.statfs'
	person_clears
	person_types 'call fs.open ' Tab
	person_sees 'the fields' 'flags= +mode= +path='
	person_sees 'the whole call as a hint' 'fs.open path=PATH'
	person_types 'path=/ind' Tab
	person_sees 'a path in MUK' 'path=/index.html'
	person_types 'fl' Tab 'CR' Tab '|WR' Tab
	person_sees 'flags by name' 'flags=CREAT\|WRONLY'
	person_types Enter
	person_sees 'the reply by name' 'fd=[0-9]'
	person_clears
	person_types "put samples/site/index.html '/two words'" Enter
	person_sees 'a name with a blank' '^1 file'
	person_clears
	person_types 'cat /tw' Tab '| wc -c' Enter
	person_sees 'is completed with a backslash' '/two.* words'
	person_sees 'and found' '^612$'
	person_clears
	person_types 'why rd' Tab
	person_sees 'a process' 'why rdisk'
	person_clears
	kill -STOP "$muk_pid"
	began=$(date +%s%N)
	person_types 'cat /ind' Tab 'XYZ'
	person_sees 'completion comes back when FS hangs' 'cat /indXYZ'
	[ $((($(date +%s%N) - began) / 1000000)) -lt 1000 ]
	check 'soon' $?
	person_clears
	person_types 'why fs' Enter
	person_sees 'why names who is at fault' 'stopped by SIGSTOP'
	kill -CONT "$muk_pid"
}

person_interrupts() {
	person_clears
	person_types 'receive any' Enter
	wait_until sees 'receive any'
	person_types C-c
	person_sees 'Ctrl-C ends a call that waits' 'interrupted'
	person_sees 'and not the shell' "^dc$dc:/> *$"
	kill -STOP "$muk_pid"
	person_clears
	person_types 'cat /index.html' Enter
	wait_until sees 'cat /index'
	person_types C-c
	person_sees 'also when FS hangs' 'cat: .*interrupted'
	kill -CONT "$muk_pid"
	person_clears
	person_types 'trace' Enter
	wait_until sees 'trace'
	person_types C-c
	person_clears
	person_types 'cat /index.html | head -n 1' Enter
	person_sees 'what comes next works' '^<!DOCTYPE html>'
	person_types Up C-a C-k 'abc' C-c
	person_sees 'Ctrl-C leaves a line' "^dc$dc:/> *$"
	person_clears
	person_types 'abc' C-c 'pwd' Enter
	person_sees 'and no key after it is lost' '^/$'
	person_clears
	person_types 'ps fs --json' Enter
	person_sees 'any command prints JSON' '^\[\{"nr":1,"name":"fs"'
}

person_watches_live() {
	person_clears
	person_types 'top --rate 200ms' Enter
	person_sees 'the live view' '^ *NR.*NAME.*DOES'
	person_sees 'its processes' '^ +1 fs '
	msh -c 'cat /index.html' >/dev/null
	person_types 'f' 'rdisk' Enter
	person_sees 'a filter' '\(1 shown\)'
	person_types Enter
	person_sees 'details' '^endpoint|^ep '
	person_types x 'f' C-h C-h C-h C-h C-h Enter
	person_sees 'all again' '^ +1 fs '
	person_types '/' 'm3f' Enter Enter
	person_sees 'a search, and its details' '^name +m3ftp'
	person_types x '?'
	person_sees 'help' 'go to the one it waits for'
	person_types x
	person_resizes 20 5
	person_sees 'twenty columns' '^NAME +DOES'
	person_resizes 80 24
	person_sees 'eighty again' 'q quit .*p pause'
	person_watches_views
	person_acts_in_top
	person_types p
	person_sees 'pause' 'paused'
	person_types q
	person_sees 'back at the prompt' "^dc$dc:/> *$"
	person_resizes 100 30
	person_leaves
	check 'Ctrl-D leaves' $?
	grep -q '^receive any$' "$work/state/mukshell/history"
	check 'the history is kept' $?
}

person_watches_views() {
	person_types 3
	msh -c 'set trace-self on' -c 'cat /index.html' >/dev/null
	person_sees 'the calls' '^fs.open +[0-9]'
	person_types f 'fs.open,fs.close' Enter
	person_sees 'a filter of calls' '^fs.open '
	sees '^fs.read'
	check 'what does not fit is left out' $((!$?))
	person_types f C-u 'x' Enter
	person_types 2
	person_sees 'the tree' '^tree:'
	person_types 1 / fs Enter m
	person_sees 'messages' '^messages: of fs:'
	msh -c 'set trace-self on' -c 'cat /index.html' >/dev/null
	person_sees 'messages with their fields, as they come' 'fs.open path="/index.html"'
	person_types 5
	person_sees 'the tables of servers' '^rdisk.device of rdisk'
	person_types 6
	person_sees 'what is held' '^no rules'
	person_types W C-h C-h C-h C-h C-h C-h C-h "$work/frame.txt" Enter
	person_sees 'the frame is saved' '^saved in'
	grep -q '^no rules' "$work/frame.txt"
	check 'as it was' $?
	person_types 1
}

person_acts_in_top() {
	person_types / 'm3f' Enter Space X
	person_sees 'a question comes first' '^stop m3ftp\?'
	person_types n
	person_sees 'which no answers' 'q quit'
	person_types X y
	person_sees 'yes does it' '^stop: done'
	person_sees 'and it is seen' 'm3ftp .*stopped'
	person_types C y
	person_sees 'it goes on' '^cont: done'
	person_types w
	person_sees 'why' 'waits for requests'
	person_types x U o 'name,level' Enter
	person_sees 'other columns' '^NAME +LEVEL'
	person_types o 'nr,name,sentence' Enter
}

person_loses_the_muk() {
	person_starts 100 30
	person_sees 'attached' "^dc$dc:/>"
	kill -KILL "$muk_pid"
	wait_until gone "$muk_pid"
	muk_pid=
	person_sees 'it says that the MUK has gone' 'has lost its MUK'
	person_types 'ps -o name,sentence fs' Enter
	person_sees 'the last state is still there' '^fs +[a-z]'
	person_types 'ls' Enter
	person_sees 'what needs an answer fails' 'the MUK of dc[0-9]+ has gone'
	boot "$runtime"
	person_sees 'it attaches the new one' 'is back; attached to it again'
	person_types C-u 'ls /index.html' Enter
	person_sees 'and talks to it' '^/index.html'
	person_leaves
	shut_down
}
