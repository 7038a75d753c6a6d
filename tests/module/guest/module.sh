# module.sh - dvk.ko in a guest: loaded, the contract on it, unloaded.
#
# A program build/tests/module_NAME prints TAP of its own; here it is one test.
source tests/module/tap.sh
module=$(echo build/module/*/dvk.ko)
export DVK_HOST=module

is_loaded() {
	grep -q '^dvk ' /proc/modules
}

loads() {
	insmod "$module" && is_loaded && [ -c /dev/dvk ]
}

unloads() {
	rmmod dvk && ! is_loaded && [ ! -e /dev/dvk ]
}

comes_and_goes() {
	local i
	for i in $(seq 20); do
		loads && unloads || { echo "the time number $i"; return 1; }
	done
}

# A module with a DC that is alive stays.
stays() {
	local muk status
	cp samples/minimal/muk.cfg /tmp
	muk /tmp/muk.cfg --dc 5 >/tmp/muk.log 2>&1 </dev/null &
	muk=$!
	until grep -q 'servers up' /tmp/muk.log; do
		kill -0 $muk 2>/dev/null || { cat /tmp/muk.log; return 1; }
		sleep 0.05
	done
	rmmod dvk
	status=$?
	kill $muk
	wait $muk
	[ $status != 0 ] && is_loaded
}

PATH=$PWD/build/bin:$PATH
if ! tap 'loads' loads; then
	tap_end
	exit
fi
for program in build/tests/module_*; do
	[ -x "$program" ] && tap "${program##*/}" "$program"
done
tap 'conformance' build/tests/conformance_suite
CHAOS=100 tap 'chaos' build/tests/chaos_kills
tap 'the card by script, coroutines' bash tests/module/guest/card.sh coroutines
tap 'the card by script, threads' bash tests/module/guest/card.sh threads
tap 'is not unloaded under a DC that is alive' stays
tap 'unloads' unloads
tap 'comes and goes' comes_and_goes
tap_end
