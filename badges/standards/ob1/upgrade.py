"""Makes Open Badges 2.0 documents out of those of 0.5, 1.0 and 1.1, so that one set of rules judges them all.

Nothing is added that the old document does not say. What it lacks, or says in a way that no version knows, is
left for the checks to find. Documents of 2.0 keep what they say. Nothing here fails, whatever is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urljoin

from badges.standards.ob1.dates import upgrade_moment
from badges.standards.ob1.versions import is_context_1_1, version_of
from badges.standards.ob2.names import use_plain_names, without_nulls
from badges.standards.ob2.rules import OB2_CONTEXT
from badges.vocab.json import JsonObject, JsonValue
from badges.vocab.view import BadgeVersion

_WEB: Final = ("https://", "http://")
_VERIFICATION_TYPES: Final = {"hosted": "HostedBadge", "signed": "SignedBadge"}
_ALIGNMENT_NAMES: Final = {"url": "targetUrl", "name": "targetName", "description": "targetDescription"}
_ISSUER_NAMES_0_5: Final = {"origin": "url", "contact": "email"}


@dataclass(frozen=True, slots=True)
class Upgraded:
    """A document in the form of Open Badges 2.0. version: the one that it was written in."""

    document: JsonObject
    version: BadgeVersion


def upgrade_assertion(assertion: JsonObject, address: str = "") -> Upgraded:
    """Return an assertion of any version before 3.0 in the form of 2.0.

    address: where it was found, or "" if that is not known. It is the id of an assertion that names none.

    Source: the official validator's tasks UPGRADE_0_5_NODE, UPGRADE_1_0_NODE, UPGRADE_1_1_NODE; Open Badges 1.0
    and 1.1, "Assertion".
    """
    version, upgraded = version_of(assertion), without_nulls(assertion)
    if version is BadgeVersion.OB2:
        return Upgraded(use_plain_names(upgraded), version)
    if version is BadgeVersion.OB0_5:
        _upgrade_members_0_5(upgraded)
    _upgrade_verification(upgraded)
    _set_head(upgraded, "Assertion", _assertion_id(upgraded, address))
    _upgrade_moments(upgraded)
    badge = upgraded.get("badge")
    if isinstance(badge, dict):
        upgraded["badge"] = _upgrade_class(badge, version, "")
    return Upgraded(upgraded, version)


def upgrade_badge_class(badge_class: JsonObject, address: str) -> Upgraded:
    """Return a badge class of any version before 3.0, found at its address, in the form of 2.0.

    Source: Open Badges 1.0 and 1.1, "BadgeClass".
    """
    version, upgraded = version_of(badge_class), without_nulls(badge_class)
    if version is BadgeVersion.OB2:
        return Upgraded(use_plain_names(upgraded), version)
    return Upgraded(_upgrade_class(upgraded, version, address), version)


def upgrade_issuer(issuer: JsonObject, address: str) -> Upgraded:
    """Return an issuer's description of any version before 3.0, found at its address, in the form of 2.0.

    Source: Open Badges 1.0 and 1.1, "IssuerOrganization".
    """
    return upgrade_document(issuer, address, "Issuer")


def upgrade_document(document: JsonObject, address: str, class_name: str) -> Upgraded:
    """Return a document in which the versions do not differ in the form of 2.0: an issuer, a key, a list.

    class_name: its type, where it states none.
    """
    version, upgraded = version_of(document), without_nulls(document)
    if version is BadgeVersion.OB2:
        return Upgraded(use_plain_names(upgraded), version)
    _set_head(upgraded, class_name, _text(upgraded.get("id")) or address)
    return Upgraded(upgraded, version)


def revoked_entries(revocation_list: JsonObject) -> JsonValue:
    """Return the entries of a list of withdrawn badges as 2.0 has them, or None if this is no such list.

    The list of 1.0 and 1.1 is an object: its members are named by the `uid` of a badge and give the reason.
    Source: Open Badges 1.1, "Revocation List"; Open Badges 2.0, "RevocationList".
    """
    if "revokedAssertions" in revocation_list or "@context" in revocation_list or "type" in revocation_list:
        return revocation_list.get("revokedAssertions")
    return [{"uid": uid, "revocationReason": reason} for uid, reason in revocation_list.items()]


def _set_head(document: JsonObject, class_name: str, document_id: str) -> None:
    """Give a document what makes it one of 2.0. The words of 1.1 are all words of 2.0, with the same meaning."""
    context = document.get("@context")
    others = context[1:] if isinstance(context, list) and is_context_1_1(context) else []
    document["@context"] = [OB2_CONTEXT, *others] if others else OB2_CONTEXT
    document.setdefault("type", class_name)
    if document["type"] == "IssuerOrg":
        document["type"] = class_name
    if document_id:
        document["id"] = document_id


def _assertion_id(assertion: JsonObject, address: str) -> str:
    """The id that an assertion states; else the address in `verify`, or its `uid` where that is the key's.

    Source: Open Badges 1.1, "Assertion" (id, uid); "VerificationObject" (url).
    """
    own, uid = _text(assertion.get("id")), _text(assertion.get("uid"))
    verification = assertion.get("verification")
    rules = verification if isinstance(verification, dict) else {}
    if own:
        return own
    if rules.get("type") == "SignedBadge":
        return f"uid:{quote(uid, errors='replace')}" if uid else address
    return _text(rules.get("url")) or address


def _upgrade_verification(assertion: JsonObject) -> None:
    """`verify` becomes `verification`; before 2.0 a member of that name meant nothing."""
    assertion.pop("verification", None)
    verify = assertion.pop("verify", None)
    if isinstance(verify, dict):
        kind = verify.get("type")
        known = _VERIFICATION_TYPES.get(kind, kind) if isinstance(kind, str) else kind
        verify = {**verify, "type": known}
    if verify is not None:
        assertion["verification"] = verify


def _upgrade_moments(assertion: JsonObject) -> None:
    for name in ("issuedOn", "expires"):
        if assertion.get(name) is not None:
            assertion[name] = upgrade_moment(assertion[name])


def _upgrade_class(badge_class: JsonObject, version: BadgeVersion, address: str) -> JsonObject:
    upgraded = dict(badge_class)
    _set_head(upgraded, "BadgeClass", _text(badge_class.get("id")) or address)
    if "alignment" in upgraded:
        upgraded["alignment"] = _upgrade_alignments(upgraded["alignment"])
    issuer = upgraded.get("issuer")
    if isinstance(issuer, dict):
        upgraded["issuer"] = _upgrade_embedded_issuer(issuer, version)
    if version is BadgeVersion.OB0_5:
        _resolve_addresses(upgraded, ("image", "criteria"), _origin_of(upgraded))
    return upgraded


def _upgrade_alignments(value: JsonValue) -> JsonValue:
    items = value if isinstance(value, list) else [value]
    return [
        {_ALIGNMENT_NAMES.get(name, name): member for name, member in item.items()} if isinstance(item, dict) else item
        for item in items
    ]


def _upgrade_embedded_issuer(issuer: JsonObject, version: BadgeVersion) -> JsonObject:
    """An issuer inside its badge has no document of its own before 1.1: it is known by its origin alone.

    Source: Open Badges 0.5, "issuer.origin": must be the origin of the hosted assertion.
    """
    upgraded = dict(issuer)
    for old, new in _ISSUER_NAMES_0_5.items():
        if old in upgraded and new not in upgraded:
            upgraded[new] = upgraded.pop(old)
    if _text(upgraded.get("name")) and _text(upgraded.get("org")):
        upgraded["name"] = f"{upgraded['name']}: {upgraded.pop('org')}"
    if version is not BadgeVersion.OB1_1:
        upgraded.pop("id", None)
    _set_head(upgraded, "Issuer", _text(upgraded.get("id")) or _text(upgraded.get("url")))
    return upgraded


def _upgrade_members_0_5(assertion: JsonObject) -> None:
    if "issued_on" in assertion and "issuedOn" not in assertion:
        assertion["issuedOn"] = assertion.pop("issued_on")
    identity = _text(assertion["recipient"])
    recipient: JsonObject = {"type": "email", "identity": identity, "hashed": "@" not in identity}
    if "salt" in assertion:
        recipient["salt"] = assertion.pop("salt")
    assertion["recipient"] = recipient
    assertion["verify"] = {"type": "hosted"}
    badge = assertion.get("badge")
    if isinstance(badge, dict):
        _resolve_addresses(assertion, ("evidence", "image"), _origin_of(badge))


def _resolve_addresses(document: JsonObject, names: tuple[str, ...], origin: str) -> None:
    """Addresses of 0.5 may leave out the origin. Source: Open Badges 0.5, "evidence", "badge.criteria"."""
    for name in names:
        value = document.get(name)
        if isinstance(value, str) and value.startswith("/") and origin:
            document[name] = _join(origin, value)


def _join(origin: str, path: str) -> str:
    try:
        return urljoin(origin, path)
    except ValueError:
        return path


def _origin_of(badge: JsonObject) -> str:
    issuer = badge.get("issuer")
    if not isinstance(issuer, dict):
        return ""
    origin = _text(issuer.get("origin")) or _text(issuer.get("url"))
    return origin if origin.startswith(_WEB) else ""


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else ""
