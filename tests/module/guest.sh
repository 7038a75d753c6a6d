#!/usr/bin/env bash
# guest.sh [-c CPUS] [-m MIB] [-t SECONDS] [-f] [-i] [-d DRIVER]... KERNEL SCRIPT FILE... - a
# guest under QEMU boots KERNEL (6.1 or 6.12, see fetch-kernels.sh), runs SCRIPT, ends.
#
# A FILE that is in the tree, with all that is below it, is in the guest's /work; one
# with an absolute path at the same place; else it is a command of this machine. The libraries that they need come along, and busybox for all else.
# The script prints TAP. Its exit status is that of guest.sh: 0 when it, each test and
# the kernel were content. The serial line is all that comes out of a guest.
#
# TCG only, so that it does the same everywhere; bounded by SECONDS (default 120). -f: with
# the fast clock that benches want; its seconds may be longer or shorter than ours. -i: a
# nanosecond of that clock is an instruction, whatever else this machine does meanwhile.
set -u
cd "$(dirname "$0")/../.."
kernels=$PWD/build/kernels
cpus=2 mib=768 seconds=120 drivers= clock='notsc clocksource=acpi_pm' counted=
complaints='(Kernel panic|Oops|BUG:|WARNING:|blocked for more than|general protection fault'
complaints+='|INFO: (possible|suspicious|inconsistent|trying)|KASAN:|UBSAN:|stall on CPU'
complaints+='|suspicious RCU|bad page state|refcount_t:|kmemleak: [0-9]+ new)'
complaints='\[ *[0-9]+\.[0-9]{6}\](\[[^]]*\])* .*'$complaints

while getopts c:m:t:fid: option; do
	case $option in
	c) cpus=$OPTARG ;;
	m) mib=$OPTARG ;;
	t) seconds=$OPTARG ;;
	i) clock='tsc=reliable tsc_early_khz=1000000' counted='-icount shift=0,sleep=off' ;;
	f) clock='tsc=reliable tsc_early_khz=2000000' ;;
	d) drivers="$drivers $OPTARG" ;;
	*) exit 3 ;;
	esac
