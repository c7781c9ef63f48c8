"""The audit is whole, or the check says which line is not, and how."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from badges.errors import UnavailableError
from badges.services.audit import leave_chunk_line, leave_line, numbers_hash
from badges.services.audit_heads import seal
from badges.services.audit_verifying import AuditReport, verify_audit
from badges.services.key_changes import rotate_keys
from badges.storage.audit_chain import FIRST_HASH, line_hash
from badges.storage.records import AuditHeadRecord, AuditLineRecord
from badges.vocab.audit import Action
from tests.instances import Bench


def check(bench: Bench, **more: object) -> AuditReport:
    with bench.service.database.read() as session:
        return verify_audit(session, bench.service.installation, **more)  # type: ignore[arg-type]


def seal_now(bench: Bench) -> Path:
    with bench.service.database.read() as session:
        seal(session, bench.service.installation)
    return bench.service.settings.audit_heads[0]


def tamper(bench: Bench, *statements: str) -> None:
    """Do what whoever owns the database can do: take the triggers away, and change lines."""
    with bench.service.database.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            for verb in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS audit_line_no_{verb}"))
        else:
            connection.execute(text("DROP TRIGGER IF EXISTS audit_line_no_change ON audit_line"))
        for statement in statements:
            connection.execute(text(statement))


def recompute(bench: Bench) -> None:
    """Make the chain anew, as a careful forger would."""
    tamper(bench)
    with bench.service.database.write() as session:
        previous, number = FIRST_HASH, 0
        for line in session.scalars(select(AuditLineRecord).order_by(AuditLineRecord.number)).all():
            line.hash = line_hash(previous, line)
            previous, number = line.hash, line.number
        head = session.scalars(select(AuditHeadRecord)).one()
        head.number, head.hash = number, previous


def newest(bench: Bench) -> int:
    with bench.service.database.read() as session:
        return session.scalars(select(AuditHeadRecord.number)).one()


def findings(report: AuditReport) -> str:
    return " ".join(str(finding) for finding in report.findings)


def test_untouched_audit_is_whole(either_bench: Bench) -> None:
    either_bench.award()
    seal_now(either_bench)
    either_bench.award(email="kim@example.org")
    report = check(either_bench)
    assert (report.is_whole, report.lines) == (True, newest(either_bench))
    assert 0 < report.sealed < report.lines
    assert check(either_bench, since=report.sealed).is_whole


def test_lines_hold_neither_names_nor_addresses(bench: Bench) -> None:
    bench.revoke(bench.award(email="sam.jones@example.org", name="Sam Jones"))
    with bench.service.database.read() as session:
        lines = session.execute(select(AuditLineRecord.subject, AuditLineRecord.details)).all()
    everything = repr(lines)
    assert "award.made" not in everything
    assert not [word for word in ("Sam", "Jones", "jones", "example.org") if word in everything]


class TestDatabase:
    @pytest.mark.parametrize(
        "statement", ["UPDATE audit_line SET subject = 'x' WHERE number = 2", "DELETE FROM audit_line WHERE number = 2"]
    )
    def test_refuses_to_change_lines(self, either_bench: Bench, statement: str) -> None:
        with pytest.raises(Exception, match="only added"), either_bench.service.database.engine.begin() as connection:
            connection.execute(text(statement))


class TestTampering:
    @pytest.mark.parametrize(
        "change",
        [
            "subject = 'x'",
            "at = '2020-01-01 00:00:00+00:00'",
            "actor = 'public'",
            "account_id = 99",
            "session_id = 'x'",
            "action = 'award.withdrawn'",
            "organisation_id = 99",
            "details = '{}'",
        ],
    )
    def test_line_that_was_changed(self, either_bench: Bench, change: str) -> None:
        either_bench.award()
        tamper(either_bench, f"UPDATE audit_line SET {change} WHERE number = 4")
        assert findings(check(either_bench)) == "Line 4 was changed after it was written."

    def test_line_that_was_deleted(self, either_bench: Bench) -> None:
        tamper(either_bench, "DELETE FROM audit_line WHERE number = 3")
        assert findings(check(either_bench)) == "Line 3 is missing."

    def test_end_that_was_cut_off_without_care(self, either_bench: Bench) -> None:
        end = newest(either_bench)
        tamper(either_bench, f"DELETE FROM audit_line WHERE number = {end}")
        assert "mark of the end says otherwise" in findings(check(either_bench))

    def test_end_that_was_cut_off_with_care(self, either_bench: Bench) -> None:
        either_bench.award()
        seal_now(either_bench)
        end = newest(either_bench)
        tamper(either_bench, f"DELETE FROM audit_line WHERE number > {end - 2}")
        recompute(either_bench)
        found = findings(check(either_bench))
        assert f"ends at line {end - 2}, but a signed head knows line {end}" in found

    def test_chain_that_was_made_anew(self, either_bench: Bench) -> None:
        either_bench.award()
        seal_now(either_bench)
        tamper(either_bench, "UPDATE audit_line SET details = '{}' WHERE action = 'award.made'")
        recompute(either_bench)
        assert "is not what a signed head says it was" in findings(check(either_bench))

    def test_forger_who_has_no_file_of_heads_is_not_seen_and_the_report_says_so(self, bench: Bench) -> None:
        report = check(bench)
        assert report.is_whole
        assert "audit-heads.jsonl is missing" in str(report.notes[0])

    @settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.integers(2, 6), st.sampled_from(["change", "delete", "swap"]))
    def test_anything_is_seen(self, bench: Bench, number: int, what: str) -> None:
        with bench.service.database.engine.connect() as connection:
            before = connection.execute(text("SELECT * FROM audit_line ORDER BY number")).all()
        tamper(
            bench,
            *{
                "change": [f"UPDATE audit_line SET subject = subject || ' ' WHERE number = {number}"],
                "delete": [f"DELETE FROM audit_line WHERE number = {number}"],
                "swap": [
                    f"UPDATE audit_line SET number = -1 WHERE number = {number}",
                    f"UPDATE audit_line SET number = {number} WHERE number = {number + 1}",
                    f"UPDATE audit_line SET number = {number + 1} WHERE number = -1",
                ],
            }[what],
        )
        assert not check(bench).is_whole
        columns = "number, at, actor, account_id, session_id, action, subject, organisation_id, details, hash"
        with bench.service.database.engine.begin() as connection:
            connection.execute(text("DELETE FROM audit_line"))
            names = [name.strip() for name in columns.split(",")]
            for row in before:
                values = {name: getattr(row, name) for name in names}
                places = ", ".join(f":{name}" for name in names)
                connection.execute(text(f"INSERT INTO audit_line ({columns}) VALUES ({places})"), values)
        assert check(bench).is_whole


class TestHeads:
    def test_nothing_is_written_twice(self, bench: Bench) -> None:
        path = seal_now(bench)
        text = path.read_text()
        seal_now(bench)
        assert path.read_text() == text
        assert path.stat().st_mode & 0o777 == 0o600

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (lambda lines: [lines[0].replace('"number":', '"number": '), lines[1]], "heads before it are missing"),
            (lambda lines: lines[1:], "heads before it are missing"),
            (lambda lines: ["{}", lines[1]], "no head that was signed"),
            (lambda lines: [lines[1], lines[0]], "it is older"),
        ],
    )
    def test_file_that_was_changed(self, bench: Bench, change: Callable[[list[str]], list[str]], said: str) -> None:
        seal_now(bench)
        bench.award()
        path = seal_now(bench)
        path.write_text("\n".join(change(path.read_text().splitlines())) + "\n")
        assert said in findings(check(bench))

    def test_head_that_says_something_else_is_no_head(self, bench: Bench) -> None:
        path = seal_now(bench)
        head = json.loads(path.read_text())
        path.write_text(json.dumps({**head, "hash": "0" * 64}) + "\n")
        assert "no head that was signed" in findings(check(bench))

    def test_head_by_a_stranger_does_not_count(self, bench: Bench, tmp_path: Path) -> None:
        path = seal_now(bench)
        stranger = Bench(bench.again(audit_heads=str(tmp_path / "x")), bench.clock, bench.folders)
        with bench.service.database.write() as session:
            rotate_keys(session, bench.service.installation, None)
        seal_now(stranger)
        keys = [json.loads(path.read_text())["key"]]
        report = check(bench, files=[tmp_path / "x"], trusted_keys=keys)
        assert "signed with a key that is not ours" in findings(report)

    def test_key_in_the_database_that_was_swapped_makes_no_head_good(self, bench: Bench) -> None:
        seal_now(bench)
        with bench.service.database.engine.begin() as connection:
            other = connection.execute(
                text("SELECT public_jwk FROM signing_key WHERE organisation_id IS NOT NULL AND algorithm = 'EdDSA'")
            ).scalar()
            statement = text("UPDATE signing_key SET public_jwk = :jwk WHERE organisation_id IS NULL")
            connection.execute(statement, {"jwk": other})
        fresh = Bench(bench.again(), bench.clock, bench.folders)
        report = check(fresh)
        assert not report.is_whole
        assert "holds another key" in str(report.notes[0])

    def test_heads_go_on_after_a_rotation_for_who_trusts_the_first_key_only(self, bench: Bench) -> None:
        path = seal_now(bench)
        first = json.loads(path.read_text())["key"]
        with bench.service.database.write() as session:
            rotate_keys(session, bench.service.installation, None)
        seal_now(bench)
        assert len({json.loads(line)["key"] for line in path.read_text().splitlines()}) == 2
        report = check(bench, trusted_keys=[first])
        assert (findings(report), report.sealed) == ("", newest(bench))

    def test_line_that_a_crash_has_cut_off_is_told_and_does_not_stop_the_next(self, bench: Bench) -> None:
        path = seal_now(bench)
        with path.open("a") as file:
            file.write('{"number": 1')
        bench.award()
        seal_now(bench)
        assert len(check(bench).findings) == 1
        assert check(bench).sealed == newest(bench)

    def test_every_place_gets_them(self, bench: Bench, tmp_path: Path) -> None:
        places = [tmp_path / "one" / "heads", tmp_path / "two" / "heads"]
        other = Bench(bench.again(audit_heads=",".join(map(str, places))), bench.clock, bench.folders)
        seal_now(other)
        assert places[0].read_text() == places[1].read_text() != ""
        places[0].write_text("")
        assert check(other, files=[places[1]]).sealed == newest(bench)

    def test_place_that_cannot_be_written_is_named(self, bench: Bench, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        other = Bench(bench.again(audit_heads=str(tmp_path / "file" / "heads")), bench.clock, bench.folders)
        with pytest.raises(UnavailableError, match="cannot be written"):
            seal_now(other)


def test_chunk_is_one_line_with_a_hash_over_its_numbers(bench: Bench) -> None:
    with bench.service.database.write() as session:
        leave_chunk_line(session, bench.service.installation, Action.AWARDED, "batch-1", ["a", "b"], organisation=1)
    with bench.service.database.read() as session:
        line = session.get_one(AuditLineRecord, newest(bench))
    assert line.details == {"count": 2, "hash": numbers_hash(["a", "b"])}
    assert numbers_hash(["a", "b"]) != numbers_hash(["ab"])


def test_many_at_once_keep_one_chain(either_bench: Bench) -> None:
    service = either_bench.service

    def write(number: int) -> None:
        with service.database.write() as session:
            leave_line(session, service.installation, Action.CLASS_ADDED, number)

    before = newest(either_bench)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(40)))
    assert newest(either_bench) == before + 40
    assert check(either_bench).is_whole
