"""Rules of Open Badges 2.0 for issuers and their lists of withdrawn badges. Each takes an object and its path."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from badges.standards.ob2.rules import problem
from badges.standards.shapes import Severity, ShapeProblem, as_list, join_path
from badges.vocab.json import JsonObject
from badges.wording import say

_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+")
_TELEPHONE: Final = re.compile(r"\+?[1-9]\d{1,14}(?:;ext=\d{1,10})?", re.ASCII)
_WEB: Final = ("https://", "http://")
_HOST: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?(?::[0-9]{1,5})?", re.ASCII)


def check_profile(profile: JsonObject, path: str) -> Iterator[ShapeProblem]:
    """Its address is one of the web, its e-mail address looks like one, its telephone number is international.

    The form of the number is advice in the standard, so it is a warning here.
    """
    url, email, telephone = profile.get("url"), profile.get("email"), profile.get("telephone")
    if isinstance(url, str) and not url.lower().startswith(_WEB):
        message = say("The issuer's address must be a web address (http or https).")
        yield problem(join_path(path, "url"), "Profile", Severity.ERROR, message)
    if isinstance(email, str) and not _EMAIL.fullmatch(email):
        message = say("The issuer's e-mail address is none.")
        yield problem(join_path(path, "email"), "Profile", Severity.ERROR, message)
    if isinstance(telephone, str) and not _TELEPHONE.fullmatch(telephone):
        message = say("The issuer's telephone number should be written like +441632960000.")
        yield problem(join_path(path, "telephone"), "Profile", Severity.WARNING, message)


def check_scope(verification: JsonObject, path: str) -> Iterator[ShapeProblem]:
    """Where an issuer's badges may live: beginnings of addresses, names of hosts."""
    for prefix in _texts(verification, "startsWith"):
        if not prefix.startswith(_WEB):
            message = say("“startsWith” must hold web addresses.")
            yield problem(join_path(path, "startsWith"), "VerificationObject", Severity.ERROR, message)
    for host in _texts(verification, "allowedOrigins"):
        if not _HOST.fullmatch(host):
            message = say("“allowedOrigins” must hold names of hosts, without https://.")
            yield problem(join_path(path, "allowedOrigins"), "VerificationObject", Severity.ERROR, message)


def check_revocations(revocation_list: JsonObject, path: str) -> Iterator[ShapeProblem]:
    """It has its entries, even when there are none yet; each names a badge."""
    if "revokedAssertions" not in revocation_list:
        message = say("“revokedAssertions” is missing.")
        yield problem(join_path(path, "revokedAssertions"), "RevocationList", Severity.ERROR, message)


def check_revoked_entry(entry: JsonObject, path: str) -> Iterator[ShapeProblem]:
    """An entry names its badge by the id, or by the uid of older badges."""
    if "id" not in entry and "uid" not in entry:
        message = say("This entry does not say which badge it withdraws.")
        yield problem(path, "RevocationList", Severity.ERROR, message)


def _texts(verification: JsonObject, name: str) -> list[str]:
    return [value for value in as_list(verification.get(name)) if isinstance(value, str)]
