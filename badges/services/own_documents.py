"""Every machine-readable document that this service publishes, by the name of its address in `addresses.PATHS`.

The web layer serves them, and the verifier reads our own badges' documents here instead of over the network.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, TypeAlias
from urllib.parse import unquote, urlsplit

from sqlalchemy.orm import Session

from badges.errors import NotFoundError
from badges.network.sources import HomeFirstFetcher, OfflineFetcher
from badges.rendering.badge_picture import draw_pictures
from badges.rendering.mark import campaign_mark_png
from badges.services.achievements import achievement_of, find_version
from badges.services.award_values import find_award
from badges.services.context import Installation
from badges.services.credentials import baked_png, baked_svg, credential_text
from badges.services.endorsement_values import endorsement_of, external_document, find_endorsement, standing_ob2_urls
from badges.services.ledger import ledger_part
from badges.services.ob2_revocations import revocation_list
from badges.services.organisations import find_organisation, list_organisations, profile_of
from badges.services.packs import find_pack, find_pack_version, pack_of
from badges.services.published_keys import ob2_key_document, owner_document, published_jwk
from badges.services.registry import registry_text
from badges.services.signing_keys import find_key, list_keys, list_owned_keys
from badges.services.status_lists import TIME_TO_LIVE, find_list
from badges.standards.fetching import FetchedDocument, Fetcher, FetchError, FetchProblem
from badges.standards.json_text import write_json
from badges.standards.ob2.documents import badge_class_document, issuer_document, revoked_assertion_document
from badges.standards.ob2.endorsements import hosted_endorsement_document, withdrawn_endorsement_document
from badges.standards.ob3.documents import achievement_document, profile_document
from badges.standards.signer import KeyAlgorithm
from badges.storage.records import AchievementVersionRecord, AwardRecord, CredentialForm
from badges.vocab.endorsement import WITHDRAWAL_WORDING, WithdrawalReason
from badges.vocab.json import JsonObject, JsonValue
from badges.vocab.status import REVOCATION_WORDING, RevocationReason

JSON_LD: Final = "application/ld+json"
TEXT: Final = "text/plain"
PNG: Final = "image/png"
SVG: Final = "image/svg+xml"
_SOON: Final = timedelta(minutes=5)
_LONG: Final = timedelta(days=1)

Values: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OwnDocument:
    """One published document. max_age: how long others may keep it."""

    body: bytes
    media_type: str = JSON_LD
    status_code: int = 200
    max_age: timedelta = _SOON


Maker: TypeAlias = Callable[[Session, Installation, Values], OwnDocument]


def own_document(session: Session, installation: Installation, name: str, values: Values) -> OwnDocument:
    """Return the document at the address of this name. Raises NotFoundError when nothing is there."""
    make = _DOCUMENTS.get(name)
    if make is None:
        raise NotFoundError("There is no document at this address.")
    return make(session, installation, values)


def own_fetcher(session: Session, installation: Installation, then: Fetcher | None = None) -> Fetcher:
    """Return a fetcher that finds this service's own documents in the session; others by `then`, or not at all."""

    def home(path: str, _accept: str) -> FetchedDocument | None:
        return home_answer(session, installation, path)

    return HomeFirstFetcher(installation.addresses, home, _KeptDocuments(session, then or OfflineFetcher()))


class _KeptDocuments:
    """Answers for endorsers elsewhere with their DID documents as they were when an endorsement was checked."""

    def __init__(self, session: Session, then: Fetcher) -> None:
        self._session = session
        self._then = then

    def fetch(self, url: str, accept: str) -> FetchedDocument:
        """Raises FetchError as the fetcher behind it, for what is not kept."""
        try:
            return self._then.fetch(url, accept)
        except FetchError as problem:
            kept = external_document(self._session, url) if problem.problem is FetchProblem.OFFLINE else None
            if kept is None:
                raise
            return FetchedDocument(url, 200, "application/did+json", kept.encode())


def home_answer(session: Session, installation: Installation, path: str) -> FetchedDocument | None:
    """Return what our own address answers, as if it had been fetched; None when nothing is there."""
    found = installation.addresses.match(unquote(urlsplit(path).path))
    if found is None:
        return None
    try:
        document = own_document(session, installation, *found)
    except NotFoundError:
        return None
    url = installation.addresses.base_url + path
    return FetchedDocument(url, document.status_code, document.media_type, document.body)


def _json(
    value: JsonValue, media_type: str = JSON_LD, max_age: timedelta = _SOON, status_code: int = 200
) -> OwnDocument:
    return OwnDocument(write_json(value).encode(), media_type, status_code, max_age)


