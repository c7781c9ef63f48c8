"""Making the complete value of one award out of what was decided."""

from __future__ import annotations

import calendar
from datetime import datetime
from uuid import UUID

from badges.addresses import Addresses
from badges.ids import RandomSource
from badges.standards.identity import hash_identity, normalise_email
from badges.vocab.achievement import Achievement
from badges.vocab.award import Award, Evidence, HashedEmail, Recipient
from badges.vocab.profile import Profile
from badges.vocab.result import Result
from badges.vocab.status import StatusPosition

_SALT_BYTES = 16


def prepare_recipient(email: str | None, random: RandomSource) -> Recipient:
    """Return a recipient with a fresh subject id and, when there is an address, its salted hash.

    Raises InvalidInputError when the address is none.
    """
    subject_id = random.uuid().urn
    if email is None:
        return Recipient(subject_id)
    salt = random.token(_SALT_BYTES)
    return Recipient(subject_id, HashedEmail(hash_identity(normalise_email(email), salt), salt))


def prepare_award(
    award_id: UUID,
    *,
    issuer: Profile,
    achievement: Achievement,
    recipient: Recipient,
    valid_from: datetime,
    status: StatusPosition,
    addresses: Addresses,
    awarded_at: datetime | None = None,
    valid_until: datetime | None = None,
    evidence: tuple[Evidence, ...] = (),
    results: tuple[Result, ...] = (),
    source: Profile | None = None,
    ob2_signed_id: UUID | None = None,
) -> Award:
    """Return the award with all its addresses.

    awarded_at, ob2_signed_id: for a newer version; else the moment and the id are those of the award.
    """
    return Award(
        id=str(award_id),
        credential_url=addresses.url("credential", award_id=award_id),
        refresh_url=addresses.url("credential_refresh", award_id=award_id),
        image_url=achievement.image.url,
        ob2_assertion_url=addresses.url("ob2_assertion", award_id=award_id),
        ob2_signed_id=(ob2_signed_id or award_id).urn,
        issuer=issuer,
        achievement=achievement,
        recipient=recipient,
        awarded_at=awarded_at or valid_from,
        valid_from=valid_from,
        valid_until=valid_until,
        status=status,
        evidence=evidence,
        results=results,
        source=source,
    )


def months_after(moment: datetime, months: int | None) -> datetime | None:
    """Return the same day and time so many months later, or the month's last day where that day is missing."""
    if months is None:
        return None
    years, month_index = divmod(moment.month - 1 + months, 12)
    year, month = moment.year + years, month_index + 1
    day = min(moment.day, calendar.monthrange(year, month)[1])
    return moment.replace(year=year, month=month, day=day)
