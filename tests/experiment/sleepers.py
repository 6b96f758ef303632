"""A program that keeps worker processes busy by sleeping: ``python -m tests.experiment.sleepers``."""

# ruff: noqa: T201 - it prints its progress

import os
import signal
import time

from abm.experiment.process_pool import run_in_processes


def sleep_briefly(number: int) -> int:
    time.sleep(0.2)
    return os.getpid()


def main() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # the program that runs the tests may ignore it
    print("ready", flush=True)
    try:
        run_in_processes(sleep_briefly, list(range(100)), 2, lambda number: print(number, flush=True))
    except KeyboardInterrupt:
        print("stopped", flush=True)


if __name__ == "__main__":
    main()
