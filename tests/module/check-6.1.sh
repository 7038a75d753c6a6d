#!/usr/bin/env bash
# check-6.1.sh - a row of `make check`: dvk.ko in a guest with Debian's own kernel.
exec bash "$(dirname "$0")/check.sh" 6.1
