# SPDX-License-Identifier: MIT
"""with_server.py PROGRAM...: runs a program with the socket of a new server in its environment."""

import os
import subprocess
import sys

from server import Server

with Server() as server:
    status = subprocess.run(sys.argv[1:], env={**os.environ, "VTEST_SOCKET_NAME": server.socket},
                            check=False).returncode
    if status:
        print(server.said(), file=sys.stderr)
sys.exit(status != 0)
