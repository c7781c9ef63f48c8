"""Documents of Open Badges that are no badges: which they are, told by what they say of themselves."""

from __future__ import annotations

from typing import Final

from badges.standards.ob1.versions import is_old_assertion
from badges.verifying.reading import as_list, as_text, types_of
from badges.vocab.json import JsonObject

BADGE_CLASS: Final = "BadgeClass"
PROFILE: Final = "Profile"
KEY: Final = "CryptographicKey"
REVOCATION_LIST: Final = "RevocationList"

_CLASSES: Final = {
    "BadgeClass": BADGE_CLASS,
    "Issuer": PROFILE,
    "IssuerOrg": PROFILE,
    "Profile": PROFILE,
    "CryptographicKey": KEY,
    "RevocationList": REVOCATION_LIST,
}
# Documents of 1.0 have no type; their members tell them.
_BADGE_CLASS_1_0: Final = frozenset({"name", "criteria", "issuer"})
_ISSUER_1_0: Final = frozenset({"name", "url"})
_ISSUER_1_0_ALL: Final = _ISSUER_1_0 | {"description", "image", "email", "revocationList"}
_VOCABULARY: Final = "https://w3id.org/openbadges#"
ACHIEVEMENT: Final = "Achievement"
_CONTEXTS_3: Final = (
    "https://purl.imsglobal.org/spec/ob/v3p0/",
    "https://www.w3.org/ns/credentials/v",
    "https://www.w3.org/2018/credentials/v1",
)
# Profiles are in 2.0, too. Only there have they these members.
_PROFILE_2: Final = frozenset({"publicKey", "verification", "revocationList"})


def ob3_class_described(document: JsonObject) -> str:
    """Return "Achievement" or "Profile" for one of Open Badges 3.0 that stands by itself; "" for all else.

    They need no context of their own: issuers publish them as they stand in badges.
    Source: Open Badges 3.0, "Achievement", "Profile".
    """
    types = types_of(document) - {""}
    if types not in (frozenset({ACHIEVEMENT}), frozenset({PROFILE})) or "credentialSubject" in document:
        return ""
    (name,) = types
    if "@context" in document:
        contexts = [as_text(context) for context in as_list(document["@context"])]
        return name if any(context.startswith(_CONTEXTS_3) for context in contexts) else ""
    return name if name == ACHIEVEMENT or _PROFILE_2.isdisjoint(document) else ""


def class_described(document: JsonObject) -> str:
    """Return which class a document of before 3.0 describes: one of the names above, or "" if it is none of them."""
    types = types_of(document)
    for name, class_name in _CLASSES.items():
        if name in types:
            return class_name
    if "@context" in document or types - {""} or is_old_assertion(document):
        return ""
    if document.keys() >= _BADGE_CLASS_1_0:
        return BADGE_CLASS
    return PROFILE if _ISSUER_1_0 <= document.keys() <= _ISSUER_1_0_ALL else ""


def spells_out_context(document: JsonObject) -> bool:
    """Whether the words of Open Badges are defined in the document itself."""
    contexts = as_list(document.get("@context"))
    return any(isinstance(context, dict) and _VOCABULARY in context.values() for context in contexts if context)
