"""Signing: the compiled canonicaliser beside PyLD, and beside the limit that Ed25519 alone sets."""

from __future__ import annotations

import hashlib
from itertools import cycle
from typing import Any, Final

from pyld import jsonld

from badges.standards.json_text import write_json
from badges.standards.jsonld.canonical import canonical_nquads, canonical_nquads_in_full
from badges.standards.jsonld.contexts import bundled_context
from badges.standards.proofs import eddsa_rdfc_2022
from badges.vocab.json import JsonObject
from benchmarks._material import NOW, make_material
from benchmarks._measuring import SECONDS, print_table, rates_side_by_side, report, times

CREDENTIALS: Final = 500
LEAST_TIMES_PYLD: Final = 40


def main() -> None:
    material = make_material(CREDENTIALS)
    documents = cycle(material.documents)
    signer, method = material.signer, material.verification_method

    def sign_and_write() -> str:
        return write_json(eddsa_rdfc_2022.sign(next(documents), signer, verification_method=method, created=NOW))

    def sign_with_pyld() -> str:
        document = next(documents)
        options = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "created": "2026-12-01T09:00:00Z"}
        proof = {**options, "verificationMethod": method, "proofPurpose": "assertionMethod"}
        data = _pyld_hash({**proof, "@context": document["@context"]}) + _pyld_hash(document)
        return write_json({**document, "proof": [{**proof, "proofValue": signer.sign(data).hex()}]})

    pyld, ours, compiled, full, limit = rates_side_by_side(
        sign_with_pyld,
        sign_and_write,
        lambda: canonical_nquads(next(documents)),
        lambda: canonical_nquads_in_full(next(documents)),
        lambda: signer.sign(b"x" * 64),
        seconds=2 * SECONDS,
    )
    print_table(
        "Canonicalise, sign and write as JSON, a second, one process",
        (
            ("PyLD and cryptography", pyld, ""),
            ("ours", ours, times(ours, pyld)),
            ("  canonical form, compiled", compiled, times(compiled, full) + " as in full"),
            ("  canonical form, in full", full, ""),
            ("limit: Ed25519 signatures alone", limit, f"{ours / limit:.0%} of the limit"),
        ),
    )
    report([(f"at least {LEAST_TIMES_PYLD} times PyLD in the same run", ours >= LEAST_TIMES_PYLD * pyld)])


def _pyld_hash(document: JsonObject) -> bytes:
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": _load}
    return hashlib.sha256(jsonld.normalize(document, options).encode()).digest()


def _load(url: str, _options: object) -> dict[str, Any]:
    return {"contextUrl": None, "documentUrl": url, "document": bundled_context(url)}


if __name__ == "__main__":
    main()
