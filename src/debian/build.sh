#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds the Debian packages: see usage.
set -eu

usage()
{
    cat <<TEXT
usage: src/debian/build.sh DIRECTORY [OPTION...]

Copies the project's files and this folder to where Debian's tools want them, below DIRECTORY,
builds the packages there with dpkg-buildpackage, which takes the OPTIONs, and leaves the .deb files
in DIRECTORY. Needs the packages dpkg-dev, debhelper and those of Build-Depends in control.
TEXT
}

case ${1:-} in
-h | --help) usage; exit 0 ;;
-* | '') usage >&2; exit 2 ;;
esac
top=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
shift

rm -rf "$out/virglcmd"
rm -f "$out"/*.deb
mkdir "$out/virglcmd"
(cd "$top" && cp -R CMakeLists.txt LICENSE include src transports "$out/virglcmd")
mv "$out/virglcmd/src/debian" "$out/virglcmd/debian"
cd "$out/virglcmd"
dpkg-buildpackage --build=binary --unsigned-changes --jobs="$(nproc)" "$@"
