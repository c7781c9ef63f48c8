"""The audit: a line for every change and every signature."""

from __future__ import annotations

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
