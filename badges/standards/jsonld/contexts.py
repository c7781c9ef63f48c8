"""The JSON-LD contexts that come with the service. They are never fetched, neither to sign nor to verify.

The files are in `data/`; `data/README.md` says where each comes from and under which licence.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import Final, TypeAlias

from badges.errors import StandardsError
from badges.vocab.json import JsonObject

ContextSource: TypeAlias = Callable[[str], JsonObject]

CREDENTIALS_V1: Final = "https://www.w3.org/2018/credentials/v1"
CREDENTIALS_V2: Final = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES_3_0_3: Final = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
OPEN_BADGES_EXTENSIONS: Final = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"

CONTEXT_FILES: Final[dict[str, str]] = {
    CREDENTIALS_V1: "credentials-v1.json",
    CREDENTIALS_V2: "credentials-v2.json",
    "https://www.w3.org/ns/credentials/status/v1": "credentials-status-v1.json",
    "https://w3id.org/vc/status-list/2021/v1": "status-list-2021-v1.json",
    OPEN_BADGES_3_0_3: "ob-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json": "ob-3.0.2.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json": "ob-3.0.1.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.0.json": "ob-3.0.0.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context.json": "ob-3.0.0.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context/ob_v3p0.jsonld": "ob-3.0.0.json",
    OPEN_BADGES_EXTENSIONS: "ob-extensions.json",
    "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json": "clr-2.0.1.json",
    "https://w3id.org/openbadges/v2": "ob-2.0.json",
    "https://openbadgespec.org/v2/context.json": "ob-2.0.json",
    "https://purl.imsglobal.org/spec/ob/v2p1/ob_v2p1.jsonld": "ob-2.1.json",
    "https://w3id.org/security/data-integrity/v1": "data-integrity-v1.json",
    "https://w3id.org/security/data-integrity/v2": "data-integrity-v2.json",
    "https://w3id.org/security/multikey/v1": "multikey-v1.json",
    "https://w3id.org/security/suites/ed25519-2020/v1": "ed25519-2020-v1.json",
    "https://w3id.org/security/suites/jws-2020/v1": "jws-2020-v1.json",
    "https://w3id.org/security/v1": "security-v1.json",
    "https://w3id.org/security/v2": "security-v2.json",
    "https://www.w3.org/ns/did/v1": "did-v1.json",
}


class UnknownContextError(StandardsError):
    """A document names a JSON-LD context that is not bundled, so nobody can say what its terms mean."""

    def __init__(self, url: str) -> None:
        super().__init__(
            "The JSON-LD context %(url)s is not one of those that come with this service; contexts are never fetched.",
            url=url[:300],
        )
        self.url = url


def bundled_context(url: str) -> JsonObject:
    """Return the context document at a URL, as {"@context": …}. It is shared: do not change it.

    Raises UnknownContextError if it is not bundled.
    """
    name = CONTEXT_FILES.get(url)
    if name is None:
        raise UnknownContextError(url)
    return _read(name)


def bundled_context_in_full(url: str) -> JsonObject:
    """As bundled_context, for those who want nothing to be taken from what was compiled.

    The compiled canonicaliser serves documents of the bundled contexts only, and it knows them by their source.
    """
    return bundled_context(url)


def context_bytes(name: str) -> bytes:
    """Return a context file as published. name: a value of CONTEXT_FILES."""
    return resources.files(__package__).joinpath("data", name).read_bytes()


@cache
def _read(name: str) -> JsonObject:
    document: JsonObject = json.loads(context_bytes(name))
    return document
