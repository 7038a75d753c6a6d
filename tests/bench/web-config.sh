#!/usr/bin/env bash
# web-config.sh FOLDER PORT - NWEB of the configuration in FOLDER listens there, and logs.
set -eu
sed -i "s|port.*;|port $2; log_file \"access.log\";|" "$1/m3nweb.cfg"