def _kept_text(form: CredentialForm, media_type: str = TEXT) -> Maker:
    """Return the maker of a form of a badge that is served exactly as it was signed."""

    def make(session: Session, installation: Installation, values: Values) -> OwnDocument:
        text = credential_text(session, installation, _award(session, values), form)
        return OwnDocument(text.encode(), media_type)

    return make


def _credential_png(session: Session, installation: Installation, values: Values) -> OwnDocument:
    return OwnDocument(baked_png(session, installation, _award(session, values)), PNG)


def _credential_svg(session: Session, installation: Installation, values: Values) -> OwnDocument:
    return OwnDocument(baked_svg(session, installation, _award(session, values)).encode(), SVG)


def _ob2_assertion(session: Session, installation: Installation, values: Values) -> OwnDocument:
    """A withdrawn one is gone. Source: OB 2.0, "HostedBadge Verification"."""
    award = _award(session, values)
    if award.revocation_reason is not None:
        url = installation.addresses.url("ob2_assertion", award_id=award.id)
        reason = str(REVOCATION_WORDING[RevocationReason(award.revocation_reason)])
        return _json(revoked_assertion_document(url, reason), status_code=410)
    return OwnDocument(credential_text(session, installation, award, CredentialForm.OB2_HOSTED).encode())


def _award(session: Session, values: Values) -> AwardRecord:
    return find_award(session, uuid.UUID(str(values["award_id"])))


def _version(session: Session, values: Values) -> AchievementVersionRecord:
    return find_version(session, values["organisation"], values["achievement"], int(values["version"]))


def _achievement(session: Session, installation: Installation, values: Values) -> OwnDocument:
    version = _version(session, values)
    return _json(achievement_document(achievement_of(version, installation.addresses)), max_age=_LONG)


def _achievement_newest(session: Session, installation: Installation, values: Values) -> OwnDocument:
    """For the verifier only: people paste the address of this page, and it is asked for here and not over the web."""
    version = find_version(session, values["organisation"], values["achievement"])
    return _json(achievement_document(achievement_of(version, installation.addresses)))


def _achievement_png(session: Session, _installation: Installation, values: Values) -> OwnDocument:
    version = _version(session, values)
    return OwnDocument(version.image_png, PNG, max_age=_LONG)


def _achievement_svg(session: Session, _installation: Installation, values: Values) -> OwnDocument:
    version = _version(session, values)
    return OwnDocument(version.image_svg.encode(), SVG, max_age=_LONG)


def _pack_json(session: Session, _installation: Installation, values: Values) -> OwnDocument:
    """A pack exactly as it was signed, the newest version or a named one."""
    number = values.get("version")
    version = find_pack_version(session, find_pack(session, values["pack"]), int(number) if number else None)
    return OwnDocument(version.content.encode(), "application/json", max_age=_LONG if number else _SOON)


def _pack_picture(session: Session, _installation: Installation, values: Values) -> OwnDocument:
    version = find_pack_version(session, find_pack(session, values["pack"]), int(values["version"]))
    svg, _ = draw_pictures(pack_of(version).find_class(values["achievement"]).art)
    return OwnDocument(svg.encode(), SVG, max_age=_LONG)


def _organisation(session: Session, installation: Installation, values: Values) -> OwnDocument:
    organisation = find_organisation(session, values["organisation"])
    return _json(profile_document(profile_of(organisation, installation.addresses)))


def _organisation_did(session: Session, installation: Installation, values: Values) -> OwnDocument:
    organisation = find_organisation(session, values["organisation"])
    return _json(owner_document(session, installation.addresses, organisation), "application/did+json")


def _service_did(session: Session, installation: Installation, _values: Values) -> OwnDocument:
    """The service's own keys, and the organisations that it hosts."""
    addresses = installation.addresses
    hosted: list[JsonObject] = [
        {
            "id": f"{addresses.service_did}#{organisation.slug}",
            "type": "LinkedDomains",
            "serviceEndpoint": addresses.url("organisation", organisation=organisation.slug),
        }
        for organisation in list_organisations(session)
    ]
    return _json(owner_document(session, addresses, None, services=hosted), "application/did+json")


def _registry(session: Session, _installation: Installation, _values: Values) -> OwnDocument:
    return OwnDocument(registry_text(session).encode(), "application/json")


def _jwks(session: Session, installation: Installation, _values: Values) -> OwnDocument:
    """Source: OB 3.0, "JWK Set endpoint"."""
    keys = [published_jwk(key, installation.addresses) for key in list_keys(session)]
    return _json({"keys": keys}, "application/jwk-set+json")


def _key(session: Session, installation: Installation, values: Values) -> OwnDocument:
    """One bare JWK: verifiers follow a JWT's `kid` to it. Source: OB 3.0, "Create the JOSE Header"."""
    return _json(
        published_jwk(find_key(session, values["key_id"]), installation.addresses),
        "application/jwk+json",
    )


