"""The value of an ecdsa-sd-2023 proof, in CBOR: read with suspicion, for a stranger wrote it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final, NoReturn

from cbor2 import CBORDecodeError, CBORDecoder

from badges.standards.base64url import Base64UrlError, decode_base64url, encode_base64url
from badges.standards.did.multikey import MultikeyError, decode_multikey
from badges.standards.proofs.ecdsa import EcdsaKey, ecdsa_key
from badges.standards.proofs.errors import MalformedProofError, ProofError
from badges.vocab.json import JsonValue

# Some 1,900 signatures, each of which costs a check. An honest badge has a few dozen.
MAXIMUM_BYTES: Final = 128 * 1024
SIGNATURE_BYTES: Final = 64

_BASE: Final = b"\xd9\x5d\x00"
_DERIVED: Final = b"\xd9\x5d\x01"
_LABEL_BYTES: Final = 32
_PARTS: Final = 5
_DEPTH: Final = 3


class BaseProofError(MalformedProofError):
    """The proof is the one that a holder keeps to make partial copies from, and not that of such a copy."""


@dataclass(frozen=True, slots=True)
class DerivedProofValue:
    """What a derived proof carries.

    base_signature: by the issuer, over the proof's options, the key of the badge and the mandatory statements.
    badge_key_bytes, badge_key: the key that was made for this one badge and signed each other statement.
    signatures: one for each statement that is not mandatory, in their order.
    labels: the blank node identifier ("_:u…") that was signed, for each canonical one ("_:c14n…").
    mandatory_indexes: which of the canonical statements are mandatory.
    """

    base_signature: bytes
    badge_key_bytes: bytes
    badge_key: EcdsaKey
    signatures: tuple[bytes, ...]
    labels: dict[str, str]
    mandatory_indexes: frozenset[int]


def read_derived_proof_value(value: JsonValue) -> DerivedProofValue:
    """Return the parts of a derived proof's proofValue.

    Raises BaseProofError for a base proof; MalformedProofError for anything else that is not five plain CBOR
    values of the right kinds.
    Source: Data Integrity ECDSA Cryptosuites v1.0, "parseDerivedProofValue"; RFC 8949.
    """
    if not isinstance(value, str) or not value.startswith("u"):
        raise MalformedProofError("The proof's value is not base64url with a u in front.")
    try:
        data = decode_base64url(value[1:], maximum_bytes=MAXIMUM_BYTES)
    except Base64UrlError as error:
        raise MalformedProofError("The proof's value cannot be read: %(reason)s", reason=error) from error
    if data.startswith(_BASE):
        raise BaseProofError("This is a base proof. Only proofs that were derived from one are for others to see.")
    if not data.startswith(_DERIVED):
        raise MalformedProofError("The proof's value does not start as one of ecdsa-sd-2023 does.")
    parts = _read_cbor(data[len(_DERIVED) :])
    if not isinstance(parts, list) or len(parts) != _PARTS:
        raise _malformed()
    base_signature, key_bytes, signatures, labels, indexes = parts
    key_bytes = _bytes(key_bytes)
    return DerivedProofValue(
        base_signature=_bytes(base_signature, SIGNATURE_BYTES),
        badge_key_bytes=key_bytes,
        badge_key=_read_key(key_bytes),
        signatures=tuple(_bytes(each, SIGNATURE_BYTES) for each in _list(signatures)),
        labels=_read_labels(labels),
        mandatory_indexes=_read_indexes(indexes),
    )


def _refuse_tag(*_: object) -> NoReturn:
    """Stand in for the meaning of any CBOR tag.

    Source: Data Integrity ECDSA Cryptosuites v1.0, "serializeDerivedProofValue" (no component is tagged).
    """
    raise _malformed()


def _read_cbor(data: bytes) -> Any:
    stream = BytesIO(data)
    decoder = CBORDecoder(
        stream,
        semantic_decoders=defaultdict(lambda: _refuse_tag),
        max_depth=_DEPTH,
        allow_indefinite=False,
        allow_duplicate_keys=False,
        read_size=1,
    )
    try:
        value = decoder.decode()
    except (CBORDecodeError, ValueError, OverflowError, MemoryError) as error:
        raise _malformed() from error
    if stream.tell() != len(data):
        raise _malformed()
    return value


def _read_key(data: bytes) -> EcdsaKey:
    try:
        key = ecdsa_key(decode_multikey(data))
    except (MultikeyError, ProofError) as error:
        raise MalformedProofError("The proof's own key cannot be used: %(reason)s", reason=error) from error
    if key.signature_bytes != SIGNATURE_BYTES:
        raise MalformedProofError("The proof's own key is not on the curve P-256.")
    return key


def _read_labels(labels: object) -> dict[str, str]:
    """Return the labels. Two nodes with one label would become one, so no label may occur twice.

    Source: Data Integrity ECDSA Cryptosuites v1.0, "decompressLabelMap".
    """
    if not isinstance(labels, dict):
        raise _malformed()
    signed = {
        f"_:c14n{_index(number)}": f"_:u{encode_base64url(_bytes(label, _LABEL_BYTES))}"
        for number, label in labels.items()
    }
    if len(set(signed.values())) < len(signed):
        raise MalformedProofError("The proof gives two things the same label.")
    return signed


def _read_indexes(indexes: object) -> frozenset[int]:
    found = [_index(each) for each in _list(indexes)]
    if len(set(found)) < len(found):
        raise MalformedProofError("The proof names one mandatory statement twice.")
    return frozenset(found)


def _bytes(value: object, size: int = 0) -> bytes:
    if not isinstance(value, bytes) or (size and len(value) != size):
        raise _malformed()
    return value


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise _malformed()
    return value


def _index(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise _malformed()
    return value


def _malformed() -> MalformedProofError:
    return MalformedProofError("The proof's value is not made as that of a derived ecdsa-sd-2023 proof is.")
