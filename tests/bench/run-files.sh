#!/usr/bin/env bash
# run-files.sh - how big a MUK is, how fast files move.
#
# One MUK of figure 4 on an image in memory (/dev/shm). memory.resident is what
# is resident without the pages of the image. The peer of a transfer is cp.
set -eu
cd "$(dirname "$0")/../.."
export PATH="$PWD/build/bin:$PATH:/usr/sbin:/sbin"
work=$(mktemp -d /dev/shm/muk-bench-XXXXXX)
pid=
trap '[ -z "$pid" ] || kill $pid; wait; rm -rf "$work"' EXIT

figure() {	# NAME VALUE UNIT BETTER PEER PEER_VALUE
	printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$@"
}

truncate --size 160M "$work/disk.img"
mkfs.minix -3 "$work/disk.img" >/dev/null
cp samples/figure4/*.cfg "$work/"
bash tests/bench/web-config.sh "$work" 18083
head -c 52428800 /dev/urandom >"$work/50m.bin"

taskset -c 0 muk "$work/muk.cfg" --dir "$work" >"$work/log" 2>&1 &
pid=$!
for _ in $(seq 200); do
	grep -q 'servers up' "$work/log" && break
	sleep 0.02
done

strip -o "$work/muk.stripped" build/bin/muk
figure size.executable $(($(stat -c %s "$work/muk.stripped") / 1024)) KiB less "the paper" 852
awk '/^[0-9a-f]+-[0-9a-f]+ / { keep = $6 !~ /\/(libc|ld-linux)[^\/]*$/ && $6 !~ /disk\.img$/ }
	/^Size:/ && keep { size += $2 } /^Rss:/ { if (keep) rss += $2 }
	END { printf "size.mapped\t%d\tKiB\tless\tthe paper\t91136\n", size
	      printf "memory.resident\t%d\tKiB\tless\t-\t0\n", rss }' "/proc/$pid/smaps"

seconds() {	# COMMAND... - how long it took
	local began
	began=$(date +%s%N)
	"$@" >/dev/null
	echo $(($(date +%s%N) - began))
}
rate() {	# NANOSECONDS - MB/s of 50 MiB
	awk -v ns="$1" 'BEGIN { printf "%.1f", 52428800 / ns * 1000 }'
}

shell="taskset -c 1 mukshell attach dc0 --dir $work -q"
put=$(seconds $shell -c "put $work/50m.bin /50m")
get=$(seconds $shell -c "get /50m $work/got")
cmp "$work/50m.bin" "$work/got"
rm "$work/got"
cp_ns=$(seconds taskset -c 1 cp "$work/50m.bin" "$work/copy")
figure m3ftp.get.50m "$(rate "$get")" MB/s more cp "$(rate "$cp_ns")"
figure m3ftp.put.50m "$(rate "$put")" MB/s more cp "$(rate "$cp_ns")"
