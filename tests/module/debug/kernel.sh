#!/usr/bin/env bash
# kernel.sh [-c] KIND - a small kernel that finds faults, kasan or kcsan, of Debian's
# linux-source-6.1; guest.sh and make module know it as debug-KIND.
#
# Nothing is installed: the source is unpacked beside the kernel in MUK_KERNELS (default
# ~/.cache/muk/kernels), which is outside the tree and is kept. A kernel's name there holds
# its version and its configuration. -c: only one that is there, of whatever version.
# The build takes a quarter of an hour, with the least priority.
set -u
cd "$(dirname "$0")/../../.."
here=tests/module/debug package=linux-source-6.1
cache=${MUK_KERNELS:-${XDG_CACHE_HOME:-$HOME/.cache}/muk/kernels}

# Of other processors, and of devices that no guest has, only what configures them.
left_out=(arch/[a-w]\*.[chS] arch/[a-w]\*.dts\* drivers/{gpu,media,scsi,staging,infiniband}/\*.[ch]
	drivers/net/[a-z]\*/\*.[ch] sound/\*.[ch] Documentation/[a-z]\*/\* tools/{testing,perf}/\*)

fail() {
	echo "kernel.sh: $*" >&2
	exit 1
}

configuration() { # KIND
	cat $here/common.config "$here/$1.config"
}

# KIND: the one that is there, of this configuration; the newest.
find_cached() {
	local hash=$(configuration "$1" | sha256sum | cut -c 1-12) found
	found=$(ls -td "$cache/$1-"*"-$hash/release" 2>/dev/null | head -n 1)
	[ -n "$found" ] && echo "${found%/release}"
}

# Where the rest of the tests look for kernels.
link_it() { # KIND FOLDER
	mkdir -p build/kernels
	ln -sfn "$2" "build/kernels/debug-$1"
	echo "$2"
}

unpack_source() { # VERSION
	local work source=$cache/source-$1 pattern exclude=()
	[ -d "$source" ] && return
	work=$(mktemp -d "$cache/unpack.XXXXXX")
	chmod 755 "$work"
	(cd "$work" && apt-get -qq download "$package=$1") || fail "$package $1 cannot be had"
	for pattern in "${left_out[@]}"; do
		exclude+=("--exclude=$package/$pattern")
	done
	mkdir "$work/source"
	dpkg-deb --fsys-tarfile "$work"/*.deb | tar -xO "./usr/src/$package.tar.xz" | xz -dc |
		tar -C "$work/source" -x --strip-components=1 --anchored "${exclude[@]}" ||
		fail "$package cannot be unpacked"
	mv "$work/source" "$source"
	rm -rf "$work"
}

configure() { # KIND SOURCE FOLDER
	local line
	mkdir -p "$3/build"
	configuration "$1" >"$3/wanted.config"
	make -s -C "$2" O="$3/build" KCONFIG_ALLCONFIG="$3/wanted.config" allnoconfig >&2 ||
		fail 'no configuration'
	while read -r line; do
		case $line in
		CONFIG_*) grep -qx "$line" "$3/build/.config" || fail "$line is not to be had" ;;
		esac
	done <"$3/wanted.config"
}

build() { # KIND SOURCE FOLDER
	local only_modules=
	# Races of Linux with itself are not ours to find.
	[ "$1" = kcsan ] && only_modules=KCSAN_SANITIZE=n
	nice -n 10 make -s -C "$2" O="$3/build" -j2 $only_modules bzImage modules >&2 ||
		fail 'the build failed'
}

# What guests and modules need is kept. A kernel with KASAN cannot be booted as it is:
# QEMU would enter it where its shadow is not there yet.
finish() { # FOLDER
	mv "$1/build/arch/x86/boot/bzImage" "$1/vmlinuz" || fail 'there is no kernel'
	find "$1/build" \( -name '*.o' -o -name '*.a' -o -name '*vmlinux*' \) -type f \
		! -path '*/tools/objtool/*' ! -path '*/scripts/*' -delete
	cp "$1/build/include/config/kernel.release" "$1/release"
}

make_kernel() { # KIND
	local version hash folder
	version=$(apt-cache policy $package | sed -n 's/^ *Candidate: //p')
	[ -n "$version" ] && [ "$version" != '(none)' ] || fail "apt knows no $package"
	hash=$(configuration "$1" | sha256sum | cut -c 1-12)
	folder=$cache/$1-$version-$hash
	mkdir -p "$folder"
	unpack_source "$version"
	configure "$1" "$cache/source-$version" "$folder"
	build "$1" "$cache/source-$version" "$folder"
	finish "$folder"
}

only_cached=
[ "${1:-}" = -c ] && { only_cached=1; shift; }
[ -f "$here/${1:-none}.config" ] && [ "$1" != common ] ||
	{ echo 'usage: kernel.sh [-c] kasan|kcsan' >&2; exit 3; }
if ! folder=$(find_cached "$1"); then
	[ -z "$only_cached" ] || fail "there is no $1 kernel in $cache"
	mkdir -p "$cache"
	exec 9>"$cache/lock"
	flock 9
	folder=$(find_cached "$1") || { make_kernel "$1" && folder=$(find_cached "$1"); } || exit 1
fi
link_it "$1" "$folder"
