"""Which endorsements a badge carries inside when it is signed: those that stand at that moment."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy.orm import Session

from badges.services.context import Installation
from badges.services.endorsement_values import list_standing
from badges.services.status_lists import renew_old_lists
from badges.standards.json_text import read_json
from badges.standards.ob3.endorsements import Endorsements
from badges.verifying.checks.endorsements import MOST_ENDORSEMENTS
from badges.vocab.json import JsonObject


def carried_endorsements(session: Session, installation: Installation, credential: JsonObject) -> Endorsements:
    """Return the endorsements of an unsigned credential, of its achievement and of its issuer.

    The oldest come first, those of the credential itself before the others; no more than a verifier looks at. Their
    status lists are signed again where the worker was away: what travels inside must hold when it is looked at.
    """
    ids = (credential["id"], credential["credentialSubject"]["achievement"]["id"], credential["issuer"]["id"])
    records = list_standing(session, *ids)
    carried = sorted(records, key=lambda record: ids.index(record.endorsed_id))[:MOST_ENDORSEMENTS]
    renew_old_lists(session, installation, {record.status_list_number for record in carried})
    found: dict[str, list[JsonObject]] = defaultdict(list)
    for record in carried:
        found[record.endorsed_id].append(read_json(record.content))
    return Endorsements(*(tuple(found[endorsed_id]) for endorsed_id in ids))
