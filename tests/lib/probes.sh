#!/usr/bin/env bash
# probes.sh - each kind of event is a USDT probe of muk and of libdvk.so, and one that
# nobody uses is a nop. Where bpftrace runs, it counts calls.
set -u
cd "$(dirname "$0")/../.."
passed=0 failed=0

check() { # WHAT STATUS
	if [ "$2" = 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $1"; fi
}

# "NAME ADDRESS" of each place.
places() { # FILE
	readelf -n "$1" | awk '/Provider:/ { ours = $NF == "dvk" } ours && /Name:/ { name = $2 }
		ours && /Location:/ { sub(/,/, "", $2); print name, $2 }'
}

kinds=$(sed -n '/define DVK_EVENT_KINDS/,/^$/s/.*X(\([A-Z]*\), ".*/\1/p' kernel/include/dvk/state.h | sort)
for file in build/bin/muk build/lib/libdvk.so.*; do
	[ -f "$file" ] || continue
	[ "$(places "$file" | cut -d' ' -f1 | sort -u)" = "$kinds" ]
	check "$file has a probe for each kind of event" $?
	while read -r name address; do
		objdump -d --start-address="$address" --stop-address=$((address + 1)) "$file" |
			grep -qE '^ +[0-9a-f]+:.*\bnop'
		check "$file: $name at $address is a nop" $?
	done < <(places "$file" | sort -u -k1,1)
done
if command -v bpftrace >/dev/null && [ "$(id -u)" = 0 ]; then
	bpftrace -l "usdt:$PWD/build/bin/muk:dvk:*" 2>/dev/null | grep -q 'dvk:CALL'
	check 'bpftrace lists them' $?
else
	echo 'skipped: bpftrace (it is not here, or this is not root)'
fi
echo "probes: $passed passed, $failed failed"
[ $failed = 0 ]
