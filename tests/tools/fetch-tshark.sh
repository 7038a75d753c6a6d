#!/usr/bin/env bash
# fetch-tshark.sh - unpacks tshark under build/tshark, with what it links that is not here.
#
# Nothing is installed: the packages (35 MB) are downloaded with apt-get and unpacked
# with dpkg -x. Prints the folder; fails if apt cannot, or it does not run here.
set -eu
cd "$(dirname "$0")/../.."
mkdir -p build/tshark/packages
cd build/tshark
libraries=$PWD/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null || echo x86_64-linux-gnu)
if ! [ -e complete ]; then
	(cd packages && apt-get download tshark libwireshark16 libwiretap13 libwsutil14 \
		libwireshark-data libpcap0.8 libc-ares2 libnl-3-200 libnl-genl-3-200 \
		libnl-route-3-200 libsmi2ldbl libspandsp2 libsbc1 libssh-gcrypt-4 libmaxminddb0 \
		liblua5.2-0 libbcg729-0 libbrotli1 libnghttp2-14 libsnappy1v5 libopus0 libglib2.0-0 \
		libtiff6 libspeexdsp1 libxml2 libicu72) >log 2>&1 || { tail -n 3 log >&2; exit 1; }
	for package in packages/*.deb; do
		dpkg -x "$package" .
	done
	rm -rf packages
	LD_LIBRARY_PATH=$libraries usr/bin/tshark --version >/dev/null 2>&1
	: >complete
fi
echo "$libraries"
