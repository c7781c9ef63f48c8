"""The real service for tests: its own process, a fresh instance, a free port of this machine."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

START_TIMEOUT_SECONDS: Final = 60
STOP_TIMEOUT_SECONDS: Final = 15
COMMAND_TIMEOUT_SECONDS: Final = 120


@dataclass(frozen=True, slots=True)
class Instance:
    """A folder made for one test, and the command `badges` at work in it.

    base_url: no slash at the end. init_output: what `badges init` printed, the first admin's link included.
    """

    base_url: str
    port: int
    folder: Path
    keys_folder: Path
    log_path: Path
    environment: Mapping[str, str]
    init_output: str = ""

    @property
    def outbox_folder(self) -> Path:
        """Where mails are written as .eml files."""
        return self.folder / "outbox"

    def badges(self, *arguments: str, check: bool = True, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run the command `badges` on this instance and return what it printed.

        check: an exit code other than 0 is a failure that shows both outputs.
        """
        done = subprocess.run(
            [*command(), *arguments],
            env=dict(self.environment),
            cwd=self.folder.parent,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=COMMAND_TIMEOUT_SECONDS,
            check=False,
        )
        if check and done.returncode != 0:
            raise AssertionError(
                f"badges {' '.join(arguments)} ended with {done.returncode}\n{done.stdout}{done.stderr}"
            )
        return done


def command() -> list[str]:
    """Return how the command `badges` of this environment is called."""
    launcher = Path(sys.executable).with_name("badges")
    if launcher.exists():
        return [str(launcher)]
    return [sys.executable, "-c", "import sys; from badges.cli.main import main; sys.exit(main())"]


def make_instance(folder: Path, *init_arguments: str, variables: Mapping[str, str] | None = None) -> Instance:
    """Make a fresh instance in an empty folder with `badges init`, for a port that is free now.

    variables: more of its environment.
    """
    port = free_port()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("BADGES_")}
    environment = {
        **inherited,
        "BADGES_INSTANCE": str(folder / "instance"),
        "BADGES_KEYS": str(folder / "keys"),
        "PYTHONUNBUFFERED": "1",
        **(variables or {}),
    }
    base_url = f"http://localhost:{port}"
    instance = Instance(
        base_url=base_url,
        port=port,
        folder=folder / "instance",
        keys_folder=folder / "keys",
        log_path=folder / "serve.log",
        environment=environment,
    )
    done = instance.badges("init", "--base-url", base_url, *init_arguments)
    return Instance(
        base_url=base_url,
        port=port,
        folder=instance.folder,
        keys_folder=instance.keys_folder,
        log_path=instance.log_path,
        environment=environment,
        init_output=done.stdout + done.stderr,
    )


@contextmanager
def serve(instance: Instance, *more: str) -> Iterator[Instance]:
    """Run `badges serve` on an instance until the block ends; it answers when the block begins."""
    with instance.log_path.open("ab") as log:
        process = subprocess.Popen(
            [*command(), "serve", "--port", str(instance.port), *more],
            env=dict(instance.environment),
            cwd=instance.folder.parent,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_until_it_answers(process, instance)
        yield instance
    finally:
        _stop(process)


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait_until_it_answers(process: subprocess.Popen[bytes], instance: Instance) -> None:
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(f"badges serve ended with {process.returncode}\n{_log_end(instance)}")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{instance.port}/", timeout=5).close()
        except urllib.error.HTTPError as error:
            error.close()  # It answers; whether the answer is right is for a test to say.
            return
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"badges serve did not answer in {START_TIMEOUT_SECONDS} s\n{_log_end(instance)}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(STOP_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            # The session is the process's own: this ends its workers with it, and nobody else.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _log_end(instance: Instance) -> str:
    return instance.log_path.read_text(errors="replace")[-4000:]
