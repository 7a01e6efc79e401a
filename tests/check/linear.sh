#!/bin/sh
# SPDX-License-Identifier: MIT
# The checker takes twice as long for twice as much, also for handles that a hostile guest has made
# to collide: instructions of its submit, by callgrind. usage: linear.sh PROGRAM
set -eu

command -v valgrind >/dev/null || { echo "$0: valgrind is missing (Debian: valgrind)" >&2; exit 1; }
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
# Debian 12's valgrind gives up on the debugging information of its clang; symbols are enough.
program=$folder/check_linear
strip --strip-debug -o "$program" "$1"

# submit KIND N: instructions inside vcmd_checker_submit
submit()
{
    valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect=vcmd_checker_submit \
        "$program" "$1" "$2" 2>&1 | sed -n 's/.*Collected *: *//p'
}

failed=0
for kind in random hostile; do
    once=$(submit $kind 1000)
    twice=$(submit $kind 2000)
    [ -n "$once" ] && [ -n "$twice" ] || { echo "$0: $program failed" >&2; exit 1; }
    echo "$kind: $((once / 1000)) instructions for an object of 1000, $((twice / 2000)) of 2000"
    # Twice, and 15 % for what happens once.
    [ $((twice * 100)) -le $((once * 230)) ] || { echo "$kind: not linear" >&2; failed=1; }
    eval "per_$kind=$((twice / 2000))"
done
# A chain has at most 32 entries.
[ "$per_hostile" -le $((per_random * 4)) ] || { echo "collisions cost too much" >&2; failed=1; }
exit $failed
