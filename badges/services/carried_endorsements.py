"""Which endorsements a badge carries inside when it is signed: those that stand at that moment."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from sqlalchemy.orm import Session

from badges.services.achievements import achievement_of
from badges.services.context import Installation
from badges.services.endorsement_values import list_standing
from badges.services.status_lists import renew_old_lists
from badges.standards.json_text import read_json
from badges.standards.ob3.endorsements import Endorsements
from badges.storage.records import AchievementVersionRecord, OrganisationRecord
from badges.verifying.checks.endorsements import MOST_ENDORSEMENTS
from badges.vocab.json import JsonObject


def hold_for_award(
    session: Session,
    installation: Installation,
    version: AchievementVersionRecord,
    *others: OrganisationRecord,
    award_id: UUID | None = None,
) -> None:
    """Hold the organisation of a class in which a badge is about to be signed, and others in the same question.

    The status lists of the endorsements that the badge will carry are signed again where the worker was away: what
    travels inside must hold when it is looked at. award_id: of a badge that is there already.
    """
    organisation, addresses = version.achievement.organisation, installation.addresses
    ids = [addresses.organisation_did(organisation.slug), achievement_of(version, addresses).id]
    if award_id is not None:
        ids.append(addresses.url("credential", award_id=award_id))
    standing = list_standing(session, *ids)
    numbers = {record.status_list_number for record in standing if record.status_list_number is not None}
    renew_old_lists(session, installation, numbers, organisation, *others)


def carried_endorsements(session: Session, credential: JsonObject) -> Endorsements:
    """Return the endorsements of an unsigned credential, of its achievement and of its issuer.

    The oldest come first, those of the credential itself before the others; no more than a verifier looks at.
    """
    ids = (credential["id"], credential["credentialSubject"]["achievement"]["id"], credential["issuer"]["id"])
    records = list_standing(session, *ids)
    carried = sorted(records, key=lambda record: ids.index(record.endorsed_id))[:MOST_ENDORSEMENTS]
    found: dict[str, list[JsonObject]] = defaultdict(list)
    for record in carried:
        found[record.endorsed_id].append(read_json(record.content))
    return Endorsements(*(tuple(found[endorsed_id]) for endorsed_id in ids))
