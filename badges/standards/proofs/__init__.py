"""Ways to secure a credential: one file each, and the table of those that we issue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from badges.standards.json_text import read_json_object, write_json
from badges.standards.proofs import eddsa_rdfc_2022, jws, vc_jwt
from badges.standards.proofs.errors import (
    InvalidSignatureError,
    MalformedProofError,
    ProofError,
    UnsupportedProofError,
)
from badges.standards.proofs.format import ProofFormat
from badges.standards.signer import KeyAlgorithm, PublicKey, Signer
from badges.vocab.json import JsonObject

__all__ = [
    "PROOF_FORMATS",
    "InvalidSignatureError",
    "MalformedProofError",
    "ProofError",
    "ProofFormat",
    "UnsupportedProofError",
]


@dataclass(frozen=True, slots=True)
class EddsaRdfc2022Format:
    """The embedded proof of eddsa_rdfc_2022.py."""

    name: str = eddsa_rdfc_2022.CRYPTOSUITE
    media_type: str = "application/vc"
    algorithms: frozenset[KeyAlgorithm] = frozenset((KeyAlgorithm.EDDSA,))

    def secure(self, document: JsonObject, signer: Signer, *, verification_method: str, created: datetime) -> str:
        """Return the signed document as JSON. verification_method: `<issuer id>#<fragment>`."""
        signed = eddsa_rdfc_2022.sign(document, signer, verification_method=verification_method, created=created)
        return write_json(signed)

    def open(self, text: str, public_key: PublicKey) -> JsonObject:
        """Return the document if one of its proofs is by this key."""
        document = read_json_object(text)
        proofs = document.get("proof")
        failure: ProofError = UnsupportedProofError("The document has no eddsa-rdfc-2022 proof.")
        for proof in proofs if isinstance(proofs, list) else [proofs]:
            if not isinstance(proof, dict):
                continue
            try:
                eddsa_rdfc_2022.verify(document, proof, public_key)
            except UnsupportedProofError:
                continue
            except ProofError as error:
                failure = error
            else:
                return document
        raise failure


@dataclass(frozen=True, slots=True)
class VcJwtFormat:
    """The token of vc_jwt.py."""

    name: str = "vc-jwt"
    media_type: str = "text/plain"
    algorithms: frozenset[KeyAlgorithm] = frozenset(
        (KeyAlgorithm.RS256, KeyAlgorithm.ES256, KeyAlgorithm.ES384, KeyAlgorithm.EDDSA)
    )

    def secure(self, document: JsonObject, signer: Signer, *, verification_method: str, created: datetime) -> str:
        """Return the token. verification_method: https address of the key as a JWK. created: not used."""
        del created
        return vc_jwt.sign(document, signer, verification_method)

    def open(self, text: str, public_key: PublicKey) -> JsonObject:
        """Return the token's credential if the signature is by this key and no claim contradicts it."""
        token = vc_jwt.read(text)
        jws.verify_compact(token.jws, public_key, self.algorithms)
        for problem in token.problems:
            if problem.severity is vc_jwt.JwtSeverity.ERROR:
                raise MalformedProofError(problem.message)
        return token.document


PROOF_FORMATS: Final[dict[str, ProofFormat]] = {
    proof_format.name: proof_format for proof_format in (EddsaRdfc2022Format(), VcJwtFormat())
}
