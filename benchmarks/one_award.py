"""One award over HTTP, signed before the answer: how many a second the service gives, and how long each takes.

    python -m benchmarks.one_award [AWARDS]

The service runs as `badges serve` runs it, in processes of its own; those who ask are threads of this one, on the same
machine. The limit measured in the same run is the same server's shortest answer.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from sqlalchemy import select

from badges.services.api_keys import make_key
from badges.storage.records import OrganisationRecord
from badges.vocab.api import ApiScope
from benchmarks._measuring import asked_for, machine, report
from benchmarks.batch import fresh_service, variables_of

AWARDS: Final = 400
MOST_MS: Final = 50
LEAST: Final = 200
_ASKING: Final = 4


def main() -> None:
    awards = asked_for("awards", AWARDS)
    with tempfile.TemporaryDirectory(prefix="badges-") as folder:
        service = fresh_service(Path(folder), "")
        with service.database.write() as session:
            _, secret = make_key(
                session,
                service.installation,
                session.scalars(select(OrganisationRecord).limit(1)).one(),
                "Benchmark",
                [ApiScope.AWARD],
                1,
            )
        service.database.close()
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        serving = subprocess.Popen(
            [sys.executable, "-m", "badges", "serve", "--port", str(port)],
            env={**os.environ, **variables_of(Path(folder))},
            stdout=subprocess.DEVNULL,
        )
        try:
            _wait_for(port)
            _measure(port, secret, awards)
        finally:
            serving.terminate()
            serving.wait()


def _measure(port: int, secret: str, awards: int) -> None:
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}

    def award(connection: http.client.HTTPConnection, number: int) -> None:
        asked = {
            "badge": "supporter",
            "recipients": [{"email": f"one{number}@example.org", "name": f"Person {number}"}],
        }
        body = _ask(connection, "POST", "/api/v1/awards", json.dumps(asked), headers, 200)
        assert json.loads(body), body

    def shortest(connection: http.client.HTTPConnection, _number: int) -> None:
        _ask(connection, "GET", "/static/images/favicon.svg", None, {}, 200)  # no database, no template

    _run(port, award, 20)  # each process has begun by then
    limit, _ = _run(port, shortest, 400)
    rate, took = _run(port, award, awards, first=20)
    slow = statistics.quantiles(took, n=20)[-1]
    print(f"{machine()}, {_ASKING} at a time")
    print(f"  limit: the shortest answer of the same server {limit:10,.0f} a second")
    print(f"  one award, signed before the answer           {rate:10,.0f} a second ({rate / limit:.0%} of the limit)")
    print(f"  median {statistics.median(took):,.0f} ms, 95th percentile {slow:,.0f} ms")
    report([(f"at least {LEAST} a second", rate >= LEAST), (f"95th percentile below {MOST_MS} ms", slow < MOST_MS)])


def _run(
    port: int, ask: Callable[[http.client.HTTPConnection, int], None], times: int, first: int = 0
) -> tuple[float, list[float]]:
    """Have a few ask at a time. Returns how many a second, and how many milliseconds each took."""

    def one_of_them(which: int) -> list[float]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        took = []
        for number in range(first + which, first + times, _ASKING):
            started = time.perf_counter()
            ask(connection, number)
            took.append((time.perf_counter() - started) * 1_000)
        connection.close()
        return took

    started = time.perf_counter()
    with ThreadPoolExecutor(_ASKING) as asking:
        took = [each for some in asking.map(one_of_them, range(_ASKING)) for each in some]
    return times / (time.perf_counter() - started), took


def _ask(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    body: str | None,
    headers: dict[str, str],
    status: int,
) -> bytes:
    connection.request(method, path, body, {"Host": "badges.example.org", "X-Forwarded-Proto": "https", **headers})
    answer = connection.getresponse()
    content = answer.read()
    assert answer.status == status, (answer.status, content[:300])
    return content


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < deadline, "the service did not begin"
            time.sleep(0.2)
        else:
            return


if __name__ == "__main__":
    main()
