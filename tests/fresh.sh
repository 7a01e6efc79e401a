#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Proves that the two commands of the README work on a bare Debian 12: see usage.
set -euo pipefail

usage()
{
    cat <<TEXT
usage: tests/fresh.sh [--keep] [--sudo] [examples] [tests]

Makes a bare Debian 12 in a temporary folder (debootstrap --variant=minbase, under TMPDIR or
/var/tmp), with the package sources of this machine, and runs examples/run.sh and tests/run.sh in
it, each in a tree of its own: both, or those named. Takes the files of the working tree that git
does not ignore. Needs root, debootstrap (installed when missing) and some 3 GB of disk.

  --keep  leave the trees there afterwards, and say where
  --sudo  run the commands as an ordinary user who may use sudo
TEXT
}

top=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=SCRIPTDIR/../.ci/common.sh
. "$top/.ci/common.sh"
suite=bookworm
keep=
with_sudo=
work=
child=

clean_up()
{
    trap - EXIT
    # Whatever runs in the tree lives in a process namespace, and its mounts in a mount namespace:
    # both go with their first process, so that removing the trees cannot reach outside of them.
    if [ -n "$child" ]; then
        kill -KILL "$child" 2>/dev/null || true
        wait "$child" 2>/dev/null || true
    fi
    if [ -n "$work" ] && [ -n "$keep" ]; then
        echo "The trees are left in $work"
    elif [ -n "$work" ]; then
        rm -rf --one-file-system "$work"
    fi
}

# isolated COMMAND...: with mounts and processes of its own, in the background so that a signal to
# this script is handled at once.
isolated()
{
    local status=0
    unshare --mount --propagation private --pid --fork --kill-child "$@" </dev/null &
    child=$!
    wait "$child" || status=$?
    child=
    return "$status"
}

# The first address that apt has for the suite. Asked of apt, since there are two formats of source
# files, and lists of mirrors besides.
find_mirror()
{
    local found
    # These are apt's variables, not the shell's.
    # shellcheck disable=SC2016
    found=$(apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages' |
        awk -v suite="$suite" '$1 == suite { print $2; exit }')
    case $found in
    mirror+file:*)
        list=${found#mirror+file:}
        found=$(awk '/^[^#]/ { print $1; exit }' "${list#//}")
        ;;
    esac
    [ -n "$found" ] || fail "apt on this machine has no source for Debian 12 ($suite)"
    echo "$found"
}

make_base()
{
    local mirror proxy=
    mirror=$(find_mirror) || return
    eval "$(apt-config shell proxy Acquire::http::Proxy)"
    [ -z "$proxy" ] || [ "$proxy" = DIRECT ] || export http_proxy=$proxy
    isolated debootstrap --variant=minbase "$suite" "$work/base" "$mirror" \
        >"$work/debootstrap.log" 2>&1 || {
        tail -n 20 "$work/debootstrap.log" >&2
        fail "debootstrap failed"
    }
}

# What a tree needs to reach the same package sources: where they are, whom to trust, which way.
copy_apt_setup()
{
    local root=$1 file
    # Debian's own list, which debootstrap wrote, would come on top.
    rm -f "$root/etc/apt/sources.list"
    for file in /etc/apt/{sources.list,sources.list.d,preferences,preferences.d,auth.conf} \
        /etc/apt/{auth.conf.d,keyrings,trusted.gpg,trusted.gpg.d,mirrors} /usr/share/keyrings; do
        [ ! -e "$file" ] || cp -RL --parents "$file" "$root"
    done
    # Only how to fetch: hooks belong to programs that the tree does not have.
    apt-config dump | grep '^Acquire::' >"$root/etc/apt/apt.conf.d/90fetch-as-outside" || true
    if grep -rqs https "$root/etc/apt" && [ -e /etc/ssl/certs/ca-certificates.crt ]; then
        cp -RL --parents /etc/ssl/certs/ca-certificates.crt "$root"
    fi
    for file in /etc/resolv.conf /etc/hosts; do
        [ ! -e "$file" ] || cp -L "$file" "$root$file"
    done
}

