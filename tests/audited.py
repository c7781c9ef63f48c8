"""Watches every test: whoever changes something through the web, by a link or as the worker leaves a line of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from badges.storage.audit_chain import ACTOR
from badges.vocab.audit import ActorKind

# What needs no line, and why.
EXEMPT: Final = {
    "api_request": "what it began has its lines; it only keeps the answer for a day",
    "batch_chunk": "who works on what; what was awarded has its line",
    "audit_head": "part of the audit itself",
    "fact": "the base URL, fixed by the first award, which has its line",
    "outbox_mail": "the outbox is itself a record of what became of each mail",
    "person": "made with an award, which has its line",
    "sign_in_link": "its making and its use have lines of the account; wrong tries are only counted",
}
# Columns that are kept for ourselves and decide nothing.
EXEMPT_COLUMNS: Final = {
    # The session that begins a moment later has its line.
    "api_key": {"used_at"},
    # How far the work is that was begun, which has its line; what comes of it has one for each chunk.
    "batch": {"state", "moment", "problem"},
    "status_list": {"used"},
    "account": {"failures", "failures_since", "has_signed_in"},
    "endorsement_request": {"failures"},
    "invitation": {"failures"},
    "session": {"seen_at"},
    # The 2.0 form that is not signed, kept at its first request; the signed ones leave lines.
    "credential_text": {"award_id", "form", "content", "signing_key_id", "created_at"},
}
_SEEN: Final = "changed in this test"


@contextmanager
def watched() -> Iterator[list[str]]:
    """Yield a list that fills with what was changed without a line."""
    found: list[str] = []

    def note(session: Session, _context: Any, _instances: Any = None) -> None:
        actor = session.info.get(ACTOR)
        if actor is None or actor.kind is ActorKind.SHELL:
            return  # tests prepare their rows this way
        seen = session.info.setdefault(_SEEN, set())
        for record in [*session.new, *session.deleted]:
            seen.add((record.__tablename__, frozenset(inspect(record).attrs.keys())))
        for record in session.dirty:
            state = inspect(record)
            columns = state.mapper.column_attrs.keys()
            changed = frozenset(name for name in columns if state.attrs[name].history.has_changes())
            if changed:
                seen.add((record.__tablename__, changed))

    def look(session: Session) -> None:
        if session.in_nested_transaction():
            return
        seen: set[tuple[str, frozenset[str]]] = session.info.pop(_SEEN, set())
        if any(table == "audit_line" for table, _ in seen):
            return
        for table, columns in seen:
            if table not in EXEMPT and not columns <= EXEMPT_COLUMNS.get(table, set()):
                found.append(f"{table}: {', '.join(sorted(columns))}")

    event.listen(Session, "after_flush", note)
    event.listen(Session, "after_commit", look)
    try:
        yield found
    finally:
        event.remove(Session, "after_flush", note)
        event.remove(Session, "after_commit", look)
