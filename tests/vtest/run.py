# SPDX-License-Identifier: MIT
"""run.py FOLDER CLASS...: the tests of the examples in FOLDER, on vtest servers of its own."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "examples"))

import run as examples  # noqa: E402
import support  # noqa: E402
import test_facts  # noqa: E402
from server import Server  # noqa: E402

# What the server gives virgl_renderer_init besides: THREAD_SYNC and USE_EXTERNAL_BLOB. Capsets
# depend on it.
SERVER_FLAGS = 0x2 | 0x20


def on_vtest(servers, arguments):
    """The arguments of an example, for a server instead of the loopback."""
    arguments = list(arguments)
    name = "gl"
    if "--options" in arguments:
        place = arguments.index("--options")
        if arguments[place + 1] == "gles=1":
            name = "gles"
        del arguments[place : place + 2]
    return ["--transport", "vtest", "--options", f"socket={servers[name]}", *arguments]


def main():
    """Runs the tests; the exit status says whether all passed."""
    with Server() as gl, Server("--use-gles") as gles:
        servers = {"gl": gl.socket, "gles": gles.socket}
        on_loopback, capset = support.run, test_facts.capset

        def run(program, *arguments):
            return on_loopback(program, *on_vtest(servers, arguments))

        support.run = run
        test_facts.run = run
        test_facts.capset = lambda number, gles: capset(number, gles, SERVER_FLAGS)
        examples.main()


if __name__ == "__main__":
    main()
