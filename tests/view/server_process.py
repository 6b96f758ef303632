"""A view in a process of its own, as a user would start it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from typing import NamedTuple

START_TIMEOUT = 600  # seconds: code may have to be compiled, and the machine be busy
PATIENCE = 300_000  # milliseconds; only a test that fails waits so long


class Server(NamedTuple):
    """A running view."""

    address: str
    port: int
    process: subprocess.Popen[str]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def start(*options: str, **environment: str) -> Server:
    """Run ``abm view`` and wait until it prints its address."""
    port = free_port()
    command = [sys.executable, "-c", "from abm.cli.app import main; main()", "view", "--no-open", "--port", str(port)]
    process = subprocess.Popen(
        [*command, *options], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env=os.environ | {"COLUMNS": "200"} | environment,
    )  # fmt: skip
    assert process.stdout is not None
    until = time.monotonic() + START_TIMEOUT
    output = ""
    while time.monotonic() < until:
        line = process.stdout.readline()
        output += line
        if line.startswith("View: "):
            return Server(line.split()[1], port, process)
        if process.poll() is not None:
            break
    raise AssertionError(f"the view did not start: {output}")


def stop(server: Server) -> None:
    server.process.terminate()
    server.process.wait(PATIENCE / 1000)
    assert server.process.stdout is not None
    server.process.stdout.close()


def is_foreign(url: str, server: Server) -> bool:
    return not url.startswith((server.address, "data:", "blob:", f"ws://127.0.0.1:{server.port}/"))
