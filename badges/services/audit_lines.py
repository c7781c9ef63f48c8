"""Lines of the audit, for people: which ones somebody may see, and names for the ids in them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.services.accounts import find_account
from badges.storage.queries.audit import AuditFilter
from badges.storage.records import AccountRecord, AuditLineRecord, MembershipRecord, OrganisationRecord
from badges.vocab.audit import ACTION_WORDING, ACTOR_WORDING, Action, ActorKind
from badges.vocab.json import JsonValue
from badges.wording import Wording, say

_NOBODY = -1


def visible_lines(
    session: Session,
    organisation_ids: Collection[int],
    *,
    who: str = "",
    action: str = "",
    subject: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> AuditFilter:
    """Return the lines of these organisations, and those of the accounts that have a role in them.

    who: the address of an account; one that nobody has finds nothing.
    """
    members = session.scalars(
        select(MembershipRecord.account_id).where(MembershipRecord.organisation_id.in_(organisation_ids)).distinct()
    ).all()
    account = find_account(session, who) if who else None
    return AuditFilter(
        organisation_ids=organisation_ids,
        account_ids=members,
        account_id=(account.id if account else _NOBODY) if who else None,
        action=action,
        subject=subject,
        since=since,
        until=until,
    )


def lines_in_words(session: Session, lines: Sequence[AuditLineRecord]) -> list[dict[str, Any]]:
    """Return the lines with names for their ids, looked up now: the lines themselves hold none."""
    accounts = addresses_of_accounts(session, [line.account_id for line in lines if line.account_id is not None])
    organisation_ids = {line.organisation_id for line in lines if line.organisation_id is not None}
    names = dict(
        session.execute(
            select(OrganisationRecord.id, OrganisationRecord.name).where(OrganisationRecord.id.in_(organisation_ids))
        ).all()
    )
    return [
        {
            "number": line.number,
            "at": line.at,
            "who": _who(line, accounts),
            "what": _what(line.action),
            "subject": line.subject,
            "action": line.action,
            "organisation": names.get(line.organisation_id or 0, ""),
            "details": ", ".join(
                f"{name}: {_plain(value)}" for name, value in line.details.items() if value is not None
            ),
            "session": line.session_id or "",
            "hash": line.hash,
        }
        for line in lines
    ]


def addresses_of_accounts(session: Session, account_ids: Collection[int]) -> dict[int, str]:
    """Return the addresses of those of these accounts that are still there."""
    query = select(AccountRecord.id, AccountRecord.email).where(AccountRecord.id.in_(set(account_ids)))
    return dict(session.execute(query).all())


def _who(line: AuditLineRecord, accounts: dict[int, str]) -> Wording | str:
    if line.account_id is None:
        return ACTOR_WORDING[ActorKind(line.actor)]
    return accounts.get(line.account_id) or say("Account %(number)s, erased", number=line.account_id)


def _what(action: str) -> Wording | str:
    try:
        return ACTION_WORDING[Action(action)]
    except ValueError:  # written by a newer version of the service
        return action


def _plain(value: JsonValue) -> str:
    """Return a detail as people read it."""
    return " ".join(str(each) for each in value) if isinstance(value, list) else str(value)
