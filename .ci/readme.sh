#!/bin/sh
# SPDX-License-Identifier: MIT
# Does what README.md says a user can do: builds its C program with its CMake lines, in a project
# that has this one as a folder, and runs it. And looks for the files that it links to.
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# block LANGUAGE: what stands in the fenced blocks of that language.
block()
{
    awk -v start="\`\`\`$1" '/^```/ { inside = ($0 == start); next } inside' "$top/README.md"
}

ln -s "$top" "$work/libvirglcmd"
block c >"$work/app.c"
{
    echo 'cmake_minimum_required(VERSION 3.18)'
    echo 'project(app LANGUAGES C)'
    echo 'add_executable(app app.c)'
    block cmake
    echo 'target_compile_options(app PRIVATE -Wall -Wextra -Werror)'
} >"$work/CMakeLists.txt"
if ! { cmake -S "$work" -B "$work/build" &&
    cmake --build "$work/build" --parallel "$(nproc)" --target app; } >"$work/log" 2>&1; then
    cat "$work/log" >&2
    exit 1
fi
app=$(find "$work/build" -type f -name app -perm -u+x)
"$app"

grep -o '](\([^)]*\))' "$top/README.md" | sed 's/^](//; s/)$//; s/#.*//' | {
    missing=0
    while IFS= read -r link; do
        case $link in
        http*://*) continue ;;
        esac
        [ -e "$top/$link" ] || {
            echo "README.md links to $link, which is not there" >&2
            missing=1
        }
    done
    exit "$missing"
}
