"""The one hand that signs: nothing else in the service calls a proof format's `sign`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from badges.addresses import Addresses
from badges.errors import StandardsError
from badges.ids import RandomSource
from badges.issuing.credential_template import CredentialTemplate, Make, Slot, Values, compile_template
from badges.issuing.lints import (
    ASSERTION_LINTS,
    CREDENTIAL_LINTS,
    DEMONSTRATION_LINTS,
    ENDORSEMENT_LINTS,
    LEARNER_RECORD_LINTS,
    STATUS_LIST_LINTS,
    SUCCESSION_LINTS,
    LintError,
    run_lints,
)
from badges.standards.audit_heads import signing_input, unsigned_head, write_head
from badges.standards.did.did_key import did_key_of, key_method
from badges.standards.did.multikey import encode_public_key
from badges.standards.issuer_list import read_issuer_list
from badges.standards.json_text import read_json_object, write_json
from badges.standards.jsonld.contexts import ContextSource, bundled_context_in_full
from badges.standards.proofs import eddsa_jcs_2022, eddsa_rdfc_2022, jws, vc_jwt
from badges.standards.signer import Signer
from badges.vocab.json import JsonObject

TEST_SUITES: Final = (eddsa_rdfc_2022.CRYPTOSUITE, eddsa_jcs_2022.CRYPTOSUITE)


def sign_credential(
    document: JsonObject, signer: Signer, verification_method: str, *, created: datetime, addresses: Addresses
) -> str:
    """Return the exact text of the credential with an embedded eddsa-rdfc-2022 proof.

    Raises LintError when the document must not be signed, UnavailableError when the key cannot be reached.
    Source: OB 3.0, "Linked Data Proof Format"; VC-DI-EDDSA 1.0, 3.2.
    """
    run_lints(document, CREDENTIAL_LINTS, addresses)
    return _with_proof(document, signer, verification_method, created)


@dataclass(frozen=True, slots=True)
class SignedValues:
    """A credential that was signed from a template: which, its values, and the signature.

    issued_hash: for the ledger of issued credentials (docs/ledger.md).
    """

    template: CredentialTemplate
    values: Values
    signature: bytes
    issued_hash: bytes

    @property
    def text(self) -> str:
        """The credential's exact text. It is made when it is asked for."""
        return self.template.text(self.values, eddsa_rdfc_2022.proof_value(self.signature))


class BatchSigner:
    """Signs the credentials of one batch, each as sign_credential would, from templates that are made once.

    The template depends on which slots are filled; there is one for each set.
    """

    def __init__(
        self,
        document_of: Make,
        signer: Signer,
        verification_method: str,
        *,
        created: datetime,
        addresses: Addresses,
        random: RandomSource,
    ) -> None:
        """document_of: makes an unsigned credential out of the values of its slots. created: of the proofs."""
        self._document_of, self._signer, self._method = document_of, signer, verification_method
        self._created, self._addresses, self._random = created, addresses, random
        self._templates: dict[tuple[Slot, ...], tuple[CredentialTemplate, bytes]] = {}

    def sign(self, chunk: Iterable[Values]) -> list[SignedValues]:
        """Return a chunk of credentials, signed; all of them, or none.

        One of them, chosen by chance, is opened again by the full algorithm, with nothing compiled or remembered: were
        the template ever wrong, no chunk of it would be signed.

        Raises LintError for what must not be signed, and when the one that was opened does not hold; UnavailableError
        when the key cannot be reached.
        Source: OB 3.0, "Linked Data Proof Format"; VC-DI-EDDSA 1.0, 3.2.
        """
        signed = [self._sign_one(values) for values in chunk]
        if signed:
            open_in_full(signed[self._random.below(len(signed))].text, self._signer)
        return signed

    def _sign_one(self, values: Values) -> SignedValues:
        template, options_hash = self._template(tuple(values))
        digest = hashlib.sha256(template.canonical(values)).digest()
        return SignedValues(template, values, self._signer.sign(options_hash + digest), digest)

    def _template(self, slots: tuple[Slot, ...]) -> tuple[CredentialTemplate, bytes]:
        found = self._templates.get(slots)
        if found is None:
            proof = eddsa_rdfc_2022.unsigned_proof(
                self._signer, verification_method=self._method, created=self._created
            )
            template = compile_template(self._document_of, slots, proof, addresses=self._addresses)
            found = self._templates[slots] = template, eddsa_rdfc_2022.options_hash(template.contexts, proof)
        return found


def open_in_full(text: str, signer: Signer) -> None:
    """Check the embedded proof of a fresh signature by the full algorithm, with nothing compiled or remembered.

    text: a credential by sign_credential, sign_endorsement or sign_learner_record. Verified by the compiled form that
    made it, an error of the compiler would confirm itself.

    Raises LintError when it does not hold.
    """
    signed = read_json_object(text)
    try:
        eddsa_rdfc_2022.verify(signed, signed["proof"][0], signer.public_key, context_of=bundled_context_in_full)
    except StandardsError as error:
        raise LintError("A signed credential does not hold by the full algorithm: %(reason)s", reason=error) from error


