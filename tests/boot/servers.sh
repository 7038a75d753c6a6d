#!/usr/bin/env bash
# servers.sh - a MUK has the servers that it was built with, and no others.
set -eu
cd "$(dirname "$0")/../.."
folder=$(mktemp -d /tmp/muk-servers.XXXXXX)
trap 'rm -rf "$folder"' EXIT

fail() {
	echo "servers.sh: $*" >&2
	exit 1
}

make -s OUT="$folder" GEN="$folder/gen" VARIANT= SERVERS="systask clock pm fs rdisk" muk \
	>"$folder/make.log" 2>&1 || { cat "$folder/make.log" >&2; fail "it does not build"; }
nm "$folder/bin/muk" >"$folder/symbols"
for server in systask clock pm fs rdisk; do
	grep -q " server_type_$server\$" "$folder/symbols" || fail "$server is not in it"
done
for server in m3ftp is nweb; do
	! grep -q " server_type_$server\$" "$folder/symbols" || fail "$server is in it"
done
! grep -Eq ' [tT] (nweb|m3ftp|inspect)_' "$folder/symbols" || fail "functions of other servers are in it"

cp samples/figure4/*.cfg "$folder"
truncate --size 8M "$folder/disk.img"
PATH=$PATH:/sbin:/usr/sbin mkfs.minix -3 "$folder/disk.img" >/dev/null
if "$folder/bin/muk" "$folder/muk.cfg" --dir "$folder" 2>"$folder/said"; then
	fail "it boots without is"
fi
grep -q "muk.cfg: this muk has no is; it was built with these servers: systask clock pm fs rdisk\. Remove the entry is_ep" \
	"$folder/said" || fail "it does not say what it lacks: $(cat "$folder/said")"

sed -i '/is_ep\|web_ep\|ftp_ep/d' "$folder/muk.cfg"
"$folder/bin/muk" "$folder/muk.cfg" --dir "$folder" >"$folder/said" &
muk=$!
for _ in $(seq 200); do
	grep -q 'SERVER1: 5 servers up in' "$folder/said" && break
	sleep 0.05
done
kill "$muk"
wait "$muk" || fail "it does not end in order"
grep -q 'SERVER1: 5 servers up in' "$folder/said" || fail "it does not boot"
echo "servers.sh: what was named is in it, and nothing else"
