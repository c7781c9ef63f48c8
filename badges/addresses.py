"""Every public address. They are written into signed documents, QR codes and mails, so they are for ever.

`PATHS` holds the rules in Flask's notation: the web layer registers these very strings, and `Addresses` fills
them in. `tests/house/public_addresses.txt` lists them; a test fails when one disappears or changes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

PATHS: Final[dict[str, str]] = {
    "home": "/",
    "verify": "/verify",
    "verify_api": "/api/verify",
    "awards_api": "/api/v1/awards",
    "award_api": "/api/v1/awards/<uuid:award_id>",
    "openapi": "/api/v1/openapi.json",
    "developers": "/developers",
    "credential": "/credentials/<uuid:award_id>",
    "credential_json": "/credentials/<uuid:award_id>.json",
    "credential_jwt": "/credentials/<uuid:award_id>.jwt",
    "credential_jwt_es256": "/credentials/<uuid:award_id>.es256.jwt",
    "credential_png": "/credentials/<uuid:award_id>.png",
    "credential_svg": "/credentials/<uuid:award_id>.svg",
    "credential_email": "/credentials/<uuid:award_id>/check-email",
    "credential_refresh": "/credentials/<uuid:award_id>/refresh",
    "achievement": "/achievements/<slug:organisation>/<slug:achievement>/<int:version>",
    "achievement_json": "/achievements/<slug:organisation>/<slug:achievement>/<int:version>.json",
    "achievement_png": "/achievements/<slug:organisation>/<slug:achievement>/<int:version>.png",
    "achievement_svg": "/achievements/<slug:organisation>/<slug:achievement>/<int:version>.svg",
    "achievement_newest": "/achievements/<slug:organisation>/<slug:achievement>",
    "packs": "/packs",
    "pack": "/packs/<slug:pack>",
    "pack_json": "/packs/<slug:pack>.json",
    "pack_version_json": "/packs/<slug:pack>/<int:version>.json",
    "pack_picture": "/packs/<slug:pack>/<int:version>/<slug:achievement>.svg",
    "organisations": "/organisations",
    "organisation": "/organisations/<slug:organisation>",
    "organisation_json": "/organisations/<slug:organisation>.json",
    "organisation_logo": "/organisations/<slug:organisation>/logo.png",
    "organisation_did": "/organisations/<slug:organisation>/did.json",
    "endorsement": "/endorsements/<uuid:endorsement_id>",
    "endorsement_json": "/endorsements/<uuid:endorsement_id>.json",
    "endorse": "/endorse/<token>",
    "key": "/keys/<slug:key_id>.jwk",
    "key_ledger": "/keys/<slug:key_id>/issued/<slug:prefix>",
    "ob2_assertion": "/ob2/assertions/<uuid:award_id>",
    "ob2_assertion_jws": "/ob2/assertions/<uuid:award_id>.jws",
    "ob2_badge_class": "/ob2/badge-classes/<slug:organisation>/<slug:achievement>/<int:version>",
    "ob2_endorsement": "/ob2/endorsements/<uuid:endorsement_id>",
    "ob2_issuer": "/ob2/issuers/<slug:organisation>",
    "ob2_key": "/ob2/keys/<slug:key_id>",
    "ob2_revocations": "/ob2/revocations/<slug:organisation>",
    "status_list": "/status/<int:number>",
    "registry": "/registry.json",
    "service_did": "/.well-known/did.json",
    "jwks": "/.well-known/jwks.json",
    "holder": "/mine/<token>",
    "invitation": "/invitation/<token>",
    "sign_in_link": "/sign-in/<token>",
}

_PLACE: Final = re.compile(r"<(?:(\w+):)?(\w+)>")
_CONVERTERS: Final = {
    "uuid": r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "slug": r"[a-z0-9-]+",
    "int": r"0|[1-9]\d{0,8}",
}


def _pattern(rule: str) -> re.Pattern[str]:
    """Return the regular expression of a rule in Flask's notation."""
    pieces, end = [], 0
    for place in _PLACE.finditer(rule):
        converter = _CONVERTERS.get(place.group(1) or "", "[^/]+")
        pieces += [re.escape(rule[end : place.start()]), f"(?P<{place.group(2)}>{converter})"]
        end = place.end()
    return re.compile("".join(pieces) + re.escape(rule[end:]))


_PATTERNS: Final = {name: _pattern(rule) for name, rule in PATHS.items()}


@dataclass(frozen=True, slots=True)
class Addresses:
    """Makes the addresses of one installation. base_url: scheme and authority, no slash at the end."""

    base_url: str

    def url(self, name: str, **values: object) -> str:
        """Return the full address of the rule `name` in PATHS with its places filled in (percent-encoded)."""
        return self.base_url + self.path(name, **values)

    def path(self, name: str, **values: object) -> str:
        """Return the address without scheme and host."""
        return _PLACE.sub(lambda match: quote(str(values[match.group(2)]), safe=""), PATHS[name])

    @staticmethod
    def match(path: str) -> tuple[str, dict[str, str]] | None:
        """Return which rule a path follows, and what its places hold; None when it is no address of ours."""
        for name, pattern in _PATTERNS.items():
            if found := pattern.fullmatch(path):
                return name, found.groupdict()
        return None

    @property
    def service_did(self) -> str:
        """The did:web of the whole service. Source: did:web method specification, "Create"."""
        return "did:web:" + urlsplit(self.base_url).netloc.replace(":", "%3A")

    def organisation_did(self, organisation: str) -> str:
        """The did:web of one organisation; its document is at `organisation_did` in PATHS."""
        return f"{self.service_did}:organisations:{organisation}"

    def is_ours(self, url: str) -> bool:
        """Whether an address lies inside this installation. http or https does not matter: a did:web is always
        read over https, also that of a trial on http://localhost.
        """
        try:
            ours, theirs = urlsplit(self.base_url), urlsplit(url)
        except ValueError:
            return False
        return theirs.scheme in ("http", "https") and theirs.netloc.lower() == ours.netloc

    @staticmethod
    def path_of(url: str) -> str:
        """Return an address's path and query."""
        parts = urlsplit(url)
        return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
