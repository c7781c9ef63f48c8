"""`badges serve` with BADGES_SIGN_IN_WEB=0, as real processes: who has the passphrase, and what happens on a crash."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.instances import ORGANISATION
from tests.kms import KmsServer, aws_environment, kms_server
from tests.service import Instance, command, make_instance, serve

PASSPHRASE = "seven quiet words that nobody guesses"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")


@pytest.fixture(scope="module")
def kms() -> Iterator[KmsServer]:
    with kms_server() as running:
        yield running


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, kms: KmsServer) -> Iterator[Instance]:
    """A service whose P-256 key is in a KMS, so that a signature can be kept waiting."""
    with TemporaryDirectory(prefix="badges-") as short:
        variables = {
            "BADGES_KEY_PASSPHRASE": PASSPHRASE,
            "BADGES_SIGN_IN_WEB": "0",
            "BADGES_SIGNING_SOCKET": f"{short}/signing.sock",
            **aws_environment(kms.url),
        }
        made = make_instance(tmp_path_factory.mktemp("apart"), variables=variables)
        assert "passphrase" not in {path.name for path in made.keys_folder.iterdir()}
        made.badges("keys", "use", f"aws-kms:{kms.new_key('ECC_NIST_P256')}", "--organisation", ORGANISATION)
        with serve(made):
            yield made


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """An instance that is not running, with the passphrase in a file elsewhere."""
    with TemporaryDirectory(prefix="badges-") as short:
        secret = Path(short) / "credential"
        secret.write_text(PASSPHRASE + "\n")
        variables = {
            "BADGES_KEY_PASSPHRASE_FILE": str(secret),
            "BADGES_SIGN_IN_WEB": "0",
            "BADGES_SIGNING_SOCKET": f"{short}/signing.sock",
        }
        yield make_instance(tmp_path_factory.mktemp("units"), variables=variables)


def award(instance: Instance, email: str) -> str:
    return str(json.loads(instance.badges("award", "supporter", "--email", email, "--json").stdout)["id"])


def get(instance: Instance, path: str) -> tuple[int, str]:
    request = urllib.request.Request(f"http://127.0.0.1:{instance.port}{path}", headers={"Accept": "text/html"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as problem:
        return problem.code, problem.read().decode()


def get_when_signed(instance: Instance, path: str) -> tuple[int, str]:
    """Ask until the worker is there to sign, half a minute at most."""
    deadline = time.monotonic() + 30
    answer = get(instance, path)
    while answer[0] == 503 and time.monotonic() < deadline:
        time.sleep(0.3)
        answer = get(instance, path)
    return answer


def processes(instance: Instance) -> dict[int, tuple[str, str]]:
    """Return command line and environment of every process that serves this instance."""
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                environment = (folder / "environ").read_bytes().decode(errors="replace")
            except OSError:
                continue
            if f"BADGES_INSTANCE={instance.folder}\0" in environment:
                found[int(folder.name)] = (line, environment)
    return found


def worker_of(instance: Instance) -> int:
    (worker,) = [number for number, (line, _) in processes(instance).items() if "badges.jobs" in line]
    return worker


def rows_of_forms(instance: Instance) -> int:
    with closing(sqlite3.connect(instance.folder / "badges.sqlite")) as connection:
        return int(connection.execute("select count(*) from credential_text").fetchone()[0])


def memory_of(process: int) -> bytes:
    """Return what the process has on its heap and stack."""
    parts = []
    with (Path("/proc") / str(process) / "mem").open("rb", 0) as memory:
        for line in (Path("/proc") / str(process) / "maps").read_text().splitlines():
            span, mode, *_, name = [*line.split(maxsplit=5), ""][:6]
            if not mode.startswith("rw") or name.startswith("/") or name in ("[vvar]", "[vsyscall]"):
                continue
            begin, end = (int(part, 16) for part in span.split("-"))
            try:
                memory.seek(begin)
                parts.append(memory.read(end - begin))
            except (OSError, OverflowError):
                continue
    return b"".join(parts)


def test_web_process_has_no_passphrase_and_badges_are_signed(running: Instance) -> None:
    badge = award(running, "sam@example.org")
    for form in ("jwt", "es256.jwt"):
        status, text = get_when_signed(running, f"/credentials/{badge}.{form}")
        assert status == 200, text
        running.badges("verify", "-", stdin=text)
    found = processes(running)
    web = {number: environment for number, (line, environment) in found.items() if "badges.web" in line}
    assert len(web) > 2
    for number, environment in web.items():
        assert PASSPHRASE not in environment
        assert "the-secret-of-aws" not in environment
        memory = memory_of(number)
        assert b"badges.services" in memory, "the memory was read"
        assert PASSPHRASE.encode() not in memory
    assert PASSPHRASE in found[worker_of(running)][1]


def test_without_the_passphrase_the_same_account_opens_no_key(running: Instance) -> None:
    """As the web process would, had somebody taken it over: it reads the files, and gets nowhere."""
    stripped = {name: value for name, value in running.environment.items() if "PASSPHRASE" not in name}
    done = replace(running, environment=stripped).badges("award", "supporter", "--email", "x@example.org", check=False)
    assert done.returncode == 1
    assert "passphrase of the signing keys is missing" in done.stderr


def test_worker_that_is_killed_while_it_signs_leaves_nothing_half_written(running: Instance, kms: KmsServer) -> None:
    badge = award(running, "kim@example.org")
    get_when_signed(running, f"/credentials/{badge}.jwt")
    before, worker = rows_of_forms(running), worker_of(running)
    answers: list[tuple[int, str]] = []
    kms.holds_up.clear()
    try:
        asked = len(kms.asked)
        thread = threading.Thread(target=lambda: answers.append(get(running, f"/credentials/{badge}.es256.jwt")))
        thread.start()
        deadline = time.monotonic() + 20
        while len(kms.asked) == asked and time.monotonic() < deadline:
            time.sleep(0.02)
        assert len(kms.asked) > asked, "the signature is under way"
        os.kill(worker, signal.SIGKILL)
        thread.join(30)
    finally:
        kms.holds_up.set()
    assert answers[0][0] == 503
    assert "Signing is not possible at the moment" in answers[0][1]
    assert rows_of_forms(running) == before
    assert get_when_signed(running, f"/credentials/{badge}.es256.jwt")[0] == 200
    assert worker_of(running) != worker
    assert rows_of_forms(running) == before + 1


def test_check_says_that_the_worker_signs(running: Instance) -> None:
    assert "The worker signs for the web process" in running.badges("check", check=False).stdout


@contextmanager
def worker(instance: Instance) -> Iterator[None]:
    """Run `badges worker` until the block ends."""
    process = subprocess.Popen([*command(), "worker"], env=dict(instance.environment), stderr=subprocess.DEVNULL)
    yield
    process.terminate()
    process.wait(20)


def test_pages_are_served_before_a_worker_is_there_and_sign_once_it_is(units: Instance) -> None:
    """As systemd would run them: two commands, and only one of them is given the keys and the passphrase."""
    badge = award(units, "sam@example.org")
    with TemporaryDirectory(prefix="badges-") as short:
        for path in units.keys_folder.glob("*.secret"):  # a copy of the web process's own
            (Path(short) / path.name).write_bytes(path.read_bytes())
        variables = {name: value for name, value in units.environment.items() if "PASSPHRASE" not in name}
        variables |= {"BADGES_KEYS": "/nonexistent/keys", "BADGES_SECRETS": short}
        with serve(replace(units, environment=variables), "--no-worker"):
            assert get(units, f"/credentials/{badge}")[0] == 200
            assert get(units, f"/credentials/{badge}.jwt")[0] == 503
            with worker(units):
                status, text = get_when_signed(units, f"/credentials/{badge}.jwt")
                assert status == 200
                units.badges("verify", "-", stdin=text)


def test_everything_ends_when_the_one_that_was_started_is_killed(units: Instance) -> None:
    with units.log_path.open("ab") as log:
        process = subprocess.Popen(
            [*command(), "serve", "--port", str(units.port)],
            env=dict(units.environment),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    deadline = time.monotonic() + 30
    while len(processes(units)) < 5 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert len(processes(units)) >= 5
    process.kill()
    process.wait()
    deadline = time.monotonic() + 30
    while processes(units) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert processes(units) == {}


CHILD = """
import ctypes, os, sys, time
from badges.jobs.signing import hide_memory
os.setgroups([]), os.setgid(65534), os.setuid(65534)
ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)  # changing the account closed it already
if sys.argv[1] == "hide":
    hide_memory()
print("ready", flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(os.getuid() != 0, reason="needs root, to be another account")
@pytest.mark.parametrize(("mode", "is_readable"), [("show", True), ("hide", False)])
def test_memory_of_the_worker_is_closed_to_its_own_account(mode: str, is_readable: bool) -> None:
    """An account can read its other processes, but not one that hides."""
    with subprocess.Popen([sys.executable, "-c", CHILD, mode], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        reading = subprocess.run(
            ["cat", f"/proc/{process.pid}/environ"],
            user=65534,
            group=65534,
            extra_groups=[],
            cwd="/",
            capture_output=True,
            check=False,
        )
        process.kill()
    assert (reading.returncode == 0) is is_readable
