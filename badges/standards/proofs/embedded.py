"""The table of embedded proofs that we can verify."""

from __future__ import annotations

from typing import Final

from badges.standards.proofs import (
    ecdsa_jcs_2019,
    ecdsa_rdfc_2019,
    ecdsa_sd_2023,
    eddsa_jcs_2022,
    eddsa_rdfc_2022,
    legacy_eddsa,
)
from badges.standards.proofs.data_integrity import PROOF_TYPE, EmbeddedSuite
from badges.vocab.json import JsonObject

CRYPTOSUITES: Final[dict[str, EmbeddedSuite]] = {
    suite.name: suite
    for suite in (
        EmbeddedSuite(eddsa_rdfc_2022.CRYPTOSUITE, signs_graph=True, verify=eddsa_rdfc_2022.verify),
        EmbeddedSuite(eddsa_jcs_2022.CRYPTOSUITE, signs_graph=False, verify=eddsa_jcs_2022.verify),
        EmbeddedSuite(ecdsa_rdfc_2019.CRYPTOSUITE, signs_graph=True, verify=ecdsa_rdfc_2019.verify),
        EmbeddedSuite(ecdsa_jcs_2019.CRYPTOSUITE, signs_graph=False, verify=ecdsa_jcs_2019.verify),
        EmbeddedSuite(ecdsa_sd_2023.CRYPTOSUITE, signs_graph=True, verify=ecdsa_sd_2023.verify, is_partial=True),
        EmbeddedSuite(legacy_eddsa.CRYPTOSUITE, signs_graph=True, verify=legacy_eddsa.verify, is_old=True),
    )
}
OLD_TYPES: Final[dict[str, EmbeddedSuite]] = {
    legacy_eddsa.OLD_TYPE: EmbeddedSuite(
        legacy_eddsa.OLD_TYPE, signs_graph=True, verify=legacy_eddsa.verify, is_old=True
    ),
}


def suite_of(proof: JsonObject) -> EmbeddedSuite | None:
    """Return the suite that a proof says it is of, or None for one that we do not know.

    Source: VC Data Integrity 1.0, section 3.1 "DataIntegrityProof".
    """
    kind, cryptosuite = proof.get("type"), proof.get("cryptosuite")
    if kind == PROOF_TYPE:
        return CRYPTOSUITES.get(cryptosuite) if isinstance(cryptosuite, str) else None
    return OLD_TYPES.get(kind) if isinstance(kind, str) else None
