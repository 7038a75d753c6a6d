#!/usr/bin/env bash
# embedded.sh [KERNEL] - the embedded host in a guest: what guest/embedded.sh tests.
set -u
cd "$(dirname "$0")/../.."
kernel=${1:-6.1}
bash tests/module/fetch-kernels.sh "$kernel" || exit 1
make --no-print-directory -s VARIANT= build/bin/muk build/bin/mukshell \
	build/tests/conformance_suite || exit 1
source tests/module/commands.sh
bash tests/module/guest.sh -t 280 "$kernel" tests/module/guest/embedded.sh tests/module/guest \
	tests/card samples build/bin/muk build/bin/mukshell build/tests/conformance_suite \
	build/lib/libdvk.so.1 \
	$muk_needs $commands
