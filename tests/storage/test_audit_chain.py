"""Lines of the audit: written with the change that they tell of, and bound to each other."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from badges.services.audit import leave_line
from badges.storage.audit_chain import FIRST_HASH, line_hash
from badges.storage.engine import Database
from badges.storage.records import AuditLineRecord
from badges.vocab.audit import WORKER, Action, Actor, ActorKind
from tests.instances import Bench


def lines_of(database: Database) -> list[AuditLineRecord]:
    with database.read() as session:
        return list(session.scalars(select(AuditLineRecord).order_by(AuditLineRecord.number)))


def test_binds_each_line_to_the_one_before(bench: Bench) -> None:
    database, installation = bench.service.database, bench.service.installation
    there = lines_of(database)
    for subject in ("one", "two"):
        with database.write(WORKER) as session:
            leave_line(session, installation, Action.CLASS_ADDED, subject, organisation=1, version=2)
    lines = lines_of(database)
    assert [(line.action, line.subject, line.details) for line in lines[len(there) :]] == [
        ("class.added", "one", {"version": 2}),
        ("class.added", "two", {"version": 2}),
    ]
    previous = FIRST_HASH
    for number, line in enumerate(lines, start=1):
        assert line.number == number
        assert line.hash == line_hash(previous, line)
        previous = line.hash


def test_says_who_acted(bench: Bench) -> None:
    database, installation = bench.service.database, bench.service.installation
    with database.write(Actor(ActorKind.PERSON, 7, "s1")) as session:
        leave_line(session, installation, Action.CLASS_ADDED, "one")
    line = lines_of(database)[-1]
    assert (line.actor, line.account_id, line.session_id) == ("person", 7, "s1")


def test_leaves_no_line_of_what_was_undone(bench: Bench) -> None:
    database, installation = bench.service.database, bench.service.installation
    there = len(lines_of(database))

    def fail() -> None:
        with database.write() as session:
            leave_line(session, installation, Action.CLASS_ADDED, "one")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert len(lines_of(database)) == there
