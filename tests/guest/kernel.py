# SPDX-License-Identifier: MIT
"""A kernel of Debian for the guest: its image and its modules, from the package."""

import glob
import gzip
import lzma
import os
import re
import struct
import subprocess

# What the guest loads, besides what these depend on.
MODULES = ["virtio_pci", "virtio_console", "virtio-gpu"]


class Missing(Exception):
    """Something is not here; the text says how to get it."""


def _run(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if done.returncode != 0:
        raise Missing(f"{' '.join(command)} failed: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def newest_package(series):
    """linux-image-6.1.0-47-amd64, or what else apt knows as the newest of a series as "6.1"."""
    pattern = rf"^linux-image-{re.escape(series)}\.[0-9.+~a-z-]*-amd64$"
    names = [line.split()[0] for line in _run("apt-cache", "search", pattern).splitlines()]
    names = [name for name in names if not re.search(r"-(cloud|rt)-amd64$", name)]
    if not names:
        raise Missing(
            f"apt knows no package linux-image-{series}.*-amd64: run apt-get update, or add "
            "Debian's sources for this system"
        )
    return max(names, key=lambda name: [int(number) for number in re.findall(r"\d+", name)])


def decompress(bzimage):
    """The kernel inside a bzImage; booting it saves the guest the work."""
    with open(bzimage, "rb") as file:
        image = file.read()
    if image[0x202:0x206] != b"HdrS" and image[0x1FE:0x200] != b"\x55\xaa":
        raise Missing(f"{bzimage} is not a kernel for x86")
    start, length = struct.unpack_from("<II", image, 0x248)
    start += (image[0x1F1] + 1) * 512
    payload = image[start : start + length]
    if payload.startswith(b"\xfd7zXZ\0"):
        return lzma.LZMADecompressor().decompress(payload)
    if payload.startswith(b"\x1f\x8b"):
        return gzip.decompress(payload[:-4])
    if payload.startswith(b"\x28\xb5\x2f\xfd"):
        return subprocess.run(
            ["zstd", "-dcq"], input=payload[:-4], stdout=subprocess.PIPE, check=True
        ).stdout
    raise Missing(f"{bzimage} is compressed in a way that is not known here")


class Kernel:
    """A kernel in the cache. package: of Debian; its files are fetched once."""

    def __init__(self, cache, package):
        self.package = package
        self._tree = os.path.join(cache, package)
        self.image = os.path.join(self._tree, "vmlinux")
        if not os.path.exists(self.image):
            self._fetch(cache)
        (self._modules,) = glob.glob(os.path.join(self._tree, "lib/modules/*"))
        self.version = os.path.basename(self._modules)

    def _fetch(self, cache):
        os.makedirs(self._tree, exist_ok=True)
        _run("apt-get", "download", self.package, cwd=cache)
        packages = glob.glob(os.path.join(cache, self.package + "_*.deb"))
        _run("dpkg", "-x", packages[-1], self._tree)
        for package in packages:
            os.remove(package)
        (modules,) = glob.glob(os.path.join(self._tree, "lib/modules/*"))
        _run("depmod", "-b", self._tree, os.path.basename(modules))
        (bzimage,) = glob.glob(os.path.join(self._tree, "boot/vmlinuz-*"))
        unfinished = self.image + ".new"
        with open(unfinished, "wb") as file:
            file.write(decompress(bzimage))
        os.rename(unfinished, self.image)

    def modules(self):
        """(name, bytes) of what the guest loads, in an order in which it can be loaded."""
        needs = {}
        with open(os.path.join(self._modules, "modules.dep"), encoding="ascii") as file:
            for line in file:
                path, rest = line.split(":")
                needs[os.path.basename(path).split(".ko")[0]] = (path, rest.split())
        order = []
        for module in MODULES:
            if module not in needs:
                continue  # compiled into the kernel
            path, rest = needs[module]
            order += [entry for entry in [*reversed(rest), path] if entry not in order]
        return [(os.path.basename(path).split(".ko")[0], self._read(path)) for path in order]

    def _read(self, path):
        with open(os.path.join(self._modules, path), "rb") as file:
            data = file.read()
        if path.endswith(".xz"):
            return lzma.decompress(data)
        if path.endswith(".gz"):
            return gzip.decompress(data)
        return data
