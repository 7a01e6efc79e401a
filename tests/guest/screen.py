# SPDX-License-Identifier: MIT
"""A display in memory, which a virtual machine shows its screen on and a test reads."""

import os
import struct
import subprocess


class Screen:
    """
    An X server without hardware, of exactly the size of the guest's screen, so that QEMU's window
    fills it. QEMU's own screendump knows no screens that OpenGL draws: it says "no surface", 7.2 as
    well as 10.0, and with the display egl-headless, too, which copies such screens for VNC alone.
    """

    def __init__(self, place, width, height):
        reader, writer = os.pipe()
        self._file = os.path.join(place, "Xvfb_screen0")
        self._process = subprocess.Popen(
            [
                "Xvfb", "-displayfd", str(writer), "-screen", "0", f"{width}x{height}x24",
                "-fbdir", place, "-nolisten", "tcp", "-nocursor",
            ],
            pass_fds=[writer], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(writer)
        with os.fdopen(reader) as pipe:
            self.display = ":" + pipe.readline().strip()

    def stop(self):
        self._process.terminate()
        self._process.wait()

    def pixels(self):
        """Rows from the top; each is a list of (red, green, blue)."""
        with open(self._file, "rb") as file:
            dump = file.read()
        header = struct.unpack_from(">25I", dump)
        size, width, height, bits, stride, colours = (header[i] for i in (0, 4, 5, 11, 12, 19))
        assert bits == 32
        start = size + colours * 12
        rows = []
        for y in range(height):
            row = dump[start + y * stride : start + y * stride + width * 4]
            rows.append([(row[i + 2], row[i + 1], row[i]) for i in range(0, len(row), 4)])
        return rows
