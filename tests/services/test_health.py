"""`badges check`: each part is ok, or the message says what to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import pytest

from badges.services.health import Health, check_installation
from tests.instances import Bench, open_service
from tests.service import free_port

NAMES: Final = ["database", "keys", "key backup", "base URL", "issuer list", "mail", "audit", "clock"]


def check(bench: Bench) -> dict[str, Health]:
    service = bench.service
    results = check_installation(service.database, service.installation, service.mailer)
    return {result.name: result for result in results}


def test_all_is_well_on_a_fresh_instance(either_bench: Bench) -> None:
    results = check(either_bench)
    assert list(results) == NAMES
    assert all(result.ok for result in results.values()), results


def lose_key(bench: Bench) -> None:
    next(bench.folders.keys.glob("*.pem")).unlink()


def lose_passphrase(bench: Bench) -> None:
    (bench.folders.keys / "passphrase").unlink()


def move(bench: Bench) -> None:
    bench.award()
    bench.service = bench.again(base_url="http://localhost:9999")


def break_mail(bench: Bench) -> None:
    bench.service = bench.again(smtp_url=f"smtp://127.0.0.1:{free_port()}")


def break_clock(bench: Bench) -> None:
    bench.clock.now = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "harm", "advice"),
    [
        ("keys", lose_key, "Put it back from your copy"),
        ("keys", lose_passphrase, "BADGES_KEY_PASSPHRASE"),
        ("base URL", move, "BADGES_BASE_URL=http://localhost:8000"),
        ("mail", break_mail, "BADGES_SMTP_URL"),
        ("clock", break_clock, "Set it"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(
    bench: Bench, name: str, harm: Callable[[Bench], None], advice: str
) -> None:
    harm(bench)
    results = check(bench)
    assert not results[name].ok
    assert advice in results[name].message
    assert [other for other in NAMES if not results[other].ok] == [name]


def test_damaged_database_is_said_and_the_rest_is_still_looked_at(bench: Bench) -> None:
    bench.service.database.close()
    bench.folders.database.write_bytes(b"no database " * 1000)
    for path in bench.folders.instance.glob("badges.sqlite-*"):
        path.unlink()
    bench.service = open_service(bench.folders.settings(), bench.clock)
    results = check(bench)
    assert list(results) == ["database", "mail", "clock"]
    assert not results["database"].ok
    assert "file is not a database" in results["database"].message
    assert "BADGES_DATABASE_URL" in results["database"].message


def test_missing_instance_says_to_make_one(bench: Bench) -> None:
    bench.service = bench.again(database_url=f"sqlite:///{bench.folders.instance}/none.sqlite")
    assert "badges init" in check(bench)["database"].message
