"""The database: whole transactions, plain words when it cannot, and moments that stay what they were."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError, StatementError

from badges.errors import ConfigurationError, UnavailableError
from badges.storage.engine import Database, insert_unless_there
from badges.storage.records import PersonRecord
from tests.instances import START, Bench

IMPATIENT: Final = "?timeout=0.05"


def person(email: str = "sam@example.org", created_at: datetime = START) -> PersonRecord:
    return PersonRecord(email=email, created_at=created_at)


def count_people(bench: Bench) -> int:
    with bench.service.database.read() as session:
        return session.scalar(select(func.count()).select_from(PersonRecord)) or 0


class TestTransactions:
    def test_write_commits_at_its_end(self, either_bench: Bench) -> None:
        with either_bench.service.database.write() as session:
            session.add(person())
        assert count_people(either_bench) == 1

    def test_write_rolls_back_as_a_whole_when_the_block_raises(self, either_bench: Bench) -> None:
        def fail_half_way() -> None:
            with either_bench.service.database.write() as session:
                session.add(person())
                session.flush()
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail_half_way()
        assert count_people(either_bench) == 0

    def test_read_never_writes(self, either_bench: Bench) -> None:
        def write() -> None:
            with either_bench.service.database.read() as session:
                session.add(person())
                session.flush()

        with pytest.raises((DBAPIError, UnavailableError), match=r"read-?only"):
            write()
        assert count_people(either_bench) == 0

    def test_connection_that_was_read_with_can_be_written_with(self, bench: Bench) -> None:
        for number in range(3):
            assert count_people(bench) == number
            with bench.service.database.write() as session:
                session.add(person(f"{number}@example.org"))

    def test_foreign_keys_hold(self, either_bench: Bench) -> None:
        with pytest.raises(IntegrityError), either_bench.service.database.write() as session:
            session.execute(text("UPDATE membership SET account_id = 4711"))

    def test_what_is_no_failure_of_the_database_is_not_hidden(self, either_bench: Bench) -> None:
        """A mistake of ours must be seen in the log as what it is."""
        with pytest.raises((ProgrammingError, UnavailableError)), either_bench.service.database.write() as session:
            session.execute(text("SELEC 1"))


class TestInsertUnlessThere:
    def test_inserts_what_is_not_there(self, either_bench: Bench) -> None:
        with either_bench.service.database.write() as session:
            assert insert_unless_there(session, person())
        assert count_people(either_bench) == 1

    def test_goes_on_when_somebody_else_was_faster(self, either_bench: Bench) -> None:
        with either_bench.service.database.write() as session:
            session.add(person("first@example.org"))
            assert insert_unless_there(session, person())
            assert not insert_unless_there(session, person())
            session.add(person("last@example.org"))
        assert count_people(either_bench) == 3


class TestMoments:
    def test_come_back_in_utc(self, either_bench: Bench) -> None:
        summer = datetime(2027, 7, 1, 12, 0, tzinfo=timezone(timedelta(hours=1)))
        with either_bench.service.database.write() as session:
            session.add(person(created_at=summer))
        with either_bench.service.database.read() as session:
            found = session.scalars(select(PersonRecord.created_at)).one()
        assert found == summer
        assert found.tzinfo is UTC

    def test_without_a_time_zone_are_refused(self, bench: Bench) -> None:
        with (
            pytest.raises(StatementError, match="without a time zone"),
            bench.service.database.write() as session,
        ):
            session.add(person(created_at=datetime(2027, 7, 1)))  # noqa: DTZ001


class TestPlainWords:
    def test_locked_database_says_so_and_changes_nothing(self, bench: Bench) -> None:
        impatient = Database(f"sqlite:///{bench.folders.database}{IMPATIENT}")
        holder = sqlite3.connect(bench.folders.database, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        with (
            pytest.raises(UnavailableError, match=r"locked.*Nothing was changed.*Try again"),
            impatient.write() as session,
        ):
            session.add(person())
        holder.close()
        assert count_people(bench) == 0
        impatient.close()

    def test_reading_does_not_wait_for_a_writer(self, bench: Bench) -> None:
        impatient = Database(f"sqlite:///{bench.folders.database}{IMPATIENT}")
        holder = sqlite3.connect(bench.folders.database, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        with impatient.read() as session:
            assert session.scalar(select(func.count()).select_from(PersonRecord)) == 0
        holder.close()
        impatient.close()

    def test_file_that_is_no_database_says_so(self, tmp_path: Path) -> None:
        path = tmp_path / "badges.sqlite"
        path.write_bytes(b"This is a letter, not a database. " * 100)
        with pytest.raises(UnavailableError, match="not a database"), Database(f"sqlite:///{path}").read():
            pass

    def test_full_disk_says_so_and_changes_nothing(self, bench: Bench) -> None:
        """A database may not grow beyond a number of pages: for SQLite this is a full disk."""

        def fill() -> None:
            with bench.service.database.write() as session:
                pages = session.scalar(text("PRAGMA page_count"))
                session.execute(text(f"PRAGMA max_page_count = {pages}"))
                session.add_all(person(f"{number}@example.org") for number in range(5000))

        with pytest.raises(UnavailableError, match="full"):
            fill()
        assert count_people(bench) == 0

    def test_server_that_is_not_there_says_so(self, tmp_path: Path) -> None:
        database = Database(f"postgresql+psycopg://nobody@/nothing?host={tmp_path}")
        with pytest.raises(UnavailableError, match="does not take this now"), database.read():
            pass


class TestUrls:
    @pytest.mark.parametrize("url", ["nonsense", "mysql://localhost/badges", "postgresql://localhost/badges", ""])
    def test_others_are_refused_with_what_would_do(self, url: str) -> None:
        with pytest.raises(ConfigurationError, match=r"BADGES_DATABASE_URL.*sqlite.*postgresql\+psycopg"):
            Database(url)

    def test_nothing_is_made_before_it_is_used(self, tmp_path: Path) -> None:
        Database(f"sqlite:///{tmp_path}/none/badges.sqlite").close()
        assert list(tmp_path.iterdir()) == []
