#!/usr/bin/env bash
# badinput.sh - bad input of every kind to muk and mukshell: each gets an error that
# says what, where and what to do; nothing is changed, nothing left, nothing crashes.
# BIN names the folder of the programs (build/bin; build/asan/bin for sanitizers).
set -u
cd "$(dirname "$0")/../.."
for part in lib programs dcs images calls scripts http; do
	. "tests/badinput/$part.sh"
done
trap clean_up EXIT
export LC_ALL=C.UTF-8 XDG_STATE_HOME=$work/state

configure "$work/good"
configure "$work/image"
programs_muk
programs_configuration
programs_shell
images_lengths
images_super_blocks
images_hostile
images_not_ours
images_disk_full
images_read_only_host

cp "$work/good/disk.img" "$work/image/disk.img"
group=boot
boot "$work/image/muk.cfg"
check 'the MUK that all of the rest is sent to' $?
calls_by_name
calls_raw
calls_files
calls_options
scripts_bad
scripts_surroundings
scripts_terminals
http_garbage
dcs_damaged
dcs_noise
dcs_of_others
calls_still_answered
group=end
shut_down
judge 'it ends in order' 0 '' $? "$(cat "$work/muk.log")"
fsck.minix -f "$work/image/disk.img" >/dev/null
check 'fsck.minix finds the image clean' $?
[ -z "$(ls -A "$dcs")" ]
check 'no segment stays' $?
echo "bad input: $passed checks passed, $failed failed"
[ $failed = 0 ]
