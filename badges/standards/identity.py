"""How a recipient's identity is hidden in a badge, and how a verifier finds out whether a candidate is meant.

The same in Open Badges 2.0 and 3.0. Hashing hides an address from onlookers only: with the salt in the
badge a guess can be confirmed.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from typing import Final

from badges.errors import InvalidInputError
from badges.wording import Wording, say

MAX_EMAIL_BYTES: Final = 254
MAX_LOCAL_BYTES: Final = 64
MAX_LABEL_BYTES: Final = 63

_INVISIBLE: Final = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_LOCAL_SIGNS: Final = frozenset("!#$%&'*+/=?^_`{|}~-.")
_ALGORITHM: Final = re.compile(r"(sha256|sha1|md5)\$([0-9a-f]+)", re.IGNORECASE | re.ASCII)


def normalise_email(text: str) -> str:
    """Return the address as it is hashed: trimmed, composed (Unicode NFC), in lower case.

    Invisible marks that come along when an address is copied are trimmed too. Letters of any language may
    stand before and after the @.

    Raises InvalidInputError, naming the text and what is wrong with it, if it is no e-mail address.
    Source: Open Badges 3.0, "IdentityHash"; RFC 5321, section 4.5.3.1 (lengths); RFC 6531 (other alphabets).
    """
    address = unicodedata.normalize("NFC", _trim(text)).lower()
    problem = _email_problem(address)
    if problem is not None:
        raise InvalidInputError(problem, field="email")
    return address


def hash_identity(identity: str, salt: str) -> str:
    """Return "sha256$" + lower-case hex of SHA-256 over the UTF-8 of identity followed by salt.

    Raises InvalidInputError if either cannot be written as UTF-8 (half of a surrogate pair).
    Source: Open Badges 3.0, "IdentityHash"; Open Badges 2.0, "IdentityHash".
    """
    try:
        data = (identity + salt).encode("utf-8")
    except UnicodeEncodeError as error:
        raise InvalidInputError("This text holds a damaged character. Type it again.", field="email") from error
    return "sha256$" + hashlib.sha256(data).hexdigest()


def identity_matches(identity_hash: str, salt: str, candidate: str) -> bool:
    """Whether a hashed identity in a badge is the candidate's, as typed or normalised.

    identity_hash: "sha256$…", or "sha1$…" and "md5$…" of old badges; the letter case of the hex does not
    matter. Anything else matches nobody. All spellings are tried in the same time, whichever fits.
    Source: Open Badges 3.0, "Verify the Recipient Using an Identifier".
    """
    match = _ALGORITHM.fullmatch(identity_hash)
    if match is None:
        return False
    algorithm, expected = match.group(1).lower(), match.group(2).lower().encode("ascii")
    found = False
    for spelling in _spellings(candidate):
        data = (spelling + salt).encode("utf-8", "surrogatepass")
        digest = hashlib.new(algorithm, data, usedforsecurity=False).hexdigest()
        found |= hmac.compare_digest(digest.encode("ascii"), expected)
    return found


def _spellings(candidate: str) -> tuple[str, str, str]:
    trimmed = _trim(candidate)
    return candidate, trimmed, unicodedata.normalize("NFC", trimmed).lower()


def _trim(text: str) -> str:
    """Without white space and invisible marks at both ends, in whatever order they stand."""
    previous = None
    while text != previous:
        previous, text = text, text.strip().strip(_INVISIBLE)
    return text


def _email_problem(address: str) -> Wording | None:
    shown = address[:80].encode("utf-8", "replace").decode("utf-8")
    if not address:
        return say("There is no e-mail address here. Write it like name@example.org.")
    if address.count("@") != 1:
        return say("“%(address)s” is no e-mail address: it needs exactly one @.", address=shown)
    local, domain = address.split("@")
    if _is_too_long(address, local):
        return say("“%(address)s” is too long for an e-mail address.", address=shown)
    if not _is_local_part(local):
        return say("“%(address)s” is no e-mail address: check the part before the @.", address=shown)
    if "." not in domain:
        return say(
            "“%(address)s” is no e-mail address: after the @ it needs a full name such as example.org.",
            address=shown,
        )
    if not _is_domain(domain):
        return say("“%(address)s” is no e-mail address: check the part after the @.", address=shown)
    return None


def _is_too_long(address: str, local: str) -> bool:
    size_bytes = len(address.encode("utf-8", "surrogatepass"))
    return size_bytes > MAX_EMAIL_BYTES or len(local.encode("utf-8", "surrogatepass")) > MAX_LOCAL_BYTES


def _is_local_part(local: str) -> bool:
    if not local or local.startswith(".") or local.endswith(".") or ".." in local:
        return False
    return all(sign in _LOCAL_SIGNS or _is_letter(sign) for sign in local)


def _is_domain(domain: str) -> bool:
    labels = domain.split(".")
    return all(_is_label(label) for label in labels) and not labels[-1].isdigit()


def _is_label(label: str) -> bool:
    if not label or label.startswith("-") or label.endswith("-"):
        return False
    if not all(sign == "-" or _is_letter(sign) for sign in label):
        return False
    size_bytes = len(label) if label.isascii() else len(label.encode("punycode")) + len("xn--")
    return size_bytes <= MAX_LABEL_BYTES


def _is_letter(sign: str) -> bool:
    """A letter, digit or combining mark of any alphabet."""
    return sign.isalnum() or unicodedata.category(sign) in {"Mn", "Mc"}
