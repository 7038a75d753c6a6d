# lib.sh - what the tests of bad input share: a case is one line of a table.
#
# Everything lies in $work, a folder under /tmp. A case fails when the exit status or
# the error is another one, when a sanitizer or an assertion speaks, or when the
# command leaves something in the folders that it was shown.
PATH="$PWD/${BIN:-build/bin}:$PATH:/usr/sbin:/sbin"
work=$(mktemp -d /tmp/badinput.XXXXXX)
dcs=$work/dcs
dc=17
muk_pid=
passed=0 failed=0 group=
crash='Sanitizer|runtime error:|Assertion|Segmentation|Aborted|core dumped'
mkdir "$dcs"

check() { # WHAT STATUS
	if [ "$2" = 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		printf 'FAILED: %s: %s\n' "$group" "$1"
	fi
}

# Compares what a command did with what it should have done. A pattern is an extended
# regular expression; "" for nothing in particular.
judge() { # WHAT STATUS-WANTED PATTERN STATUS SAID
	local bad=0
	[[ $4 = $2 ]] || bad=1
	[ -z "$3" ] || grep -qaE -- "$3" <<<"$5" || bad=1
	grep -qaE "$crash" <<<"$5" && bad=1
	[ $bad = 0 ] || printf -- '--- wanted status %s and "%s"\n--- got status %s and\n%s\n---\n' \
		"$2" "$3" "$4" "$(head -c 2000 <<<"$5")"
	check "${1:0:160}" $bad
}

# Each line of a table on standard input: STATUS | PATTERN | COMMAND, blanks around
# them cut; what a command is run through is the function RUNNER.
table() { # RUNNER
	local line status pattern command
	while IFS= read -r line; do
		[[ $line =~ ^[[:space:]]*(#|$) ]] && continue
		status=${line%%|*} line=${line#*|}
		pattern=${line%% | *} command=${line#* | }
		pattern=${pattern# }
		"$1" "${status// /}" "$pattern" "$command"
	done
}

# Tries a condition until it holds, at most ten seconds.
wait_until() { # COMMAND...
	for _ in $(seq 400); do
		"$@" >/dev/null 2>&1 && return 0
		sleep 0.025
	done
	return 1
}

ended() { # PID
	! kill -0 "$1" 2>/dev/null || grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null
}

is_up() {
	grep -q 'servers up' "$work/muk.log"
}

up_or_ended() {
	is_up || ended "$muk_pid"
}

# Starts a MUK in the background; returns 0 when it came up.
boot() { # CONFIG OPTIONS...
	: >"$work/muk.log"
	muk "$@" --dc $dc --dir "$dcs" >"$work/muk.log" 2>&1 </dev/null &
	muk_pid=$!
	wait_until up_or_ended
	is_up
}

# Ends it; returns its exit status.
shut_down() {
	[ -n "$muk_pid" ] || return 0
	kill -TERM "$muk_pid" 2>/dev/null
	wait_until ended "$muk_pid" || kill -KILL "$muk_pid"
	wait "$muk_pid"
	local status=$?
	muk_pid=
	return $status
}

clean_up() {
	[ -z "$muk_pid" ] || { kill -KILL "$muk_pid" && wait "$muk_pid"; } 2>/dev/null
	tmux -S "$work/tmux" kill-server 2>/dev/null
	mountpoint -q "$work/small" && umount "$work/small"
	rm -rf "$work"
}

# The configuration of Figure 4 in a folder of its own, with an image of 2 MiB.
configure() { # FOLDER
	mkdir -p "$1"
	cp samples/figure4/*.cfg "$1"
	sed -i 's/port.*;/port 0;/' "$1/m3nweb.cfg"
	truncate --size 2M "$1/disk.img"
	mkfs.minix -3 "$1/disk.img" >/dev/null
}
