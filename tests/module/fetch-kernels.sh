#!/usr/bin/env bash
# fetch-kernels.sh [SERIES]... - Debian's kernels for the guests: 6.1 and 6.12.
#
# Each is unpacked under build/kernels/SERIES with its headers; nothing is installed,
# and nobody need be root. There are then:
#   vmlinuz, vmlinux  what QEMU boots; the second, where there is one, needs no unpacking
#   release           what uname -r says
#   lib/modules       its drivers (no graphics, sound or wireless)
#   build             what a module is built against
# and beside them build/kernels/busybox, whose programs are the guests'.
# What is there is kept. Prints what cannot be had and why, and fails then.
#
# apt is used with folders of its own, so that the machine's lists stay as they are; the
# mirror and its keys are those of the machine's own entry of bookworm.
set -u
cd "$(dirname "$0")/../.."
kernels=build/kernels

suites_of() { # SERIES
	case $1 in
	6.1 | busybox) echo 'bookworm bookworm-updates bookworm-security' ;;
	6.12) echo bookworm-backports ;;
	*) return 1 ;;
	esac
}

# The machine's suites with the address that each comes from, one a line.
machine_suites() {
	apt-get indextargets --format '$(CODENAME) $(REPO_URI)' 'Created-By: Packages' | sort -u
}

# SUITE: the line of its source; backports lie where bookworm does.
source_line() {
	local uri keys=/usr/share/keyrings/debian-archive-keyring.gpg
	uri=$(machine_suites | awk -v suite="${1%-backports}" '$1 == suite { print $2; exit }')
	[ -n "$uri" ] || return 1
	[ -e $keys ] && keys="[signed-by=$keys] " || keys=
	echo "deb $keys$uri $1 main"
}

own_apt() { # PROGRAM ARGUMENTS...
	local program=$1
	shift
	"$program" -o Dir::State::lists="$work/lists" -o Dir::Cache="$work/cache" \
		-o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=- \
		-o APT::Sandbox::User= -o APT::Get::List-Cleanup=0 -o Debug::NoLocking=1 "$@"
}

update_lists() { # SERIES
	local suite
	mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
	for suite in $(suites_of "$1"); do
		source_line "$suite" || [ "$suite" != bookworm ] || return 1
	done >"$work/sources.list"
	[ -s "$work/sources.list" ] && own_apt apt-get -qq update
}

# PACKAGE PATTERN: those of what it depends on whose names fit.
depends() {
	own_apt apt-cache depends "$1" | sed -n 's/^[ |]*Depends: //p' | grep -E "^($2)\$" | sort -u
}

unpack() { # PACKAGE-FILE
	dpkg-deb --fsys-tarfile "$1" | tar -C "$work/root" -x --exclude='*/drivers/gpu' \
		--exclude='*/drivers/media' --exclude='*/net/wireless' --exclude='*/kernel/sound'
}

# Packages name each other by their places on an installed system; here they are elsewhere.
mend_places() { # RELEASE
	local headers=$work/root/usr/src/linux-headers-$1
	# With this one every module would need pahole to describe its types.
	rm -f "$headers/vmlinux"
	sed -i 's|/usr/src/|$(dir $(lastword $(MAKEFILE_LIST)))../|' "$headers/Makefile" &&
		ln -s "usr/src/linux-headers-$1" "$work/root/build" &&
		ln -s "boot/vmlinuz-$1" "$work/root/vmlinuz" &&
		echo "$1" >"$work/root/release"
}

# Under emulation the guest unpacks its kernel in seconds; here it takes a moment.
unpack_kernel() {
	unpack_kernel_as $'\xfd7zXZ' xz -dc --single-stream ||
		unpack_kernel_as $'\x28\xb5\x2f\xfd' zstd -dcq || rm -f "$work/root/vmlinux"
}

unpack_kernel_as() { # WHAT-IT-BEGINS-WITH PROGRAM...
	local begins=$1 at
	shift
	at=$(LC_ALL=C grep -abo -m1 "$begins" "$work/root/vmlinuz" | head -n 1 | cut -d: -f1)
	[ -n "$at" ] || return 1
	# What stands behind the kernel makes the program fail, after all of it is out.
	tail -c +$((at + 1)) "$work/root/vmlinuz" | "$@" >"$work/root/vmlinux" 2>/dev/null
	LC_ALL=C head -c 4 "$work/root/vmlinux" | grep -q ELF
}

download() { # PACKAGE...
	mkdir -p "$work/root" "$work/debs"
	(cd "$work/debs" && own_apt apt-get -qq download "$@") >&2 ||
		{ echo "cannot be downloaded: $*"; return 1; }
	for package in "$work/debs"/*.deb; do
		unpack "$package" || { echo "cannot be unpacked: ${package##*/}"; return 1; }
	done
}

fetch_busybox() {
	download busybox-static && mv "$work/root/bin/busybox" "$kernels/busybox"
}

fetch_kernel() { # SERIES
	local image release
	image=$(depends linux-image-amd64 'linux-image-.*-amd64' | head -n 1)
	release=${image#linux-image-}
	case $release in
	"$1".*) ;;
	*) echo "linux-image-amd64 is '$release' there"; return 1 ;;
	esac
	download "$image" "linux-headers-$release" \
		$(depends "linux-headers-$release" 'linux-headers-.*-common|linux-kbuild-.*') || return 1
	mend_places "$release" && { unpack_kernel; rm -rf "$kernels/$1"; } &&
		mv "$work/root" "$kernels/$1"
}

fetch() { # SERIES, or busybox
	work=$(mktemp -d "$kernels/fetch.XXXXXX")
	if ! update_lists "$1" >&2; then
		echo "no list of packages of $(suites_of "$1")"
		return 1
	fi
	case $1 in
	busybox) fetch_busybox ;;
	*) fetch_kernel "$1" ;;
	esac
}

mkdir -p "$kernels"
kernels=$(cd "$kernels" && pwd)
exec 9>"$kernels/lock"
flock 9
trap 'rm -rf "$kernels"/fetch.*' EXIT
failed=0
for series in busybox ${*:-6.1 6.12}; do
	suites_of "$series" >/dev/null || { echo "usage: fetch-kernels.sh [6.1] [6.12]" >&2; exit 3; }
	if [ -s "$kernels/$series/release" ] || [ -x "$kernels/$series" -a -f "$kernels/$series" ]; then
		continue
	fi
	if reason=$(fetch "$series"); then
		echo "fetched: $series $(cat "$kernels/$series/release" 2>/dev/null)"
	else
		echo "not to be had: $series: ${reason:-it cannot be fetched}"
		failed=1
	fi
done
exit $failed
