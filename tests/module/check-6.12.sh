#!/usr/bin/env bash
# check-6.12.sh - a row of `make check`: dvk.ko in a guest with the kernel of backports.
exec bash "$(dirname "$0")/check.sh" 6.12
