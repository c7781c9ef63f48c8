"""Writes the audit's lines, each bound to the one before by its hash.

Lines are gathered while a transaction goes on and written as its last step: whoever holds the end of the chain holds
it for a moment only, and nobody waits for another while holding it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.standards.jcs import canonical_json
from badges.standards.moments import write_moment
from badges.storage.records.audit import AuditHeadRecord, AuditLineRecord
from badges.vocab.audit import Actor
from badges.vocab.json import JsonObject

ACTOR: Final = "actor"
FIRST_HASH: Final = "0" * 64
_GATHERED: Final = "audit"
_HEAD: Final = 1


@dataclass(frozen=True, slots=True)
class Line:
    """A line before it has its place. details: ids, codes and numbers only."""

    at: datetime
    action: str
    subject: str
    organisation_id: int | None
    details: JsonObject


def gather_line(session: Session, line: Line) -> None:
    """Have a line written when this transaction commits."""
    session.info.setdefault(_GATHERED, []).append(line)


def write_lines(session: Session) -> None:
    """Write what was gathered, as the last step before the commit."""
    lines: list[Line] = session.info.pop(_GATHERED, [])
    if not lines:
        return
    actor: Actor = session.info[ACTOR]
    session.flush()
    head = session.scalars(select(AuditHeadRecord).where(AuditHeadRecord.id == _HEAD).with_for_update()).one()
    for line in lines:
        record = AuditLineRecord(
            number=head.number + 1,
            at=line.at,
            actor=actor.kind,
            account_id=actor.account_id,
            session_id=actor.session_id,
            action=line.action,
            subject=line.subject,
            organisation_id=line.organisation_id,
            details=line.details,
        )
        record.hash = line_hash(head.hash, record)
        session.add(record)
        head.number, head.hash = record.number, record.hash
    session.flush()


def line_hash(previous: str, line: AuditLineRecord) -> str:
    """Return the hash of a line: SHA-256, hex, over its canonical JSON (RFC 8785) with the hash of the line before."""
    content = {
        "previous": previous,
        "number": line.number,
        "at": write_moment(line.at),
        "actor": line.actor,
        "account": line.account_id,
        "session": line.session_id,
        "action": line.action,
        "subject": line.subject,
        "organisation": line.organisation_id,
        "details": line.details,
    }
    return hashlib.sha256(canonical_json(content)).hexdigest()
