#!/usr/bin/env bash
# cached.sh - check-module-debug with little garbage, where its kernels are there; else it
# says that it was left out.
cd "$(dirname "$0")/../../.."
GARBAGE=${GARBAGE:-5000} SECONDS_MAX=${SECONDS_MAX:-30} exec bash tests/module/debug.sh -c
