# guest.sh - dvk.ko in a guest whose kernel finds faults: bad input, the contract, garbage
# with failing allocations, coming and going, and nothing lost.
#
# debug.sh says how many ioctls, from which seed, in how many seconds at most, and whether
# the contract is to be left out.
source tests/module/tap.sh
module=$(echo build/module/*/dvk.ko)
debugfs=/sys/kernel/debug
export DVK_HOST=module PATIENCE=10
read -r ioctls seed seconds extent </work/build/debug.arguments

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
[ "$extent" = short ] || tap 'conformance' build/tests/conformance_suite
echo 1 >$debugfs/tracing/events/dvk/enable
tap 'garbage, traced' build/tests/module_garbage $((ioctls / 50)) "$seed"
echo 0 >$debugfs/tracing/events/dvk/enable
tap "garbage, $ioctls ioctls" build/tests/module_garbage --fail "$ioctls" "$seed" "$seconds"
[ ! -e $debugfs/kmemleak ] || tap 'leaks nothing while it is there' leaks_nothing
tap 'bad input after it' build/tests/module_abi
tap 'comes and goes' comes_and_goes
tap 'unloads' unloads
[ ! -e $debugfs/kmemleak ] || tap 'leaves nothing behind' leaks_nothing
tap_end
