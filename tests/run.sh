#!/bin/sh
# SPDX-License-Identifier: MIT
# From a bare Debian 12 to the result of every test: see usage.
set -eu

usage()
{
    cat <<TEXT
usage: tests/run.sh [--verbose] [-DNAME=VALUE...]

Does what examples/run.sh does, with the tests: installs the Debian packages that are missing (as
root, or by sudo), builds everything in build/, renders the examples and runs ctest. Fails when
anything fails.

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
need_packages $EXAMPLE_PACKAGES $TEST_PACKAGES
build_tree -DVCMD_TESTS=ON "$@"
render_examples
echo
cd build
exec ctest --output-on-failure --no-tests=error -j "$(nproc)"
