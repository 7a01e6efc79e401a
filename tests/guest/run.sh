#!/bin/sh
# SPDX-License-Identifier: MIT
# The DRM transport on a real kernel: see usage.
set -eu

usage()
{
    cat <<TEXT
usage: tests/guest/run.sh [--verbose] [--newer] [BUILD [TEST...]]

Boots Debian's kernel in QEMU with a virtio-gpu device that has 3D, runs the examples and the tests
of the DRM transport in there, and compares their pictures with those of the loopback on this
machine. Then the same device without 3D, which must be told apart. Takes no KVM, no GPU, no
display and no network but for the packages.

  BUILD      a tree built with the examples and VCMD_DRM, default build
  TEST       only these tests, as With3d.test_pictures; -k PATTERN works, too
  --newer    also with Debian 13's QEMU and virglrenderer, and Linux 6.12, where blobs, rings and
             syncobjs are real; takes root, and 700 MB below the cache
  --verbose  show what apt says

VCMD_GUEST_CACHE  where the kernel is kept, default ~/.cache/virglcmd-guest
VCMD_GUEST_KERNEL series of Debian's kernel, default 6.1
TEXT
}

top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=SCRIPTDIR/../../.ci/common.sh
. "$top/.ci/common.sh"

newer=0
while [ $# -gt 0 ]; do
    case $1 in
    -h | --help) usage; exit 0 ;;
    --verbose) export VERBOSE=1; shift ;;
    --newer) newer=1; shift ;;
    *) break ;;
    esac
done
build=${1:-$top/build}
[ $# = 0 ] || shift
[ -x "$build/bin/triangle" ] ||
    fail "there is no $build/bin/triangle: build the examples first, with cmake -S . -B $build"

# The words are meant to split.
# shellcheck disable=SC2086
need_packages $GUEST_PACKAGES
for tool in qemu-system-x86_64 depmod apt-get busybox; do
    command -v $tool >/dev/null || [ -x /sbin/$tool ] || fail "$tool is missing: see usage"
done
[ -n "$(find /usr/lib -path '*/qemu/ui-sdl.so')" ] ||
    fail "QEMU's SDL display is missing; in Debian 12 it is in qemu-system-gui"

cache=${VCMD_GUEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/virglcmd-guest}
mkdir -p "$cache"

if [ "$newer" = 1 ]; then
    [ "$(id -u)" = 0 ] || fail "--newer changes into another root, which takes root"
    need_packages mmdebstrap
    tree=$cache/trixie
    if [ ! -e "$tree/done" ]; then
        rm -rf "$tree"
        mirror=$(apt-cache policy |
            sed -n 's|.* \(https\{0,1\}://[^ ]*/debian\) .*|\1|p' | head -n 1)
        quietly "$cache/trixie.log" "Unpacking Debian 13 below $cache" \
            mmdebstrap --variant=apt --include="$NEWER_PACKAGES" trixie "$tree" \
            "${mirror:-http://deb.debian.org/debian}"
        : >"$tree/done"
    fi
    set -- --tree "$tree" "$@"
fi
PATH=$PATH:/usr/sbin:/sbin exec python3 -B "$top/tests/guest/guest.py" --build "$build" \
    --cache "$cache" --kernel "${VCMD_GUEST_KERNEL:-6.1}" "$@"
