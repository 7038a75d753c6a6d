#!/usr/bin/env bash
# check.sh - the simulation as it is released: its full number of steps.
set -u
cd "$(dirname "$0")/../.."
make --no-print-directory -s build/tests/simulation && exec build/tests/simulation