# The working tree as a commit of everything would have it.
copy_sources()
{
    local target=$1
    mkdir -p "$target"
    git -c safe.directory="$top" -C "$top" ls-files -z --cached --others --exclude-standard |
        (cd "$top" && while IFS= read -r -d '' file; do
            [ ! -e "$file" ] || printf '%s\0' "$file"
        done) | tar -C "$top" --null --no-recursion -T - -c | tar -C "$target" --no-same-owner -x
    [ -e "$target/CMakeLists.txt" ] || fail "git lists no files in $top"
}

# in_tree ROOT COMMAND...: runs it there with nothing of this machine's environment.
in_tree()
{
    local root=$1
    shift
    # The inner shell, not this one, expands what is in quotes.
    # shellcheck disable=SC2016
    isolated sh -c '
        set -e
        root=$1
        shift
        mount -t proc proc "$root/proc"
        mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
        mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$root/dev/pts"
        exec env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
            chroot "$root" "$@"' sh "$root" "$@"
}

# Makes a user who may use sudo. The package lists that this reads are removed again.
add_user()
{
    in_tree "$1" sh -ec '
        apt-get -q update
        DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends sudo
        rm -rf /var/lib/apt/lists/*
        useradd --create-home --shell /bin/sh user
        echo "user ALL=(ALL) NOPASSWD: ALL" >/etc/sudoers.d/user
        chown -R user: /srv/libvirglcmd' >"$work/user.log" 2>&1 || {
        tail -n 20 "$work/user.log" >&2
        fail "could not make a user with sudo in the tree"
    }
}

# timed WHAT COMMAND...
timed()
{
    local what=$1 start=$SECONDS
    shift
    "$@" || fail "$what failed, after $((SECONDS - start)) s"
    summary+="$what: $((SECONDS - start)) s"$'\n'
}

run_in_fresh_tree()
{
    local name=$1 root=$work/$1 as=()
    echo
    echo "== $name/run.sh on a bare Debian 12"
    cp -a "$work/base" "$root"
    copy_sources "$root/srv/libvirglcmd"
    if [ -n "$with_sudo" ]; then
        add_user "$root"
        as=(setpriv --reuid user --regid user --init-groups env HOME=/home/user)
    fi
    timed "$name/run.sh" in_tree "$root" "${as[@]}" "/srv/libvirglcmd/$name/run.sh"
    check_pictures "$root/srv/libvirglcmd/build"
    if [ "$name" = examples ]; then
        timed "$name/run.sh again" in_tree "$root" "${as[@]}" "/srv/libvirglcmd/$name/run.sh"
    fi
    [ -n "$keep" ] || rm -rf --one-file-system "$root"
}

check_pictures()
{
    local picture
    for picture in triangle.png gears.png; do
        [ "$(head -c 4 "$1/$picture" | tail -c 3)" = PNG ] || fail "$picture is no PNG file"
    done
}

commands=()
for argument in "$@"; do
    case $argument in
    -h | --help) usage; exit 0 ;;
    --keep) keep=1 ;;
    --sudo) with_sudo=1 ;;
    examples | tests) commands+=("$argument") ;;
    *) usage >&2; exit 2 ;;
    esac
done
[ "${#commands[@]}" -gt 0 ] || commands=(examples tests)

[ "$(id -u)" = 0 ] || fail "needs root, to make a Debian tree and to run commands in it"
need_packages debootstrap util-linux tar git
command -v debootstrap >/dev/null || fail "needs debootstrap"
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
work=$(mktemp -d "${TMPDIR:-/var/tmp}/virglcmd-fresh.XXXXXX")
chmod 755 "$work"

summary=
timed "debootstrap" make_base
copy_apt_setup "$work/base"
for name in "${commands[@]}"; do
    run_in_fresh_tree "$name"
done
echo
echo "Fresh machine:"
printf '%s' "$summary"
