#!/usr/bin/env bash
# check.sh - chaos as it is released: so many kills that each pair must be hit.
set -u
cd "$(dirname "$0")/../.."
make --no-print-directory -s VARIANT= build/tests/chaos_kills && exec build/tests/chaos_kills