def _organisation_logo(session: Session, _installation: Installation, values: Values) -> OwnDocument:
    """The logo as it is now. Its address is inside badges, so without one there is the campaign's mark."""
    logo = find_organisation(session, values["organisation"]).logo_png
    return OwnDocument(logo or campaign_mark_png(), PNG)


def _key_ledger(session: Session, installation: Installation, values: Values) -> OwnDocument:
    part = ledger_part(session, installation.addresses, values["key_id"], values["prefix"])
    return _json(part, "application/json")


def _status_list(session: Session, _installation: Installation, values: Values) -> OwnDocument:
    text = find_list(session, int(values["number"])).signed_text
    return OwnDocument(text.encode(), "application/vc", max_age=TIME_TO_LIVE)


def _ob2_badge_class(session: Session, installation: Installation, values: Values) -> OwnDocument:
    version = _version(session, values)
    achievement = achievement_of(version, installation.addresses)
    issuer = profile_of(version.achievement.organisation, installation.addresses)
    endorsements = standing_ob2_urls(session, installation, achievement.id)
    return _json(badge_class_document(achievement, issuer, endorsements))


def _ob2_issuer(session: Session, installation: Installation, values: Values) -> OwnDocument:
    organisation = find_organisation(session, values["organisation"])
    addresses = installation.addresses
    rsa_keys = [key for key in list_owned_keys(session, organisation) if key.algorithm == KeyAlgorithm.RS256]
    profile = profile_of(organisation, addresses)
    return _json(
        issuer_document(
            profile,
            [addresses.url("ob2_key", key_id=key.id) for key in reversed(rsa_keys)],
            addresses.url("ob2_revocations", organisation=organisation.slug),
            standing_ob2_urls(session, installation, profile.did),
        )
    )


def _endorsement(session: Session, _installation: Installation, values: Values) -> OwnDocument:
    return OwnDocument(find_endorsement(session, uuid.UUID(values["endorsement_id"])).content.encode())


def _ob2_endorsement(session: Session, installation: Installation, values: Values) -> OwnDocument:
    """A withdrawn one is gone. Source: OB 2.0, "HostedBadge Verification"."""
    record = find_endorsement(session, uuid.UUID(values["endorsement_id"]))
    endorsement = endorsement_of(record, installation)
    if record.revocation_reason is not None:
        reason = str(WITHDRAWAL_WORDING[WithdrawalReason(record.revocation_reason)])
        return _json(withdrawn_endorsement_document(endorsement.ob2_url, reason), status_code=410)
    return _json(hosted_endorsement_document(endorsement))


def _ob2_key(session: Session, installation: Installation, values: Values) -> OwnDocument:
    key = find_key(session, values["key_id"])
    return _json(ob2_key_document(key, installation.addresses))


def _ob2_revocations(session: Session, installation: Installation, values: Values) -> OwnDocument:
    organisation = find_organisation(session, values["organisation"])
    return _json(revocation_list(session, installation, organisation))


_CREDENTIAL: Final = _kept_text(CredentialForm.OB3, JSON_LD)
_DOCUMENTS: Final[dict[str, Maker]] = {
    "credential": _CREDENTIAL,
    "credential_json": _CREDENTIAL,
    "credential_refresh": _CREDENTIAL,
    "credential_jwt": _kept_text(CredentialForm.OB3_JWT),
    "credential_jwt_es256": _kept_text(CredentialForm.OB3_JWT_ES256),
    "credential_png": _credential_png,
    "credential_svg": _credential_svg,
    "ob2_assertion": _ob2_assertion,
    "ob2_assertion_jws": _kept_text(CredentialForm.OB2_JWS),
    "achievement": _achievement,
    "achievement_newest": _achievement_newest,
    "pack_json": _pack_json,
    "pack_version_json": _pack_json,
    "pack_picture": _pack_picture,
    "achievement_png": _achievement_png,
    "achievement_svg": _achievement_svg,
    "achievement_json": _achievement,
    "organisation": _organisation,
    "organisation_json": _organisation,
    "organisation_did": _organisation_did,
    "organisation_logo": _organisation_logo,
    "registry": _registry,
    "service_did": _service_did,
    "jwks": _jwks,
    "endorsement": _endorsement,
    "endorsement_json": _endorsement,
    "key": _key,
    "key_ledger": _key_ledger,
    "status_list": _status_list,
    "ob2_badge_class": _ob2_badge_class,
    "ob2_endorsement": _ob2_endorsement,
    "ob2_issuer": _ob2_issuer,
    "ob2_key": _ob2_key,
    "ob2_revocations": _ob2_revocations,
}
