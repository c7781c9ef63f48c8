"""Signed heads of the audit: what the end of the chain was at a moment, kept outside the database.

Our own format (docs/audit.md): a file of lines, each one JSON object. Each head names the one before it, and carries
the public key by which it can be checked; where the key changes, the last head by the old key names the new one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from badges.errors import BadgesError, StandardsError
from badges.standards.base64url import decode_base64url, encode_base64url
from badges.standards.did.multikey import decode_public_key
from badges.standards.jcs import canonical_json
from badges.standards.json_text import read_json_object, write_json
from badges.standards.moments import read_moment, write_moment
from badges.vocab.json import JsonObject

NO_HEAD: Final = "0" * 64
LONGEST_LINE_BYTES: Final = 4_000
_SIGNATURE: Final = "signature"


class HeadError(StandardsError):
    """A line is no head, or its signature is not by the key that it carries."""


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: the number and the hash of its newest line at a moment.

    key: the public key, multibase. previous: SHA-256 of the line before in the file, hex. next_key: by which key the
    next one will be, where that is another. digest: SHA-256 of this line.
    """

    number: int
    hash: str
    at: datetime
    key: str
    previous: str
    next_key: str
    digest: str


def unsigned_head(
    *, number: int, chain_hash: str, at: datetime, key: str, previous: str, next_key: str = ""
) -> JsonObject:
    """Return a head before it is signed. key: multibase. previous: the digest of the line before, or NO_HEAD."""
    content: JsonObject = {
        "number": number,
        "hash": chain_hash,
        "at": write_moment(at),
        "key": key,
        "previous": previous,
    }
    return {**content, "nextKey": next_key} if next_key else content


def signing_input(content: JsonObject) -> bytes:
    """Return the bytes of a head that are signed: its canonical JSON. Source: RFC 8785."""
    return canonical_json(content)


def write_head(content: JsonObject, signature: bytes) -> str:
    """Return the line of the file, without its end."""
    return write_json({**content, _SIGNATURE: encode_base64url(signature)})


def read_head(line: str) -> Head:
    """Return one line as a head whose signature is by the key that it carries. Whether that key is ours is for the
    caller to say.

    Raises HeadError.
    """
    try:
        content = read_json_object(line.encode(), maximum_bytes=LONGEST_LINE_BYTES)
        signature = decode_base64url(str(content.pop(_SIGNATURE, "")), maximum_bytes=64)
        key = decode_public_key(str(content["key"]))
        if not isinstance(key, Ed25519PublicKey):
            raise HeadError("The head is not signed with an Ed25519 key.")
        key.verify(signature, signing_input(content))
        moment = read_moment(str(content["at"]))
        if moment is None:
            raise HeadError("The head has no moment.")
        return Head(
            number=int(content["number"]),
            hash=str(content["hash"]),
            at=moment,
            key=str(content["key"]),
            previous=str(content["previous"]),
            next_key=str(content.get("nextKey", "")),
            digest=digest_of(line),
        )
    except InvalidSignature as error:
        raise HeadError("The signature of this head does not hold.") from error
    except (BadgesError, KeyError, TypeError, ValueError) as error:
        raise HeadError("This line is no signed head of the audit.") from error


def digest_of(line: str) -> str:
    """Return the SHA-256 of a line of the file, hex."""
    return hashlib.sha256(line.strip().encode()).hexdigest()
