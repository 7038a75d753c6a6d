#!/usr/bin/env bash
# seeds.sh FOLDER - what the fuzzers begin with: FOLDER/NAME/*, and FOLDER/NAME.dict.
#
# All of it comes from what is in the tree: samples, the examples of the commands,
# the words of the tables. Targets whose input is a list of steps need none.
set -eu
folder=$1
cd "$(dirname "$0")/../.."

seed() {	# NAME NUMBER: standard input becomes a seed
	mkdir -p "$folder/$1"
	cat >"$folder/$1/seed-$2"
}

# A file of a kind begins with the kind's number: muk, rdisk, fs, nweb, m3ftp, all.
n=0
for kind in 0:muk 1:rdisk 2:molfs 3:m3nweb 4:m3ftp 5:muk; do
	for file in samples/*/"${kind#*:}".cfg; do
		{ printf "\\x0${kind%:*}"; cat "$file"; } | seed config $((n += 1))
	done
done
printf '\x00muk: { dcid = 0; name = "x"; pm_ep = 0; fs_ep = 1; fs_cfg = "a"; };\n' | seed config lib0
printf '\x01device: ({ major = 3; minor = 0; type = "FILE_IMAGE"; image_file = "a"; });\n' |
	seed config lib1
grep -ohE '"[A-Za-z_*]{2,}"' muk/config/*.c | sort -u >"$folder/config.dict"
printf '"muk X {"\n"device Y {"\n"};"\n"= ("\n"0x7fffffffL"\n"@include \\"a\\""\n"/*"\n"*/"\n"#"\n' \
	>>"$folder/config.dict"

n=0
grep -ohE '\.example = "([^"\\]|\\.)*"' mukshell/cmd_*.c | sed 's/^.*= "//; s/"$//; s/\\"/"/g' |
	while read -r line; do
		printf '%s' "$line" | seed shell $((n += 1))
	done
for line in "a 'b c' \"x\\n\\x41\" d\\ e" 'ps | grep x' 'ps >> "my out" # why' '- ps' '!ls' \
	'call fs.open path=/x flags=CREAT|WRONLY mode=0644' 'send fs type=5 m1_i1=3 m1_p1=@64' \
	'watch -n 3 200ms ps -o=nr,name --sort age' 'set timeout 1.5h'; do
	printf '%s' "$line" | seed shell own$((n += 1))
done
{
	ls mukshell/cmd_*.c | sed 's/.*cmd_\(.*\)\.c/"\1"/'
	grep -ohE '"m[1-9]_[a-z0-9]+"' mukshell/raw.c
	awk '$1 == "call" { print "\"" FILENAME "." $3 "\"" }' muk/protocol/*.proto |
		sed 's|muk/protocol/||; s|\.proto||'
	printf '"=@"\n"flags="\n"path="\n"type="\n"timeout="\n"ms"\n"\\"" \n" | "\n" > "\n'
} | sort -u >"$folder/shell.dict"

# Words of a filter, one a line.
for line in 'fs.open,fs.creat\nnot failed' 'from=client.64\nbytes:4096..' 'slower=1ms\nerror=EDVSNOENT' \
	'path~"/etc/*"\nfs.*' 'kind=notify,exit' 'fs.open\nflags&CREAT\nfd!=3' 'm1_i1>=2\ntype=5'; do
	n=$((n + 1))
	printf '%b' "$line" | seed filter line$n
done
{
	printf '"from="\n"to="\n"kind="\n"error=EDVS"\n"slower="\n"type="\n"not"\n"failed"\n".."\n","\n"~"\n'
	awk '$1 == "call" { print "\"" $3 "\"" }' muk/protocol/fs.proto
} >"$folder/filter.dict"

printf '\x00/a/%%2e%%2e/b/./c//d/../index.html' | seed text url
printf '\x00/a%%20b/\xc3\xa4/' | seed text url2
printf '\x01\x7fbytes=10-19' | seed text range
printf '\x01\x00Sun, 06 Nov 1994 08:49:37 GMT' | seed text date
printf '\x02open' | seed text name
printf '"%%2e"\n"/../"\n"%%00"\n"bytes="\n"GMT"\n"Thu, 01 Jan 1970 00:00:00 GMT"\n' >"$folder/text.dict"
