"""The one hand that signs: nothing else in the service calls a proof format's `sign`."""

from __future__ import annotations

from datetime import datetime

from badges.addresses import Addresses
from badges.issuing.lints import ASSERTION_LINTS, CREDENTIAL_LINTS, STATUS_LIST_LINTS, run_lints
from badges.standards.json_text import write_json
from badges.standards.proofs import eddsa_rdfc_2022, jws, vc_jwt
from badges.standards.signer import Signer
from badges.vocab.json import JsonObject


def sign_credential(
    document: JsonObject, signer: Signer, verification_method: str, *, created: datetime, addresses: Addresses
) -> str:
    """Return the exact text of the credential with an embedded eddsa-rdfc-2022 proof.

    Raises LintError when the document must not be signed, UnavailableError when the key cannot be reached.
    Source: OB 3.0, "Linked Data Proof Format"; VC-DI-EDDSA 1.0, 3.2.
    """
    run_lints(document, CREDENTIAL_LINTS, addresses)
    signed = eddsa_rdfc_2022.sign(document, signer, verification_method=verification_method, created=created)
    return write_json(signed)


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


def sign_status_list(
    document: JsonObject, signer: Signer, verification_method: str, *, created: datetime, addresses: Addresses
) -> str:
    """Return the exact text of a status list credential with an embedded proof. Raises LintError.

    Source: Bitstring Status List v1.0, 2.2.
    """
    run_lints(document, STATUS_LIST_LINTS, addresses)
    signed = eddsa_rdfc_2022.sign(document, signer, verification_method=verification_method, created=created)
    return write_json(signed)
