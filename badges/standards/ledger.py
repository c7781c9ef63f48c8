"""The ledger of what a key signed before it was stolen: a format of our own, described in docs/ledger.md.

Whoever stole a key can sign anything, with any date. What an organisation itself signed with it stays valid only
because the organisation says so: it publishes the hashes of its credentials, and its DID document says where.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Final

from badges.errors import StandardsError
from badges.standards.json_text import read_json_object
from badges.standards.jsonld.canonical import canonical_digest
from badges.standards.proofs.jws import parse_compact
from badges.vocab.json import JsonObject, JsonValue

SERVICE_TYPE: Final = "IssuedCredentialLedger"
# In a JWK and in an Open Badges 2.0 CryptographicKey, which have no document around them that could name services.
KEY_MEMBER: Final = "issuedCredentialLedger"
SINCE_MEMBER: Final = "compromisedSince"
PREFIX_LENGTH: Final = 3
MAXIMUM_HASHES: Final = 100_000
_PREFIX: Final = re.compile(r"[0-9a-f]{3}", re.ASCII)
_HASH: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


class LedgerError(StandardsError):
    """What stands at the address of a ledger is none."""


def issued_hash(text: str) -> str:
    """Return the hash of a credential as it was signed: JSON with an embedded proof, or a compact JWS.

    Raises StandardsError or RefusedError for a text that is neither.
    """
    if text.lstrip().startswith("{"):
        return document_hash(read_json_object(text))
    return token_hash(parse_compact(text).signing_input)


def document_hash(document: JsonObject) -> str:
    """Return the SHA-256, in hexadecimal, of a credential's canonical form (RDFC-1.0) without its proof.

    It is the same however the JSON is written, and any verifier of eddsa-rdfc-2022 has it at hand.
    Raises as canonical_nquads.
    """
    return canonical_digest({name: value for name, value in document.items() if name != "proof"}).hex()


def token_hash(signing_input: bytes) -> str:
    """Return the SHA-256, in hexadecimal, of what a JWS signs: header, dot and payload as they are written."""
    return hashlib.sha256(signing_input).hexdigest()


def is_prefix(text: str) -> bool:
    """Whether a text names a part of a ledger: three hexadecimal digits in small letters."""
    return _PREFIX.fullmatch(text) is not None


def ledger_service(did: str, method_name: str, ledger_url: str) -> JsonObject:
    """Return the `service` of a DID document that says where the ledger of one of its keys is.

    ledger_url: ends with a slash; the first three digits of a hash are appended to it.
    Source: DID Core v1.0, section 5.4; docs/ledger.md.
    """
    return {
        "id": f"{did}#issued-{method_name.partition('#')[2]}",
        "type": SERVICE_TYPE,
        "serviceEndpoint": ledger_url,
        "verificationMethod": method_name,
    }


def find_ledger(controller_document: JsonObject, method_name: str) -> str:
    """Return the address of a key's ledger out of its controller's document, or "" if it names none."""
    subject = controller_document.get("id")
    for service in _items(controller_document.get("service")):
        if not isinstance(service, dict) or SERVICE_TYPE not in _items(service.get("type")):
            continue
        name = service.get("verificationMethod")
        if isinstance(name, str) and isinstance(subject, str) and name.startswith("#"):
            name = subject + name
        endpoint = service.get("serviceEndpoint")
        if name == method_name and isinstance(endpoint, str):
            return endpoint
    return ""


def shard_document(key_url: str, prefix: str, hashes: Sequence[str]) -> JsonObject:
    """Return the part of a key's ledger whose hashes begin with a prefix."""
    return {"type": SERVICE_TYPE, "key": key_url, "prefix": prefix, "sha256": sorted(hashes)}


def shard_url(ledger_url: str, issued: str) -> str:
    """Return the address of the part of a ledger in which a hash would stand."""
    return ledger_url + issued[:PREFIX_LENGTH]


def is_listed(shard: JsonObject, issued: str) -> bool:
    """Whether a part of a ledger lists a hash. Raises LedgerError for what is no such part."""
    hashes = shard.get("sha256")
    if SERVICE_TYPE not in _items(shard.get("type")) or shard.get("prefix") != issued[:PREFIX_LENGTH]:
        raise LedgerError("This is not the part of the ledger that was asked for.")
    if not isinstance(hashes, list) or len(hashes) > MAXIMUM_HASHES:
        raise LedgerError("The ledger has no list of hashes.")
    if not all(isinstance(each, str) and _HASH.fullmatch(each) for each in hashes):
        raise LedgerError("The ledger lists something that is no hash.")
    return issued in hashes


def _items(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else [] if value is None else [value]
