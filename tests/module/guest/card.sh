# card.sh RUNTIME - the card's script part in a guest: the MUK of figure 4, a shell that
# attaches, files in and out, traces, the end of the MUK. Of what the runtimes have in
# common, threads do less: a guest is slow.
source tests/card/lib.sh
source tests/card/as_script.sh
trap clean_up EXIT

runtime=$1
configure
boot "$runtime"
script_attaches
script_moves_files
if [ "$runtime" = coroutines ]; then
	script_fails_well
	script_traces
	script_only_looks
fi
shut_down
fsck.minix -f "$work/disk.img" >"$work/fsck" 2>&1
check 'fsck.minix finds the image clean' $?
boot "$runtime"
script_loses_the_muk
echo "card: $passed checks passed, $failed failed"
[ $failed = 0 ]
