"""Documents of Open Badges before 3.0 that are no badges: which they are, told by what they say of themselves."""

from __future__ import annotations

from typing import Final

from badges.standards.ob1.versions import is_old_assertion
from badges.verifying.reading import as_list, types_of
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


def class_described(document: JsonObject) -> str:
    """Return which class a document describes: one of the names above, or "" if it is none of them."""
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
