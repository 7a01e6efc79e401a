# SPDX-License-Identifier: MIT
"""A virgl_test_server of one's own: a socket in a folder of its own, ready when one gets it."""

import os
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time

PROGRAM = "virgl_test_server"
START_SECONDS = 60


class Server:
    """Use it in a with statement; options are the server's, besides those it needs anyway."""

    def __init__(self, *options):
        if not shutil.which(PROGRAM):
            raise RuntimeError(f"{PROGRAM} is missing: it is in Debian's package virgl-server")
        self.folder = tempfile.mkdtemp(prefix="virglcmd-vtest-")
        self.socket = os.path.join(self.folder, "socket")
        self.log = os.path.join(self.folder, "log")
        with open(self.log, "w", encoding="utf-8") as log:
            # A session of its own, because a server that forks leaves its children to whoever
            # ends it.
            self.process = subprocess.Popen(
                [PROGRAM, "--use-egl-surfaceless", *options, f"--socket-path={self.socket}"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )

    def __enter__(self):
        end = time.monotonic() + START_SECONDS
        while not self.listens():
            if self.process.poll() is not None or time.monotonic() > end:
                said = self.said()
                self.__exit__()
                raise RuntimeError(f"{PROGRAM} does not listen, exit status "
                                   f"{self.process.returncode}: {said}")
            time.sleep(0.02)
        return self

    def listens(self):
        """Whether there is somebody behind the socket; by the system's table, not by a visit."""
        with open("/proc/net/unix", encoding="utf-8") as table:
            return any(line.rstrip().endswith(" " + self.socket) and
                       int(line.split()[3], 16) & 0x10000 for line in table)

    def said(self):
        """What the server has printed."""
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return log.read()

    def kill(self):
        """Ends the server and its children as a crash does."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()

    def __exit__(self, *_):
        self.kill()
        shutil.rmtree(self.folder)


class OldServer:
    """
    A mock of a server before 0.7.0, which do not run here any more: they skip commands that they do
    not know, PING_PROTOCOL_VERSION and GET_CAPS2 among them. Draws nothing.
    """

    def __init__(self, path):
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen(64)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        """For ever: it ends with the test."""
        while True:
            client = self.listener.accept()[0]
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    @staticmethod
    def serve(client):
        """Until the client leaves."""
        with client, client.makefile("rb") as file:
            while len(header := file.read(8)) == 8:
                length, number = struct.unpack("<2I", header)
                file.read(length if number == 8 else 4 * length)
                if number == 1:
                    client.sendall(struct.pack("<2I", 309, 1) + bytes(308))
                elif number == 7:
                    client.sendall(struct.pack("<3I", 1, 7, 0))


def stray_connection(path):
    """A connection to a socket, as a client that says nothing."""
    client = socket.socket(socket.AF_UNIX)
    client.connect(path)
    return client


def full_socket(path):
    """
    (a socket that listens and accepts nobody, the clients that fill its queue): who connects to
    it waits.
    """
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(1)
    clients = []
    while True:
        client = socket.socket(socket.AF_UNIX)
        clients.append(client)
        client.setblocking(False)
        try:
            client.connect(path)
        except BlockingIOError:
            return listener, clients
