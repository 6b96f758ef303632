"""One peer in its own process: reads how many weeks to run, a line each, and answers with the seconds they took."""

import importlib
import sys
import time
from pathlib import Path

from benchmarks import work


def main() -> None:
    """Serve until standard input ends."""
    name, path = sys.argv[1:]
    peer = importlib.import_module(f"benchmarks.peers.{name}")
    run = peer.prepare(work.read(Path(path)))
    print("ready", flush=True)
    for line in sys.stdin:
        began = time.perf_counter()
        seconds = run(int(line))
        print(seconds if seconds is not None else time.perf_counter() - began, flush=True)


if __name__ == "__main__":
    main()
