#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds the core and its unit tests for a big-endian machine and runs them: what is on the wire
# must be little-endian there too. usage: big_endian.sh SOURCE BUILD
set -eu

source=$1
build=$2

need()
{
    command -v "$1" >/dev/null && return
    echo "$1 is missing: install the Debian package $2" >&2
    exit 1
}

need s390x-linux-gnu-gcc "gcc-s390x-linux-gnu (and libc6-dev-s390x-cross)"
need qemu-s390x qemu-user

# cmocka for this run is a header of ours; pkg-config must find it and nothing of this machine.
mkdir -p "$build/pkgconfig"
cat >"$build/pkgconfig/cmocka.pc" <<TEXT
Name: cmocka
Description: as much of it as the tests of the core use
Version: 1.1.5
Cflags: -I$source/tests/checks/cross
TEXT
PKG_CONFIG_LIBDIR=$build/pkgconfig
export PKG_CONFIG_LIBDIR
# Flags that are meant for this machine's compiler, sanitizers for one.
unset CC CFLAGS CPPFLAGS LDFLAGS

cmake -S "$source" -B "$build" -DCMAKE_TOOLCHAIN_FILE="$source/tests/checks/cross/s390x.cmake" \
    -DCMAKE_BUILD_TYPE=RelWithDebInfo -DVCMD_DEVICE=OFF -DVCMD_LOOPBACK=OFF \
    -DVCMD_EXAMPLES=OFF -DVCMD_TESTS=ON >"$build/configure.log" 2>&1 ||
    { cat "$build/configure.log"; exit 1; }
cmake --build "$build" --parallel "$(nproc)" >"$build/build.log" 2>&1 || { cat "$build/build.log"; exit 1; }

# Only programs of that machine: scripts have nothing to do with its byte order.
names=
for program in "$build"/bin/test_*; do
    [ -x "$program" ] || continue
    names="$names|${program##*/test_}"
done
[ -n "$names" ] || { echo "no test was built" >&2; exit 1; }
cd "$build"
exec ctest --output-on-failure --no-tests=error -R "^(${names#|})\$"
