#!/bin/sh
# SPDX-License-Identifier: MIT
# Instructions of one packet, by callgrind: those of 2000 less those of 1000, over 1000. Unlike times
# they are the same on a busy machine. Needs valgrind and a build in the folder given (build).
set -eu

build=${1:-build}
bench=$build/bin/bench_encode
command -v valgrind >/dev/null || { echo "$0: valgrind is missing (Debian: valgrind)" >&2; exit 1; }
[ -x "$bench" ] || { echo "$0: no $bench: build with tests first (./tests/run.sh)" >&2; exit 1; }

# total ROW WAY COUNT
total()
{
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$bench" --count "$1" "$2" "$3" 2>&1 |
        sed -n 's/.*Collected *: *//p'
}

tab=$(printf '\t')
rows=$("$bench" --list)
[ -n "$rows" ] || { echo "$0: $bench has no rows" >&2; exit 1; }
printf '%-24s %10s %10s %10s %10s\n' instructions memcpy encoder inline counter
echo "$rows" | while IFS=$tab read -r row ways; do
    printf '%-24s' "$row"
    for way in memcpy plain inline counter; do
        case " $ways " in
        *" $way "*) ;;
        *) printf ' %10s' - ; continue ;;
        esac
        once=$(total "$row" "$way" 1000)
        twice=$(total "$row" "$way" 2000)
        if [ -z "$once" ] || [ -z "$twice" ]; then
            echo "$0: $bench failed" >&2
            exit 1
        fi
        printf ' %10s' $(((twice - once) / 1000))
    done
    echo
done
