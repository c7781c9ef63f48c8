"""After the award: a name or an address put right, a badge renewed. Its number and its address stay."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from badges.errors import ConflictError
from badges.issuing.prepare import months_after
from badges.services.audit import leave_line
from badges.services.award_values import lock_award
from badges.services.context import Installation
from badges.services.names import checked_name
from badges.services.persons import renew_words
from badges.services.superseding import supersede_award
from badges.storage.records import AwardRecord
from badges.vocab.audit import Action
from badges.vocab.status import SupersessionReason

# From when on a badge can be renewed: twice the time of the first reminder.
RENEWABLE_FOR: Final = timedelta(days=60)


def correct_name(session: Session, installation: Installation, award: AwardRecord, name: str) -> bool:
    """Put the name of the person right: it is outside the signed bytes. Returns whether it was another.

    Raises InvalidInputError naming the field "name".
    """
    cleaned = checked_name(name)
    lock_award(session, award)
    if cleaned == award.name:
        return False
    award.name = cleaned
    if award.person is not None:
        renew_words(session, award.person)
    leave_line(session, installation, Action.AWARD_NAME_CORRECTED, award.id, organisation=award.organisation_id)
    return True


def is_renewable(installation: Installation, award: AwardRecord) -> bool:
    """Return whether a badge can be renewed now: it ends, its end is near or was, and it was not withdrawn."""
    return (
        award.revoked_at is None
        and award.valid_until is not None
        and award.achievement_version.validity_months is not None
        and award.valid_until - installation.clock() <= RENEWABLE_FOR
    )


def renew_award(session: Session, installation: Installation, award: AwardRecord) -> None:
    """Sign a newer version that counts for as long again: from its end, or from now where that has come.

    Raises ConflictError when it cannot be renewed now, also for the second of two at once.
    """
    lock_award(session, award)
    if not is_renewable(installation, award) or award.valid_until is None:
        raise ConflictError(
            "This badge cannot be renewed now. It can be in the last %(days)s days before its end, and after it.",
            days=RENEWABLE_FOR.days,
        )
    begin = max(award.valid_until, installation.clock().replace(microsecond=0))
    end = months_after(begin, award.achievement_version.validity_months)
    supersede_award(session, installation, award, SupersessionReason.RENEWAL, valid_until=end)
