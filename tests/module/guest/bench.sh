# bench.sh - in a guest: the module's figures, once, each behind "# figure".
source tests/module/tap.sh
export DVK_HOST=module

figures() {
	insmod build/module/*/dvk.ko && build/bench-parts/module >/tmp/figures
}

tap 'figures' figures
sed 's/^/# figure\t/' /tmp/figures
tap_end
