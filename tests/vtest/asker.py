# SPDX-License-Identifier: MIT
"""
asker.py SECONDS WORD...: a vtest client that waits for an answer before it says more. A word is a
request, or several with + between that go out at once. Prints the id of the next answer to each
word, "none" when there is none in time.
"""

import os
import socket
import struct
import sys

REQUESTS = {"caps": (0, 1), "busy": (2, 7, 0, 0), "caps2": (0, 9), "ping": (0, 10),
            "version": (1, 11, 3)}


def receive(client, size):
    """All of them; an end of the connection is an error."""
    data = b""
    while len(data) < size:
        part = client.recv(size - len(data))
        if not part:
            raise EOFError("the connection was closed")
        data += part
    return data


def ask(client, word):
    """The id of the next answer, after its payload has been read."""
    for request in word.split("+"):
        dwords = REQUESTS[request]
        client.sendall(struct.pack(f"<{len(dwords)}I", *dwords))
    try:
        length, number = struct.unpack("<2I", receive(client, 8))
    except TimeoutError:
        return "none"
    receive(client, length - 1 if number in (1, 2) else 4 * length)
    return str(number)


def main():
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(float(sys.argv[1]))
        client.connect(os.environ["VTEST_SOCKET_NAME"])
        client.sendall(struct.pack("<2I", 6, 8) + b"asker\0")
        print(*[ask(client, word) for word in sys.argv[2:]])


if __name__ == "__main__":
    main()
