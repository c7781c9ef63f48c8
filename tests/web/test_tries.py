"""The counts that serving processes share: exact under many at once, and gone when their time is over."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from badges.web.tries import SharedTries, forget_tries, tries_file

SECRET = "00" * 32


def opened(folder: Path) -> SharedTries:
    return SharedTries(filename=str(tries_file(folder)), secret=SECRET)


def test_processes_lose_no_count(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from badges.web.tries import SharedTries\n"
        f"tries = SharedTries(filename=sys.argv[1], secret='{SECRET}')\n"
        "for _ in range(50): tries.incr('a', 600)"
    )
    running = [subprocess.Popen([sys.executable, "-c", program, str(tries_file(tmp_path))]) for _ in range(3)]
    assert [each.wait() for each in running] == [0, 0, 0]
    assert opened(tmp_path).get("a") == 150


def test_a_count_ends_with_its_time(tmp_path: Path) -> None:
    now = 1_000_000.0
    tries = SharedTries(filename=str(tries_file(tmp_path)), secret=SECRET, clock=lambda: now)
    assert [tries.incr("a", 60), tries.incr("a", 60), tries.incr("b", 60)] == [1, 2, 1]
    assert tries.get_expiry("a") == now + 60
    now += 100
    assert tries.get("a") == 0
    assert tries.incr("b", 60) == 1
    assert tries.reset() == 1, "what is over was forgotten"


def test_counts_can_be_cleared_and_begun_anew(tmp_path: Path) -> None:
    tries = opened(tmp_path)
    tries.incr("a", 60, amount=5)
    assert tries.get("a") == 5
    tries.clear("a")
    assert tries.get("a") == 0
    tries.incr("a", 60)
    tries_file(tmp_path).write_bytes(b"damaged by a power cut " * 100)
    forget_tries(tmp_path)
    assert tries.check()
    assert tries.incr("a", 60) == 1
