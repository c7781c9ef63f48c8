"""Rates, medians and tables. Machines are noisy: what counts is a ratio of two rates taken in the same run."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

PEERS: Final = Path(__file__).parents[1] / ".tools" / "peers"
SECONDS: Final = float(os.environ.get("BENCH_SECONDS", "1"))
ROUNDS: Final = 3
TURNS: Final = 8


def rate_of(work: Callable[[], object], *, items: int = 1, seconds: float = SECONDS) -> float:
    """Return how many items a second the work does: the median of a few rounds. items: how many one call does."""
    work()
    return statistics.median(_one_round(work, items, seconds / ROUNDS) for _ in range(ROUNDS))


def _one_round(work: Callable[[], object], items: int, seconds: float) -> float:
    done, started = 0, time.perf_counter()
    while (elapsed := time.perf_counter() - started) < seconds:
        work()
        done += items
    return done / elapsed


def rates_side_by_side(*works: Callable[[], object], seconds: float = SECONDS) -> list[float]:
    """Return the rates of several works, measured by turns, so that what else the machine does meets all alike."""
    for work in works:
        work()
    rounds = [[_one_round(work, 1, seconds / TURNS) for work in works] for _ in range(TURNS)]
    return [statistics.median(each) for each in zip(*rounds, strict=True)]


def rate_on_all_cores(work: Callable[[], object], seconds: float = SECONDS) -> float:
    """Return the rate of as many processes as there are cores, each a copy of this one."""
    cores = os.cpu_count() or 1
    context = multiprocessing.get_context("fork")
    rates = context.SimpleQueue()
    workers = [context.Process(target=lambda: rates.put(rate_of(work, seconds=seconds))) for _ in range(cores)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return sum(float(rates.get()) for _ in workers)


def peer_rate(script: str, material: Path, seconds: float = SECONDS) -> float | None:
    """Return the rate of a script beside this file that measures a peer; None where the peers are not installed."""
    node = shutil.which("node")
    if node is None or not (PEERS / "node_modules").is_dir():
        return None
    copied = PEERS / script
    shutil.copy(Path(__file__).with_name(script), copied)  # Node looks for packages beside a script
    done = subprocess.run([node, str(copied), str(material), str(seconds)], check=True, capture_output=True, text=True)
    return float(json.loads(done.stdout)["perSecond"])


def print_table(title: str, rows: Iterable[tuple[str, float | None, str]]) -> None:
    """Print rows of (what, rate a second, remark)."""
    print(title)
    for what, rate, remark in rows:
        shown = "not measured" if rate is None else f"{rate:,.0f}"
        print(f"  {what:<58}{shown:>14}  {remark}")


def times(rate: float, other: float | None) -> str:
    """Return how many times as fast, in words."""
    return "" if not other else f"{rate / other:,.1f} times as many"


def asked_for(name: str, default: int) -> int:
    """Return how many are asked for: the only argument, or else the variable BENCH_…, or the default."""
    arguments = argparse.ArgumentParser(prog=f"benchmarks.{sys.argv[0].rsplit('/', 1)[-1].removesuffix('.py')}")
    arguments.add_argument(name, nargs="?", type=int, default=int(os.environ.get(f"BENCH_{name.upper()}", default)))
    return int(getattr(arguments.parse_args(), name))


def machine() -> str:
    """Return what the figures are of."""
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def report(checks: Sequence[tuple[str, bool]]) -> None:
    """Print which figures were reached."""
    for what, is_reached in checks:
        print(f"  {'reached' if is_reached else 'MISSED '}  {what}")
