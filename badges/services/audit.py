"""The audit: a line for every change and every signature."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy.orm import Session

from badges.services.context import Installation
from badges.storage.audit_chain import Line, gather_line
from badges.storage.records import OrganisationRecord
from badges.vocab.audit import Action
from badges.vocab.json import JsonValue


def leave_line(
    session: Session,
    installation: Installation,
    action: Action,
    subject: object,
    *,
    organisation: OrganisationRecord | int | None = None,
    **details: JsonValue,
) -> None:
    """Have the audit say that this was done; who did it is known from the transaction.

    subject: the id of what it was done to. organisation: whose matter it is. details: ids, codes and numbers, never a
    name or an address.
    """
    organisation_id = organisation.id if isinstance(organisation, OrganisationRecord) else organisation
    at = installation.clock().replace(microsecond=0)
    gather_line(session, Line(at, action, str(subject), organisation_id, details))


def leave_chunk_line(
    session: Session,
    installation: Installation,
    action: Action,
    subject: object,
    numbers: Sequence[object],
    *,
    organisation: OrganisationRecord | int | None = None,
) -> None:
    """Have the audit say that this was done to many things at once, in one line.

    subject: the number of the batch. numbers: of the things, in the order in which they are kept; `numbers_hash` of the
    same ones gives the hash in the line again.
    """
    leave_line(
        session,
        installation,
        action,
        subject,
        organisation=organisation,
        count=len(numbers),
        hash=numbers_hash(numbers),
    )


def numbers_hash(numbers: Sequence[object]) -> str:
    """Return the hash over the numbers of a chunk: SHA-256, hex, each on a line of its own."""
    return hashlib.sha256("".join(f"{number}\n" for number in numbers).encode()).hexdigest()