done
shift $((OPTIND - 1))
[ $# -ge 2 ] || { sed -n '2,3s/^# //p' "$0" >&2; exit 3; }
series=$1 script=$2 kernel=$kernels/$1
shift 2

fail() {
	echo "guest $series: $*" >&2
	exit 1
}

[ -s "$kernel/release" ] || fail "there is no kernel; tests/module/fetch-kernels.sh $series"
command -v qemu-system-x86_64 >/dev/null || fail 'there is no qemu-system-x86_64'
busybox=$kernels/busybox
[ -x "$busybox" ] || fail "there is no busybox; tests/module/fetch-kernels.sh $series"
work=$(mktemp -d /tmp/guest.XXXXXX)
qemu=
trap '[ -z "$qemu" ] || kill $qemu 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 143' TERM INT HUP
root=$work/root

# ---- what is in the guest ---------------------------------------------------------

# SOURCE PLACE
put_file() {
	local library
	[ -e "$root$2" ] && return 0
	mkdir -p "$root${2%/*}"
	cp -L "$1" "$root$2" || fail "$1 cannot be copied"
	LC_ALL=C head -c 4 "$1" | grep -q ELF || return 0
	for library in $(ldd "$1" 2>/dev/null | grep -o '/[^ )]*'); do
		library=$(realpath -s "$library")
		put_file "$library" "$(merged "${library/#"$PWD"\//\/work\/}")"
	done
}

# Debian's /lib is a link to /usr/lib, and so on.
merged() { # PATH
	case $1 in
	/bin/* | /sbin/* | /lib/* | /lib64/*) echo "/usr$1" ;;
	*) echo "$1" ;;
	esac
}

put() { # WORD-OF-THE-COMMAND-LINE
	local file place=
	if [ "${1#/}" = "$1" ] && [ ! -e "$1" ]; then
		file=$(PATH=$PATH:/usr/sbin:/sbin type -P "$1") || fail "there is no $1"
		put_file "$file" "/usr/bin/$1"
		return
	fi
	[ -e "$1" ] || fail "there is no $1"
	[ "${1#/}" = "$1" ] && place=/work/
	while IFS= read -r file; do
		put_file "$file" "$(merged "$place$file")"
	done < <(find -L "$1" -type f)
}

# NAME: a driver of the kernel after those that it needs.
put_driver() {
	local file name=$1
	grep -qx "$name.ko" "$root/etc/drivers" && return
	file=$(find "$kernel/lib/modules" -name "$name.ko" -o -name "${name//_/-}.ko" \
		-o -name "$name.ko.xz" | head -n 1)
	[ -n "$file" ] || fail "the kernel has no driver $name"
	case $file in
	*.xz) xz -dc "$file" >"$root/usr/lib/drivers/$name.ko" || fail "xz cannot unpack $file" ;;
	*) cp "$file" "$root/usr/lib/drivers/$name.ko" ;;
	esac
	for file in $(tr '\0' '\n' <"$root/usr/lib/drivers/$name.ko" |
		LC_ALL=C sed -n 's/^depends=//p' | tr ',' ' '); do
		put_driver "$file"
	done
	echo "$name.ko" >>"$root/etc/drivers"
}

pack() {
	local top
	mkdir -p "$root"/{etc,work,usr/bin,usr/sbin,usr/lib/drivers,usr/lib64}
	for top in bin sbin lib lib64; do
		ln -s "usr/$top" "$root/$top"
	done
	: >"$root/etc/drivers"
	cp tests/module/guest-init.sh "$root/init"
	cp -L "$busybox" "$root/usr/bin/busybox"
	echo "$script" >"$root/etc/script"
	echo "$complaints" >"$root/etc/complaints"
	for file in bash sh /usr/lib/locale/C.utf8 "$script" tests/module/tap.sh "$@"; do
		put "$file"
	done
	for file in $drivers; do
		put_driver "$file"
	done
	chmod +x "$root/init"
	(cd "$root" && find . | "$busybox" cpio -o -H newc -R 0:0 2>/dev/null) >"$work/initramfs" ||
		fail 'the initramfs cannot be made'
	rm -rf "$root"
}

# ---- its life ---------------------------------------------------------------------

# No TSC: on a busy machine the guest measures its frequency wrongly, and its time runs
# away. What is stalled because this machine is busy is no fault of the kernel's.
boot() {
	local arguments="console=ttyS0 loglevel=5 panic=-1 oops=panic $clock"
	arguments+=' rcupdate.rcu_cpu_stall_timeout=120'
	local image=$kernel/vmlinuz
	[ -e "$kernel/vmlinux" ] && image=$kernel/vmlinux
	timeout --foreground --kill-after=2 "$seconds" qemu-system-x86_64 -accel tcg $counted -machine q35 \
		-cpu max -smp "$cpus" -m "$mib" -nodefaults -no-reboot -display none -serial stdio \
		-kernel "$image" -initrd "$work/initramfs" \
		-append "$arguments" >"$work/serial" 2>&1 </dev/null &
	qemu=$!
	wait $qemu
	ended=$?
	qemu=
}

# What it printed decides: plan, tests, verdict, and what the kernel said.
judge() {
	local passed failed skipped planned verdict problem=
	tr -d '\r' <"$work/serial" | sed '/^guest: verdict /d'
	passed=$(grep -acE '^ok ' "$work/serial")
	skipped=$(grep -acE '^ok .*# SKIP' "$work/serial")
	failed=$(grep -acE '^not ok ' "$work/serial")
	planned=$(tr -d '\r' <"$work/serial" | sed -nE 's/^1\.\.([0-9]+)$/\1/p' | tail -n 1)
	verdict=$(tr -d '\r' <"$work/serial" | sed -nE 's/^.*guest: verdict ([0-9]+)$/\1/p' | tail -n 1)
	[ "$verdict" = 0 ] || problem="its verdict is ${verdict:-missing}"
	[ "$ended" != 124 ] || problem="it did not end in $seconds s"
	[ "$failed" = 0 ] || problem="tests failed"
	[ "${planned:-none}" = $((passed + failed)) ] ||
		problem="${problem:+$problem; }of ${planned:-no} planned tests $((passed + failed)) ran"
	! grep -aqE "$complaints" "$work/serial" || problem="its kernel complained"
	echo "guest $series: $((passed - skipped)) passed, $failed failed, $skipped skipped"
	[ -z "$problem" ] || fail "$problem"
}

pack "$@"
boot
judge
