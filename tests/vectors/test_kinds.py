"""Credentials of all kinds that independent software signed: each is verified and called what it is."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from badges.network.sources import OfflineFetcher
from badges.verifying.pipeline import verify
from badges.verifying.report import CheckName, Report
from badges.vocab.json import JsonObject

DATA: Final = Path(__file__).parent / "data" / "kinds"
AT: Final = datetime(2026, 12, 1, tzinfo=UTC)


def read(name: str) -> JsonObject:
    document: JsonObject = json.loads((DATA / f"{name}.json").read_text("utf-8"))
    return document


def check(document: JsonObject) -> Report:
    return verify(json.dumps(document), fetcher=OfflineFetcher(), at=AT)


@pytest.mark.parametrize(
    ("name", "verdict", "kind"),
    [
        ("endorsement", "valid", "endorsement"),
        ("endorsed-badge", "valid", "badge"),
        ("record", "valid", "clr"),
        ("record-with-a-forged-badge", "invalid", "clr"),
        ("schema", "not-a-badge", "other"),
        ("status-list-2021", "not-a-badge", "status-list"),
    ],
)
def test_is_verified_and_called_what_it_is(name: str, verdict: str, kind: str) -> None:
    report = check(read(name))
    assert (report.verdict, report.kind) == (verdict, kind)
    assert report.check(CheckName.PROOF).outcome == "passed"


def test_what_a_record_holds_is_verified_down_to_the_endorsements() -> None:
    first, second = check(read("record")).inside
    (endorsement,) = first.report.inside
    assert (first.report.verdict, second.report.verdict, endorsement.report.verdict) == ("valid",) * 3
    assert endorsement.report.view is not None
    assert endorsement.report.view.comment == "Well made."


def test_the_forged_badge_in_a_record_is_named() -> None:
    contents = check(read("record-with-a-forged-badge")).check(CheckName.CONTENTS)
    assert [str(detail).split(":")[0] for detail in contents.details] == ["Skill z"]


@pytest.mark.parametrize("name", ["endorsement", "record", "schema", "status-list-2021"])
def test_every_change_of_a_text_is_noticed(name: str) -> None:
    document = read(name)
    places = list(texts(document))
    assert len(places) > 8
    for path in places:
        changed = copy.deepcopy(document)
        owner: Any = changed
        for step in path[:-1]:
            owner = owner[step]
        owner[path[-1]] += "x"
        assert check(changed).verdict in {"invalid", "unknown"}, path


def texts(value: Any, path: tuple[str | int, ...] = ()) -> Any:
    """Where the texts of a document stand."""
    if isinstance(value, str):
        yield path
    elif isinstance(value, dict | list):
        for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from texts(inner, (*path, step))
