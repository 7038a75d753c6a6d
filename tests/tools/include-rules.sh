#!/usr/bin/env bash
# include-rules.sh - who may include whom, as ARCHITECTURE.md says.
#
# A rule is: folder, then a pattern that an #include line of it must not match.
set -u
cd "$(dirname "$0")/../.."
failed=0 checked=0

forbid() {	# FOLDER PATTERN REASON [EXCEPT]
	local hits
	hits=$(grep -rnE --include='*.[ch]' "^[[:space:]]*#[[:space:]]*include[[:space:]]*[<\"]($2)" "$1" |
		grep -vE "${4:-^$}" || true)
	checked=$((checked + 1))
	if [ -n "$hits" ]; then
		printf '%s\n' "$hits" | sed "s|^|$3: |"
		failed=$((failed + 1))
	fi
}

forbid kernel/engine 'stdio|stdlib|string|unistd|errno|sys/|linux/|pthread|signal|time|fcntl' \
	'the engine knows no OS'
forbid kernel/engine 'segment|member|lock|keeper|park' 'the engine sees a host only through host.h'
forbid kernel 'protocol/|inspect|server/|runtime/' 'the DVK knows nothing above it'
for folder in muk mukshell inspect proxies samples; do
	forbid $folder '(engine|host|host_impl|dc|undo|segment|member|keeper)\.h' \
		"$folder sees libdvk, not the engine or a host"
done
forbid inspect 'shell\.h|command\.h|runtime/|server/|readline|ncurses|curses' \
	'inspect is below the shell and the servers'
forbid muk 'shell\.h|command\.h|readline|curses|ncurses' 'a MUK knows nothing of the shell'
forbid mukshell 'readline' 'readline is in one file' '^mukshell/line\.c:'
forbid mukshell '(n?curses|ncursesw/)' 'ncurses is in one place' '^mukshell/top_'
forbid muk 'microhttpd' 'libmicrohttpd is in the web servers' '^muk/(nweb|wis)/'
for sample in samples/ping_pong.c samples/echo_server.c; do
	forbid $sample 'protocol/|inspect|server/|runtime/' 'samples of the DVK link nothing of MUK'
done

folders=$(git ls-files 2>/dev/null | grep / | cut -d/ -f1 | sort -u | tr '\n' ' ')
for folder in $folders; do
	case $folder in
	.ci | kernel | muk | inspect | mukshell | proxies | samples | tests) ;;
	*) echo "no other top-level folder: $folder"; failed=$((failed + 1)) ;;
	esac
done
ifdefs=$(grep -nE '^[[:space:]]*#[[:space:]]*(if|ifdef|ifndef)\b' kernel/engine/*.c || true)
if [ -n "$ifdefs" ]; then
	echo "#ifdef chooses files, not lines: $ifdefs"
	failed=$((failed + 1))
fi
echo "include rules: $checked checked, $failed broken"
[ $failed = 0 ]
