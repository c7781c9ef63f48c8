"""Documents of Open Badges before 3.0 that are no badges: badge classes, issuers, keys, lists of withdrawn badges.

The official validators judge them by themselves. So do we: whether they are well formed and lead where they
should. Nobody was awarded one, so none is ever a valid badge.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from badges.errors import BadgesError
from badges.standards.did.pem import pem_to_public_key
from badges.standards.ob1.upgrade import Upgraded, upgrade_badge_class, upgrade_document, upgrade_issuer
from badges.standards.ob1.versions import version_of
from badges.standards.ob2.reader import read_assertion
from badges.verifying.checks.ob2_belongings import check_what_belongs
from badges.verifying.checks.ob2_chain import Chain, Link, follow_chain, follow_link
from badges.verifying.checks.ob2_hosted import check_profile_id, unseen_issuer
from badges.verifying.checks.shape import check_described
from badges.verifying.descriptions import ACHIEVEMENT, BADGE_CLASS, KEY, PROFILE, REVOCATION_LIST, class_described
from badges.verifying.documents import Documents
from badges.verifying.reading import as_list, id_of
from badges.verifying.report import CheckName, Finding, Outcome, gravest
from badges.vocab.json import JsonObject
from badges.vocab.view import CredentialView
from badges.wording import Wording, say

MOST_KEYS: Final = 4
_SAID: Final[dict[str, Wording]] = {
    ACHIEVEMENT: say("This describes a badge. It is not a badge that somebody was awarded."),
    BADGE_CLASS: say("This describes a badge. It is not a badge that somebody was awarded."),
    PROFILE: say("This describes who awards badges. It is not a badge that somebody was awarded."),
    KEY: say("This is a key to check signatures with, not a badge."),
    REVOCATION_LIST: say("This is a list of withdrawn badges, not a badge."),
}
_OTHER: Final = say("This is a document in the words of Open Badges, but not a badge.")
_ASK_HOLDER: Final = say("Ask the holder for the badge itself.")
NOTHING_TO_CHECK: Final = Finding(Outcome.SKIPPED, say("Nobody was awarded this, so there is nothing to check here."))
_FOUND: Final = Finding(Outcome.PASSED, say("The organisation that it names was found at its address."))


def check_description(document: JsonObject, address: str, documents: Documents) -> dict[CheckName, Finding]:
    """Return a finding for every check. address: where the document was found, or "".

    Source: Open Badges 2.0, "BadgeClass", "Profile", "CryptographicKey", "RevocationList"; the official validators'
    checks of these classes.
    """
    class_name = class_described(document)
    upgraded = _upgrade(document, class_name, address)
    shape = check_described(upgraded.document, class_name, upgraded.version)
    findings = dict.fromkeys(CheckName, NOTHING_TO_CHECK)
    if class_name == BADGE_CLASS:
        chain = follow_chain({"badge": upgraded.document}, documents, upgraded.version)
        findings[CheckName.ISSUER] = _check_named(chain, chain.issuer)
        shape = check_what_belongs(gravest([shape, *_check_issuer(chain.issuer)]), {}, chain, documents)
    elif class_name == PROFILE:
        shape = gravest([shape, *_check_keys(upgraded.document, documents)])
    elif class_name == KEY:
        shape = gravest([shape, *_check_pem(upgraded.document)])
        findings[CheckName.ISSUER] = _check_owner(upgraded.document, documents)
    findings[CheckName.SHAPE] = say_what_it_is(shape, class_name)
    return findings


def view_of_description(document: JsonObject, address: str) -> CredentialView:
    """Return what the document says, as far as it describes a badge or an issuer."""
    class_name = class_described(document)
    described = _upgrade(document, class_name, address)
    badge_class = described.document if class_name == BADGE_CLASS else None
    issuer = described.document if class_name == PROFILE else None
    return read_assertion(None, badge_class, issuer, described.version)


def _upgrade(document: JsonObject, class_name: str, address: str) -> Upgraded:
    if class_name == BADGE_CLASS:
        return upgrade_badge_class(document, address)
    return upgrade_document(document, address, class_name)


def say_what_it_is(shape: Finding, class_name: str) -> Finding:
    """Return the finding on the shape of a document with the sentence that says what it is."""
    said = _SAID.get(class_name, _OTHER)
    if shape.outcome is Outcome.FAILED:
        return replace(shape, details=(said, *shape.details))
    return Finding(Outcome.WARNING, said, _ASK_HOLDER, shape.details)


def _check_issuer(issuer: Link) -> list[Finding]:
    if issuer.document is None or issuer.is_embedded:
        return []
    return [check_described(issuer.document, PROFILE, issuer.version)]


def _check_named(chain: Chain, issuer: Link) -> Finding:
    if issuer.document is None or issuer.problem is not None:
        return unseen_issuer(chain)
    return NOTHING_TO_CHECK if issuer.is_embedded else check_profile_id(issuer) or _FOUND


def _check_keys(profile: JsonObject, documents: Documents) -> list[Finding]:
    """The keys of an issuer that can be seen: each well formed, and the issuer's own."""
    findings: list[Finding] = []
    for value in as_list(profile.get("publicKey"))[:MOST_KEYS]:
        key = value if isinstance(value, dict) else follow_link(id_of(value), documents).document
        if key is not None:
            findings += [check_described(key, KEY, version_of(key)), *_check_pem(key), *_check_owned(key, profile)]
    return findings


def _check_owned(key: JsonObject, profile: JsonObject) -> list[Finding]:
    owner = id_of(key.get("owner"))
    if owner == id_of(profile):
        return []
    return [_faulty(say("The owner of the key is another: %(owner)s", owner=owner[:300]))]


def _check_pem(key: JsonObject) -> list[Finding]:
    try:
        pem_to_public_key(key.get("publicKeyPem"))
    except BadgesError as error:
        return [_faulty(error.message)]
    return []


def _check_owner(key: JsonObject, documents: Documents) -> Finding:
    """A key and its owner must name each other. Source: Open Badges 2.0, "CryptographicKey"."""
    owner = follow_link(id_of(key.get("owner")), documents, upgrade_issuer)
    if owner.document is None:
        return unseen_issuer(Chain(Link(""), owner))
    if id_of(key) in {id_of(each) for each in as_list(owner.document.get("publicKey"))}:
        return check_profile_id(owner) or _FOUND
    return _faulty(say("The issuer at %(url)s does not list this key.", url=owner.id[:300]))


def _faulty(detail: Wording) -> Finding:
    message = say("A key is not as it must be, so nothing can be checked with it.")
    return Finding(Outcome.FAILED, message, say("The organisation that keeps it can put this right."), (detail,))
