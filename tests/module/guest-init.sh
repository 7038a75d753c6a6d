#!/bin/busybox sh
# guest-init.sh - the guest's first process: it makes a small Debian of what guest.sh
# packed, runs the script that it was given, and says how it ended.
#
# The script runs as root in /work, with bash. The last line, "guest: verdict N", is
# the script's exit status, and 99 when the kernel has complained.
bb=/bin/busybox
$bb mkdir -p /proc /sys /dev /tmp /run /etc /root /var /mnt /busybox
$bb mount -t proc proc /proc
$bb mount -t sysfs sysfs /sys
$bb mount -t devtmpfs devtmpfs /dev
$bb mkdir -p /dev/shm /dev/pts
$bb mount -t tmpfs tmpfs /dev/shm
$bb mount -t devpts devpts /dev/pts
$bb chmod 1777 /tmp
$bb mount -t debugfs debugfs /sys/kernel/debug
$bb ln -s /proc/self/fd /dev/fd
$bb --install -s /busybox

export PATH=/usr/bin:/usr/sbin:/busybox HOME=/root LC_ALL=C.UTF-8 TERM=linux
echo 'root:x:0:0::/root:/usr/bin/bash
user:x:1000:1000::/tmp:/usr/bin/bash
nobody:x:65534:65534::/:/bin/false' >/etc/passwd
echo 'root:x:0:
user:x:1000:
nogroup:x:65534:' >/etc/group
ifconfig lo up
# What sleeps in the kernel for as long as this will not wake.
echo 60 >/proc/sys/kernel/hung_task_timeout_secs
echo 60 >/proc/sys/kernel/watchdog_thresh

status=0
for driver in $(cat /etc/drivers); do
	insmod "/lib/drivers/$driver" || status=98
done
cd /work
[ $status != 0 ] || bash "$(cat /etc/script)" </dev/null || status=$?
if dmesg | grep -qE "$(cat /etc/complaints)"; then
	echo '# the kernel complained:'
	dmesg | sed 's/^/# /' | tail -n 150
	status=99
fi
echo "guest: verdict $status"
poweroff -f
