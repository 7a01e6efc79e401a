# SPDX-License-Identifier: MIT
"""An initial file system for a kernel: a cpio archive of the kind "newc"."""

import os
import stat
import subprocess


class Archive:
    """Files for a guest, by the paths they have there. Folders come by themselves."""

    def __init__(self):
        self._parts = []
        self._seen = set()
        self._inode = 0

    def _entry(self, path, mode, data):
        self._inode += 1
        name = path.lstrip("/").encode() + b"\0"
        fields = [self._inode, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name), 0]
        part = b"070701" + b"".join(b"%08x" % field for field in fields) + name
        part += b"\0" * (-len(part) % 4) + data
        self._parts.append(part + b"\0" * (-len(data) % 4))

    def folder(self, path):
        path = path.rstrip("/")
        if path and path not in self._seen:
            self.folder(os.path.dirname(path))
            self._seen.add(path)
            self._entry(path, stat.S_IFDIR | 0o755, b"")

    def data(self, path, data, mode=0o644):
        if path in self._seen:
            return
        self.folder(os.path.dirname(path))
        self._seen.add(path)
        self._entry(path, stat.S_IFREG | mode, data)

    def file(self, path, source):
        """A copy of a file of this machine, with its right to be run."""
        with open(source, "rb") as file:
            self.data(path, file.read(), 0o755 if os.access(source, os.X_OK) else 0o644)

    def link(self, path, target):
        if path not in self._seen:
            self.folder(os.path.dirname(path))
            self._seen.add(path)
            self._entry(path, stat.S_IFLNK | 0o777, target.encode())

    def program(self, path, source):
        """A program, and the libraries that it is linked with, where they are here."""
        self.file(path, source)
        done = subprocess.run(["ldd", source], capture_output=True, text=True, check=False)
        for line in done.stdout.splitlines():
            if "not found" in line:
                raise FileNotFoundError(f"{source} needs a library that is missing: {line.strip()}")
            for word in line.split():
                if word.startswith("/"):
                    self.file(word, word)

    def write(self, path):
        self._entry("TRAILER!!!", 0, b"")
        with open(path, "wb") as file:
            for part in self._parts:
                file.write(part)
