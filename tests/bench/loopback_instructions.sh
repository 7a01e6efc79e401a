#!/bin/sh
# SPDX-License-Identifier: MIT
# Instructions that the library adds to a frame on the loopback, by callgrind: those of 20 frames less
# those of 10, over 10, in what is linked into bench_loopback; virglrenderer and libc are not. Needs
# valgrind and a build in the folder given (build), and takes minutes.
set -eu

build=${1:-build}
bench=$build/bin/bench_loopback
command -v valgrind >/dev/null || { echo "$0: valgrind is missing (Debian: valgrind)" >&2; exit 1; }
[ -x "$bench" ] || { echo "$0: no $bench: build with tests first (./tests/run.sh)" >&2; exit 1; }
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
# Debian 12's valgrind gives up on the debugging information of its clang; symbols are enough.
strip --strip-debug -o "$folder/bench_loopback" "$bench"

# own DRAWS FRAMES: instructions of functions in the program itself
own()
{
    valgrind --tool=callgrind --callgrind-out-file="$folder/out" \
        "$folder/bench_loopback" --count device "$1" "$2" >"$folder/log" 2>&1 ||
        { cat "$folder/log" >&2; exit 1; }
    callgrind_annotate --threshold=100 "$folder/out" |
        awk '/\[.*\/bench_loopback\]/ { gsub(",", "", $1); sum += $1 } END { print sum }'
}

# It looks at the fence now and then, so that the figures differ by some hundreds.
for draws in 10 100 1000; do
    echo "$draws draws: $((($(own $draws 20) - $(own $draws 10)) / 10)) instructions a frame"
done
