# SPDX-License-Identifier: MIT
"""A virtual machine that boots, runs commands, hands their results out and is gone."""

import io
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
import time

from archive import Archive
from screen import Screen

BUSYBOX = "/bin/busybox"
APPLETS = "sh mount insmod cat ls tar dmesg poweroff sleep mkdir cut uname id rm env".split()

# The program that the kernel starts. Results go out through a serial line of their own as one tar.
INIT = """#!/bin/sh
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
mkdir -p /out /tmp
while read -r module arguments; do
    insmod "/modules/$module.ko" $arguments || echo "guest: insmod $module failed"
done </modules/order
port=
tries=0
while [ $tries -lt 50 ]; do
    for port in /dev/vport*p1; do
        [ -e "$port" ] && break 2
    done
    sleep 0.1
    tries=$((tries + 1))
done
cut -d' ' -f1 /proc/uptime >/out/booted
cd /out
. /steps
cd /
cut -d' ' -f1 /proc/uptime >/out/finished
dmesg -r >/out/dmesg
tar -c -C / out >"$port"
echo guest: done
poweroff -f
"""


class Failed(Exception):
    """The guest did not do what it was told; the text says how it ended."""


class Result:
    """What a guest has handed out."""

    def __init__(self, files, console, seconds):
        self.files = files
        self.console = console
        self.seconds = seconds

    def text(self, name):
        return self.files.get(name, b"").decode(errors="replace")

    def status(self, step):
        """The exit status of a step; None: it did not come to its end."""
        text = self.text(step + ".status").strip()
        return int(text) if text else None

    def kernel_complaints(self):
        """Lines of the kernel's log that say that something is wrong."""
        found = []
        for line in self.text("dmesg").splitlines():
            match = re.match(r"<(\d+)>(.*)", line)
            if not match:
                continue
            level, text = int(match[1]) & 7, match[2]
            about_gpu = re.search(r"virtio.gpu|virtgpu|\[drm", text)
            if (level <= 4 and about_gpu) or re.search(r"WARNING:|BUG:|Oops|Call Trace", text):
                found.append(text)
        return found


class Machine:
    """
    kernel: of kernel.py. gpu: the -device for it. root: a tree of another system whose QEMU is to
    run instead of this one's, by chroot. Steps are shell commands with a name; each has
    its output in NAME.log, and all that it leaves in its folder comes back.
    """

    def __init__(self, kernel, gpu="virtio-gpu-gl-pci", root=None):
        self._kernel = kernel
        self._gpu = gpu
        self._root = root
        self._steps = []
        self.archive = Archive()
        self.archive.file("/bin/busybox", BUSYBOX)
        for applet in APPLETS:
            self.archive.link("/bin/" + applet, "busybox")
        for folder in ("/proc", "/sys", "/dev"):
            self.archive.folder(folder)
        order = []
        for name, data in kernel.modules():
            self.archive.data(f"/modules/{name}.ko", data)
            # No text on the screen: the scanout belongs to the tests.
            order.append(name + (" fbdev_emulation=0" if name == "drm_kms_helper" else ""))
        self.archive.data("/modules/order", ("\n".join(order) + "\n").encode())
        self.archive.data("/init", INIT.encode(), 0o755)

    def program(self, source):
        """Makes a program of this machine one of the guest's; returns its path there."""
        path = "/programs/" + os.path.basename(source)
        self.archive.program(path, source)
        return path

    def step(self, name, command):
        self._steps.append(f"{{ {command}\n}} >{name}.log 2>&1\necho $? >{name}.status\n")

    def _command(self, place):
        display = ["-display", "sdl,gl=on"] if "-gl" in self._gpu else ["-display", "none"]
        change_root = []
        image = self._kernel.image
        if self._root:
            change_root = ["chroot", self._root]
            shutil.copyfile(image, f"{place}/vmlinux")
            place = "/" + os.path.relpath(place, self._root)
            image = f"{place}/vmlinux"
        return [
            *change_root, "qemu-system-x86_64", "-M", "q35", "-accel", "tcg", "-m", "512",
            "-nodefaults", "-no-reboot",
            "-serial", "stdio", *display, "-device", self._gpu,
            "-device", "virtio-serial-pci", "-chardev", f"file,id=out,path={place}/out.tar",
            "-device", "virtserialport,chardev=out",
            "-kernel", image, "-initrd", f"{place}/initrd",
            "-append", "console=ttyS0 quiet panic=-1",
        ]  # fmt: skip

    def run(self, timeout=300, screen=None, watch=None):
        """
        Boots, and waits for the end. screen: (width, height) to show what the guest shows; then
        watch is called again and again with the console's text so far and the screen.
        """
        self.archive.data("/steps", "".join(self._steps).encode())
        where = os.path.join(self._root, "tmp") if self._root else None
        with tempfile.TemporaryDirectory(dir=where) as place:
            self.archive.write(f"{place}/initrd")
            shown = Screen(place, *screen) if screen else None
            try:
                return self._run(place, timeout, shown, watch)
            finally:
                if shown:
                    shown.stop()

    def _run(self, place, timeout, screen, watch):
        environment = dict(os.environ, LIBGL_ALWAYS_SOFTWARE="1", GALLIUM_DRIVER="llvmpipe")
        if screen:
            environment.update(SDL_VIDEODRIVER="x11", DISPLAY=screen.display)
        else:
            environment.update(SDL_VIDEODRIVER="offscreen")
            environment.pop("DISPLAY", None)
        start = time.monotonic()
        with open(f"{place}/console", "wb") as console, subprocess.Popen(
            self._command(place), stdin=subprocess.DEVNULL, stdout=console,
            stderr=subprocess.STDOUT, env=environment,
        ) as process:  # fmt: skip
            ended = False
            while process.poll() is None and time.monotonic() < start + timeout:
                if watch:
                    watch(self._console(place), screen)
                time.sleep(0.05)
            ended = process.poll() is not None
            process.kill()
        seconds = time.monotonic() - start
        console_text = self._console(place)
        files = self._unpack(f"{place}/out.tar")
        if not ended or files is None:
            why = "was stopped: its time was over" if not ended else "ended without results"
            raise Failed(f"the guest {why}, after {seconds:.0f} s. Its console:\n{console_text}")
        return Result(files, console_text, seconds)

    @staticmethod
    def _console(place):
        with open(f"{place}/console", encoding="utf-8", errors="replace") as file:
            return file.read().replace("\r", "")

    @staticmethod
    def _unpack(path):
        try:
            with open(path, "rb") as file, tarfile.open(fileobj=io.BytesIO(file.read())) as tar:
                return {
                    entry.name.split("/", 1)[1]: tar.extractfile(entry).read()
                    for entry in tar.getmembers()
                    if entry.isfile()
                }
        except (OSError, tarfile.TarError):
            return None
