"""`python -m badges.jobs [PARENT]`: the worker by itself. `badges serve` starts it."""

from __future__ import annotations

import sys

from badges.jobs.worker import run_worker

if __name__ == "__main__":  # not in the processes that award batches
    run_worker(int(sys.argv[1]) if len(sys.argv) > 1 else None)
