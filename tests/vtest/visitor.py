# SPDX-License-Identifier: MIT
"""
visitor.py: a client of the proxy that comes often, and looks at what that does to its parent, the
process of the proxy. Prints: by how many the mappings of its memory grew over 100 visits; seconds
of processor time that it took in one second in which it could not accept a client.
"""

import os
import resource
import socket
import struct
import time

PATH = os.environ["VTEST_SOCKET_NAME"]
PROXY = os.getppid()


def connect():
    """A client that has said nothing yet."""
    client = socket.socket(socket.AF_UNIX)
    client.connect(PATH)
    return client


def greet(client):
    """Only after this it is known that the proxy has taken it."""
    client.sendall(struct.pack("<2I2s4I", 2, 8, b"v\0", 2, 7, 0, 0))
    assert client.recv(12, socket.MSG_WAITALL) == struct.pack("<3I", 1, 7, 0)


def visit(times):
    """One after the other."""
    for _ in range(times):
        with connect() as client:
            greet(client)


def mappings():
    with open(f"/proc/{PROXY}/maps", encoding="utf-8") as file:
        return len(file.readlines())


def processor_seconds():
    with open(f"/proc/{PROXY}/stat", encoding="utf-8") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def growth():
    """Of the mappings: a thread's stack is two of them."""
    visit(20)
    before = mappings()
    visit(100)
    return mappings() - before


def work_without_descriptors():
    """Afterwards the client is taken."""
    soft, hard = resource.prlimit(PROXY, resource.RLIMIT_NOFILE)
    resource.prlimit(PROXY, resource.RLIMIT_NOFILE, (3, hard))
    with connect() as client:
        before = processor_seconds()
        time.sleep(1)
        spent = processor_seconds() - before
        resource.prlimit(PROXY, resource.RLIMIT_NOFILE, (soft, hard))
        greet(client)
    return spent


if __name__ == "__main__":
    print(growth(), work_without_descriptors())
