# lib.sh - what the card's tests share: a MUK of their own, scripts, a person.
#
# Everything lies in $work, a folder under /tmp, the DC's segment too. Waiting is
# for something to appear, bounded; nothing is slept out. Only processes that were
# started here are ended, by their number.
PATH="$PWD/${BIN:-build/bin}:$PATH:/usr/sbin:/sbin"
work=$(mktemp -d /tmp/card.XXXXXX)
dc=9
muk_pid=
passed=0 failed=0

check() { # WHAT STATUS
	if [ "$2" = 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		printf 'FAILED: %s: %s\n' "$runtime" "$1"
	fi
}

# The output of a command, as it should be; a difference is shown.
same() { # WHAT WANT GOT
	if [ "$2" = "$3" ]; then
		check "$1" 0
	else
		printf -- '--- %s: wanted\n%s\n--- got\n%s\n---\n' "$1" "$2" "$3"
		check "$1" 1
	fi
}

contains() { # WHAT PATTERN TEXT
	grep -qE -- "$2" <<<"$3" || printf -- '--- %s: no "%s" in\n%s\n---\n' "$1" "$2" "$3"
	grep -qE -- "$2" <<<"$3"
	check "$1" $?
}

# Tries a condition until it holds, at most ten seconds.
wait_until() { # COMMAND...
	for _ in $(seq 200); do
		"$@" >/dev/null 2>&1 && return 0
		sleep 0.05
	done
	return 1
}

configure() {
	cp samples/figure4/*.cfg "$work"
	cp samples/demo/*.cfg "$work"
	truncate --size 16M "$work/disk.img"
	mkfs.minix -3 "$work/disk.img" >/dev/null
	export XDG_STATE_HOME=$work/state LC_ALL=C.UTF-8
	unset PAGER
}

boot() { # RUNTIME
	muk "$work/muk.cfg" --dc $dc --dir "$work" --runtime "$1" >"$work/muk.log" 2>&1 </dev/null &
	muk_pid=$!
	disown $muk_pid	# so that bash says nothing of its end
	wait_until grep -q 'servers up' "$work/muk.log" && return 0
	cat "$work/muk.log"
	echo 'the MUK did not start'
	exit 1
}

# Whether a process of ours has gone; a child that nobody waited for counts.
gone() {
	! kill -0 "$1" 2>/dev/null || grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null
}

shut_down() {
	[ -n "$muk_pid" ] || return 0
	kill -TERM "$muk_pid" 2>/dev/null
	wait_until gone "$muk_pid" || kill -KILL "$muk_pid"
	muk_pid=
}

clean_up() {
	shut_down
	tmux -S "$work/tmux" kill-server 2>/dev/null
	rm -rf "$work"
}

# mukshell attached to our DC, as a script runs it.
msh() {
	timeout 30 mukshell attach dc$dc --dir "$work" -q "$@"
}

# ---- a person: mukshell in a terminal of its own -------------------------------

person_starts() { # COLUMNS ROWS
	tmux -S "$work/tmux" -f /dev/null new-session -d -s person -x "$1" -y "$2" \
		"exec mukshell attach dc$dc --dir $work 2>&1"
}

person_types() { # KEYS...
	tmux -S "$work/tmux" send-keys -t person "$@"
}

screen() {
	tmux -S "$work/tmux" capture-pane -p -t person
}

sees() { # PATTERN
	screen | grep -qE -- "$1"
}

# Waits until the screen shows the pattern; else the screen is printed.
person_sees() { # WHAT PATTERN
	if wait_until sees "$2"; then
		check "$1" 0
	else
		printf -- '--- %s: no "%s" on the screen\n' "$1" "$2"
		screen
		check "$1" 1
	fi
}

# An empty screen with a prompt, so that what is seen next is new.
person_clears() {
	person_types C-u C-l
	wait_until prompt_alone
}

prompt_alone() {
	[ "$(screen | grep -c .)" = 1 ] && sees "^dc$dc:/> *$"
}

person_resizes() { # COLUMNS ROWS
	tmux -S "$work/tmux" resize-window -t person -x "$1" -y "$2"
}

person_leaves() {
	person_types C-u C-d
	wait_until eval '! tmux -S "$work/tmux" has-session -t person'
}
