#!/usr/bin/env bash
# fetch-peers.sh - unpacks the peers of the benches under build/peers.
#
# Nothing is installed and nothing is started: the packages are downloaded with
# apt-get and unpacked with dpkg -x. Prints the folder; fails if apt cannot.
set -eu
cd "$(dirname "$0")/../.."
mkdir -p build/peers/packages
cd build/peers
if ! [ -e complete ]; then
	(cd packages && apt-get download nginx nginx-common wrk libluajit-5.1-2 apache2-bin \
		libapr1 libaprutil1) >log 2>&1 || { cat log >&2; exit 1; }
	for package in packages/*.deb; do
		dpkg -x "$package" .
	done
	: >complete
fi
pwd
