"""Inputs to start from: the standards' own cases and the badges of our tests, gathered when they are needed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from badges.standards.base64url import decode_base64url, encode_base64url
from badges.standards.json_text import write_json
from badges.standards.status.bitstring import empty_bitstring, encode_bitstring
from tests.verifying import test_ob1, test_ob2
from tests.verifying.making import DID_URL, JWKS_URL, KEY_URL, LIST_URL, status_list
from tests.verifying.mutations.forms import (
    ES256,
    LIBRARY,
    SIGNED_BY_OTHERS,
    WORLD,
    hosted_forms,
    json_forms,
    picture_forms,
    token_forms,
    unsound_forms,
)

STANDARDS: Final = Path(__file__).parents[3] / "shared" / "standards" / "data"
LARGEST: Final = 100_000


def seeds_of(name: str) -> list[bytes]:
    """Return the seeds of a kind, each once. Those of the standards are left out where they are not to be had."""
    found = dict.fromkeys(seed for seed in _SEEDS[name]() if len(seed) <= LARGEST)
    return list(found)


def _standards(*patterns: str) -> Iterator[bytes]:
    for pattern in patterns:
        for path in sorted(STANDARDS.glob(pattern)):
            if path.is_file() and path.stat().st_size <= LARGEST:
                yield path.read_bytes()


def _documents() -> Iterator[bytes]:
    yield from (form.data for form in (*json_forms(), *hosted_forms(), *unsound_forms()))
    yield from (write_json(each).encode() for each in (test_ob1.oldest(), test_ob1.issuer(), test_ob2.badge_class()))
    yield from _standards(
        "ob30-validator-samples/**/*.json", "ob20-validator-samples/**/*.json", "ob20-core-components/**/*.json",
        "w3c-vc-di-eddsa/**/signed*.json", "ob30-spec-examples/**/*.json",
    )  # fmt: skip


def _tokens() -> Iterator[bytes]:
    yield from (form.data for form in token_forms())


def _pictures(start: bytes) -> Iterator[bytes]:
    yield from (form.data for form in picture_forms() if form.data.startswith(start))
    yield from _standards("bakery/**/*.png" if start.startswith(b"\x89") else "bakery/**/*.svg")


def _nquads() -> Iterator[bytes]:
    yield b'_:a <urn:p> "x\\u0041\\n"@en-GB _:g .\n<urn:s> <urn:p> "1"^^<urn:t> .\n'
    yield from _standards("w3c-rdf-canon/**/*.nq")


def _dids() -> Iterator[bytes]:
    jwk = encode_base64url(write_json(LIBRARY.ed25519.jwk).encode())
    for did in ("web:library.example", "web:a.example%3A8443:x%20y", f"key:{LIBRARY.ed25519.multikey}", f"jwk:{jwk}"):
        yield f"did:{did}".encode()


def _keys() -> Iterator[bytes]:
    yield from (signer.multikey.encode() for signer in (LIBRARY.ed25519, ES256))


def _jwks() -> Iterator[bytes]:
    yield from (write_json(signer.jwk).encode() for signer in (LIBRARY.rsa, LIBRARY.ed25519, ES256))


def _pems() -> Iterator[bytes]:
    yield from (signer.pem.encode() for signer in (LIBRARY.rsa, LIBRARY.ed25519, ES256))


def _sd_proof_values() -> Iterator[bytes]:
    for path in sorted(SIGNED_BY_OTHERS.glob("ecdsa-sd-2023-*.json")):
        proof: Any = json.loads(path.read_text(encoding="utf-8"))["proof"]
        yield decode_base64url(proof["proofValue"][1:], maximum_bytes=LARGEST)[3:]


def _bitstrings() -> Iterator[bytes]:
    text = encode_bitstring(empty_bitstring())
    yield text.encode()
    yield decode_base64url(text[1:], maximum_bytes=LARGEST)


def _moments() -> Iterator[bytes]:
    yield from (b"2026-11-22T09:30:00Z", b"2010-01-01t00:00:00.123456789+23:59", b"20101231T2359Z", b"2010-W01-1T00Z")


def _status_lists() -> Iterator[bytes]:
    document = status_list(7)
    document["credentialStatus"] = {
        "type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": "7", "statusSize": 1,
        "statusListCredential": LIST_URL, "statusMessage": [{"status": "0x1", "message": "x"}],
    }  # fmt: skip
    yield write_json(document).encode()
    yield from _standards("bitstring/**/*.json")


def _controllers() -> Iterator[bytes]:
    yield from (WORLD.documents[url].body for url in (DID_URL, JWKS_URL, KEY_URL, test_ob2.ISSUER, test_ob2.KEY))
    yield (SIGNED_BY_OTHERS / "issuer.json").read_bytes()


def _issuer_lists() -> Iterator[bytes]:
    entry = {"ids": ["did:web:a.example", "https://a.example/ob2"], "name": "A", "url": "https://a.example/",
             "kind": "campaign", "since": "2026-01-01T00:00:00Z", "until": "2030-01-01T00:00:00Z"}  # fmt: skip
    yield write_json(
        {
            "type": "IssuerList",
            "version": 1,
            "name": "Organisations of the campaign",
            "publisher": "did:web:campaign.example",
            "issued": "2026-01-01T00:00:00Z",
            "validUntil": "2027-01-01T00:00:00Z",
            "entries": [entry],
        }
    ).encode()


def _pasted() -> Iterator[bytes]:
    yield b"Here is my badge: <https://library.example/1>, and (https://library.example/2). Thanks!"


def _files() -> Iterator[bytes]:
    yield from _documents()
    yield from _tokens()
    yield from (form.data for form in picture_forms())


def _answers() -> Iterator[bytes]:
    for number, url in enumerate(sorted(WORLD.documents)):
        for filling in range(12):
            yield bytes([number]) + WORLD.documents[url].body + b" " * filling


_SEEDS: Final = {
    "documents": _documents,
    "tokens": _tokens,
    "pngs": lambda: _pictures(b"\x89PNG"),
    "svgs": lambda: _pictures(b"<svg"),
    "nquads": _nquads,
    "dids": _dids,
    "multikeys": _keys,
    "jwks": _jwks,
    "pems": _pems,
    "sd_proof_values": _sd_proof_values,
    "bitstrings": _bitstrings,
    "moments": _moments,
    "status_lists": _status_lists,
    "controllers": _controllers,
    "issuer_lists": _issuer_lists,
    "pasted": _pasted,
    "files": _files,
    "answers": _answers,
}
