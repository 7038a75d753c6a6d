#!/bin/sh
# deps.sh build|check|module-debug - installs what the build, or the tests, need.
#
# Through apt only, with sudo when not root, and only what is missing; the list
# is shown first. Nothing here is a service. Elsewhere it names what to install.
set -eu

build="gcc make pkg-config libconfig-dev libreadline-dev libncurses-dev libjansson-dev libmicrohttpd-dev libdw-dev liblua5.4-dev systemtap-sdt-dev"
check="python3 qemu-system-x86 xz-utils zstd libelf1 libssl3 libcmocka-dev gdb spin tmux curl cppcheck clang-format clang libclang-rt-dev"
module_debug="flex bison bc libelf-dev libssl-dev"

missing() {
	for package in "$@"; do
		status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
		[ "$status" = "install ok installed" ] || printf '%s ' "$package"
	done
}

case ${1:-build} in
build) wanted=$build ;;
check) wanted="$build $check" ;;
module-debug) wanted=$module_debug ;;
*) echo "usage: deps.sh build|check|module-debug" >&2; exit 3 ;;
esac

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
	echo "This system has no apt. Please install what these Debian packages hold:" >&2
	echo "  $wanted util-linux (mkfs.minix, fsck.minix)" >&2
	echo "and run the same make target again with DEPS=no." >&2
	exit 1
fi

list=$(missing $wanted)
if ! command -v mkfs.minix >/dev/null && ! [ -x /sbin/mkfs.minix ]; then
	list="$list util-linux-extra"
fi
[ -n "$list" ] || exit 0

sudo=
if [ "$(id -u)" != 0 ]; then
	sudo=sudo
	command -v sudo >/dev/null || { echo "Please install as root: $list" >&2; exit 1; }
fi
echo "To install (apt, $([ -n "$sudo" ] && echo 'with sudo' || echo 'as root')): $list"
if ! $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $list; then
	echo "Once more with fresh package lists:"
	$sudo apt-get update
	$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $list
fi
