#!/usr/bin/env bash
# check.sh - opening, leaving and burying cut anywhere, as they are released.
set -u
cd "$(dirname "$0")/../.."
make --no-print-directory -s VARIANT= build/tests/cut_anywhere &&
	SCENE=whole CUT=4 exec build/tests/cut_anywhere
