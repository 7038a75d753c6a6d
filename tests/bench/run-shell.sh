#!/usr/bin/env bash
# run-shell.sh - shell.ps.4000 and top.cpu: what the shell takes (shell.c says how).
#
# The MUK is that of figure 4, its table large enough for 256 processes more.
set -eu
cd "$(dirname "$0")/../.."
export PATH="$PWD/build/bin:$PATH:/usr/sbin:/sbin"
work=$(mktemp -d /dev/shm/muk-bench-XXXXXX)
pid=
trap '[ -z "$pid" ] || kill $pid; wait; rm -rf "$work"' EXIT

build/bench-parts/shell ps

truncate --size 8M "$work/disk.img"
mkfs.minix -3 "$work/disk.img" >/dev/null
cp samples/figure4/*.cfg "$work/"
bash tests/bench/web-config.sh "$work" 18084
mukshell --dir "$work" -q -c 'dc create 0 --procs 512' >/dev/null
muk "$work/muk.cfg" --dir "$work" >"$work/log" 2>&1 &
pid=$!
for _ in $(seq 200); do
	grep -q 'servers up' "$work/log" && break
	sleep 0.02
done
build/bench-parts/shell top "$work"
