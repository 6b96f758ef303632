"""A program that keeps worker processes busy by sleeping: ``python -m tests.experiment.sleepers N``.

The first ``N`` calls take a moment, all others longer than any test waits: what ends before has been stopped.
"""

# ruff: noqa: T201 - it prints its progress

import signal
import sys
import time

from abm.experiment.process_pool import run_in_processes


def sleep_briefly(seconds: float) -> None:
    time.sleep(seconds)


def main(n_brief: int) -> None:
    came: list[int] = []

    def stop(number: int, frame: object) -> None:
        came.append(number)
        if len(came) == 1:  # a second one may come while this program ends
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, stop)  # the program that runs the tests may ignore it
    print("ready", flush=True)
    try:
        seconds = [0.01] * n_brief + [3600.0] * (4 if n_brief < 9 else 0)
        run_in_processes(sleep_briefly, seconds, 2, lambda _: print("done", flush=True))
    except KeyboardInterrupt:
        print("stopped", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
