"""Where somebody is signed in: each browser is a row that can be listed and ended."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from badges.errors import NotFoundError
from badges.services.audit import leave_line
from badges.services.context import Installation
from badges.storage.records import AccountRecord, SessionRecord
from badges.vocab.audit import Action

LIFETIME: Final = timedelta(hours=12)
# How long it counts that somebody has shown who they are, for changing how they sign in.
PROOF_LIFETIME: Final = timedelta(minutes=20)
# The moment of the last use is for people to look at; it need not be exact.
_SEEN_EVERY: Final = timedelta(minutes=10)
_SYSTEMS: Final = (
    (r"iPhone|iPad", "iOS"),
    (r"Android", "Android"),
    (r"Windows", "Windows"),
    (r"Mac OS X|Macintosh", "macOS"),
    (r"CrOS", "ChromeOS"),
    (r"Linux", "Linux"),
)
_BROWSERS: Final = (
    (r"Edg", "Edge"),
    (r"OPR|Opera", "Opera"),
    (r"SamsungBrowser", "Samsung Internet"),
    (r"Firefox|FxiOS", "Firefox"),
    (r"Chrome|CriOS", "Chrome"),
    (r"Safari", "Safari"),
)


def begin_session(
    session: Session,
    installation: Installation,
    account: AccountRecord,
    *,
    how: str,
    has_second: bool,
    user_agent: str,
) -> str:
    """Begin a session and return its secret, which only the browser keeps. how: by what they signed in."""
    now = installation.clock()
    secret = installation.random.token(32)
    record = SessionRecord(
        id=installation.random.uuid(),
        account_id=account.id,
        secret_hash=_hash(secret),
        how=how,
        has_second=has_second,
        browser=browser_in_words(user_agent),
        begun_at=now,
        seen_at=now,
        proven_at=now,
        expires_at=now + LIFETIME,
    )
    session.add(record)
    account.has_signed_in = True
    session.flush()
    leave_line(session, installation, Action.SIGNED_IN, account.id, how=how, second=has_second, number=str(record.id))
    return secret


def find_session(session: Session, installation: Installation, secret: str) -> SessionRecord | None:
    """Return the session of this secret, or None when it has ended."""
    found = session.scalar(select(SessionRecord).where(SessionRecord.secret_hash == _hash(secret)))
    if found is None or found.expires_at <= installation.clock() or not found.account.is_active:
        return None
    return found


def is_due_to_be_seen(installation: Installation, found: SessionRecord) -> bool:
    """Return whether the moment of its last use should be written again."""
    return installation.clock() - found.seen_at >= _SEEN_EVERY


def note_seen(session: Session, installation: Installation, session_id: UUID) -> None:
    """Write when a session was used last."""
    found = session.get(SessionRecord, session_id)
    if found is not None:
        found.seen_at = installation.clock()


def is_proven(installation: Installation, found: SessionRecord) -> bool:
    """Return whether who is signed in has shown so lately enough to change how they sign in."""
    return installation.clock() - found.proven_at < PROOF_LIFETIME


def list_sessions(session: Session, installation: Installation, account: AccountRecord) -> Sequence[SessionRecord]:
    """Return the sessions of an account, the newest first."""
    query = select(SessionRecord).where(
        SessionRecord.account_id == account.id, SessionRecord.expires_at > installation.clock()
    )
    return session.scalars(query.order_by(SessionRecord.begun_at.desc(), SessionRecord.id).limit(100)).all()


def end_session(session: Session, installation: Installation, account: AccountRecord, session_id: UUID) -> None:
    """End one session of an account. Raises NotFoundError."""
    found = session.get(SessionRecord, session_id)
    if found is None or found.account_id != account.id:
        raise NotFoundError("This session has ended already.")
    session.delete(found)
    leave_line(session, installation, Action.SESSION_ENDED, account.id, number=str(session_id))


def end_sessions(
    session: Session, installation: Installation, account: AccountRecord, *, but: UUID | None = None
) -> None:
    """End the account's sessions in every browser. but: all others than this one."""
    ended = delete(SessionRecord).where(SessionRecord.account_id == account.id)
    session.execute(ended.where(SessionRecord.id != but) if but else ended)
    leave_line(session, installation, Action.SIGNED_OUT, account.id, but=str(but) if but else None)


def delete_old_sessions(session: Session, installation: Installation) -> None:
    """Delete the rows of sessions that have run out."""
    session.execute(delete(SessionRecord).where(SessionRecord.expires_at <= installation.clock()))


def browser_in_words(user_agent: str) -> str:
    """Return what a browser calls itself, as a person would say it: "Firefox on Windows"."""
    browser = next((name for pattern, name in _BROWSERS if re.search(pattern, user_agent)), "A browser")
    system = next((name for pattern, name in _SYSTEMS if re.search(pattern, user_agent)), "")
    return f"{browser} on {system}" if system else browser


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
