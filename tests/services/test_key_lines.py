"""The audit says what was done with keys: made, retired, declared stolen."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from badges.services.compromise import compromise_key
from badges.services.organisations import find_organisation
from badges.services.signing_keys import list_owned_keys
from badges.storage.records import AuditLineRecord
from badges.vocab.audit import Action
from tests.instances import ORGANISATION, Bench


def lines(bench: Bench, action: Action) -> list[AuditLineRecord]:
    with bench.service.database.read() as session:
        found = session.scalars(select(AuditLineRecord).where(AuditLineRecord.action == action))
        return list(found.all())


def test_rotation_leaves_a_line_for_each_key_that_came_and_went(bench: Bench) -> None:
    before = len(lines(bench, Action.KEY_MADE))
    bench.rotate()
    made, retired = lines(bench, Action.KEY_MADE)[before:], lines(bench, Action.KEY_RETIRED)
    assert {line.details["algorithm"] for line in made} == {"EdDSA", "RS256", "ES256"}
    assert len(retired) == 3
    assert {line.subject for line in made}.isdisjoint(line.subject for line in retired)
    assert {line.organisation_id for line in (*made, *retired)} == {1}


def test_stolen_key_leaves_a_line_with_the_moment_and_none_when_said_again(bench: Bench) -> None:
    installation = bench.service.installation
    since = bench.clock.now - timedelta(days=2)
    with bench.service.database.read() as session:
        key = list_owned_keys(session, find_organisation(session, ORGANISATION))[0]
    for _ in range(2):
        with bench.service.database.write() as session:
            compromise_key(session, installation, key.id, since)
    (line,) = lines(bench, Action.KEY_COMPROMISED)
    assert (line.subject, line.details) == (key.id, {"since": "2026-11-29T10:00:00Z"})
