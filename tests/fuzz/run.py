"""Fuzzes every target, each in a process of its own with bounded memory: `make fuzz [SECONDS=…] [TARGETS="png svg"]`.

SECONDS are for all targets together. An input that makes a target fail, take too long or use too much memory is kept
in the folder and printed; it belongs into `found.py` then, and its cause out of the code.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
from collections import deque
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path
from typing import Any, Final

import atheris

with redirect_stderr(StringIO()), atheris.instrument_imports(include=["badges", "pyld", "defusedxml"]):
    from tests.fuzz.mutating import mutate_json
    from tests.fuzz.seeds import seeds_of
    from tests.fuzz.targets import TARGETS, feed

AT_ONCE: Final = 2
INPUT_SECONDS: Final = 20
MEMORY_BYTES: Final = 2 * 1024**3
LARGEST_INPUT: Final = 65_536


def main() -> int:
    """Fuzz; return 1 if anything was found."""
    parser = argparse.ArgumentParser(description="Fuzz the parsers of what strangers send.")
    parser.add_argument("targets", nargs="*", default=[], help="all, if none is named")
    parser.add_argument("--seconds", type=int, default=600, help="for all targets together")
    parser.add_argument("--folder", type=Path, default=Path(".fuzz"), help="for what is found, and what was tried")
    arguments = parser.parse_args()
    names = arguments.targets or list(TARGETS)
    if unknown := set(names) - TARGETS.keys():
        parser.error(f"there is no target {', '.join(sorted(unknown))}; there are {', '.join(TARGETS)}")
    seconds = max(1, arguments.seconds * AT_ONCE // len(names))
    failed = _fuzz_all(names, seconds, arguments.folder)
    print(f"Faults in: {', '.join(failed)}" if failed else f"No faults in {len(names)} targets.")
    return 1 if failed else 0


def _fuzz_all(names: list[str], seconds: int, folder: Path) -> list[str]:
    """Fuzz in processes of their own, some at once. Returns the names of the targets in which something was found."""
    waiting, running, failed = deque(names), dict[int, str](), list[str]()
    seeds = {name: seeds_of(TARGETS[name].seeds) for name in names}
    while waiting or running:
        while waiting and len(running) < AT_ONCE:
            name = waiting.popleft()
            running[_start(name, seconds, folder, seeds[name])] = name
        process, status = os.wait()
        name = running.pop(process)
        if not _tell(name, os.waitstatus_to_exitcode(status), folder):
            failed.append(name)
    return failed


def _start(name: str, seconds: int, folder: Path, seeds: list[bytes]) -> int:
    """Start fuzzing a target; return the process. What this one imported is there already."""
    sys.stdout.flush()
    process = os.fork()
    if process == 0:
        log = os.open(_log(folder, name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(log, 1)
        os.dup2(log, 2)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        _fuzz(name, seconds, folder, seeds)
        os._exit(0)
    return process


def _fuzz(name: str, seconds: int, folder: Path, seeds: list[bytes]) -> None:
    """Run libFuzzer until its time is over. It ends the process itself, with a fault if it found one."""
    target = TARGETS[name]
    corpus = folder / "corpus" / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds):
        (corpus / f"seed-{number}").write_bytes(seed)
    arguments = [
        "fuzz", str(corpus), f"-max_total_time={seconds}", f"-timeout={INPUT_SECONDS}", f"-max_len={LARGEST_INPUT}",
        f"-artifact_prefix={folder}/{name}-", "-rss_limit_mb=1500",
    ]  # fmt: skip
    options: dict[str, Any] = {"custom_mutator": mutate_json} if target.is_json else {}
    atheris.Setup(arguments, lambda data: feed(name, data), **options)
    atheris.Fuzz()


def _tell(name: str, code: int, folder: Path) -> bool:
    """Print how a target fared, and return whether all was well."""
    lines = _log(folder, name).read_text(errors="replace").splitlines()
    done = next((line for line in reversed(lines) if line.startswith("Done ")), "")
    if code == 0 and done:
        print(f"{name:11}{done}", flush=True)
        return True
    print("\n".join(lines[-25:]), f"{name:11}FAILED (exit {code}), see {_log(folder, name)}", sep="\n", flush=True)
    return False


def _log(folder: Path, name: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.log"


if __name__ == "__main__":
    sys.exit(main())