def sign_credential_jwt(document: JsonObject, signer: Signer, key_url: str, *, addresses: Addresses) -> str:
    """Return the credential (without proof) as a VC-JWT. key_url: where the bare JWK is. Raises LintError.

    Source: OB 3.0, "JSON Web Token Proof Format".
    """
    run_lints(document, CREDENTIAL_LINTS, addresses)
    return vc_jwt.sign(document, signer, key_url)


def sign_assertion(document: JsonObject, signer: Signer, *, addresses: Addresses) -> str:
    """Return an Open Badges 2.0 assertion as a compact JWS. Raises LintError.

    Source: OB 2.0, "SignedBadge Verification".
    """
    run_lints(document, ASSERTION_LINTS, addresses)
    return jws.sign_compact({"alg": str(signer.algorithm)}, write_json(document).encode(), signer)


def sign_demonstration(
    document: JsonObject, signer: Signer, verification_method: str, *, created: datetime, addresses: Addresses
) -> str:
    """Return the exact text of a demonstration badge by a did:key, with an embedded proof. Raises LintError."""
    run_lints(document, DEMONSTRATION_LINTS, addresses)
    return _with_proof(document, signer, verification_method, created)


def sign_endorsement(
    document: JsonObject,
    signer: Signer,
    verification_method: str,
    *,
    created: datetime,
    addresses: Addresses,
    is_succession: bool = False,
) -> str:
    """Return the exact text of an endorsement credential with an embedded proof. Raises LintError.

    is_succession: whether it says of an older issuer, which may be elsewhere, that it is a part of the endorser now.

    Source: OB 3.0, "EndorsementCredential", "Linked Data Proof Format".
    """
    run_lints(document, SUCCESSION_LINTS if is_succession else ENDORSEMENT_LINTS, addresses)
    return _with_proof(document, signer, verification_method, created)


def sign_learner_record(
    document: JsonObject, signer: Signer, verification_method: str, *, created: datetime, addresses: Addresses
) -> str:
    """Return the exact text of a Comprehensive Learner Record with an embedded proof. Raises LintError.

    Source: CLR 2.0, "ClrCredential", "Linked Data Proof Format".
    """
    run_lints(document, LEARNER_RECORD_LINTS, addresses)
    return _with_proof(document, signer, verification_method, created)


def sign_status_list(
    document: JsonObject, signer: Signer, verification_method: str, *, created: datetime, addresses: Addresses
) -> str:
    """Return the exact text of a status list credential with an embedded proof. Raises LintError.

    Source: Bitstring Status List v1.0, 2.2.
    """
    run_lints(document, STATUS_LIST_LINTS, addresses)
    return _with_proof(document, signer, verification_method, created)


def sign_issuer_list(
    document: JsonObject, signer: Signer, verification_method: str, *, created: datetime
) -> JsonObject:
    """Return a list of issuers with an embedded eddsa-jcs-2022 proof: it stays a text that people can read.

    Raises IssuerListError when it is no list that can be used.
    Source: docs/issuer-list.md; VC-DI-EDDSA 1.0, 3.3.
    """
    read_issuer_list(document)
    return eddsa_jcs_2022.sign(document, signer, verification_method=verification_method, created=created)


def sign_pack(document: JsonObject, signer: Signer, verification_method: str, *, created: datetime) -> JsonObject:
    """Return a pack of badges with an embedded eddsa-jcs-2022 proof. Source: docs/packs.md; VC-DI-EDDSA 1.0, 3.3."""
    return eddsa_jcs_2022.sign(document, signer, verification_method=verification_method, created=created)


def sign_test_credential(
    document: JsonObject, signer: Signer, *, created: datetime, cryptosuite: str, context_of: ContextSource
) -> JsonObject:
    """Return any credential with a proof by a test key. It is never an organisation's: its issuer is the key itself.

    signer: an Ed25519 key. cryptosuite: one of TEST_SUITES. context_of: gives the context document at a URL.

    Raises LintError when the issuer is not the did:key of this very key, and what the suite's `sign` raises.
    Source: Data Integrity EdDSA Cryptosuites v1.0, 3.2.1 and 3.3.1.
    """
    did = did_key_of(signer.public_key)
    issuer = document.get("issuer")
    if (issuer.get("id") if isinstance(issuer, dict) else issuer) != did:
        raise LintError("A test key signs for nobody but itself.")
    method = key_method(did)
    if cryptosuite == eddsa_jcs_2022.CRYPTOSUITE:
        return eddsa_jcs_2022.sign(document, signer, verification_method=method, created=created)
    return eddsa_rdfc_2022.sign(document, signer, verification_method=method, created=created, context_of=context_of)


def _with_proof(document: JsonObject, signer: Signer, verification_method: str, created: datetime) -> str:
    """Return the exact text of a document with an embedded eddsa-rdfc-2022 proof."""
    signed = eddsa_rdfc_2022.sign(document, signer, verification_method=verification_method, created=created)
    return write_json(signed)


def sign_audit_head(
    signer: Signer, *, number: int, chain_hash: str, at: datetime, previous: str, next_key: str = ""
) -> str:
    """Return a signed head of the audit, one line. Arguments as `unsigned_head`."""
    content = unsigned_head(
        number=number,
        chain_hash=chain_hash,
        at=at,
        key=encode_public_key(signer.public_key),
        previous=previous,
        next_key=next_key,
    )
    return write_head(content, signer.sign(signing_input(content)))
