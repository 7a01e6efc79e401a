#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs one fuzzer for VCMD_FUZZ_SECONDS, or as many as the build says; anything it finds fails, and
# stays in the folder. usage: fuzz.sh BUILD NAME DICTIONARY SECONDS
set -eu

build=$1
name=$2
dictionary=$3
seconds=${VCMD_FUZZ_SECONDS:-$4}

mkdir -p "$build/corpus/$name"
cd "$build"
exec "./fuzz_$name" -max_total_time="$seconds" -dict="$dictionary" -artifact_prefix="$name-" \
    -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 "corpus/$name" "seeds/$name"
