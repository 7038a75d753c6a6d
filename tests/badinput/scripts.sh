# scripts.sh - scripts and surroundings that a shell meets.

# A line of the host's shell; $M is mukshell, attached.
run_host() { # STATUS PATTERN COMMAND
	local said status
	said=$(cd "$work" && M="mukshell attach dc$dc --dir $dcs -q" \
		timeout 20 bash -c "$3" 2>&1 </dev/null | tr -d '\0'; exit "${PIPESTATUS[0]}")
	status=$?
	judge "$3" "$1" "$2" "$status" "$said"
}

scripts_bad() {
	group='scripts'
	(
		cd "$work" && echo 'source self' >self && echo 'ls "x' >quote &&
			printf 'pwd\n\0\0\n' >zero && printf 'ls %05000d\n' 0 >longpath &&
			printf 'ls %0100000d\n' 0 >longline && printf 'pwd\r\n' >dos &&
			printf 'pwd' >unended && head -c 100000 /dev/urandom >noise &&
			printf 'ls%s\n' "$(printf ' x%.0s' {1..2000})" >words
	)
	table run_host <<-'END'
		1 | self:1: source: scripts are nested too deeply | $M -f self
		3 | quote:1: a quote has no end | $M -f quote
		3 | zero:2: .*zero byte | $M -f zero
		1 | longpath:1: ls: a path has at most 1023 bytes | $M -f longpath
		3 | longline:1: the line is longer than [0-9]+ bytes | $M -f longline
		3 | words:1: too many words | $M -f words
		3 | no.file: No such file | $M -f no.file
		3 | good: Is a directory | $M -f good
		3 | good: Is a directory | $M -c 'source good'
		3 | no.file: No such file | $M -c 'source no.file'
		0 | ^/$ | $M -f dos
		0 | ^/$ | $M -f unended
		3 | noise:[0-9]+: | $M -f noise
		3 | there is no command 'bad' | $M -c pwd -c bad -c 'mkdir /never'
		1 | ls: /never: no such file | $M -c 'ls /never'
		0 |  | $M -c ''
		0 |  | $M -f /dev/null
	END
}

scripts_surroundings() {
	group='surroundings'
	table run_host <<-'END'
		1 | standard output: No space left on device | $M -c ps >/dev/full
		1 | standard output: No space left on device | $M --json -c ps >/dev/full
		1 | standard output: Bad file descriptor | $M -c ps >&-
		1 | /dev/full: No space left on device | $M -c 'ps > /dev/full'
		1 | No space left on device | $M -c 'trace --last 5 --to /dev/full'
		0 | NAME | $M -c ps | head -n 1
		0 | NAME | $M -c 'watch 10ms ps' | head -n 1
		0 |  fs  | $M -c ps <&-
		3 |  | $M -c frob 2>&-
		0 | ^/ | env -u HOME -u XDG_STATE_HOME $M -c pwd
		0 | ^/ | HOME=/dev/null/x XDG_STATE_HOME=/dev/null/x $M -c pwd
		0 | NAME | env -u TERM $M -c 'top --once'
		0 | NAME | TERM=dumb $M -c 'top --once'
		0 | NAME | TERM=no-such-terminal $M -c 'top --once'
		0 |  fs  | LC_ALL=no_SUCH.locale $M -c ps
		0 |  fs  | COLUMNS=-5 LINES=x $M -c ps
	END
}

# ---- terminals -------------------------------------------------------------------

screen() {
	tmux -S "$work/tmux" capture-pane -p -t bad
}

sees() { # PATTERN
	screen | grep -qE -- "$1"
}

person_sees() { # WHAT PATTERN
	wait_until sees "$2" || screen
	sees "$2"
	check "$1" $?
}

types() {
	tmux -S "$work/tmux" send-keys -t bad "$@"
}

leave() {
	types q
	types C-u C-d
	wait_until eval '! tmux -S "$work/tmux" has-session -t bad'
	check "$1: it leaves" $?
}

terminal() { # COLUMNS ROWS ENVIRONMENT
	tmux -S "$work/tmux" -f /dev/null new-session -d -s bad -x "$1" -y "$2" \
		"exec env $3 mukshell attach dc$dc --dir $dcs"
}

scripts_terminals() {
	local name
	group='terminals'
	command -v tmux >/dev/null || {
		echo "skipped: $group: needs tmux"
		return
	}
	for name in dumb '' no-such-terminal; do
		terminal 80 24 "TERM=$name HOME=/dev/null/x XDG_STATE_HOME=/dev/null/x"
		person_sees "TERM=$name: the prompt" "dc$dc:/>"
		types 'ps -o name fs' Enter
		person_sees "TERM=$name: a command" '^fs'
		types 'top' Enter
		person_sees "TERM=$name: top says why not, or once" 'NAME.*DOES|terminal'
		leave "TERM=$name"
	done
	terminal 20 5 TERM=screen
	person_sees 'twenty columns: the prompt' "dc$dc:/>"
	types 'ps' Enter
	person_sees 'twenty columns: the pager' '^:'
	types q
	person_sees 'twenty columns: the prompt again' "dc$dc:/> *$"
	types 'top' Enter
	person_sees 'twenty columns: top' 'NAME'
	tmux -S "$work/tmux" resize-window -t bad -x 2 -y 1
	tmux -S "$work/tmux" resize-window -t bad -x 80 -y 24
	person_sees 'from two columns to eighty: top' 'q quit'
	leave 'twenty columns'
}
