#!/bin/sh
# SPDX-License-Identifier: MIT
# From a bare Debian 12 to two pictures: see usage.
set -eu

usage()
{
    cat <<TEXT
usage: examples/run.sh [--verbose] [-DNAME=VALUE...]

Installs the Debian packages that are missing (as root, or by sudo), builds the library and the
examples in build/, and renders build/triangle.png and build/gears.png through the loopback
transport. Run it again whenever you like: what is done already is not done again.

  --verbose     show what apt, cmake and the compiler say
  -DNAME=VALUE  for cmake
TEXT
}

top=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=SCRIPTDIR/../.ci/common.sh
. "$top/.ci/common.sh"

for argument in "$@"; do
    case $argument in
    -h | --help) usage; exit 0 ;;
    --verbose) VERBOSE=1; shift ;;
    -D?*) shift; set -- "$@" "$argument" ;;
    *) usage >&2; exit 2 ;;
    esac
done

cd "$top"
# The words are meant to split.
# shellcheck disable=SC2086
need_packages $EXAMPLE_PACKAGES
# A tree that tests/run.sh has set up keeps its tests.
[ -e build/CTestTestfile.cmake ] || set -- -DVCMD_TESTS=OFF "$@"
build_tree "$@"
render_examples
echo
echo "The pictures:"
echo "  $top/build/triangle.png"
echo "  $top/build/gears.png"
