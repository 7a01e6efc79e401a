#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs the Debian packages and builds the consumers against them: see usage.
set -eu

usage()
{
    cat <<TEXT
usage: tests/consumers/debian.sh DIRECTORY

Builds the packages in DIRECTORY, installs them with apt-get and builds the small projects beside
this script with nothing but what the packages have installed. The machine stays as it is: all of
that happens in an overlay over its file system, in memory. Needs root, and the packages debhelper
and dpkg-dev.
TEXT
}

case ${1:-} in
-h | --help) usage; exit 0 ;;
-* | '') usage >&2; exit 2 ;;
esac
top=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)

# logged NAME COMMAND...: shows what a command says when it fails.
logged()
{
    log=$out/$1.log
    shift
    "$@" >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
}

if [ "${2:-}" != inside ]; then
    logged build "$top/src/debian/build.sh" "$out"
    rm -f "$out"/*-dbgsym_*.deb
    ls -l "$out"/*.deb
    exec unshare --mount --propagation private "$0" "$out" inside
fi

# From here on in a mount namespace that goes with this process.
mkdir -p "$out/overlay"
mount -t tmpfs tmpfs "$out/overlay"
cd "$out/overlay"
mkdir upper work root
mount -t overlay -o lowerdir=/,upperdir=upper,workdir=work overlay root
for folder in /proc /dev "$top" "$out"; do
    mkdir -p "root$folder"
    mount --rbind "$folder" "root$folder"
done
logged install chroot root env DEBIAN_FRONTEND=noninteractive \
    apt-get -q -y install --no-install-recommends "$out"/*.deb
exec chroot root python3 "$top/tests/consumers/ways.py" system --build "$out/ways"
