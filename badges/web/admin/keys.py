"""The keys that an organisation signs with: seen, and replaced by new ones. Declaring one stolen stays in the shell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from flask import make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from badges.errors import ConflictError
from badges.services.key_changes import rotate_keys
from badges.services.signing_keys import list_owned_keys, lock_keys, place_of
from badges.standards.signer import KeyAlgorithm
from badges.storage.records import KeyState, OrganisationRecord, SigningKeyRecord
from badges.vocab.people import Permission
from badges.web.admin.scope import organisation_in_scope
from badges.web.current import installation, service, write
from badges.web.forms import read_form
from badges.web.templating import notice
from badges.wording import Wording, say

_USES: Final[dict[str, Wording]] = {
    KeyAlgorithm.EDDSA: say("Badges, and lists of what was withdrawn"),
    KeyAlgorithm.RS256: say("Badges as tokens, and badges of version 2.0"),
    KeyAlgorithm.ES256: say("Badges as short tokens"),
}
_STATES: Final[dict[str, Wording]] = {
    KeyState.ACTIVE: say("Signs"),
    KeyState.RETIRED: say("Signs no more; its badges stay valid"),
    KeyState.COMPROMISED: say("Stolen; only badges that you awarded count"),
}
_PLACES: Final[dict[str, Wording]] = {"file": say("On this service"), "aws-kms": say("AWS KMS")}
_ORDER: Final = (KeyState.ACTIVE, KeyState.COMPROMISED, KeyState.RETIRED)


def keys(organisation: str) -> str:
    """GET /admin/organisations/<slug>/keys: the keys, those that sign first."""
    with service().database.read() as session:
        found = organisation_in_scope(session, organisation, Permission.MANAGE_ORGANISATION)
        owned = sorted(list_owned_keys(session, found), key=_place_in_list)
    return render_template(
        "admin/keys.html", organisation=found.name, slug=organisation, keys=[_row(key) for key in owned]
    )


def rotate(organisation: str) -> Response:
    """GET /admin/organisations/<slug>/keys/rotate: what would happen. POST: makes new keys."""
    if request.method != "POST":
        with service().database.read() as session:
            found = organisation_in_scope(session, organisation, Permission.MANAGE_ORGANISATION)
            signing = _signing(session, found)
        return make_response(
            render_template(
                "admin/rotate_keys.html", organisation=found.name, slug=organisation, seen=_numbers(signing)
            )
        )
    seen = read_form(("seen",), 500)["seen"]
    with write() as session:
        found = organisation_in_scope(session, organisation, Permission.MANAGE_ORGANISATION)
        lock_keys(session, found)
        if seen != _numbers(_signing(session, found)):
            raise ConflictError("The keys are others than when you opened the page. Look at them again.")
        done = rotate_keys(session, installation(), found)
    if done.fresh:
        notice(say("New keys sign from now on. Badges that were awarded before stay valid."))
    for key, reason in done.left:
        notice(say("The key %(key)s signs on. %(reason)s", key=key.id, reason=reason))
    return redirect(url_for("admin.keys", organisation=organisation), 303)


def _place_in_list(key: SigningKeyRecord) -> tuple[int, int]:
    """Return what to sort by: those that sign first, and each kind by how much it is used."""
    return _ORDER.index(KeyState(key.state)), list(_USES).index(KeyAlgorithm(key.algorithm))


def _signing(session: Session, owner: OrganisationRecord) -> list[SigningKeyRecord]:
    return [key for key in list_owned_keys(session, owner) if key.state == KeyState.ACTIVE]


def _numbers(keys: Sequence[SigningKeyRecord]) -> str:
    """Return which keys sign, as one text: a form that is sent twice finds others the second time."""
    return " ".join(sorted(key.id for key in keys))


def _row(key: SigningKeyRecord) -> dict[str, Any]:
    place = place_of(key)
    return {
        "id": key.id,
        "use": _USES.get(key.algorithm, say("Other")),
        "algorithm": key.algorithm,
        "state": _STATES[KeyState(key.state)],
        "is_active": key.state == KeyState.ACTIVE,
        "since": key.compromised_since or key.retired_at or key.created_at,
        "place": _PLACES.get(place, say("Elsewhere")),
        "url": installation().addresses.path("key", key_id=key.id),
    }
