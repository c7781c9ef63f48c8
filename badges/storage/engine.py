"""The database: one engine, sessions that commit or roll back as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Dialect, Engine, Insert, Table, create_engine, event, make_url, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler

from badges.errors import ConfigurationError, UnavailableError
from badges.storage.audit_chain import ACTOR, write_lines
from badges.storage.records.base import Record
from badges.vocab.audit import SHELL, Actor

_LOCK_WAIT_SECONDS: Final = 10


class Database:
    """Opens sessions. `write` holds a transaction that commits at its end; `read` never writes."""

    def __init__(self, url: str, by: Actor = SHELL) -> None:
        """url: as SQLAlchemy writes it, sqlite:///… or postgresql+psycopg://…. by: who acts, where nobody else is said.

        On SQLite a writer waits 10 seconds for another; sqlite:///…?timeout=30 changes that.

        Raises ConfigurationError.
        """
        self.engine = _make_engine(_parsed(url))
        self._by = by

    def acting_as(self, by: Actor) -> Database:
        """Return the same database, where this one acts when nobody else is said."""
        other = copy(self)
        other._by = by
        return other

    @contextmanager
    def write(self, by: Actor | None = None) -> Iterator[Session]:
        """Yield a session; commit when the block ends, roll back when it raises. by: who acts, for the audit.

        Raises UnavailableError.
        """
        with _plain_problems(), Session(self.engine, expire_on_commit=False) as session, session.begin():
            session.info[ACTOR] = by or self._by
            yield session
            if session.in_transaction():  # else the block has rolled back by itself
                write_lines(session)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Yield a session that is rolled back at its end. On SQLite it does not wait for writers."""
        options = {"read_only": True, "postgresql_readonly": True}
        with (
            _plain_problems(),
            self.engine.connect().execution_options(**options) as connection,
            _query_only(connection),
            Session(connection, expire_on_commit=False, autoflush=False) as session,
        ):
            session.info["read_only"] = True
            yield session

    @contextmanager
    def reshape(self) -> Iterator[Connection]:
        """Yield a connection whose transaction may take tables down and put them up again, for migrations.

        SQLite changes a column by making its table anew, so references are checked at the end. As `write` otherwise.
        """
        with (
            _plain_problems(),
            self.engine.connect() as connection,
            _references_checked_late(connection),
            connection.begin(),
        ):
            yield connection
            if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise UnavailableError("Rows of this database point at others that are missing. Nothing was changed.")

    @property
    def sqlite_path(self) -> Path | None:
        """The file of a SQLite database; None for another or one in memory."""
        name = self.engine.url.database
        return Path(name) if self.engine.dialect.name == "sqlite" and name and name != ":memory:" else None

    def close(self) -> None:
        self.engine.dispose()


@contextmanager
def _query_only(connection: Connection) -> Iterator[None]:
    """Have SQLite refuse writes; PostgreSQL was told by the connection's options."""
    if connection.dialect.name != "sqlite":
        yield
        return
    connection.exec_driver_sql("PRAGMA query_only=ON")
    try:
        yield
    finally:
        connection.exec_driver_sql("PRAGMA query_only=OFF")


@contextmanager
def _references_checked_late(connection: Connection) -> Iterator[None]:
    """Have SQLite not look at references for a while. It can be told only outside a transaction."""
    if connection.dialect.name != "sqlite":
        yield
        return
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        cursor.execute("PRAGMA foreign_keys=ON")


def insert_unless_there(session: Session, record: Record) -> bool:
    """Insert a row; return False when there is one already, made a moment ago by somebody else at the same work.

    The transaction goes on either way. Not for rows that may be wrong in other respects.
    """
    try:
        with session.begin_nested():
            session.add(record)
            session.flush()
    except IntegrityError:
        return False
    return True


