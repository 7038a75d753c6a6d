#!/usr/bin/env bash
# minix.sh [KERNEL] - MUK and Linux's own minix driver exchange an image, in a guest.
set -u
cd "$(dirname "$0")/../.."
kernel=${1:-6.1}
bash tests/module/fetch-kernels.sh "$kernel" || exit 1
make --no-print-directory -s VARIANT= build/bin/muk build/bin/mukshell || exit 1
source tests/module/commands.sh
bash tests/module/guest.sh -t 280 -d minix -d loop "$kernel" tests/module/guest/minix.sh \
	samples build/bin/muk build/bin/mukshell $muk_needs $commands find xargs mknod touch
