# SPDX-License-Identifier: MIT
# Shell functions for examples/run.sh, tests/run.sh and tests/fresh.sh, which source this file.
# Plain POSIX sh: a bare Debian has no more.

fail()
{
    echo "$(basename "$0"): $*" >&2
    exit 1
}

# quietly LOG WHAT COMMAND...: one line of output, and all of it when the command fails.
quietly()
{
    log=$1
    what=$2
    shift 2
    echo "$what"
    if [ "${VERBOSE:-0}" != 0 ]; then
        "$@"
        return
    fi
    if ! "$@" >"$log" 2>&1; then
        cat "$log" >&2
        fail "failed: $what"
    fi
}

# The packages among the arguments that dpkg does not know as installed.
missing_packages()
{
    for package in "$@"; do
        state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || state=
        [ "$state" = installed ] || printf ' %s' "$package"
    done
}

# Installs the Debian packages that are missing, as root or by sudo; does nothing when none is.
need_packages()
{
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        echo "This is no Debian: going on with what is installed. Needed, by their Debian names:"
        echo "  $*"
        return 0
    fi
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0

    as_root=
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null ||
            fail "these Debian packages are missing:$missing
Run this as root, install sudo, or let somebody who may do it run
  apt-get install --no-install-recommends$missing"
        as_root=sudo
    fi
    apt="$as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Acquire::Retries=3"
    apt_log=$(mktemp)
    # The words of $apt and $missing are meant to split.
    # shellcheck disable=SC2086
    {
        quietly "$apt_log" "Reading the package lists" $apt update
        quietly "$apt_log" "Installing:$missing" $apt install --no-install-recommends $missing
    }
    rm -f "$apt_log"
}

# What the library, the loopback and the examples need. The last line is OpenGL in software, which
# virglrenderer looks for at run time: without libopengl0 or libgles2 it ends the process.
EXAMPLE_PACKAGES="gcc libc6-dev make cmake pkgconf libvirglrenderer-dev libpng-dev libdrm-dev
    libegl1 libegl-mesa0 libgl1-mesa-dri libopengl0 libgles2"

# What the tests need besides. The headers must compile with four compilers. The cross compilers are
# for the tests that prove the core to be freestanding on 32 bits and right on a big-endian machine,
# which qemu-user stands in for; gcc-multilib would conflict with them.
TEST_PACKAGES="g++ clang libclang-rt-dev libcmocka-dev python3 libxml2-utils linux-libc-dev
    libdrm-dev virgl-server mesa-utils xvfb valgrind man-db zsh fish
    gcc-i686-linux-gnu libc6-dev-i386-cross gcc-s390x-linux-gnu libc6-dev-s390x-cross qemu-user"

# What a virtual machine with a kernel of Debian needs: SDL's display of QEMU is in -gui.
GUEST_PACKAGES="qemu-system-x86 qemu-system-gui qemu-system-common busybox-static kmod strace
    xvfb python3"
# The same for the root of a newer Debian, as mmdebstrap wants them.
NEWER_PACKAGES=qemu-system-x86,qemu-system-modules-opengl,qemu-system-gui,libgl1-mesa-dri
NEWER_PACKAGES=$NEWER_PACKAGES,libegl-mesa0,libgl1,libegl1,libgles2

# build_tree CMAKE-OPTIONS...: configures and builds build/.
build_tree()
{
    mkdir -p build
    quietly build/configure.log "Configuring build/" cmake -S . -B build "$@"
    quietly build/build.log "Building" cmake --build build --parallel "$(nproc)"
}

# render_examples: the two pictures of the README.
render_examples()
{
    for example in triangle gears; do
        quietly "build/$example.log" "Rendering build/$example.png" \
            "build/bin/$example" --output "build/$example.png"
    done
}