def insert_many(session: Session, record: type[Record], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert many rows at once, by the names of their columns. All that have no default there are given."""
    _insert(session, _table(record).insert(), rows)


def _insert(session: Session, statement: Insert, rows: Sequence[Mapping[str, Any]]) -> None:
    """Run an insert for many rows that give the same columns. Where the driver takes positions, the values are laid out
    for it column by column: that takes a third of the time that a dictionary for each row takes.
    """
    connection = session.connection()
    dialect = connection.dialect
    if not dialect.positional:
        session.execute(statement, rows)
        return
    compiled = statement.compile(dialect=dialect, column_keys=list(rows[0]))
    assert isinstance(compiled, SQLCompiler)
    names = compiled.positiontup or ()
    columns = [_for_driver(statement.table.c[name], [row[name] for row in rows], dialect) for name in names]
    connection.exec_driver_sql(str(compiled), list(zip(*columns, strict=True)))


def _for_driver(column: ColumnElement[Any], values: list[Any], dialect: Dialect) -> list[Any]:
    """Return the values of one column as the driver takes them."""
    process = column.type.dialect_impl(dialect).bind_processor(dialect)
    if process is None:
        return values
    first = values[0]
    if all(value is first for value in values):
        return [process(first)] * len(values)
    return [process(value) for value in values]


def _table(record: type[Record]) -> Table:
    table = record.__table__
    assert isinstance(table, Table)
    return table


def insert_where_new(
    session: Session, record: type[Record], rows: Sequence[Mapping[str, Any]], key: str | None = None
) -> set[Any] | None:
    """Insert many rows at once, but for those that are there already, made by somebody else at the same work.

    key: the column that tells which are there afterwards; without it nothing is told.
    Returns None where all were new for certain, as on SQLite inside a write transaction that has looked before.
    """
    table = _table(record)
    if not rows:
        return None
    if session.get_bind().dialect.name == "sqlite":
        _insert(session, sqlite_insert(table).on_conflict_do_nothing() if key is None else table.insert(), rows)
        return None
    session.execute(postgresql_insert(table).on_conflict_do_nothing(), rows)
    if key is None:
        return None
    column = table.c[key]
    return set(session.scalars(select(column).where(column.in_([row[key] for row in rows]))))


@contextmanager
def _plain_problems() -> Iterator[None]:
    """Turn the database's own failures into sentences: locked, full, gone."""
    try:
        yield
    except DBAPIError as problem:
        # SQLite's plain DatabaseError: the file is damaged, or is something else.
        is_state = isinstance(problem, OperationalError) or type(problem) is DatabaseError
        if is_state or problem.connection_invalidated:
            reason = str(problem.orig or problem).splitlines()[0]
            raise UnavailableError(
                "The database does not take this now (%(reason)s). Nothing was changed. "
                "Try again in a minute; if it stays, `badges check` says more.",
                reason=reason,
            ) from problem
        raise


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as problem:
        raise ConfigurationError(
            "BADGES_DATABASE_URL cannot be read. It looks like sqlite:///instance/badges.sqlite or "
            "postgresql+psycopg://user:password@host/name."
        ) from problem
    if parsed.drivername not in ("sqlite", "postgresql+psycopg"):
        raise ConfigurationError(
            'BADGES_DATABASE_URL names the driver "%(driver)s". Use sqlite or postgresql+psycopg.',
            driver=parsed.drivername,
        )
    return parsed


def _make_engine(url: URL) -> Engine:
    if url.drivername != "sqlite":
        try:
            return create_engine(url, pool_pre_ping=True)
        except ModuleNotFoundError as problem:
            raise ConfigurationError('For PostgreSQL install the extra: pip install "badges[postgresql]".') from problem
    if "timeout" not in url.query:
        url = url.update_query_dict({"timeout": str(_LOCK_WAIT_SECONDS)})
    engine = create_engine(url, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, below
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-32000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its lock at the start and waits for it; one that upgrades half-way would fail at once.
    read_only = connection.get_execution_options().get("read_only")
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
