# guest.sh - dvk.ko in a guest whose kernel finds faults: the contract on it, bad input, a
# million entries of garbage with failing allocations, coming and going, and no leak.
#
# GARBAGE in the arguments' place: how many ioctls; see debug.sh.
source tests/module/tap.sh
module=$(echo build/module/*/dvk.ko)
debugfs=/sys/kernel/debug
export DVK_HOST=module
read -r ioctls seed </work/build/garbage.arguments

loads() {
	insmod "$module" && [ -c /dev/dvk ]
}

unloads() {
	rmmod dvk && [ ! -e /dev/dvk ]
}

comes_and_goes() {
	local i
	for i in $(seq 20); do
		unloads && loads || { echo "the time number $i"; return 1; }
	done
}

# What was lost before the module came is not its.
forget_leaks() {
	[ ! -e $debugfs/kmemleak ] || echo clear >$debugfs/kmemleak
}

# An object is judged when it is some seconds old.
leaks_nothing() {
	sleep 7
	echo scan >$debugfs/kmemleak
	sleep 1
	echo scan >$debugfs/kmemleak
	cat $debugfs/kmemleak
	[ -z "$(cat $debugfs/kmemleak)" ]
}

forget_leaks
tap 'loads' loads || { tap_end; exit; }
for program in build/tests/module_*; do
	[ "$program" = build/tests/module_garbage ] || tap "${program##*/}" "$program"
done
tap 'conformance' build/tests/conformance_suite
echo 1 >$debugfs/tracing/events/dvk/enable
tap "garbage, traced" build/tests/module_garbage $((ioctls / 50)) "$seed"
echo 0 >$debugfs/tracing/events/dvk/enable
tap "garbage, $ioctls ioctls" build/tests/module_garbage --fail "$ioctls" "$seed"
[ ! -e $debugfs/kmemleak ] || tap 'leaks nothing while it is there' leaks_nothing
tap 'conformance after it' build/tests/conformance_suite
tap 'comes and goes' comes_and_goes
tap 'unloads' unloads
[ ! -e $debugfs/kmemleak ] || tap 'leaves nothing behind' leaks_nothing
tap_end
